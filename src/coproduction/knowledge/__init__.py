"""The packaged files, read: questions, terms, alignments and the fields of the case record."""
