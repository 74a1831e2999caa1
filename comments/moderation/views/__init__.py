"""Views of moderation: reports, queue and cases, decisions, people, jobs and the log."""
