"""The stories of the last seven days, and what a filter would have brought of them."""
