"""One story in two sources, and a summariser on top of a writer, for the tests of generative models."""

import numpy as np

from bot.digests.bundled import plain
from bot.digests.generated.checked import CheckedSummariser
from bot.model import Article, Source

POST = Article(
    title="Port Elsin bridge reopens after two years of repairs",
    text=(
        "The old bridge at Port Elsin reopened on Monday after two years of repairs.\n"
        "Engineers replaced 140 cables and every bolt on the northern span.\n"
        "The repairs cost 12 million crowns, the harbour office said.\n"
        "“We are very glad and very tired,” the chief engineer Ann Orlund told the Post.\n"
        "Lorries may not cross the bridge before the spring, the harbour office said.\n"
        "Mayor Ivo Praed sued the builder Kessel Works over the delay in March 2024.\n"
        "A second inspection of the bridge is planned for 3 May 2027."
    ),
    language="en",
    site="Post",
)
ARTICLES = [POST]
SOURCES = [Source(name="Post", title=POST.title, url="https://post.example/bridge")]

GOOD = """\
NEED: The old bridge at Port Elsin reopened on Monday after two years of repairs.
NEED: According to the harbour office, the repairs of the bridge cost 12 million crowns.
DETAIL: Engineers replaced 140 cables and every bolt on the northern span of the bridge.
DETAIL: Kessel Works, the builder, was sued by Mayor Ivo Praed over the delay in March 2024.
DETAIL: “We are very glad and very tired,” chief engineer Ann Orlund told the Post.
NEXT: A second inspection of the bridge is planned for 3 May 2027.
"""


def bag_of_words(texts):
    """Meanings made of words alone: no model is needed to see that two sentences share most of theirs."""
    rows = np.zeros((len(texts), 384), dtype=np.float32)
    for row, text in zip(rows, texts, strict=True):
        for word in text.lower().split():
            row[sum(map(ord, word.strip(".,“”"))) % 384] += 1
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1)


def checked(writer):
    return CheckedSummariser(writer, plain, meanings=bag_of_words)
