"""Why something is concluded of an arrangement, and what would change it."""
