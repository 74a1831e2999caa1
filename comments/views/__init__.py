"""Answer requests for the pages of a discussion."""
