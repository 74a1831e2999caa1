"""Test the `core` app."""
