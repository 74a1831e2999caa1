"""The arithmetic of common ground."""
