"""The error tree of aiohttp and the socket layer as plain sentences; no address in them has a password."""

import errno
import os
import socket

import aiohttp
from yarl import URL

from bot.errors import OwnNetworkError, RemoteError

# The socket layer's ways of saying that the trouble is on our side of the wire.
_OWN_TROUBLE = frozenset(
    {
        *(errno.ENETUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL),
        *(errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM),
    }
)
_OWN_RESOLVER_TROUBLE = frozenset({socket.EAI_AGAIN, socket.EAI_SYSTEM, socket.EAI_MEMORY})


class PrivateAddressError(OSError):
    """A connection to a private address was about to be made; always the same words, see below."""

    def __init__(self) -> None:
        # The connector tries every address of a name and keeps the error's type only if all read alike.
        super().__init__(errno.EACCES, "a private address")


class PrivateHostError(RemoteError):
    """An address that is not on the public internet: refused here, whatever its server would say."""


def as_remote(error: aiohttp.ClientError | OSError | ValueError, url: URL) -> RemoteError:
    """What the error means for whoever reads the log; the most specific first."""
    match error:
        case UnicodeError():  # a host name that the resolver cannot even spell (RFC 5891)
            return RemoteError(f"{url} has no valid host name", permanent=True)
        case aiohttp.InvalidURL():  # "http://127.1/" and other odd spellings of numbers
            return RemoteError(f"{url} is not a web address", permanent=True)
        case aiohttp.ClientConnectorError() | OSError(errno=int()):
            return _as_unreachable(error, url)
        case aiohttp.ClientResponseError():
            why = error.message.partition("\n")[0].rstrip(" :")[:100]
            return RemoteError(f"{url} did not answer in HTTP that we can read: {why}")
        case aiohttp.ServerDisconnectedError():
            return RemoteError(f"{url} hung up before it answered")
        case aiohttp.ClientPayloadError():
            return RemoteError(f"{url} was cut short")
        case ValueError():  # not its own words: they may hold a header's value
            return RemoteError(f"{url} could not be asked")
        case _:
            return RemoteError(f"{url} could not be read: {error}")


def _as_unreachable(error: OSError, url: URL) -> RemoteError:
    match error:
        case aiohttp.ClientConnectorCertificateError():
            return RemoteError(f"{url.host} has no valid certificate: {error.certificate_error}")
        case aiohttp.ClientConnectorDNSError(os_error=OSError(errno=number)) if (
            number in _OWN_RESOLVER_TROUBLE
        ):
            return OwnNetworkError(f"the name {url.host} could not be looked up")
        case aiohttp.ClientConnectorDNSError():
            return RemoteError(f"the name {url.host} is not known", unreachable=True)
        case aiohttp.ClientConnectorError(os_error=PrivateAddressError()):
            mend = "to poll it, set NTK_WEB__ALLOW_PRIVATE=true (web.allow_private)"
            return PrivateHostError(f"{url.host} is a private address; {mend}", permanent=True)
        case OSError(errno=number) if number in _OWN_TROUBLE:
            return OwnNetworkError(f"no way to {url.host} from here: {_in_words(error)}")
        case OSError(errno=errno.ECONNREFUSED):
            reason = f"{url.host} could not be reached: it refused the connection on port {url.port}"
            return RemoteError(reason, unreachable=True)
        case _:
            return RemoteError(f"{url.host} could not be reached: {_in_words(error)}", unreachable=True)


def _in_words(error: OSError) -> str:
    """The system's own words: asyncio's are "Connect call failed ('192.0.2.1', 443)"."""
    known = error.errno in errno.errorcode
    return os.strerror(error.errno) if known and error.errno is not None else error.strerror or str(error)
