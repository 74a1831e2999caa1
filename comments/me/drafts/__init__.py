"""A person's drafts: what a page saves while it is written, and the list of all of them."""
