"""The closing summary of a discussion: its citations, the readers' verdicts, and its status."""
