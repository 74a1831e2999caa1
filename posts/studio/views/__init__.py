"""Serve the pages of the studio, one module per subject."""
