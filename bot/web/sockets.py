"""The guard at the socket: what is connected to is what was checked, whatever a name led to."""

import socket
from collections.abc import Collection
from weakref import WeakSet

import aiohttp

from bot.addresses import is_private
from bot.web.failures import PrivateAddressError


class Sockets:
    """Makes every socket, to public addresses and the `trusted` (address, port) pairs only.

    `allow_private` takes the guard away.
    """

    def __init__(self, *, allow_private: bool, trusted: Collection[tuple[str, int]] = ()) -> None:
        self._allow_private = allow_private
        self._trusted = trusted
        # Weak: a transport lets go of its socket as it closes.
        self._open: WeakSet[socket.socket] = WeakSet()

    @property
    def open(self) -> int:
        """How many sockets have not been closed yet."""
        return len(self._open)

    def make(self, info: aiohttp.AddrInfoType) -> socket.socket:
        """A socket for the address; raises PrivateAddressError for one that stays with us."""
        family, kind, protocol, _, where = info
        is_allowed = self._allow_private or (where[0], where[1]) in self._trusted
        if not is_allowed and is_private(str(where[0])):
            raise PrivateAddressError
        made = socket.socket(family, kind, protocol)
        self._open.add(made)
        return made
