"""The errors that a user meets: one line each, that says where, what, and what to do.

Every one carries the exit code that the command line ends with: 2 for wrong use or bad input,
3 for what this machine lacks or could not do.
"""

from __future__ import annotations

import re
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


class QueryTimeout(QueryError):
    """A query that was stopped because its time was over.

    Args:
        seconds: the time that it had.
        store: the folder that was asked, or None where all was in memory.
    """

    exit_code = 3

    def __init__(self, seconds: float, store: object = None) -> None:
        damaged = (
            "; where it should not take so long the store may be damaged, which 'coproduction "
            f"loads --check --store {in_shell(store)}' tells"
        )
        super().__init__(
            f"the query was stopped after {seconds:g} s, before its answer was complete: ask for "
            "less (LIMIT, fewer patterns), or give more time with --timeout (Python: timeout=)"
            + (damaged if store is not None else "")
        )
        self.seconds = seconds


class DataError(CoproductionError):
    """A data file that is missing, unreadable, broken or not allowed, with file and line."""


class NoStore(DataError):
    """There is no store in a folder where one is to be read or changed."""

    def __init__(self, folder: object) -> None:
        super().__init__(
            f"{folder}: there is no store; make one with "
            f"'coproduction load FILE --store {in_shell(folder)}'"
        )


class TooLarge(DataError):
    """A store has more statements than are copied for one run."""


class NoSpace(DataError):
    """There is no room left where something was to be written."""

    exit_code = 3


class DamagedStore(DataError):
    """A store on disk that is not as it was written.

    Args:
        folder: the store.
        what: the part that is wrong, in words.
    """

    def __init__(self, folder: object, what: str) -> None:
        super().__init__(
            f"{folder}: the store is damaged: {what}; its loads can be built again: "
            f"'coproduction rebuild {in_shell(folder)} --store NEW'"
        )


class ReasonerUnavailable(CoproductionError):
    """A reasoner was asked for and Java or the extra `reasoning` is not there."""

    exit_code = 3


class MissingExtra(CoproductionError):
    """A library of an optional extra was asked for and is not installed."""

    exit_code = 3

    def __init__(self, library: str, extra: str) -> None:
        super().__init__(
            f"this needs {library}, which is not installed: add the extra {extra!r}, as in "
            f"pip install -e '.[{extra}]' in a checkout"
        )


def in_shell(path: object) -> str:
    """Give a path as it is written in a command that a user may copy.

    >>> in_shell("my-store")
    'my-store'
    """
    import os
    import shlex

    text = str(path)
    if os.name != "nt":
        return shlex.quote(text)
    return f'"{text}"' if " " in text else text


def damage_in(error: BaseException) -> DamagedStore | None:
    """Give the damage to a store that an error of the database tells of, if it does.

    The database checks what it reads, and names the file that fails; it does so when it opens a
    store, or not before a query comes to the place.

    >>> str(damage_in(RuntimeError("Corruption: bad block in s/states/3/data/9.sst"))).split(";")[0]
    's: the store is damaged: 9.sst was cut or changed'
    """
    text = str(error)
    is_lost = "No such file" in text
    if not (is_lost or "Corruption" in text or "CURRENT" in text):
        return None
    named = r".*(?: in |: | from |file )(.+?)/(?:states/\d+/data|current|old-\d+)/([\w.-]*\w)"
    found = re.search(named, text.partition("  The file ")[0]) or re.search(named, text)
    if not found:
        return None
    what = "is missing" if is_lost else "was cut or changed"
    return DamagedStore(found[1], f"{found[2]} {what}")


def nearest(given: str, known: Iterable[str], likeness: float = 0.6) -> str | None:
    """Give the one of `known` that is spelt most like `given`, or None where none is near.

    >>> nearest("glas-ceiling", ["glass-ceiling", "regimes"])
    'glass-ceiling'
    """
    from difflib import get_close_matches

    by_fold = {name.casefold(): name for name in known}
    found = get_close_matches(given.casefold(), by_fold, n=1, cutoff=likeness)
    return by_fold[found[0]] if found else None
