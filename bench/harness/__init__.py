"""Sites to measure, what sends them requests, and what processes cost."""
