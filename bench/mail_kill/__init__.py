"""Kill the worker while it sends mail, and check that every event arrives, and how often."""
