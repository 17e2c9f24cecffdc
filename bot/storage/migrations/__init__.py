"""The steps that brought the database where it is; a released step never changes."""
