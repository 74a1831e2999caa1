"""Backups: made, damaged, refused and restored."""
