"""The figures of a discussion as files, for researchers: what the ranking saw and what it made."""
