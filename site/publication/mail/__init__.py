"""The layout of mail, in the name of the site."""
