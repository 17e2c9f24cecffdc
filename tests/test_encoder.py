"""The bundled model as the project ships it: what it reads, how it packs, and how it fails."""

import threading

import numpy as np
import pytest

from bot.encoder import MODEL, Encoder, pack, places
from bot.errors import ConfigError

QUAKE = [
    "A strong earthquake hit the coast of northern Japan on Monday, killing two people.",
    "The government sent soldiers to the region and opened shelters.",
    "Trains between the cities were stopped for the day.",
]


def test_two_ways_to_say_one_thing_are_nearer_than_two_things(encoder):
    same, other = "Japan was struck by a powerful quake", "Shares of the bank fell after its results"
    near, far = encoder.meanings([QUAKE[0], same, other])[0] @ encoder.meanings([same, other]).T
    assert near > 0.6
    assert far < 0.3


def test_a_sentence_means_the_same_whatever_stands_beside_it(encoder):
    alone = encoder.meanings([QUAKE[0]])[0]
    among = encoder.meanings([*QUAKE * 30, QUAKE[0]])
    assert alone @ among[0] > 0.99
    assert alone @ among[-1] > 0.99


def test_one_pass_gives_a_meaning_of_unit_length_and_a_salience_for_each_sentence(encoder):
    reading = encoder.read(QUAKE, headline="Earthquake in Japan")
    assert reading.meanings.shape == (3, 384)
    assert reading.salience.shape == (3,)
    assert np.allclose(np.linalg.norm(reading.meanings, axis=1), 1, atol=1e-4)
    assert reading.headline @ reading.meanings[0] > reading.headline @ reading.meanings[2]


def test_the_news_is_more_salient_than_the_service_lines(encoder):
    said = [*QUAKE, "You can follow our reporters on all the usual channels.", "Thank you for reading."]
    salience = encoder.read(said, headline="Earthquake in Japan kills two").salience
    assert salience[:2].min() > salience[3:].max()


def test_no_sentences_are_read_without_a_fault(encoder):
    assert encoder.read([]).meanings.shape == (0, 384)
    assert encoder.meanings([]).shape == (0, 384)
    assert encoder.meanings([""]).shape == (1, 384)


def test_a_document_beyond_the_limit_is_read_and_its_end_is_least_salient(encoder):
    long = [f"Sentence number {number} of a long report." for number in range(120)]
    reading = encoder.read(long)
    assert reading.meanings.shape == (120, 384)
    assert reading.salience[96:].max() < reading.salience[:96].min()


def test_threads_that_read_at_once_each_get_their_own(encoder):
    texts = [f"Town {number} elects a mayor" for number in range(8)]
    alone = encoder.meanings(texts)
    found = {}

    def work(number):
        found[number] = encoder.meanings([texts[number]])[0]

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(found[number] @ alone[number] > 0.98 for number in range(8))


def test_every_token_is_packed_once_and_no_row_is_overfull():
    texts = [list(range(1, n + 2)) for n in (5, 90, 40, 40, 3, 100, 17)]
    packed = pack(texts, row=128)
    assert packed["ids"].shape[1] <= 128
    for number, text in enumerate(texts):
        mine = packed["segments"] == number + 1
        assert packed["ids"][mine].tolist() == text
        assert packed["positions"][mine].tolist() == list(range(len(text)))
    assert (packed["segments"] > 0).sum() == sum(map(len, texts))


def test_the_headline_stands_apart_and_later_sentences_in_later_tenths():
    found = places(12, count=11, most=8, parts=11)
    assert found["places"].tolist() == [0, 1, 2, 3, 4, 5, 6, 7, 8, 8, 8, 8]
    assert found["parts"][0] == 0
    assert found["parts"][1] == 1
    assert found["parts"][-1] == 10


def test_a_missing_model_is_a_sentence_and_a_mend(tmp_path):
    with pytest.raises(ConfigError, match=r"cannot be read .* install it again"):
        Encoder(tmp_path).read(["Anything."])
    with pytest.raises(ConfigError, match="install it again"):
        _ = Encoder(tmp_path).name


def test_the_model_is_small_enough_to_live_in_the_project():
    assert sum(file.stat().st_size for file in MODEL.iterdir()) < 30_000_000
