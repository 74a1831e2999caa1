"""Passwords: the form in which they are hashed, and those that are refused."""
