"""`needtoknow feeds …`: its commands and options; what they do is imported only when it is asked for."""

import argparse
from pathlib import Path


def add_feeds(parser: argparse.ArgumentParser) -> None:
    """Adds its commands to the `feeds` command."""
    commands = parser.add_subparsers(required=True, metavar="WHAT")
    _add_add(commands.add_parser("add", help="list a feed, or find those of a site"))

    listing = commands.add_parser("list", help="every feed, with how it fares")
    listing.add_argument("--failing", action="store_true", help="only those that do not answer")
    listing.add_argument("--json", action="store_true", help="one JSON object a line, for scripts")
    listing.set_defaults(command=_list)

    one = commands.add_parser("show", help="all that is known of a feed, and why it is asked when it is")
    one.add_argument("feed", metavar="URL", help="its address, or a part of its name or address")
    one.set_defaults(command=_show)

    for name, command, said in (
        ("pause", _pause, "ask a feed no more, until it is resumed"),
        ("resume", _resume, "ask a paused, suspended or retired feed again, at once"),
        ("remove", _remove, "take a feed off the list; what came from it stays"),
    ):
        one = commands.add_parser(name, help=said)
        one.add_argument("feed", metavar="URL", help="its address, or its whole name")
        one.set_defaults(command=command)

    taking = commands.add_parser("import", help="list the feeds of an OPML file; its folders are topics")
    taking.add_argument("file", type=Path, metavar="FILE.opml")
    taking.add_argument("--dry-run", action="store_true", help="only say what would be listed")
    taking.set_defaults(command=_import)

    giving = commands.add_parser("export", help="write every listed feed as OPML, a folder for each topic")
    giving.add_argument("file", type=Path, metavar="FILE.opml", nargs="?", help="standard output without it")
    giving.set_defaults(command=_export)


def _add_add(add: argparse.ArgumentParser) -> None:
    add.add_argument("address", metavar="URL_OR_SITE")
    add.add_argument("--name", help="the outlet, as readers see it; the feed's own title without it")
    add.add_argument("--language", help="of its text, as en; what the feed states without it")
    add.add_argument("--topic", metavar="ID", help="of topics.toml: every story of the feed is in it")
    add.add_argument("--weight", type=float, metavar="W", help="more than 0, up to 10")
    add.add_argument("--interval", metavar="TIME", help="fixes the time between two polls, as 5m")
    add.add_argument("--no-full-text", action="store_true", help="its own summaries are enough")
    add.add_argument(
        "--header",
        action="append",
        default=[],
        metavar="'NAME: env:VAR'",
        help="sent with each request; the secret is in the environment, or in a file (file:PATH)",
    )
    add.add_argument("--yes", action="store_true", help="of several feeds of a site, take the first")
    add.add_argument("--unchecked", action="store_true", help="do not ask it now (its server is down)")
    add.set_defaults(command=_add)


def _list(options: argparse.Namespace) -> int:
    from bot.cli.feed_list import show_list

    return show_list(failing=options.failing, as_json=options.json)


def _show(options: argparse.Namespace) -> int:
    from bot.cli.feed_list import show_one

    return show_one(options.feed)


def _pause(options: argparse.Namespace) -> int:
    from bot.cli.feed_list import pause

    return pause(options.feed)


def _resume(options: argparse.Namespace) -> int:
    from bot.cli.feed_list import resume

    return resume(options.feed)


def _remove(options: argparse.Namespace) -> int:
    from bot.cli.feed_list import remove

    return remove(options.feed)


def _add(options: argparse.Namespace) -> int:
    from bot.cli.feed_adding import add

    return add(options)


def _import(options: argparse.Namespace) -> int:
    from bot.cli.feed_opml import import_list

    return import_list(options.file, dry_run=options.dry_run)


def _export(options: argparse.Namespace) -> int:
    from bot.cli.feed_opml import export_list

    return export_list(options.file)
