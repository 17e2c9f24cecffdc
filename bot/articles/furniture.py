"""What a page itself names as furniture — captions, related stories, share bars — cut from its tree. Pure."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from lxml import etree
from lxml.etree import strip_elements
from lxml.html import HtmlElement

from bot.articles.patterns import HEADINGS, listed

# Never part of a story, whatever they are called. JSON-LD scripts go too: read the metadata first.
_TAGS = listed(
    "script style noscript template iframe svg nav button select textarea input dialog figcaption object"
    " embed fencedframe"
)
_ROLES = listed(
    "navigation menu menubar toolbar search dialog alertdialog tooltip banner contentinfo complementary"
)
_KEPT = listed("html body article main h1")
_NAMED = frozenset({"class", "id", "data-testid", "data-component", "itemprop", "aria-label", "rel"})
# Names that pages give to furniture, as whole parts of a name ("article__related-links", "ShareBar").
_FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:related|relations?|recommend\w*|recirc\w*|read-?(?:more|next|also)|also-?read"
    r"|see-?also|lire-?aussi"
    r"|up-?next|more-?(?:on|from|stories|news)|most-?(?:read|popular|viewed|shared)|trending|popular"
    r"|newsletters?|mailing|subscribe\w*|subscriptions?|sign-?up|promos?|promotions?|advert\w*|ads?|adslot"
    r"|sponsor\w*"
    r"|outbrain|taboola|cookies?|consent|gdpr|share|shares|sharing|sharebar|social|socials|follow|bookmark"
    r"|captions?|credits?|copyright|photo-?credit|legend|bild-?unterschrift"
    r"|by-?lines?|authors?|author-?(?:bio|box|info|card)|contributors?|bio|biography|about-?the-?author"
    r"|comments|disqus|feedback|breadcrumbs?|tags|tag-?list|keywords|toolbar|timestamp|publish-?date"
    r"|date-?line"
    r"|pull-?quote|visually-?hidden|sr-?only|screen-?reader\w*|a11y|print-?(?:only|hidden)|donat\w*"
    r"|support-?us|membership"
    r"|audio-?player|video-?player|player|cite\w*|citation|poll|quiz|rating)(?=$|[\s_-])"
)
_WIDGET = re.compile(r"(?:^|[\s_-])widgets?(?=$|[\s_-])")
_EMBED = re.compile(
    r"(?:^|[\s_-])(?:twitter-tweet|instagram-media|tiktok-embed|fb-post|bluesky-embed)(?=$|[\s_-])"
)
_PICTURED = re.compile(
    r"(?:^|[\s_-])(?:images?|img|bild\w*|photos?|foto\w*|pictures?|pic|media|gallery|galerie|slide\w*"
    r"|video\w*|figure"
    r"|thumb\w*|\w+bild)(?=$|[\s_-])"
)
_PICTURES = listed("img picture video amp-img")
_WORKS = listed("table blockquote pre")
_CAPTION = 400  # characters
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_MOST_HIDDEN = 0.5  # of the page's text: what hides more is a page that shows itself by script
_MOST = 0.25  # what holds more is the story, whatever its name


@dataclass(slots=True)
class _Weight:
    """What stands in an element: characters of its paragraphs and of all its text, and what spares it."""

    paragraphs: int = 0
    text: int = 0
    headline: bool = False
    picture: bool = False
    work: bool = False  # a table, a quotation, a listing

    def add(self, other: "_Weight") -> None:
        self.paragraphs += other.paragraphs
        self.text += other.text
        self.headline = self.headline or other.headline
        self.picture = self.picture or other.picture
        self.work = self.work or other.work

    def share(self, whole: "_Weight") -> float:
        """How much of the page's paragraphs this is; of all its text, where it has none."""
        if whole.paragraphs and self.paragraphs:
            return self.paragraphs / whole.paragraphs
        return self.text / (whole.text or 1)


def cut(tree: HtmlElement) -> None:
    """Takes out of the tree, in place, what its tags, roles and names call furniture.

    An element with the headline in it stays, and so does one that holds a quarter of the page's text.
    """
    strip_elements(tree, *_TAGS, with_tail=False)
    _drop(tree, _is_hidden, most=_MOST_HIDDEN)
    _drop(tree, _is_furniture, most=_MOST)


def names(element: HtmlElement) -> str:
    """The class, id and other names of an element, in lower case, camel case parted by hyphens."""
    said = " ".join(str(value) for key, value in element.items() if key in _NAMED)
    return _CAMEL.sub("-", said).lower()


def _drop(tree: HtmlElement, unwanted: Callable[[HtmlElement, _Weight], bool], *, most: float) -> None:
    weights = _weigh(tree)
    whole = weights[tree]
    for element, weight in weights.items():
        if element is tree or element.tag in _KEPT or weight.headline or element.getparent() is None:
            continue
        if unwanted(element, weight) and weight.share(whole) <= most:
            element.drop_tree()


def _weigh(tree: HtmlElement) -> dict[HtmlElement, _Weight]:
    """The weight of each element, in one pass from the leaves up: asking each anew would take for ever."""
    weights: dict[HtmlElement, _Weight] = {}
    for element in tree.iter(etree.Element):
        weights[element] = _Weight(
            headline=element.tag == "h1", picture=element.tag in _PICTURES, work=element.tag in _WORKS
        )
    for element in reversed(list(weights)):
        weight = weights[element]
        weight.text += len(element.text or "")
        if element.tag == "p":
            weight.paragraphs = weight.text
        parent = element.getparent()
        if parent in weights and element is not tree:
            weights[parent].add(weight)
            weights[parent].text += len(element.tail or "")
    return weights


def _is_furniture(element: HtmlElement, weight: _Weight) -> bool:
    named = names(element)
    if element.get("role") in _ROLES or _FURNITURE.search(named) or _EMBED.search(named):
        return True
    if element.tag in HEADINGS:  # "widget-title" is many a subheading's name
        return False
    if _WIDGET.search(named):
        return True
    pictured = element.tag == "figure" or bool(_PICTURED.search(named))
    return pictured and weight.picture and not weight.work and weight.text <= _CAPTION


def _is_hidden(element: HtmlElement, _: _Weight) -> bool:
    style = (element.get("style") or "").lower().replace(" ", "")
    return element.get("hidden") is not None or "display:none" in style or "visibility:hidden" in style
