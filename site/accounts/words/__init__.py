"""Say what allauth says in our own words."""
