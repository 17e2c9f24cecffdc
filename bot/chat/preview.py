"""A filter shown before it is saved: what it means, what it would have brought, and buttons to change it."""

from collections.abc import Sequence
from enum import Enum
from functools import partial

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.alerts.language.parse import FilterError, read_stored
from bot.alerts.language.plain import canonical, write
from bot.alerts.rule import Filter
from bot.buttons import Action, encode
from bot.chat import follow_texts, texts
from bot.chat.context import Context
from bot.chat.editing import end_edit
from bot.chat.following import keep
from bot.chat.pressed import Pressed
from bot.chat.saved import saved_keyboard
from bot.chat.saying import said, said_row
from bot.chat.topic_menu import topic_followed
from bot.chat.trying import others, tried_on_week
from bot.model import FilterState, SubscriberState
from bot.storage import proposals, subscribers
from bot.storage.proposals import Proposal
from bot.storage.subscribers import FilterRow, Full, Subscriber

_LONG = 200  # characters of the filter that is to be replaced
_LABEL = 32  # characters that a phone shows of a button, and the count after them


class Origin(Enum):
    """Where a proposal comes from."""

    TYPED = "typed"  # the very words of the one who reads it
    WISH = "wish"  # made of their sentence by patterns
    MODEL = "model"  # made of it by the operator's own model
    OFFERED = "offered"  # behind a button


async def preview(
    context: Context, subscriber: Subscriber, proposal: Proposal, origin: Origin = Origin.OFFERED
) -> tuple[str, InlineKeyboardMarkup]:
    """The proposal in words, and its buttons. Raises FilterError when this version cannot read it."""
    filter_ = read_stored(proposal.text)
    rows = await context.database.read(lambda c: subscribers.filters_of(c, subscriber.id))
    same = followed_as(rows, filter_)
    stands = _is_on(same) and subscriber.state == SubscriberState.ACTIVE
    edited = next((row for row in rows if row.id == proposal.filter_id and row != same), None)
    if stands:
        told = follow_texts.edited if origin is Origin.OFFERED else follow_texts.already
        head = told(said(context, filter_))
    else:
        old = None if edited is None else said_row(context, edited, most=_LONG)
        head = follow_texts.shall(said(context, filter_), instead_of=old)
    paragraphs = [
        head,
        "" if origin is Origin.TYPED else follow_texts.as_typed(proposal.text),
        follow_texts.PROPOSED if origin is Origin.MODEL else "",
        _topic_hint(context, filter_),
    ]
    week = await tried_on_week(context, subscriber, filter_)
    return "\n".join(filter(None, paragraphs)) + f"\n\n{week}", _keyboard(proposal, stands, edited)


def followed_as(rows: Sequence[FilterRow], filter_: Filter) -> FilterRow | None:
    """The one of the chat's filters that says the same."""
    text = canonical(filter_)
    return next((row for row in rows if row.text == text), None)


def _is_on(row: FilterRow | None) -> bool:
    return row is not None and row.state == FilterState.ACTIVE


def _topic_hint(context: Context, filter_: Filter) -> str:
    topics = context.services.topics
    topic_id = topic_followed(filter_) if len(filter_.clauses) == 1 else None
    topic = next((topic for topic in topics if topic.id == topic_id), None)
    if topic is None:
        return ""
    return follow_texts.topic_hint(topic, next((one for one in topics if one.parent == topic.id), None))


def _keyboard(proposal: Proposal, stands: bool, edited: FilterRow | None) -> InlineKeyboardMarkup:
    def button(label: str, action: Action) -> InlineKeyboardButton:
        return InlineKeyboardButton(label, callback_data=encode(action, proposal.id))

    save = [] if stands else [button("Save", Action.FOLLOW)]
    if edited is not None:
        save.append(button("Keep both", Action.BESIDE))
    change = [button("Narrow", Action.NARROW), button("Widen", Action.WIDEN)]
    rows = [save, [*change, button("Close" if stands else "Cancel", Action.DISMISS)]]
    return InlineKeyboardMarkup([row for row in rows if row])


async def show_again(pressed: Pressed) -> None:
    """The proposal of the button, in place of what the message said."""
    proposal = await _proposal(pressed)
    if proposal is not None:
        await pressed.answer()
        await pressed.show(*await preview(pressed.context, pressed.subscriber, proposal))


async def offer(pressed: Pressed) -> None:
    """Some filters that bring fewer, or more, each behind a button; and the way back."""
    proposal = await _proposal(pressed)
    if proposal is None:
        return
    context = pressed.context
    filter_ = read_stored(proposal.text)
    is_narrower = pressed.button.action == Action.NARROW
    found = await others(context, filter_, fewer=is_narrower)
    if not found:
        await pressed.answer(follow_texts.NONE_NARROWER if is_narrower else follow_texts.NONE_WIDER)
        return
    propose = partial(
        proposals.propose,
        subscriber_id=pressed.subscriber.id,
        texts=[write(variant.filter) for variant in found],
        filter_id=proposal.filter_id,
    )
    made = await context.database.write(partial(propose, now=context.now))
    buttons = [
        (follow_texts.option(variant.label, variant.matched, most=_LABEL), one.id)
        for variant, one in zip(found, made, strict=True)
    ]
    keyboard = [
        [InlineKeyboardButton(label, callback_data=encode(Action.TRY, number))]
        for label, number in [*buttons, ("‹ Back", proposal.id)]
    ]
    await pressed.answer()
    await pressed.show(
        follow_texts.offered(said(context, filter_), narrower=is_narrower), InlineKeyboardMarkup(keyboard)
    )


async def accept(pressed: Pressed) -> None:
    """Saves the proposal: in the place of the filter that it would change, or beside it."""
    context, subscriber = pressed.context, pressed.subscriber
    proposal = await _proposal(pressed)
    if proposal is None:
        return
    filter_ = read_stored(proposal.text)
    replaced = None if pressed.button.action == Action.BESIDE else proposal.filter_id
    rows = await context.database.read(lambda c: subscribers.filters_of(c, subscriber.id))
    woken = subscriber.state != SubscriberState.ACTIVE
    if _is_on(followed_as(rows, filter_)) and not woken:
        # Pressed twice, as a rule: then the message says so already, and has its Undo.
        await pressed.answer(follow_texts.ALREADY)
        return
    keeping = await keep(context, subscriber, filter_, typed=proposal.text, instead_of=replaced)
    if isinstance(keeping, Full):
        await pressed.answer(texts.too_many(), alert=True)
        return
    end_edit(context)
    await pressed.answer("Following" if keeping.instead_of is None else "Changed")
    before = keeping.instead_of
    text = texts.followed(
        said_row(context, keeping.row),
        new=keeping.new,
        woken=woken,
        instead_of=None if before is None else said_row(context, before, most=_LONG),
    )
    undo = None if before is None else await _way_back(context, before, keeping.row)
    await pressed.show(text, saved_keyboard(keeping.row, before=undo) if keeping.new else None)


async def _way_back(context: Context, before: FilterRow, now: FilterRow) -> int:
    """The number of a proposal of what the filter was."""
    propose = partial(proposals.propose, subscriber_id=now.subscriber_id, texts=[before.typed])
    (old,) = await context.database.write(partial(propose, filter_id=now.id, now=context.now))
    return old.id


async def dismiss(pressed: Pressed) -> None:
    """Nothing is saved."""
    end_edit(pressed.context)
    await pressed.answer()
    await pressed.show(texts.DISMISSED)


async def _proposal(pressed: Pressed) -> Proposal | None:
    """The proposal of the button; None when it cannot be had any more, and then the press is answered."""
    number, subscriber_id = pressed.button.number, pressed.subscriber.id
    found = await pressed.context.database.read(lambda c: proposals.proposed(c, subscriber_id, number))
    try:
        if found is not None and read_stored(found.text):
            return found
    except FilterError:  # of another version's language
        pass
    await pressed.answer(texts.STALE)
    return None
