"""Test the site: the tree mirrors the source; `cast.py` and `factories.py` make people and rows."""
