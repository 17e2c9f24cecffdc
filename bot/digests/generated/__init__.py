"""Digests that the operator's own model writes, and the check without which none is sent."""
