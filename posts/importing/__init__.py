"""Import articles from files, and load the demonstration."""
