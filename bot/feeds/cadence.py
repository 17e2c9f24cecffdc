"""When to ask a feed again. Pure."""

from datetime import datetime, timedelta

_LONGEST_WAIT = timedelta(hours=24)
_JITTER = 0.1  # a tenth either way, so that feeds added together do not stay together
_MOST_DOUBLINGS = 20  # past any cap, and well short of overflow


def next_poll(
    now: datetime, *, interval: timedelta, failures: int, retry_after: float | None, jitter: float
) -> datetime:
    """`interval` from now, doubled for each failure in a row up to a day, spread by `jitter` in [0, 1).

    `retry_after`, in seconds, is honoured as a minimum, up to a day as well. A failure of our own
    network does not count as the feed's: pass `failures` as it was before, 0 for a healthy feed.
    """
    wait = interval * (1 - _JITTER + 2 * _JITTER * jitter)
    if failures > 0:
        wait = min(wait * 2 ** min(failures, _MOST_DOUBLINGS), max(_LONGEST_WAIT, interval))
    if retry_after is not None:
        wait = max(wait, timedelta(seconds=min(retry_after, _LONGEST_WAIT.total_seconds())))
    return now + wait
