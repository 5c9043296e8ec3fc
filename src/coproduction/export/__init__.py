"""Graphs, case sheets and catalogues written out for others."""
