"""The real feeds that lie beside the checkout: where they are, and what they hold."""

import os
import tarfile
from functools import cache
from pathlib import Path

import pytest

# The same folder as bench/eval_articles.py takes.
_SHARED_DATA = Path(os.environ.get("SHARED_DATA") or Path(__file__).parents[3] / "shared" / "data")
_TARBALL = _SHARED_DATA / "feeds" / "real-feeds.tar.gz"

needs_real_feeds = pytest.mark.skipif(
    not _TARBALL.exists(), reason=f"the real feeds are not there: {_TARBALL} (SHARED_DATA names the folder)"
)


@cache
def real_feeds() -> list[tuple[str, bytes]]:
    """Every file of the tarball: its path and its bytes."""
    with tarfile.open(_TARBALL) as archive:
        return [(member.name, archive.extractfile(member).read()) for member in archive if member.isfile()]
