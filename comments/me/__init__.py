"""A person's own pages: answers received, comments, settings, export, erasure; and profiles."""
