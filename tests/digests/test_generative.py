import importlib.util

import pytest

from bot.digests.compose import without_connective
from bot.digests.generative import GenerativeSummariser
from bot.digests.lead import lead
from bot.digests.verify import unsupported
from bot.errors import ConfigError
from bot.model import Article, Source

HAS_TORCH = importlib.util.find_spec("torch") is not None
ARTICLES = [
    Article(
        title="Port Elsin bridge reopens",
        text=(
            "The old bridge at Port Elsin reopened on Monday after two years of repairs.\n"
            "Engineers replaced 140 cables and every bolt on the northern span.\n"
            "Repairs cost 12 million crowns, the harbour office said."
        ),
    )
]
SOURCES = [Source(name="Post", title="Port Elsin bridge reopens", url=None)]


@pytest.mark.skipif(HAS_TORCH, reason="torch is here, so nothing is missing")
def test_without_torch_the_operator_is_told_what_to_install(capfd):
    with pytest.raises(ConfigError, match=r"pip install need-to-know\[generate\]"):
        GenerativeSummariser("some/model")
    assert "PyTorch was not found" not in "".join(capfd.readouterr())


@pytest.fixture
def tiny_model(tmp_path):
    """A BART of a few thousand random weights with a word-piece vocabulary of its own."""
    pytest.importorskip("torch", reason="the generate extra is not installed")
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers
    from transformers import BartConfig, BartForConditionalGeneration, PreTrainedTokenizerFast, set_seed

    set_seed(7)
    tokenizer = Tokenizer(models.WordLevel(unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    specials = ["<s>", "<pad>", "</s>", "<unk>"]
    text = ARTICLES[0].text + " Oslo Berlin 77 99 billion . . . said “ ”"
    tokenizer.train_from_iterator([text], trainers.WordLevelTrainer(special_tokens=specials))
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token="<s>", pad_token="<pad>", eos_token="</s>", unk_token="<unk>"
    )
    config = BartConfig(
        vocab_size=len(fast), d_model=16, encoder_layers=1, decoder_layers=1, encoder_attention_heads=2,
        decoder_attention_heads=2, encoder_ffn_dim=16, decoder_ffn_dim=16, max_position_embeddings=256,
        bos_token_id=0, pad_token_id=1, eos_token_id=2, decoder_start_token_id=2, forced_eos_token_id=2,
    )  # fmt: skip
    BartForConditionalGeneration(config).save_pretrained(tmp_path / "tiny")
    fast.save_pretrained(tmp_path / "tiny")
    return str(tmp_path / "tiny")


@pytest.mark.generate
def test_whatever_the_model_writes_nothing_unverified_comes_out(tiny_model, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    digest = GenerativeSummariser(tiny_model, max_input_tokens=128, max_new_tokens=60).digest(
        ARTICLES, SOURCES
    )
    said = (*digest.need_to_know, *digest.details, *digest.next)
    assert said
    assert all(unsupported(sentence, ARTICLES) is None for sentence in said)
    assert len(digest.evidence) == len(said)
    assert digest.sources == tuple(SOURCES)
    assert digest.model in {"lead", f"transformers:{tiny_model}", f"transformers:{tiny_model}+lead"}


@pytest.mark.generate
def test_sentences_a_model_makes_up_are_dropped_and_the_true_ones_kept(tiny_model):
    class Scripted(GenerativeSummariser):
        def _written(self, text: str) -> str:
            return "The bridge at Port Elsin is open after repairs. It cost 99 billion. Oslo paid for the new bridge."

    digest = Scripted(tiny_model).digest(ARTICLES, SOURCES)
    assert digest.need_to_know == ("The bridge at Port Elsin is open after repairs.",)
    assert digest.model == f"transformers:{tiny_model}+lead"
    (first,) = digest.evidence[0]
    assert ARTICLES[first.article].text[first.start : first.end].startswith("The old bridge at Port Elsin")
    plain = lead(ARTICLES)
    assert {without_connective(s) for s in digest.details} <= {*plain.details, *plain.next}


@pytest.mark.generate
def test_without_any_text_the_model_is_not_asked(tiny_model):
    digest = GenerativeSummariser(tiny_model).digest(
        [Article(title="Port Elsin bridge reopens", text="")], SOURCES
    )
    assert (digest.headline, digest.need_to_know, digest.model) == ("Port Elsin bridge reopens", (), "lead")


@pytest.mark.generate
def test_a_model_that_is_not_there_is_a_config_error(tmp_path, monkeypatch):
    pytest.importorskip("torch", reason="the generate extra is not installed")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(ConfigError, match="cannot be loaded"):
        GenerativeSummariser(str(tmp_path / "missing"))
