"""Claims of the literature held against the arrangements in scope: verdicts, and what is open."""
