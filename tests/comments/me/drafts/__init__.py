"""Tests of a person's drafts."""
