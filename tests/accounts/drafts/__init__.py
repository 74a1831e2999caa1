"""Tests of what people have typed and not sent."""
