"""Mentions: the people whom a comment names with `@handle`, and what they are told of it."""
