"""Every error of python-telegram-bot is one of five outcomes; a class it gains fails here until it is mapped."""

from datetime import timedelta

import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    PassportDecryptionError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.ext import InvalidCallbackData

from bot.delivery.telegram import Gone, Later, Moved, Refused, outcome_of

CASES = [
    (RetryAfter(17), Later("asked to wait", timedelta(seconds=17))),
    (RetryAfter(timedelta(minutes=5)), Later("asked to wait", timedelta(minutes=5))),
    (ChatMigrated(-1001234567890), Moved(-1001234567890)),
    (
        Forbidden("Forbidden: bot was blocked by the user"),
        Gone("Forbidden: bot was blocked by the user"),
    ),
    (
        Forbidden("Forbidden: bot was kicked from the group chat"),
        Gone("Forbidden: bot was kicked from the group chat"),
    ),
    (BadRequest("Chat not found"), Gone("Chat not found")),
    (BadRequest("Message is too long"), Refused("Message is too long")),
    (BadRequest("Can't parse entities: unclosed"), Refused("Can't parse entities: unclosed")),
    (InvalidToken("nope"), Later("the token was refused: nope")),
    (TimedOut(), Later("no answer in time")),
    (NetworkError("connection reset"), Later("network: connection reset")),
    (Conflict("another getUpdates"), Later("Conflict: another getUpdates")),
    (EndPointNotFound("no such method"), Later("EndPointNotFound: no such method")),
    (PassportDecryptionError("x"), Later(f"PassportDecryptionError: {PassportDecryptionError('x').message}")),
    (InvalidCallbackData("x"), Later(f"InvalidCallbackData: {InvalidCallbackData('x').message}")),
    (TelegramError("Internal Server Error"), Later("TelegramError: Internal Server Error")),
]


def all_classes(base):
    yield base
    for derived in base.__subclasses__():
        if derived.__module__.startswith("telegram."):
            yield from all_classes(derived)


@pytest.mark.parametrize(("error", "outcome"), CASES, ids=lambda case: type(case).__name__)
def test_an_error_is_its_outcome(error, outcome):
    assert outcome_of(error) == outcome


def test_every_error_class_is_in_the_table():
    assert {type(error) for error, _ in CASES} == set(all_classes(TelegramError))


@pytest.mark.parametrize(
    "said",
    [
        "Chat not found",
        "User not found",
        "PEER_ID_INVALID",
        "Forbidden: user is deactivated",
        "Group chat was deactivated",
        "Not enough rights to send text messages to the chat",
        "Have no rights to send a message",
        "CHAT_WRITE_FORBIDDEN",
        "CHAT_RESTRICTED",
        "Bot is not a member of the channel chat",
        "TOPIC_CLOSED",
    ],
)
def test_a_400_that_means_the_chat_is_closed_to_us_pauses_it(said):
    assert outcome_of(BadRequest(said)) == Gone(said)


@pytest.mark.parametrize("said", ["Message text is empty", "BUTTON_DATA_INVALID", "something new"])
def test_an_unknown_refusal_is_this_messages_and_never_the_chats(said):
    assert outcome_of(BadRequest(said)) == Refused(said)


@pytest.mark.parametrize("error", [error for error, _ in CASES if not isinstance(error, RetryAfter)])
def test_only_a_wait_that_was_asked_for_has_a_length(error):
    assert getattr(outcome_of(error), "wait", None) is None
