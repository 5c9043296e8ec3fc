"""`python -m coproduction`."""

from .start import run

run()
