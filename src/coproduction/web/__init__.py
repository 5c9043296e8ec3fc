"""The graphs by HTTP: a SPARQL endpoint for programs, and pages for people."""
