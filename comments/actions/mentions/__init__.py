"""Mentions: the people whom a comment names with `@handle`, and how they are notified."""
