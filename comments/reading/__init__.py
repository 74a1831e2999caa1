"""What a signed-in reader has read of a discussion, and saved for later."""
