"""The inbox: the notifications of a person, loaded as far as they may read them."""
