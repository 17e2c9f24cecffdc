"""The command line: `needtoknow run`, and every room tried on a file with no bot running."""

import argparse
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from bot import __version__
from bot.errors import NeedToKnowError


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command; the exit code is 0, 1 (it failed, and said why) or 2 (the command was misspelt)."""
    # Until the loop takes over, a polite request to stop is not an error: nothing has begun yet.
    signal.signal(signal.SIGTERM, _leave)
    options = parser().parse_args(arguments)
    try:
        return int(options.command(options))
    except NeedToKnowError as error:
        from bot.logs import redact

        print(redact(f"needtoknow: {error}"), file=sys.stderr)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output has left; Python would complain at exit
    except Exception as error:  # noqa: BLE001 - one of the three places: a person never sees a traceback
        from bot.logs import redact

        print(redact(f"needtoknow: unexpected {type(error).__name__}: {error}"), file=sys.stderr)
    return 1


def _leave(_: int, __: FrameType | None) -> None:
    raise SystemExit(0)


def parser() -> argparse.ArgumentParser:
    """The commands and their options."""
    top = argparse.ArgumentParser(
        prog="needtoknow", description="Tells people what they need to know, and nothing else."
    )
    top.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = top.add_subparsers(required=True, metavar="COMMAND")

    run = commands.add_parser("run", help="poll, write, send and talk; with no token, the playground")
    run.set_defaults(command=_run)
    check = commands.add_parser("check", help="validate the configuration, and name the wrong key")
    check.set_defaults(command=_check)
    migrate = commands.add_parser("migrate", help="bring the database to this version's shape")
    migrate.set_defaults(command=_migrate)
    backup = commands.add_parser("backup", help="copy the SQLite database while the bot runs")
    backup.add_argument("file", type=Path, metavar="FILE")
    backup.set_defaults(command=_backup)
    retry = commands.add_parser("retry", help="take up again what was parked after five attempts")
    retry.set_defaults(command=_retry)

    from bot.cli.feeds import add_feeds
    from bot.cli.tries import add_tries

    add_feeds(commands.add_parser("feeds", help="the list of feeds: see it and change it"))
    add_tries(commands.add_parser("try", help="try one room on a file, with no bot running"))
    return top


def _run(_: argparse.Namespace) -> int:
    import asyncio

    from bot import app, config, logs

    loaded = config.load()
    logs.configure(level=loaded.settings.log.level, form=loaded.settings.log.format)
    asyncio.run(app.run(loaded))
    return 0


def _check(_: argparse.Namespace) -> int:
    from bot import app, config
    from bot.storage.database import parse_url

    loaded = config.load()
    topics = app.read_topics(loaded.topics)
    parse_url(loaded.settings.storage.url)
    token = "set" if loaded.settings.telegram.token else "not set (`run` starts the playground)"
    counts = f"{len(loaded.feeds)} feeds, {len(topics)} topics"
    print(f"{loaded.directory}: {counts}; the token is {token}. All is well.")
    return 0


def _migrate(_: argparse.Namespace) -> int:
    from bot import config
    from bot.storage.database import Database
    from bot.storage.schema import migrate
    from bot.times import utc_now

    database = Database(config.load_settings().storage.url)
    try:
        database.own()
        before = migrate(database, now=utc_now())
    finally:
        database.close()
    print(f"the database was {'new' if before is None else f'at step {before}'}, and is up to date now")
    return 0


def _backup(options: argparse.Namespace) -> int:
    from bot import config
    from bot.cli.opening import existing

    database = existing(config.load_settings().storage.url)
    try:
        database.backup(options.file)
    finally:
        database.close()
    print(f"wrote {options.file}")
    return 0


def _retry(_: argparse.Namespace) -> int:
    from bot import config
    from bot.cli.opening import existing
    from bot.storage.claims import retry_parked
    from bot.storage.schema import migrate
    from bot.times import utc_now

    database = existing(config.load_settings().storage.url)
    try:
        migrate(database, now=utc_now())
        count = database.write_now(lambda connection: retry_parked(connection, now=utc_now()))
    finally:
        database.close()
    match count:
        case 0:
            print("nothing was parked")
        case 1:
            print("1 parked row is due again")
        case _:
            print(f"{count} parked rows are due again")
    return 0
