"""What is said of a feed that fell silent, came back, or is gone. Pure."""

from datetime import datetime, timedelta
from shlex import quote

from bot.feeds.cadence import span

# Back-off reaches a day after some ten failures, so a week of silence is about sixteen attempts.
SUSPENDED_AFTER = timedelta(days=7)
SUSPENDED_FAILURES = 10
FOLLOWED_SINCE = timedelta(days=30)


def is_silent(*, failures: int, failing_since: datetime | None, now: datetime) -> bool:
    """Whether a feed has failed for so long, and so often, that people must be told."""
    return (
        failing_since is not None
        and now - failing_since >= SUSPENDED_AFTER
        and failures >= SUSPENDED_FAILURES
    )


def suspended(name: str, *, since: datetime, now: datetime) -> str:
    """To those who had alerts that only this feed could bring."""
    return (
        f"{name} has not answered for {span(now - since)}. Some of your alerts came from it alone, so you "
        f"may miss news until it is back. I go on asking once a day, and tell you when it answers."
    )


def suspended_for_admin(name: str, url: str, *, error: str, since: datetime, now: datetime) -> str:
    """To whoever runs the bot."""
    return (
        f"Feed suspended: {name}\n{url}\nIt has not answered for {span(now - since)}: {error}\n"
        f"It is asked once a day from now on. To ask it at once: needtoknow feeds resume {quote(url)}"
    )


def recovered(name: str, *, since: datetime, now: datetime) -> str:
    """To the same people, when it is over."""
    return f"{name} answers again, after {span(now - since)}."


def retired(name: str) -> str:
    """To those who had alerts that only this feed could bring."""
    return f"{name} has closed its feed for good. Some of your alerts came from it alone; they end here."


def retired_for_admin(name: str, url: str, *, error: str) -> str:
    """To whoever runs the bot."""
    return (
        f"Feed retired: {name}\n{url}\n{error}\nIt is not asked any more. If its publisher has another feed: "
        f"needtoknow feeds add SITE. If this is a mistake: needtoknow feeds resume {quote(url)}"
    )
