"""Files of the system: their encodings, how they are locked, written whole, and swept away."""
