"""`python -m coproduction`."""

from .cli import run

run()
