"""Measure what writes, jobs and rankings cost."""
