"""The project: health, and what starts it."""
