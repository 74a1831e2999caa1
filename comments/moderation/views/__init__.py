"""Pages of moderation: reporting, the desk, decisions, people, the log."""
