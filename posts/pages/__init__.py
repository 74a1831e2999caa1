"""Build the pages of posts: load their data, render them, and version them for the cache."""
