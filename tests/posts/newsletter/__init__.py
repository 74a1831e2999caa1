"""Test the newsletter."""
