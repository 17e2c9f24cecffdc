"""Feeds: from an address in the settings to new entries in the database."""
