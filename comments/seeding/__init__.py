"""Made-up discussions: the demonstration, and large ones to measure with."""
