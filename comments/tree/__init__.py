"""The tree of comments: paths and nesting, without a database."""
