"""Where verdicts and people's corrections are kept: SQLite by default, PostgreSQL by URL."""
