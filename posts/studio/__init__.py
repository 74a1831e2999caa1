"""Where authors write: their posts, series, questions and promises."""
