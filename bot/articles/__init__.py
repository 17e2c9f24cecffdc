"""An entry's article: the page it links to, read for its text, or the feed's own summary."""
