"""Test the job queue and its workers."""
