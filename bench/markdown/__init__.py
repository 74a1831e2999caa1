"""What hard texts cost."""
