"""What a button press does: which handler answers which button."""

from collections.abc import Awaitable, Callable

from telegram import CallbackQuery, MaybeInaccessibleMessage, Message, Update

from bot.buttons import Action, Button, decode
from bot.chat import filter_list, fixes, follow, mutes, preview, share, texts, topic_menu
from bot.chat.context import Context
from bot.chat.failures import answer
from bot.chat.pressed import Pressed
from bot.chat.sources import show_sources
from bot.chat.why import show_why

# Each answers the press, so that the button stops spinning.
Shown = Callable[[CallbackQuery, Context, Button, MaybeInaccessibleMessage], Awaitable[None]]
Handled = Callable[[Pressed], Awaitable[None]]

ANYBODYS: dict[Action, Shown] = {
    Action.SOURCES: show_sources,
    Action.WHY: show_why,
}
"""Buttons that do not age, and make no subscriber of whoever presses them.

Telegram still knows where the message stands, if not what it says.
"""

OF_SUBSCRIBERS: dict[Action, Handled] = {
    Action.FOLLOW: preview.accept,
    Action.BESIDE: preview.accept,
    Action.DISMISS: preview.dismiss,
    Action.TRY: preview.show_again,
    Action.NARROW: preview.offer,
    Action.WIDEN: preview.offer,
    Action.TOPIC: topic_menu.toggle,
    Action.TOPICS: topic_menu.turn,
    Action.EDIT: follow.edit,
    Action.PAUSE: filter_list.change,
    Action.RESUME: filter_list.change,
    Action.DELETE: filter_list.change,
    Action.RESTORE: filter_list.restore,
    Action.PAGE: filter_list.turn,
    Action.SHARES: share.choose,
    Action.SHARE: share.pass_on,
    Action.TAKE: share.take_over,
    Action.EXCLUDE: fixes.exclude,
    Action.INCLUDE: fixes.include,
    Action.HOLD: fixes.hold,
    Action.GO_ON: fixes.hold,
    Action.MUTE: mutes.mute,
    Action.UNMUTE: filter_list.unmute,
}
"""Buttons that act on what the chat follows."""


async def press(update: Update, context: Context) -> None:
    """Any button of ours; one that is too old gets a polite answer."""
    query = update.callback_query
    assert query is not None
    button = decode(query.data or "")
    message = query.message
    if button is not None and message is not None and (shown := ANYBODYS.get(button.action)):
        await shown(query, context, button, message)
        return
    handled = OF_SUBSCRIBERS.get(button.action) if button is not None else None
    if button is None or handled is None or not isinstance(message, Message):
        await answer(query, texts.STALE)
        return
    await handled(Pressed(query, context, button, message, await context.subscriber(update)))
