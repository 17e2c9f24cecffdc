"""Whether a filter is worth keeping: neither met by nearly every story, nor by none. Pure."""

from collections.abc import Callable

from bot.alerts.rule import All, Either, Form, InLanguage, Near, Node, Not, Phrase, Term, Word, terms

# Words that stand in nearly every story; none that is also a name or a subject ("will", "may", "us").
_EVERYWHERE_WORDS = """
    a an and are as at be been but by for from had has have he her his i if in into is it its not of on or
    she so than that the their them then there they this to was we were what when which who with you
    das de der el et le les los und
"""
_EVERYWHERE = frozenset(_EVERYWHERE_WORDS.split())


def only_excludes(root: Node) -> Term | None:
    """The first exclusion that alone is enough to let a story in: it lets nearly every story in."""
    return _enough(root, lambda _: False)


def asks_too_little(root: Node) -> Term | None:
    """The first term of a way in that asks for nothing but a language, or words that stand everywhere."""
    return _enough(root, _is_everywhere)


def impossible(root: Node) -> Term | None:
    """A term that is asked for and excluded at once, so that no story can meet the filter."""
    return _ruled_out(root, frozenset())


def _enough(node: Node, met: Callable[[Term], bool]) -> Term | None:
    """The first term by which a story gets in that meets no terms but these; None where it does not."""
    match node:
        case All(parts):
            causes = [_enough(part, met) for part in parts]
            return None if None in causes else causes[0]
        case Either(parts):
            return next((cause for part in parts if (cause := _enough(part, met)) is not None), None)
        case Not(part):
            return next(terms(part))
        case _:
            return node if met(node) else None


def _is_everywhere(term: Term) -> bool:
    match term:
        case InLanguage():
            return True
        case Phrase((word,)):
            return _word_is_everywhere(word)
        case Near(words):
            return all(map(_word_is_everywhere, words))
        case _:
            return False


def _word_is_everywhere(word: Word) -> bool:
    if word.form is Form.PREFIX:
        return any(one.startswith(word.text) for one in _EVERYWHERE)
    return word.form is not Form.CAPITALS and word.text in _EVERYWHERE


def _ruled_out(node: Node, excluded: frozenset[Term]) -> Term | None:
    match node:
        case All(parts):
            excluded |= {term for part in parts if isinstance(part, Not) for term in terms(part)}
            return next((out for part in parts if (out := _ruled_out(part, excluded)) is not None), None)
        case Either(parts):
            outs = [_ruled_out(part, excluded) for part in parts]
            return None if None in outs else outs[0]
        case Not():
            return None
        case _:
            return node if any(_covers(wide, node) for wide in excluded) else None


def _covers(wide: Term, narrow: Term) -> bool:
    """Whether every story that meets `narrow` meets `wide`, as far as can be told from the words."""
    if wide == narrow:
        return True
    if not isinstance(wide, Phrase) or not isinstance(narrow, Phrase | Near) or wide.title > narrow.title:
        return False
    if isinstance(narrow, Near):
        return len(wide.words) == 1 and any(_word_covers(wide.words[0], word) for word in narrow.words)
    size = len(wide.words)
    return any(
        all(map(_word_covers, wide.words, narrow.words[start : start + size]))
        for start in range(len(narrow.words) - size + 1)
    )


def _word_covers(wide: Word, narrow: Word) -> bool:
    match wide.form:
        case Form.PREFIX:
            return narrow.form is not Form.INFLECTED and narrow.text.startswith(wide.text)
        case Form.INFLECTED:
            return narrow.form is not Form.PREFIX and narrow.text == wide.text
        case Form.EXACT:
            return narrow.form in {Form.EXACT, Form.CAPITALS} and narrow.text == wide.text
        case Form.CAPITALS:
            return narrow == wide
