"""Telegram's privacy mode: what a bot hears of a group's talk. Pure."""

from bot.playground.residents import Chat, Message, Person, Standing


def hears(bot: Person, chat: Chat, message: Message) -> bool:
    """Everything in a private chat; in a group commands, mentions of the bot, and answers to it."""
    if chat.standing is not Standing.MEMBER:
        return False
    if chat.private:
        return True
    answered = chat.messages.get(message.reply_to or 0)
    if answered is not None and answered.sender.is_bot:
        return True
    text = message.body.text
    if f"@{bot.username}".casefold() in text.casefold():
        return True
    # "/help@another_bot" is not for us.
    commands = [entity for entity in message.body.entities if entity.kind == "bot_command"]
    return any("@" not in _stretch(text, entity.offset, entity.end) for entity in commands)


def _stretch(text: str, start: int, end: int) -> str:
    """A stretch of a text, counted in UTF-16 units."""
    return text.encode("utf-16-le")[start * 2 : end * 2].decode("utf-16-le")
