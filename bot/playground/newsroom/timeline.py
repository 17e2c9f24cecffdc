"""When each item comes out: a fixed schedule read against a clock, so nothing runs in the background."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.playground.newsroom.press import Item, Press
from bot.times import utc_now

# Words a newcomer may follow. All come within 80 seconds of the start; after that the first two are
# never more than 50 seconds away, and the others return within three minutes. Tests hold it to that.
_SUGGESTIONS = ("ferry", "earthquake", "storm", "interest rate", "election", "rocket", "chip", "bridge")


def suggestions() -> list[str]:
    """Words that the newsroom keeps coming back to, the most frequent first."""
    return list(_SUGGESTIONS)


@dataclass(frozen=True, slots=True)
class Published:
    """An item that is out, as it reads now: when it came out, when it was corrected, and its page's path."""

    item: Item
    at: datetime
    slug: str
    corrected_at: datetime | None = None

    @property
    def path(self) -> str:
        """`/newsroom/strait-wire/2031/04/earthquake-shakes-orrin`."""
        return f"/newsroom/{self.item.outlet}/{self.at:%Y/%m}/{self.slug}"


class Timeline:
    """The newsroom's schedule, started when it is made; after the last item it goes quiet.

    `pace` stretches (above 1) or squeezes (below 1) the waits; items due before the start, the
    backlog, keep their age.
    """

    def __init__(self, press: Press, *, now: Callable[[], datetime] = utc_now, pace: float = 1.0) -> None:
        self.press = press
        self._now = now
        self._items = {item.id: item for item in press.items}
        self._pace = pace
        start = now()
        self._due_at = {
            item.id: start + timedelta(seconds=item.at * (pace if item.at > 0 else 1)) for item in press.items
        }

    def publish(self, item_id: str) -> Published:
        """Brings an item out at once; one that is out already stays as it is. KeyError if unknown."""
        self._due_at[item_id] = min(self._due_at[item_id], self._now())
        return self._published(item_id)

    def published(self, outlet: str | None = None) -> list[Published]:
        """What is out by now, newest first; of one outlet, if named."""
        now = self._now()
        out = [
            self._published(item_id)
            for item_id, due_at in self._due_at.items()
            if due_at <= now and outlet in (None, self._items[item_id].outlet)
        ]
        return sorted(out, key=lambda one: (one.at, one.item.id), reverse=True)

    def find(self, path: str) -> Published | None:
        """The item whose page lies at this path, if it is out."""
        return next((one for one in self.published() if one.path == path), None)

    def _published(self, item_id: str) -> Published:
        item, at = self._items[item_id], self._due_at[item_id]
        if item.corrected_at is not None:
            corrected_at = at + timedelta(seconds=(item.corrected_at - item.at) * self._pace)
            if corrected_at <= self._now():
                # A page keeps its address, whatever becomes of its headline.
                return Published(item.corrected(), at, item.slug, corrected_at)
        return Published(item, at, item.slug)

    def seconds_to_next(self) -> float | None:
        """How long until something comes out; None when all of it is."""
        now = self._now()
        waits = [(due_at - now).total_seconds() for due_at in self._due_at.values() if due_at > now]
        return min(waits, default=None)
