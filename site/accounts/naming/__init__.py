"""Display names: which are allowed, and which are hidden because they look like another."""
