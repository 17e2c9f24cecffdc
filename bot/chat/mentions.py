"""Whether a message names the bot, by Telegram's own marks: "@NeedToKnowBots" is somebody else."""

from telegram import Message, MessageEntity


def mentions(message: Message, username: str) -> bool:
    """Whether the text names this user; capitals do not count in a user name."""
    return bool(_marks(message, username))


def without_mentions(message: Message, username: str) -> str:
    """The text of the message less every mention of this user."""
    units = (message.text or "").encode("utf-16-le")  # marks are counted in UTF-16 units, of two bytes
    for mark in reversed(_marks(message, username)):
        units = units[: mark.offset * 2] + " ".encode("utf-16-le") + units[(mark.offset + mark.length) * 2 :]
    return units.decode("utf-16-le")


def _marks(message: Message, username: str) -> list[MessageEntity]:
    found = message.parse_entities([MessageEntity.MENTION]).items() if message.text else ()
    name = f"@{username}".casefold()
    mine = [mark for mark, written in found if written.casefold() == name]
    return sorted(mine, key=lambda mark: mark.offset)
