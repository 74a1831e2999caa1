"""Test what readers have read and saved."""
