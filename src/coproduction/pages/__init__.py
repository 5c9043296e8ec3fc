"""What a person sees of the graphs: pages as values, and their templates, without HTTP."""
