"""The topics that a filter names: by their ids, or by the other names people have for them. Pure."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from bot.alerts.rule import All, Either, Filter, InTopic, Node, Not, normal
from bot.alerts.topics import Topic
from bot.text import tokens


def by_its_names(topics: Iterable[Topic]) -> dict[str, str]:
    """Each way to name a topic after `topic:` ("artificial-intelligence") → its id."""
    names: dict[str, str] = {}
    for topic in topics:
        for name in (topic.name, *topic.names):
            names.setdefault(_joined(name), topic.id)
    # Last: an id is itself, whatever else is called so.
    names |= {topic.id: topic.id for topic in topics}
    return names


def resolved(filter_: Filter, names: Mapping[str, str]) -> Filter:
    """The filter with the ids of its topics; what is no topic's name is left as it is."""
    return Filter(normal(_resolved(filter_.root, names)))


def nearest(name: str, names: Mapping[str, str]) -> str | None:
    """The id of the topic whose name is spelled most like this one; None when none is."""
    found = get_close_matches(_joined(name), names, n=1)
    return names[found[0]] if found else None


def _resolved(node: Node, names: Mapping[str, str]) -> Node:
    match node:
        case InTopic(name):
            return InTopic(names.get(name) or names.get(_joined(name)) or name)
        case All(parts):
            return All(tuple(_resolved(part, names) for part in parts))
        case Either(parts):
            return Either(tuple(_resolved(part, names) for part in parts))
        case Not(part):
            return Not(_resolved(part, names))
        case _:
            return node


def _joined(name: str) -> str:
    return "-".join(token.term for token in tokens(name.replace("_", " ")))
