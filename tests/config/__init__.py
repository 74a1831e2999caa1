"""Test the project's own modules: health, storage, backups."""
