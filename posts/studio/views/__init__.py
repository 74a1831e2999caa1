"""Pages of the studio. Each module holds one subject."""
