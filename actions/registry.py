"""All actions in one executor: the server runs it in-process, `askfirst actions` serves it over HTTP."""

from __future__ import annotations

from rasa_sdk.executor import ActionExecutor

from actions.answer import ActionAnswer, SayEntry
from actions.limits import ActionClarify, ActionLimit, ActionUnsure
from actions.session import ActionErase, ActionStartAgain, ActionUrgent

ACTIONS = (ActionAnswer, ActionLimit, ActionUnsure, ActionClarify, ActionUrgent, ActionErase, ActionStartAgain)


class Executor(ActionExecutor):
    """rasa_sdk's executor, which also knows `say_<entry id>` for whatever entry the content holds."""

    def __init__(self) -> None:
        """Register the actions."""
        super().__init__()
        for action in ACTIONS:
            self.register_action(action())

    async def run(self, action_call: dict) -> dict | None:
        """Run one action call, as rasa_sdk does. Errors: ActionNotFoundException for a name that is none."""
        name = action_call.get("next_action") or ""
        if name.startswith("say_") and name not in self.actions:
            self.actions[name] = SayEntry(name.removeprefix("say_")).run
        return await super().run(action_call)
