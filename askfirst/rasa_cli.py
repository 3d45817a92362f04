"""Rasa's own command line on this checkout: `python -m askfirst rasa train | shell | test | interactive | data validate ...`.

The one wrapper through which Rasa's commands run: without TensorFlow, with the in-process actions, and with replies printed as
text. Rasa's commands print what is typed (they are for staff at a desk, not for a server), but nothing is sent anywhere.
"""

from __future__ import annotations

import os
import sys
from typing import Any

_SERVER_COMMANDS = ("run",)


def run(rest: list[str]) -> int:
    """Run a Rasa command. Args: its words. Returns: its exit code."""
    if rest[:1] and rest[0] in _SERVER_COMMANDS and "actions" not in rest:
        print("Use `make run` or `python -m askfirst serve`: Rasa's own server has none of the guarantees.", file=sys.stderr)
        return 2
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    from askfirst import notf
    from askfirst.nlu.urgent_reader import prepare
    from askfirst.settings import settings

    notf.install()
    prepare()
    os.chdir(settings().root)
    sys.path.insert(0, str(settings().root))
    _use_in_process_actions()
    import rasa.__main__

    sys.argv = ["rasa", *_with_model(rest)]
    try:
        rasa.__main__.main()
    except SystemExit as end:
        return int(end.code or 0) if not isinstance(end.code, str) else 1
    return 0


def _with_model(rest: list[str]) -> list[str]:
    """Name the current release's model for commands that need one and were not told."""
    from askfirst.release import ReleaseError, current_release

    if rest[:1] and rest[0] in ("shell", "test") and not {"-m", "--model"} & set(rest):
        try:
            return [*rest, "-m", str(current_release().model)]
        except ReleaseError:
            return rest
    return rest


def _use_in_process_actions() -> None:
    """Have Rasa's Agent use our processor, and its console print Replies as text."""
    import rasa.core.agent

    from askfirst.channels.terminal import render
    from askfirst.processor import AskFirstProcessor
    from askfirst.runtime import live_clinic, use_content

    class _Processor(AskFirstProcessor):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            from askfirst.release import ReleaseError, current_release

            try:
                content = current_release().content()
            except ReleaseError:
                content = None
            super().__init__(*args, content=content, clinic=live_clinic, **kwargs)

        async def handle_message(self, message: Any) -> Any:
            use_content(self.content)
            return await super().handle_message(message)

    rasa.core.agent.MessageProcessor = _Processor
    import rasa.core.channels.console as console

    printed = console._print_bot_output

    def print_bot_output(message: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        custom = message.get("custom")
        if isinstance(custom, dict) and "kind" in custom:
            print(render(custom) + "\n")
            return None
        return printed(message, *args, **kwargs)

    console._print_bot_output = print_bot_output
