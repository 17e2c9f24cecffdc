"""One tree of errors; each is wrapped once, at the edge, with its cause chained.

NeedToKnowError
├── ConfigError       the operator can mend it: names the file and the key
├── InputError        a person or a file gave us something we cannot read: names the place
├── RemoteError       the other side failed; `permanent` says whether asking again can help
└── StorageError      the database refused, or belongs to a newer version
"""


class NeedToKnowError(Exception):
    """The root: a sentence for a human, fit to print as it stands."""


class ConfigError(NeedToKnowError):
    """A setting is wrong; the message names the file and the key."""


class InputError(NeedToKnowError):
    """Input from a person or a file cannot be read; the message names the place and the mend."""


class RemoteError(NeedToKnowError):
    """Another server failed us.

    `permanent` says that asking again cannot help, `status` is the HTTP status where there was one,
    `retry_after` the seconds the server asked us to wait.
    """

    def __init__(
        self,
        message: str,
        *,
        permanent: bool = False,
        status: int | None = None,
        retry_after: float | None = None,
        unreachable: bool = False,
    ) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.status = status
        self.retry_after = retry_after
        self.unreachable = unreachable


class OwnNetworkError(RemoteError):
    """Our own network seems to be down (no route, no resolver): nobody else's fault."""


class StorageError(NeedToKnowError):
    """The database cannot be used as it stands."""
