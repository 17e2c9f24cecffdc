"""What a button carries."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.buttons import MAX_BYTES, Action, Button, decode, encode

actions = st.sampled_from(list(Action))
numbers = st.integers(min_value=0, max_value=9_999_999_999)
topic_ids = st.text(alphabet="abcdefghijklmnopqrstuvwxyz0123456789-_", min_size=1, max_size=30)


@given(actions, numbers | topic_ids, st.none() | numbers)
def test_what_was_encoded_is_decoded(action, subject, page):
    assert decode(encode(action, subject, page)) == Button(action, str(subject), page)


@given(actions, numbers | topic_ids, st.none() | numbers)
def test_a_payload_of_ours_fits_telegrams_64_bytes(action, subject, page):
    assert len(encode(action, subject, page).encode()) <= MAX_BYTES


@given(actions, st.text(min_size=MAX_BYTES))
def test_a_payload_that_does_not_fit_is_never_sent(action, subject):
    with pytest.raises(ValueError, match=r"64 bytes|surrogates"):
        encode(action, subject)


@given(st.text())
@example("1:pause:" + "9" * 5000)
@example("1:pause:١٢")
@example("1:page:²")
@example("1:::::")
@example("2:pause:7")
@example("")
def test_no_text_makes_decoding_raise(payload):
    button = decode(payload)
    assert button is None or 0 <= button.number <= 9_999_999_999


@given(st.text().filter(lambda text: not text.startswith("1:")))
def test_another_versions_payload_is_nobodys(payload):
    assert decode(payload) is None


@pytest.mark.parametrize(
    "payload", ["1:pause", "1:explode:7", "1:pause:7:x", "1:pause:7:1:2", "1:pause:7:-1"]
)
def test_an_invention_is_nobodys(payload):
    assert decode(payload) is None
