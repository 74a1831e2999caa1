"""Rows of a discussion to HTML."""
