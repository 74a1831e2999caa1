"""The pages where an admin says what the publication is called, says and looks like."""
