"""Sustained load on the whole fleet while parts of it die: `python -m bench.chaos`."""
