"""Templates rendered once and filled many times."""
