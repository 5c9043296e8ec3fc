"""Whether data fits the shapes, and whether the ontology's files keep the house rules."""
