"""Where graphs are, in memory, in a folder or on a server, and how they are asked and changed."""
