"""What pages cost."""
