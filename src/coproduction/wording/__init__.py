"""What is said of verdicts: a paragraph to be read aloud, sentences, tables, a notebook."""
