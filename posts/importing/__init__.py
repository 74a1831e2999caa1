"""Articles read from files, and the demonstration."""
