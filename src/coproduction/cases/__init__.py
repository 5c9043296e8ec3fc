"""Cases out of a sheet, RDF or a catalogue into a store, and what is known of each load."""
