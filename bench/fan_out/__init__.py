"""Send one article to many followers while the worker is killed, and count what arrives."""
