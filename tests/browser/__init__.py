"""Test pages and journeys in a real browser, against the production server."""
