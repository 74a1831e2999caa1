"""Measures the site."""
