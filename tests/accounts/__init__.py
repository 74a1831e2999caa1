"""Test the accounts app."""
