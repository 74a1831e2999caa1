"""Tests of lists of subscribers, in and out."""
