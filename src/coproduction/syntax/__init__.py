"""RDF and SPARQL as texts: what they say, what is wrong with them, and what may not be read."""
