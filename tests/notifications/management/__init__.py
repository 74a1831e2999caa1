"""Test the commands of notifications."""
