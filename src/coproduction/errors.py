"""The errors that a user meets: one line each, that says where, what, and what to do.

Every one carries the exit code that the command line ends with: 2 for wrong use or bad input,
3 for what this machine lacks or could not do.
"""

from __future__ import annotations

from collections.abc import Iterable


class CoproductionError(Exception):
    """Base of all errors of this package; `str(error)` is the line that a user reads."""

    exit_code = 2


class UnknownName(CoproductionError):
    """A question, term, parameter or format that does not exist; offers the nearest that does."""

    def __init__(self, kind: str, given: str, known: Iterable[str], advice: str = "") -> None:
        suggestion = nearest(given, known)
        hint = f"; did you mean {suggestion!r}?" if suggestion else ""
        super().__init__(f"unknown {kind} {given!r}{hint}{' ' if advice else ''}{advice}")
        self.suggestion = suggestion


class QueryError(CoproductionError):
    """SPARQL that cannot be read or run, with the line and column where it goes wrong."""


class DataError(CoproductionError):
    """A data file that is missing, unreadable, broken or not allowed, with file and line."""


class NoSpace(DataError):
    """There is no room left where something was to be written."""

    exit_code = 3


class ReasonerUnavailable(CoproductionError):
    """A reasoner was asked for and Java or the extra `reasoning` is not there."""

    exit_code = 3


class MissingExtra(CoproductionError):
    """A library of an optional extra was asked for and is not installed."""

    exit_code = 3

    def __init__(self, library: str, extra: str) -> None:
        super().__init__(
            f"this needs {library}, which is not installed: pip install 'coproduction[{extra}]'"
        )


def nearest(given: str, known: Iterable[str], likeness: float = 0.6) -> str | None:
    """Give the one of `known` that is spelt most like `given`, or None where none is near.

    >>> nearest("glas-ceiling", ["glass-ceiling", "regimes"])
    'glass-ceiling'
    """
    from difflib import get_close_matches

    by_fold = {name.casefold(): name for name in known}
    found = get_close_matches(given.casefold(), by_fold, n=1, cutoff=likeness)
    return by_fold[found[0]] if found else None
