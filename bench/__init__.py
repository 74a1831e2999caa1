"""The project's own measurements. Never part of a running site."""
