"""The custom actions as a server of their own (`make actions`), for a clinic that wants them apart.

Rasa SDK's endpoint returns and logs the whole request, that is the conversation, when an action fails; this one answers with
the error's class name only. It binds to loopback: the request holds a conversation and must not cross a network.
"""

from __future__ import annotations

from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException
from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, json

from actions.registry import Executor
from askfirst import logs

MAX_REQUEST = 16 * 1024 * 1024


def create_actions_app(executor: ActionExecutor | None = None, name: str = "askfirst-actions") -> Sanic:
    """POST /webhook as Rasa calls it, GET /health. Args: executor, for tests."""
    logs.configure()
    log = logs.get_logger("askfirst.actions")
    runner = executor or Executor()
    app = Sanic(name, configure_logging=False)
    app.config.REQUEST_MAX_SIZE = MAX_REQUEST
    app.config.ACCESS_LOG = False

    @app.route("/health", methods=["GET"])
    async def health(request: Request) -> HTTPResponse:
        return json({"status": "ok"})

    @app.route("/webhook", methods=["POST"])
    async def webhook(request: Request) -> HTTPResponse:
        call = request.json
        try:
            return json(await runner.run(call))
        except ActionExecutionRejection as error:
            return json({"error": str(error), "action_name": error.action_name}, status=400)
        except ActionNotFoundException as error:
            return json({"error": str(error), "action_name": error.action_name}, status=404)
        except Exception as error:
            log.error("action_failed", action=str(call.get("next_action"))[:80], error=type(error).__name__)
            return json({"error": type(error).__name__}, status=500)

    return app


def serve(port: int) -> int:
    """Serve until stopped. Args: port on loopback."""
    from askfirst.release import current_release

    current_release()  # a clear error now rather than at the first message
    print(f"Custom actions on http://127.0.0.1:{port}/webhook. Set ASKFIRST_ACTIONS_URL to this for the server.", flush=True)
    create_actions_app().run(host="127.0.0.1", port=port, access_log=False, motd=False)
    return 0
