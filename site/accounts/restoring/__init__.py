"""Tell people of changes to what opens their account, with a link that puts it back."""
