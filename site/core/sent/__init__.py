"""Forms as they were sent: what a person typed or chose, and what only the site reads."""
