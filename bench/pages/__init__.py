"""Measure what pages cost: time, queries, memory, bytes."""
