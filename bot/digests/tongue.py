"""The language a text is written in: the one door to py3langid, with the page's own word for it as prior."""

import re
from functools import cache

from py3langid.langid import LanguageIdentifier

from bot.sentences import word_set
from bot.text import fold, squash, words

# Those that news is written in; the fewer to choose from, the fewer mistakes.
_PLAUSIBLE = word_set(
    "ar bg bn ca cs da de el en es et fa fi fr he hi hr hu id it ja ko lt lv ms nb nl pl pt ro ru sk sl sq sr"
    " sv ta te th tr uk ur vi zh"
)
_SAME = {"no": "nb", "nn": "nb", "iw": "he", "in": "id"}  # codes of one written language, and former ones
_READ = 2000  # characters are plenty
_SHORT = 80  # bytes of UTF-8; of fewer the page knows better
_UNLIKELY = 0.05  # probability under which the page's own word is not believed
_ENGLISH = word_set(
    "the of and to in is was were are has have had that for with on at by from it this be as not who which"
    " will would said his her their its but an"
)
# Of the words; nineteen English news articles in twenty are over it, other languages stay under a tenth.
_ENGLISH_SHARE = 0.2
_LETTERS = re.compile(r"[^\W\d_]+")


def language(text: str, tagged: str | None = None) -> str | None:
    """The ISO 639-1 code of the text's language; None for a text without letters that nobody tagged.

    `tagged` is what the page or its feed says ("en-GB" is en). A short text is what it is tagged; a longer
    one is believed when it says otherwise beyond doubt. CPU-bound; the first text that is not plainly English
    loads the model (under a second, about 50 MB).
    """
    tag = _primary(tagged)
    plain = squash(text[:_READ])
    letters = sum(len(run.encode(errors="replace")) for run in _LETTERS.findall(plain))
    if not letters or (tag and letters < _SHORT):
        return tag
    if _is_plainly_english(plain):
        return "en"
    ranked = [(_primary(code), probability) for code, probability in _identifier().rank(plain)]
    likely = sum(probability for code, probability in ranked if code == tag)
    return tag if tag and (tag not in _PLAUSIBLE or likely >= _UNLIKELY) else ranked[0][0]


def _primary(tagged: str | None) -> str | None:
    code = (tagged or "").strip().lower().replace("_", "-").partition("-")[0]
    # Pages name encodings too ("utf-8"): a language has two letters.
    return _SAME.get(code, code) if len(code) == 2 and code.isalpha() else None  # noqa: PLR2004


def _is_plainly_english(text: str) -> bool:
    found = words(fold(text))
    return len(found) > 20 and sum(word in _ENGLISH for word in found) >= _ENGLISH_SHARE * len(found)  # noqa: PLR2004


@cache
def _identifier() -> LanguageIdentifier:
    """The model for the plausible languages alone; the rest of its table, most of it, is let go."""
    full = LanguageIdentifier.from_model_file("data/model.npz.xz")
    kept = [place for place, code in enumerate(full.nb_classes) if _primary(code) in _PLAUSIBLE]
    return LanguageIdentifier(
        full.nb_ptc[:, kept],
        full.nb_pc[kept],
        [full.nb_classes[place] for place in kept],
        full.tk_nextmove,
        full.tk_output,
        norm_probs=True,
        tk_row=full.tk_row,
    )
