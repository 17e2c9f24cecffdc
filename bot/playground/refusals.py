"""What the Bot API says when it says no, word for word where a bot may read the words."""

from typing import Any

from bot.errors import NeedToKnowError


class RefusedError(NeedToKnowError):
    """The Bot API's `ok: false`: its code, its description and, for two of them, its parameters.

    An exception, unlike our own expected outcomes: this is the far side of a wire, where any of
    thirty checks ends the request and nothing on the way back has a say in it.
    """

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def as_json(self) -> dict[str, Any]:
        """The body of the answer."""
        body: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        return body | {"parameters": self.parameters} if self.parameters else body


def bad_request(why: str) -> RefusedError:
    """400: asking again with the same words cannot help."""
    return RefusedError(400, f"Bad Request: {why}")


def forbidden(why: str) -> RefusedError:
    """403: the chat does not want the bot."""
    return RefusedError(403, f"Forbidden: {why}")


def too_many_requests(seconds: int) -> RefusedError:
    """429: wait this many seconds, for this chat."""
    return RefusedError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


def migrated(to_chat_id: int) -> RefusedError:
    """400: the group became a supergroup, and has a new id."""
    return RefusedError(
        400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=to_chat_id
    )


def conflict() -> RefusedError:
    """409: another bot process asks for the same updates. The newer one wins, as at Telegram."""
    return RefusedError(
        409,
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    )
