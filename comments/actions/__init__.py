"""Writes to the discussion, each one transaction."""
