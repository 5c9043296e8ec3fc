"""Where graphs are, in memory or in a folder, and how they are asked and changed."""
