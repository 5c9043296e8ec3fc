"""The catalogues of what the package says, by language, and what Babel reads for them."""
