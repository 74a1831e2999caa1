"""Sample discussions: the demonstration, and large generated ones for measurements."""
