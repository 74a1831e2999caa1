"""Kill the server in the middle of writes, and check that every acknowledged write is stored."""
