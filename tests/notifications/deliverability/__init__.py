"""Tests of what becomes of sent mail, and of the pause of articles."""
