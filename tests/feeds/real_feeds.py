"""The real feeds that lie beside the checkout: where they are, and what they hold."""

import os
import tarfile
from functools import cache
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
# tests/conftest.py takes NTK_ variables away before this is imported, so there it may have another name.
_SHARED = Path(os.environ.get("NTK_SHARED") or os.environ.get("SHARED_DATA") or _ROOT.parent / "shared")
_TARBALLS = [_SHARED / "data/feeds/real-feeds.tar.gz", _SHARED / "feeds/real-feeds.tar.gz"]
_FOUND = next((path for path in _TARBALLS if path.exists()), None)

needs_real_feeds = pytest.mark.skipif(_FOUND is None, reason=f"the real feeds are not there: {_TARBALLS[0]}")


@cache
def real_feeds() -> list[tuple[str, bytes]]:
    """Every file of the tarball: its path and its bytes."""
    with tarfile.open(_FOUND) as archive:
        return [(member.name, archive.extractfile(member).read()) for member in archive if member.isfile()]
