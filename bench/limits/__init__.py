"""Applications to compare the site with."""
