"""Pages of the discussion."""
