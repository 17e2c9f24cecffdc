"""A thousand invented publishers with the habits of real ones, all drawn from a seed: for `bench.day`.

Times are seconds from the start of the day that is simulated, a Wednesday, UTC; what lies before it is
history.
"""

import math
from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from random import Random

START = datetime(2026, 3, 4, tzinfo=UTC)
DAY = 86_400.0
LEARNT_DAYS = 14.0

_WEDNESDAY = 2
_MOST_A_DAY, _LEAST_A_DAY = 200.0, 1 / 14
_TAIL_DAYS = 1.0  # past the day, for those who look a little further
_LONGEST_HISTORY_DAYS = 150.0
_ECHO_SECONDS = 40 * 60.0  # how long after an item its follow-ups come, in the mean

# Items by hour of the local day; and the zones of newsrooms, in hours from UTC.
_OFFICE = (1, 1, 1, 1, 2, 5, 10, 14, 16, 16, 15, 14, 13, 14, 15, 15, 14, 12, 8, 6, 4, 3, 2, 1)
_EVENING = (4, 2, 1, 1, 1, 2, 4, 6, 7, 8, 8, 8, 9, 9, 8, 8, 9, 11, 13, 14, 14, 13, 10, 7)
_ALWAYS = (8, 7, 7, 7, 7, 8, 9, 10, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 10, 10, 9, 9, 8)
_ZONES = (("Europe", 1, 40), ("America", -5, 35), ("Asia", 8, 25))


@dataclass(frozen=True)
class Publisher:
    """One feed: when its items appear, what it asks of readers, and how its server behaves.

    `failing` and `throttling` are the shares of requests answered 500 and 429, `lag` how long after the time
    it states an item appears, `restless` that its bytes change with every answer.
    """

    number: int
    host: str
    url: str
    per_day: float
    appears: tuple[float, ...]
    shown: int
    lag: float = 0.0
    dated: bool = True
    ttl_minutes: int | None = None
    max_age: int | None = None
    skip_hours: tuple[int, ...] = ()
    hourly: bool = False
    etag: bool = True
    restless: bool = False
    failing: float = 0.0
    throttling: float = 0.0
    slow: float = 0.02

    @property
    def is_dead(self) -> bool:
        """Whether it answers nothing but 500."""
        return self.failing >= 1

    @property
    def asks(self) -> bool:
        """Whether it asks readers for patience in any way."""
        return bool(self.ttl_minutes or self.max_age or self.skip_hours or self.throttling)

    def count(self, at: float) -> int:
        """How many items have ever appeared by then."""
        return bisect_right(self.appears, at)

    def item_url(self, number: int) -> str:
        """The page of an item; `item_of` reads it back."""
        return f"{self.url}/{number}"

    def body(self, count: int, at: float) -> bytes:
        """The feed as it stands after `count` items: RSS 2.0, the newest first."""
        items = "".join(
            self._item(number) for number in range(count - 1, max(-1, count - 1 - self.shown), -1)
        )
        ttl = f"<ttl>{self.ttl_minutes}</ttl>" if self.ttl_minutes else ""
        skipped = "".join(f"<hour>{hour}</hour>" for hour in self.skip_hours)
        skipped = f"<skipHours>{skipped}</skipHours>" if skipped else ""
        period = "<sy:updatePeriod>hourly</sy:updatePeriod>" if self.hourly else ""
        built = f"<lastBuildDate>{_stated(at)}</lastBuildDate>" if self.restless else ""
        return (
            '<rss version="2.0" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel>'
            f"<title>Feed {self.number}</title>{ttl}{skipped}{period}{built}{items}</channel></rss>"
        ).encode()

    def _item(self, number: int) -> str:
        url = self.item_url(number)
        date = f"<pubDate>{_stated(self.appears[number] - self.lag)}</pubDate>" if self.dated else ""
        return (
            f"<item><title>Report {number} of feed {self.number}</title><link>{url}</link><guid>{url}</guid>"
            f"{date}<description>What report {number} says.</description></item>"
        )


def item_of(url: str) -> tuple[str, int]:
    """The feed's address and the item's number, from an item's page."""
    feed, _, number = url.rpartition("/")
    return feed, int(number)


def publishers(count: int, seed: int) -> list[Publisher]:
    """`count` publishers: the same ones for the same seed."""
    hosts = _hosts(count, Random(f"{seed}/hosts"))
    return [_publisher(number, host, Random(f"{seed}/{number}")) for number, host in enumerate(hosts)]


def _hosts(count: int, rng: Random) -> list[str]:
    """Six feeds in ten alone on their host, one host with a tenth of all, the others 5 to 40 to a host."""
    hosts = [f"own{number}.example" for number in range(count * 6 // 10)]
    hosts += ["giant.example"] * (count // 10)
    while len(hosts) < count:
        size = min(rng.randint(5, 40), count - len(hosts))
        hosts += [f"shared{len(hosts)}.example"] * size
    rng.shuffle(hosts)
    return hosts


def _publisher(number: int, host: str, rng: Random) -> Publisher:
    per_day = math.exp(rng.uniform(math.log(_LEAST_A_DAY), math.log(_MOST_A_DAY)))
    shown = max(10, round(per_day / 4))
    is_official = rng.random() < 0.04
    if is_official:
        per_day, appears = 5 / 7, _official(rng)
    else:
        days = max(LEARNT_DAYS + 1, min(_LONGEST_HISTORY_DAYS, 1.5 * shown / per_day))
        appears = _appears(per_day, days, rng)
    failing = _pick(rng, (1.0, 0.02), (0.03, 0.03))
    return Publisher(
        number=number,
        host=host,
        url=f"https://{host}/blog{number}/feed",
        per_day=per_day,
        appears=tuple(appears),
        shown=shown,
        lag=rng.uniform(20, 240) if rng.random() < 0.15 else 0.0,
        dated=rng.random() < 0.9,
        ttl_minutes=rng.choice((5, 10, 15, 30, 60, 1440) if per_day < 48 else (2, 5, 10, 15))
        if rng.random() < 0.1
        else None,
        max_age=rng.choice((60, 180, 300, 600, 900, 1800, 3600) if per_day < 48 else (60, 120, 300, 600))
        if rng.random() < 0.1
        else None,
        skip_hours=(2, 3, 4, 5) if rng.random() < 0.02 else (),
        hourly=rng.random() < 1 / 3,
        etag=rng.random() < 0.7,
        restless=rng.random() < 0.03,
        failing=failing,
        throttling=0.03 if rng.random() < 0.02 else 0.0,
        slow=0.1 if host == "giant.example" else 0.02,
    )


def _pick(rng: Random, *choices: tuple[float, float]) -> float:
    """One of the values, each with its chance; else 0."""
    drawn = rng.random()
    for value, chance in choices:
        drawn -= chance
        if drawn < 0:
            return value
    return 0.0


def _official(rng: Random) -> list[float]:
    """Statistics at a fixed minute of each working day, to the second."""
    at = rng.choice((8 * 60 + 30, 7 * 60, 13 * 60 + 30, 9 * 60, 12 * 60)) * 60.0
    return [day * DAY + at + rng.uniform(0, 5) for day in range(-40, 2) if (day + _WEDNESDAY) % 7 < 5]


def _appears(per_day: float, days: float, rng: Random) -> list[float]:
    """When items appear: by the hours and days of a newsroom, in batches, and each may draw follow-ups."""
    hours, weekend = _rhythm(rng)
    echoes = rng.choice((0.0, 0.0, 0.2, 0.4, 0.6))
    batch = rng.choice((1, 1, 1, 1, 1, 1, 1, 1, 2, 4))
    sources = per_day * (1 - echoes) / batch * 7 / (5 + 2 * weekend)
    found: list[float] = []
    for day in range(-math.ceil(days), math.ceil(_TAIL_DAYS) + 1):
        is_weekend = (day + _WEDNESDAY) % 7 >= 5
        drawn = _poisson(sources * (weekend if is_weekend else 1.0), rng)
        for hour in rng.choices(range(24), weights=hours, k=drawn):
            first = day * DAY + (hour + rng.random()) * 3600
            found += [first + rng.random() for _ in range(batch)]
    found += _echoes(found, echoes, rng)
    return sorted(found)


def _rhythm(rng: Random) -> tuple[list[float], float]:
    """The weight of each hour, UTC, and of a day at the weekend."""
    _, offset, _ = rng.choices(_ZONES, weights=[share for *_, share in _ZONES])[0]
    local, weekend = rng.choices(((_OFFICE, 0.3), (_EVENING, 0.9), (_ALWAYS, 0.8)), weights=(50, 25, 25))[0]
    return [float(local[(hour + offset) % 24]) for hour in range(24)], weekend


def _echoes(items: list[float], share: float, rng: Random) -> list[float]:
    """The follow-ups that news draws, and theirs."""
    found: list[float] = []
    parents = items
    while parents and share:
        parents = [
            at + rng.expovariate(1 / _ECHO_SECONDS) for at in parents for _ in range(_poisson(share, rng))
        ]
        found += parents
    return found


def _poisson(mean: float, rng: Random) -> int:
    """A number of events; as Knuth draws it, in bites that exp() can bear."""
    count = 0
    while mean > 0:
        floor, product = math.exp(-min(mean, 30.0)), rng.random()
        while product > floor:
            count += 1
            product *= rng.random()
        mean -= 30.0
    return count


def _stated(at: float) -> str:
    return format_datetime(
        datetime.fromtimestamp(START.timestamp() + at, UTC).replace(microsecond=0), usegmt=True
    )
