"""Say that what is at an address never changes, since the address names its content."""

# Seconds of a year, the longest that caches keep anything.
IMMUTABLE = "public, max-age=31536000, immutable"
