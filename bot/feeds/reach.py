"""Whether a server that cannot be reached is to blame, or our own network is. Pure."""

from bot.addresses import is_near
from bot.links import host_of

# Two strangers may be down at once; a third, with nobody answering in between, makes it our network.
_STRANGERS = 3


class Reach:
    """Remembers which hosts could not be reached since anybody out there last answered."""

    def __init__(self) -> None:
        self._silent: set[str] = set()
        self._ever_answered = False
        self.is_down = False

    def answered(self, url: str) -> bool:
        """A server answered, with whatever; whether that ends an outage. A neighbour proves nothing."""
        if is_near(host_of(url)):
            return False
        was_down = self.is_down
        self._silent.clear()
        self._ever_answered = True
        self.is_down = False
        return was_down

    def unreachable(self, url: str) -> bool:
        """A server could not be reached; whether our own network is to blame.

        Until somebody has answered, it is: a start with no network must not count against forty feeds.
        """
        if is_near(host_of(url)):
            return False
        self._silent.add(host_of(url))
        if not self._ever_answered or len(self._silent) >= _STRANGERS:
            self.is_down = True
        return self.is_down
