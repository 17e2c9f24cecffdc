"""Whose turn it is: no host is asked by too many at once, nor too often. Pure."""

from collections import Counter
from datetime import datetime, timedelta

AT_ONCE = 2
GAP = timedelta(seconds=1)


class Turns:
    """Counts the requests under way to each host, and remembers when the next may begin.

    A host that is `near` (this machine) needs no pause between two requests, only the limit at once.
    """

    def __init__(self, *, at_once: int = AT_ONCE, gap: timedelta = GAP) -> None:
        self._at_once = at_once
        self._gap = gap
        self._under_way: Counter[str] = Counter()
        self._next_at: dict[str, datetime] = {}

    def busy(self, now: datetime) -> set[str]:
        """The hosts that may not be asked now."""
        self._next_at = {host: at for host, at in self._next_at.items() if at > now}
        full = {host for host, count in self._under_way.items() if count >= self._at_once}
        return full | set(self._next_at)

    def begin(self, host: str, *, now: datetime, near: bool = False) -> None:
        """A request to the host begins."""
        self._under_way[host] += 1
        if not near:
            self._next_at[host] = now + self._gap

    def end(self, host: str) -> None:
        """A request to the host has ended."""
        self._under_way[host] -= 1
        if self._under_way[host] <= 0:
            del self._under_way[host]
