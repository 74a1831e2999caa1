"""Serve sites to measure, send them requests, and read what processes cost."""
