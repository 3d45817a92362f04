"""The command line: `python -m askfirst <command>`; the Makefile calls it."""

from __future__ import annotations

import argparse
import asyncio
import os
import socket
import sys
import time
from pathlib import Path

from askfirst import notf


def main(argv: list[str] | None = None) -> int:
    """Run one command. Returns: the exit code; every expected failure prints what to do, without a traceback."""
    parser = argparse.ArgumentParser(prog="askfirst", description="AskFirst: information about massage during medical treatment.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    commands.add_parser("run", help="train if needed, start the server and print the page's address")
    commands.add_parser("serve", help="start the server with the release that is current")
    train = commands.add_parser("train", help="train a release and make it current")
    train.add_argument("--force", action="store_true", help="train even when nothing has changed")
    train.add_argument("--reason", default="", help="why, for the log of releases")
    commands.add_parser("check", help="check knowledge, stories, rules, domain and guarantees")
    coverage = commands.add_parser("coverage", help="which entry says each item of the evidence base; fails when one is missing")
    coverage.add_argument("--write", action="store_true", help="write the table into docs/content.md")
    review = commands.add_parser("review", help="write all entries as a page and a list for the clinical reviewer to sign")
    review.add_argument("--out", default="var/review", help="the folder for review.html and review.csv")
    review.add_argument("--import", dest="signed", metavar="FILE", help="take over a signed list")
    commands.add_parser("chat", help="chat in the terminal")
    setup = commands.add_parser("setup", help="write data/clinic.yml by answering questions")
    setup.add_argument("--file", help="another file than data/clinic.yml")
    commands.add_parser("releases", help="list the releases")
    commands.add_parser("undo", help="go back to the release before the current one")
    activate = commands.add_parser("activate", help="make a release current")
    activate.add_argument("version")
    erase = commands.add_parser("erase", help="delete one conversation")
    erase.add_argument("conversation", help="its id, such as page:... (askfirst export lists none: ids are secrets)")
    commands.add_parser("encoder", help="make the sentence encoder's file")
    actions = commands.add_parser("actions", help="run the custom actions as a server of their own")
    actions.add_argument("--port", type=int, default=5055)
    commands.add_parser("settings", help="list every environment variable")
    rasa = commands.add_parser("rasa", help="Rasa's own command line on this checkout", add_help=False)
    rasa.add_argument("rest", nargs=argparse.REMAINDER)
    args, unknown = parser.parse_known_args(argv)
    if unknown and args.command != "rasa":
        parser.error(f"unrecognised arguments: {' '.join(unknown)}")
    notf.install()
    notf.quiet_warnings()
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    from askfirst.content.problems import ContentError
    from askfirst.nlu.encoder import EncoderError
    from askfirst.release import ReleaseError
    from askfirst.settings import SettingsError
    from askfirst.state import StateUnavailable
    from askfirst.store import StoreUnavailable

    try:
        if args.command == "rasa":
            return _rasa([*args.rest, *unknown])
        return _COMMANDS[args.command](args)
    except ContentError as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        print(f"\n{len(error.problems)} finding(s). Nothing was changed.", file=sys.stderr)
        return 1
    except (SettingsError, ReleaseError, EncoderError, StoreUnavailable, StateUnavailable) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _check(args: argparse.Namespace) -> int:
    from askfirst.check import check_all
    from askfirst.settings import settings

    problems = check_all(settings().root)
    for problem in problems:
        print(problem)
    if problems:
        print(f"\n{len(problems)} finding(s).")
        return 1
    print("Knowledge, red flags, clinic, domain, stories and rules: no findings.")
    return 0


def _train(args: argparse.Namespace) -> int:
    from askfirst import logs, release

    logs.configure("WARNING")
    release.train(say=_say, force=args.force, reason=args.reason)
    return 0


def _coverage(args: argparse.Namespace) -> int:
    from askfirst.content.clinic import write_text_safely
    from askfirst.content.evidence import coverage, coverage_table, read_items, with_table
    from askfirst.content.knowledge import load_knowledge
    from askfirst.content.problems import ContentError
    from askfirst.settings import settings

    root = settings().root
    knowledge = load_knowledge(root / "data" / "knowledge", root)
    items, problems = read_items(root / "data" / "evidence.yml", root)
    if problems:
        raise ContentError(problems)
    covered = coverage(items, knowledge)
    missing = [item for item, entries in covered.items() if not entries]
    if args.write:
        page = root / "docs" / "content.md"
        write_text_safely(page, with_table(page.read_text(encoding="utf-8"), coverage_table(items, knowledge)))
    for item in missing:
        print(f"missing: {item}: {items[item].title}", file=sys.stderr)
    print(f"{len(items) - len(missing)} of {len(items)} items of the evidence base are said.")
    return 1 if missing else 0


def _review(args: argparse.Namespace) -> int:
    from askfirst.content.clinic import write_text_safely
    from askfirst.content.knowledge import load_knowledge
    from askfirst.content.review import ReviewError, apply, as_csv, read_signed
    from askfirst.pages.review_page import review_page
    from askfirst.runtime import live_clinic
    from askfirst.settings import settings

    root = settings().root
    folder = root / "data" / "knowledge"
    knowledge = load_knowledge(folder, root)
    if args.signed:
        try:
            signed = read_signed(Path(args.signed).read_bytes().decode("utf-8-sig"), knowledge)
            done = apply(signed, folder)
        except (OSError, UnicodeDecodeError) as error:
            print(f"{args.signed} could not be read ({type(error).__name__}): save the list as CSV in UTF-8.", file=sys.stderr)
            return 1
        except ReviewError as error:
            for finding in error.findings:
                print(finding, file=sys.stderr)
            print(f"\n{len(error.findings)} finding(s). Nothing was changed.", file=sys.stderr)
            return 1
        print(f"{len(done)} entries are signed. Now run `make check` and `make train`.")
        for entry_id, comment in signed.comments:
            print(f"  to change: {entry_id}: {comment}")
        return 0
    clinic = live_clinic()
    out = Path(args.out) if Path(args.out).is_absolute() else root / args.out
    write_text_safely(out / "review.html", review_page(knowledge, clinic))
    write_text_safely(out / "review.csv", "\ufeff" + as_csv(knowledge, clinic))
    print(f"{out / 'review.html'}\n{out / 'review.csv'}\nSend either one to the reviewer; the signed list comes back with --import.")
    return 0


def _say(text: str) -> None:
    print(text, flush=True)


def _ensure_release() -> None:
    """Train when no release is up to date. A pointer that was moved back by undo stays where it is."""
    from askfirst import logs, release

    logs.configure("WARNING")
    fresh = release.up_to_date()
    if fresh is None:
        release.train(say=_say)
    elif release.current_version() is None:
        release.activate(fresh)


def _port_is_free(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _run(args: argparse.Namespace) -> int:
    started = time.monotonic()
    from askfirst.nlu.urgent_reader import prepare
    from askfirst.settings import settings

    config = settings()
    if not _port_is_free(config.host, config.port):
        print(
            f"Port {config.port} is taken, perhaps by another AskFirst. Choose another one: PORT={config.port + 1} make run",
            file=sys.stderr,
        )
        return 1
    prepare()
    _ensure_release()
    return _serve_on(config, started)


def _serve(args: argparse.Namespace) -> int:
    from askfirst.settings import settings

    config = settings()
    if not _port_is_free(config.host, config.port):
        print(f"Port {config.port} is taken: set PORT to a free one.", file=sys.stderr)
        return 1
    return _serve_on(config, time.monotonic())


def _serve_on(config: object, started: float) -> int:
    from askfirst.server import create_app
    from askfirst.settings import Settings

    assert isinstance(config, Settings)
    app = create_app(config)
    shown = "localhost" if config.host in ("127.0.0.1", "::1") else config.host

    async def tell(app: object, loop: object) -> None:
        _say(f"\nAskFirst is ready ({time.monotonic() - started:.0f} s).")
        _say(f"  The demo clinic:  http://{shown}:{config.port}{config.base_path}/")
        _say(f"  Chat:             http://{shown}:{config.port}{config.base_path}/chat")
        _say("  Stop with Ctrl-C.\n")

    app.register_listener(tell, "after_server_start")
    app.run(host=config.host, port=config.port, access_log=False, motd=False, debug=False)
    return 0


def _chat(args: argparse.Namespace) -> int:
    from askfirst.nlu.urgent_reader import prepare

    prepare()
    _ensure_release()
    return asyncio.run(_chat_loop())


async def _chat_loop() -> int:
    import secrets

    from askfirst.channels.base import ask
    from askfirst.channels.terminal import picked, render
    from askfirst.runtime import live_clinic
    from askfirst.server import make_agent
    from askfirst.settings import settings
    from askfirst.watcher import ReleaseWatcher

    agent = make_agent(settings(), live_clinic)
    watcher = ReleaseWatcher(agent)
    await watcher.look()
    if watcher.problem:
        print(watcher.problem, file=sys.stderr)
    sender = f"terminal:{secrets.token_urlsafe(9)}"
    buttons: list[dict[str, str]] = []
    print("Ask about massage during medical treatment. An empty line ends.\n")
    while True:
        try:
            line = await asyncio.get_running_loop().run_in_executor(None, input, "You: ")
        except EOFError:
            break
        if not line.strip():
            break
        choice = picked(line, buttons)
        _, replies = await ask(agent, sender, "terminal", text="" if choice else line, choice_id=choice)
        for reply in replies:
            shown = reply.as_dict()
            buttons = shown["buttons"]
            print("\n" + render(shown) + "\n")
    await agent.erase(sender)
    agent.close()
    await agent.tracker_store.close()
    if agent.state is not None:
        await agent.state.close()
    print("What you wrote is deleted. Goodbye.")
    return 0


def _setup(args: argparse.Namespace) -> int:
    from askfirst.settings import settings
    from askfirst.setup_clinic import ask_and_write

    return ask_and_write(Path(args.file) if args.file else settings().clinic_file, input, print)


def _releases(args: argparse.Namespace) -> int:
    from askfirst import release

    current = release.current_version()
    for manifest in release.releases():
        mark = "*" if manifest.version == current else " "
        print(f"{mark} {manifest.version}  made {manifest.made}  {manifest.reason}".rstrip())
    if current is None:
        print("No release is current: run `make train`.")
    return 0


def _undo(args: argparse.Namespace) -> int:
    from askfirst import release

    before, now = release.undo()
    print(f"Undone: {before} -> {now}. Running servers follow within a second or two.")
    return 0


def _activate(args: argparse.Namespace) -> int:
    from askfirst import release

    release.activate(args.version)
    print(f"{args.version} is current. Running servers follow within a second or two.")
    return 0


def _erase(args: argparse.Namespace) -> int:
    async def work() -> int:
        from askfirst.runtime import live_clinic
        from askfirst.server import make_agent
        from askfirst.settings import settings

        agent = make_agent(settings(), live_clinic)
        stored = await agent.tracker_store.export(args.conversation)
        await agent.erase(args.conversation)
        print(f"Deleted: {len(stored)} stored event(s).")
        agent.close()
        await agent.tracker_store.close()
        if agent.state is not None:
            await agent.state.close()
        return 0

    return asyncio.run(work())


def _encoder(args: argparse.Namespace) -> int:
    from askfirst.nlu.encoder import BUILT_SHA256
    from askfirst.nlu.urgent_reader import prepare

    print(f"{prepare()}  sha256 {BUILT_SHA256}")
    return 0


def _actions(args: argparse.Namespace) -> int:
    from askfirst.actions_server import serve

    return serve(args.port)


def _settings(args: argparse.Namespace) -> int:
    from askfirst.settings import describe

    print(describe())
    return 0


def _rasa(rest: list[str]) -> int:
    from askfirst.rasa_cli import run

    return run(rest)


_COMMANDS = {
    "run": _run, "serve": _serve, "train": _train, "check": _check, "coverage": _coverage, "review": _review, "chat": _chat, "setup": _setup, "releases": _releases,
    "undo": _undo, "activate": _activate, "erase": _erase, "encoder": _encoder, "actions": _actions, "settings": _settings,
}
