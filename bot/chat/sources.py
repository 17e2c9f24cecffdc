"""The Sources button: whose words each sentence of an alert rests on, as a reply to it."""

from telegram import CallbackQuery, LinkPreviewOptions, MaybeInaccessibleMessage
from telegram.constants import ParseMode

from bot.buttons import Button
from bot.chat import texts
from bot.chat.context import Context
from bot.chat.failures import answer
from bot.delivery.passages import passages
from bot.delivery.telegram import quiet_reply
from bot.storage import deliveries


async def show_sources(
    query: CallbackQuery, context: Context, button: Button, message: MaybeInaccessibleMessage
) -> None:
    """Replies to the alert with the passages; says so when they are no longer kept.

    Whoever sees the alert may ask: in a group anybody, and no subscriber is made of them.
    """
    revision = button.page or 0
    digest = await context.database.read(lambda c: deliveries.told(c, button.number, revision))
    messages = [] if digest is None else passages(digest)
    if not messages:
        await answer(query, texts.SOURCES_GONE, alert=True)
        return
    await answer(query)
    for one in messages:
        await context.bot.send_message(
            message.chat.id,
            one.html,
            parse_mode=ParseMode.HTML,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
            reply_parameters=quiet_reply(message.message_id),
        )
