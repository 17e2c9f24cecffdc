"""Whether a server that cannot be reached is to blame, or our own network is. Pure."""

from urllib.parse import urlsplit

from bot.addresses import is_private

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
        if _is_near(url):
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
        if _is_near(url):
            return False
        self._silent.add(_host(url))
        if not self._ever_answered or len(self._silent) >= _STRANGERS:
            self.is_down = True
        return self.is_down


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


def _is_near(url: str) -> bool:
    host = _host(url)
    # is_private calls what is no address private; a name is judged by its looks.
    return host == "localhost" or ((host.replace(".", "").isdigit() or ":" in host) and is_private(host))
