"""What the buttons under Why? do to a filter: a word excluded, the filter paused; and each taken back."""

from collections.abc import Callable
from functools import partial

from telegram import InlineKeyboardButton

from bot.alerts.language.parse import STORED_LENGTH, FilterError, parse, read_stored
from bot.alerts.language.plain import canonical, write
from bot.alerts.rule import All, Filter, Not, Phrase, Word, normal
from bot.buttons import Action, encode
from bot.chat import texts, why_texts
from bot.chat.following import set_state
from bot.chat.pressed import Pressed
from bot.chat.saying import said_row
from bot.chat.standing_message import carried, changed, keyboard, rows_of, with_outcome
from bot.model import FilterState
from bot.storage import proposals, subscribers
from bot.storage.proposals import Proposal
from bot.storage.subscribers import FilterRow, Full, Kept
from bot.text import clip, tokens

_LABELS = {
    Action.EXCLUDE: "Exclude ",
    Action.INCLUDE: "↩ Undo: exclude ",
    Action.HOLD: "⏸ Pause ",
    Action.GO_ON: "▶ Resume ",
}
_BACK = {
    Action.EXCLUDE: Action.INCLUDE,
    Action.INCLUDE: Action.EXCLUDE,
    Action.HOLD: Action.GO_ON,
    Action.GO_ON: Action.HOLD,
}


def exclude_button(proposal: Proposal, which: str) -> InlineKeyboardButton:
    """Keeps the proposal's word out of its filter; `which` names the filter where there are several."""
    label = f"{_LABELS[Action.EXCLUDE]}“{clip(proposal.text, 25)}”{which}"
    return InlineKeyboardButton(label, callback_data=encode(Action.EXCLUDE, proposal.id))


def hold_button(filter_id: int, which: str, *, paused: bool) -> InlineKeyboardButton:
    """Pauses the filter, or resumes it."""
    action = Action.GO_ON if paused else Action.HOLD
    return InlineKeyboardButton(f"{_LABELS[action]}{which}", callback_data=encode(action, filter_id))


async def exclude(pressed: Pressed) -> None:
    """Adds the word to what the filter excludes."""
    await _edit(pressed, _without)


async def include(pressed: Pressed) -> None:
    """Takes the word out of what the filter excludes."""
    await _edit(pressed, _with_again)


async def hold(pressed: Pressed) -> None:
    """Pauses the filter, or resumes it."""
    is_hold = pressed.button.action is Action.HOLD
    state = FilterState.PAUSED if is_hold else FilterState.ACTIVE
    row = await set_state(pressed.context, pressed.subscriber, pressed.button.number, state)
    if row is None:
        await pressed.answer(why_texts.NO_FILTER, alert=True)
        return
    await pressed.answer("Paused" if is_hold else "Resumed")
    say = why_texts.paused if is_hold else why_texts.resumed
    await _show(pressed, say(_said(pressed, row)), row.id)


async def _edit(pressed: Pressed, edit: Callable[[Filter, Phrase], Filter | None]) -> None:
    context, subscriber = pressed.context, pressed.subscriber
    find = partial(proposals.proposed, subscriber_id=subscriber.id, proposal_id=pressed.button.number)
    proposal = await context.database.read(find)
    row = None if proposal is None else await _filter_of(pressed, proposal)
    if proposal is None or row is None:
        await pressed.answer(why_texts.NO_FILTER, alert=True)
        return
    edited = edit(read_stored(row.typed), _phrase(proposal.text))
    if edited is None:
        await pressed.answer(why_texts.NOTHING_LEFT, alert=True)
        return
    # Not as a new wish is kept: a chat that has stopped stays silent.
    save = partial(subscribers.replace_filter, subscriber_id=subscriber.id, filter_id=row.id)
    save = partial(save, text=canonical(edited), typed=write(edited))
    keeping = await context.database.write(partial(save, now=context.now))
    if isinstance(keeping, Full):
        await pressed.answer(texts.too_many(), alert=True)
        return
    if row.state is FilterState.PAUSED:
        await set_state(context, subscriber, keeping.row.id, FilterState.PAUSED)
    await pressed.answer("Done")
    same = not keeping.new and edited != read_stored(row.typed)
    back = await _proposal_for(pressed, proposal, keeping)
    await _show(pressed, why_texts.follows(_said(pressed, keeping.row), same=same), back.id)


def _said(pressed: Pressed, row: FilterRow) -> str:
    return said_row(pressed.context, row, most=why_texts.LONG_RULE)


async def _filter_of(pressed: Pressed, proposal: Proposal) -> FilterRow | None:
    """The filter that a proposal would change, if this version can read it."""
    theirs = await pressed.context.database.read(lambda c: subscribers.filters_of(c, pressed.subscriber.id))
    row = next((row for row in theirs if row.id == proposal.filter_id), None)
    return row if row is not None and _reads(row.typed) else None


async def _proposal_for(pressed: Pressed, proposal: Proposal, keeping: Kept) -> Proposal:
    """The same word, for the filter as it is now: under another number where its words came back to life."""
    if proposal.filter_id == keeping.row.id:
        return proposal
    keep_word = partial(proposals.propose, subscriber_id=pressed.subscriber.id, texts=[proposal.text])
    again = partial(keep_word, filter_id=keeping.row.id, now=pressed.context.now)
    return (await pressed.context.database.write(again))[0]


def _phrase(word: str) -> Phrase:
    return Phrase(tuple(Word(token.term) for token in tokens(word)), spelling=word)


def _without(filter_: Filter, phrase: Phrase) -> Filter | None:
    """The filter that excludes this too; None where it could not be met any more."""
    edited = Filter(normal(All((*filter_.clauses, Not(phrase)))))
    return edited if _reads(write(edited)) else None


def _with_again(filter_: Filter, phrase: Phrase) -> Filter:
    """The filter without this exclusion."""
    return Filter(normal(All(tuple(part for part in filter_.clauses if part != Not(phrase)))))


def _reads(text: str) -> bool:
    try:
        parse(text, max_length=STORED_LENGTH)
    except FilterError:
        return False
    return True


async def _show(pressed: Pressed, done: str, subject: int) -> None:
    """Says what was done, and turns the button into the one that takes it back."""
    rows = changed(rows_of(pressed.message), lambda button: _turned(button, pressed, subject))
    await pressed.show(with_outcome(pressed.message, done), keyboard(rows))


def _turned(button: InlineKeyboardButton, pressed: Pressed, subject: int) -> InlineKeyboardButton:
    if carried(button) != pressed.button:
        return button
    was, now = pressed.button.action, _BACK[pressed.button.action]
    label = _LABELS[now] + button.text.removeprefix(_LABELS[was])
    return InlineKeyboardButton(label, callback_data=encode(now, subject))
