"""Serve minimal applications as limits that the site is compared with."""
