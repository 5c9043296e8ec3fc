"""What is said to a person: lines in which nothing steers the terminal."""

from __future__ import annotations

import sys

from ..spelling import visible


def tell(text: str) -> None:
    """Write a line to standard error."""
    if sys.stderr is not None:
        print(visible(text), file=sys.stderr, flush=True)


def note(text: str) -> None:
    """Write each line of a note to standard error, as said by this program."""
    for line in text.splitlines():
        tell(f"coproduction: {line}")


def failed(failures: list[str]) -> int:
    """Tell what failed on standard error; give the exit code."""
    for failure in failures:
        note(failure)
    return 3 if failures else 0
