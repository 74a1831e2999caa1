"""Test the production set-up as a whole, on one fleet for all of these tests."""
