"""Test backups: made, damaged, refused and restored."""
