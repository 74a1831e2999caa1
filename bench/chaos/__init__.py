"""Put a steady load on the whole fleet while parts of it fail: `python -m bench.chaos`."""
