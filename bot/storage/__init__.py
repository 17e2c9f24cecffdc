"""Where facts and fates are kept: SQLite by default, PostgreSQL by URL; SQLAlchemy Core only."""
