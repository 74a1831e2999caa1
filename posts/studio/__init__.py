"""Provide the studio, the pages where authors write posts, series, questions and promises."""
