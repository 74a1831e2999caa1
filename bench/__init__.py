"""Measure what the site costs: pages, writes, memory, resilience. Never part of a running site."""
