"""What comes back from a store: rows and triples, in the forms that people and programs want."""
