"""A reader's own pages, and the page others see of them."""
