"""The production set-up as a whole: one fleet for all of these tests."""
