"""Measure what pages cost a browser."""
