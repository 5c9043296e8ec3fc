"""The errors that a user meets: one line each, that says where, what, and what to do.

Every one carries the exit code that the command line ends with: 2 for wrong use or bad input,
3 for what this machine lacks or could not do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final, Literal, NamedTuple


class Advice(NamedTuple):
    """A way to do something, as data: each face of the package says it in words of its own.

    Attributes:
        kind: ``option`` of a command, which is an argument in Python, or ``command``, which is a
            method there.
        name: such as ``largest`` or ``unload``, as in Python.
        values: what it is given, by the name of the option, "" for what has none; True is a flag.
        python: the words for Python, where they are not made of the name and the values.
    """

    kind: Literal["option", "command"]
    name: str
    values: tuple[tuple[str, object], ...] = ()
    python: str = ""

    def __str__(self) -> str:
        return _face[-1](self)


def option(name: str, value: object = True, python: str = "") -> Advice:
    """Advise an option.

    Args:
        name: its name, such as ``allow_service``.
        value: an example of its value; True where it is a flag.
        python: how it is given in Python, where that is not the name with the value.
    """
    return Advice("option", name, (("", _plain(value)),), python)


def command(name: str, *values: object, python: str | None = "", **options: object) -> Advice:
    """Advise a command.

    Args:
        name: such as ``unload``.
        *values: what it is given.
        python: what is called in Python, where that is not the method of the same name with the
            same values; None where there is nothing, and the command is told there too.
        **options: its options; True is a flag, and an underscore at the end is left out.
    """
    given = (*(("", value) for value in values), *options.items())
    advice = Advice("command", name, tuple((key, _plain(value)) for key, value in given))
    return advice._replace(python=on_command_line(advice) if python is None else python)


def _plain(value: object) -> object:
    """Give a value that goes through JSON: a path as text."""
    return value if isinstance(value, str | int | list) else str(value)


def in_python(advice: Advice) -> str:
    """Say a piece of advice to who calls a function.

    >>> in_python(option("largest", "BYTES")), in_python(option("force"))
    ('largest=BYTES', 'force=True')
    >>> in_python(command("unload", 3, store="my-store"))
    'unload(3)'
    """
    if advice.python:
        return advice.python
    if advice.kind == "option":
        return f"{advice.name}={_written(advice.values[0][1])}"
    given = ((key, _written(value)) for key, value in advice.values if key not in _FILES)
    return f"{advice.name}({', '.join(f'{k}={v}' if k else v for k, v in given)})"


def _written(value: object) -> str:
    """Write a value as Python has it; what stands for one, such as FILE, as it is."""
    return str(value) if value in _EXAMPLES else repr(value)


def on_command_line(advice: Advice) -> str:
    """Say a piece of advice to who types commands.

    >>> on_command_line(option("allow_service", "HOST"))
    '--allow-service HOST'
    >>> on_command_line(command("loads", check=True, store="my store"))
    "'coproduction loads --check --store 'my store''"
    """
    words: list[str] = []
    for key, value in advice.values:
        words += [f"--{key.rstrip('_').replace('_', '-')}"] if key else []
        given = [] if value is True else value if isinstance(value, list) else [value]
        words += map(in_shell, given)
    if advice.kind == "option":
        return " ".join([f"--{advice.name.replace('_', '-')}", *words])
    return f"'{' '.join(['coproduction', advice.name, *words])}'"


_EXAMPLES = ("BYTES", "FILE", "HOST", "IRI", "MB", "N", "NAME", "SECONDS", "SPARQL", ["HOST"])
"""What stands for a value in advice."""
_FILES = ("store", "data", "file", "output")
"""Options of commands that a method does not have: it is of a graph, and gives its answer."""
_face: list[Callable[[Advice], str]] = [in_python]


@contextmanager
def spoken_by(face: Callable[[Advice], str]) -> Iterator[None]:
    """Have advice said in the words of a face for the while, in all threads."""
    _face.append(face)
    try:
        yield
    finally:
        _face.remove(face)


def advice_of(parts: list[Any]) -> Advice:
    """Make advice out of what JSON kept of it."""
    kind, name, values, python = parts
    return Advice(kind, name, tuple((key, value) for key, value in values), python)


class CoproductionError(Exception):
    """Base of all errors of this package; `str(error)` is the line that a user reads.

    Args:
        *parts: texts, and advice between them, which make the line.
    """

    exit_code = 2

    def __init__(self, *parts: str | Advice) -> None:
        super().__init__(*parts)

    def __str__(self) -> str:
        return "".join(map(str, self.args))

    @property
    def advice(self) -> tuple[Advice, ...]:
        """What can be done about it, as data."""
        return tuple(part for part in self.args if isinstance(part, Advice))


class UnknownName(CoproductionError):
    """A question, term, parameter or format that does not exist; offers the nearest that does.

    Attributes:
        kind: what it would be, such as ``term``.
        given: the name.
        suggestion: the nearest, if one is near.
        numbered: the first and the last of the others with these letters, where it is a number.
        is_number: whether it is letters and a number, and others with these letters are known.
    """

    def __init__(self, kind: str, given: str, known: Iterable[str], *advice: str | Advice) -> None:
        known = list(known)
        numbered = like_numbered(given, known)
        self.is_number = bool(numbered)
        suggestion = None if numbered else nearest(given, known)
        hint = f"; did you mean {suggestion!r}?" if suggestion else ""
        if numbered:
            hint = f"; there are {numbered[0]} to {numbered[-1]}"
        space = " " if any(advice) else ""
        super().__init__(f"unknown {kind} {given!r}{hint}{space}", *advice)
        self.kind, self.given, self.suggestion = kind, given, suggestion
        self.numbered = (numbered[0], numbered[-1]) if numbered else None


class QueryError(CoproductionError):
    """SPARQL that cannot be read or run, with the line and column where it goes wrong."""


class ServiceFailed(QueryError):
    """An endpoint that SERVICE names and that gave no answer that can be used.

    Args:
        message: which endpoint, and what became of it.
        is_late: whether it did not answer in time.
    """

    is_late: bool = False

    def __init__(self, message: str, *, is_late: bool = False) -> None:
        super().__init__(message)
        self.is_late = is_late


class QueryTimeout(QueryError):
    """A query that was stopped because its time was over.

    Args:
        seconds: the time that it had.
        store: the folder that was asked, or None where all was in memory.
    """

    exit_code = 3

    def __init__(self, seconds: float, store: object = None) -> None:
        damaged = (
            "; where it should not take so long the store may be damaged, which ",
            command("loads", check=True, store=store, python=None),
            " tells",
        )
        super().__init__(
            f"the query was stopped after {seconds:g} s, before its answer was complete: ask for "
            "less (LIMIT, fewer patterns), or give more time with ",
            option("timeout", "SECONDS"),
            *(damaged if store is not None else ()),
        )
        self.seconds = seconds


class WrongUse(CoproductionError):
    """A line of the command line that cannot be read."""


class DataError(CoproductionError):
    """A data file that is missing, unreadable, broken or not allowed, with file and line."""


class NoStore(DataError):
    """There is no store in a folder where one is to be read or changed.

    Args:
        folder: the folder.
        why: what is there that no store can be made of; another place is named then.
        place: where one is, or can be made.
        is_there: whether there is one in that place.
    """

    def __init__(
        self, folder: object, why: str = "", place: object = None, *, is_there: bool = False
    ) -> None:
        if is_there:
            super().__init__(
                f"{folder}: there is no store; there is one in it: ", option("store", place)
            )
            return
        what = f"{why}; make one in a folder of its own, {place}, with" if why else "make one with"
        home = folder if place is None else place
        python = f"open(store={str(home)!r}, create=True)"
        make = command("load", "FILE", store=home, python=python)
        super().__init__(f"{folder}: there is no store; {what} ", make)


class StoreInUse(DataError):
    """Another process is changing a store."""


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
            f"{folder}: the store is damaged: {what}; its loads can be built again: ",
            command("rebuild", folder, store="NEW", python=None),
        )


class EndpointError(CoproductionError):
    """A server that cannot be reached, is busy, fails, or breaks its answer off."""

    exit_code = 3


class EndpointRefused(EndpointError):
    """An address that is none, a server that refuses what it is asked, or that lacks our graphs.

    Args:
        message: what is wrong, and what to do.
        status: the code of HTTP, where it matters.
    """

    exit_code = 2

    def __init__(self, message: str, *advice: str | Advice, status: int | None = None) -> None:
        super().__init__(message, *advice)
        self.status = status


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


def made_again(name: str, parts: Iterable[Any]) -> CoproductionError:
    """Make an error again that another process told of.

    Args:
        name: of its class.
        parts: its own; advice may be as JSON keeps it.

    >>> made_again("QueryError", ["ask for less with ", ["option", "limit", [["", "N"]], ""]])
    QueryError('ask for less with ', Advice(kind='option', name='limit', values=(('', 'N'),), \
python=''))
    """
    kind: type[CoproductionError] = globals().get(name, DataError)
    error = kind.__new__(kind)
    error.args = tuple(advice_of(part) if isinstance(part, list) else part for part in parts)
    return error


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


def like_numbered(given: str, known: Iterable[str]) -> list[str]:
    """Give the known names of the letters of a name that is letters and a number, in order.

    C99 is no slip for C49, so of such names none is nearest.

    >>> like_numbered("c99", ["C10", "C2", "A1", "claim"])
    ['C2', 'C10']
    """
    pattern = re.compile(r"([a-z]+)(\d+)", re.IGNORECASE)
    found = pattern.fullmatch(given)
    if not found:
        return []
    pairs = [(pattern.fullmatch(name), name) for name in dict.fromkeys(known)]
    alike = [
        (int(one[2]), name) for one, name in pairs if one and one[1].upper() == found[1].upper()
    ]
    return [name for _, name in sorted(alike)]


_LOOK_ALIKE: Final = str.maketrans("lio", "110")
"""Letters, in small, that are taken for digits: C5l and C5I look as C51 does, RO as R0."""


def nearest(given: str, known: Iterable[str], likeness: float = 0.6) -> str | None:
    """Give the one of `known` that is spelt most like `given`, or None where none is near.

    >>> nearest("glas-ceiling", ["glass-ceiling", "regimes"])
    'glass-ceiling'
    >>> nearest("codngStatus", ["CodingStatus", "codingStatus"])
    'codingStatus'
    >>> nearest("C5l", ["C51", "C54"]), nearest("RO", ["R0", "R1"])
    ('C51', 'R0')
    """
    from difflib import get_close_matches

    by_fold: dict[str, list[str]] = {}
    for name in sorted(known):
        by_fold.setdefault(name.casefold(), []).append(name)
    look = given.casefold().translate(_LOOK_ALIKE)
    for fold, names in by_fold.items():
        # An l that stands for 1 is no letter that was mistyped: C5l is C51, and not C54.
        if fold.translate(_LOOK_ALIKE) == look:
            return get_close_matches(given, names, n=1, cutoff=0.0)[0]
    found = get_close_matches(given.casefold(), by_fold, n=1, cutoff=likeness)
    # A class and a property may differ in a capital alone: codingStatus is a CodingStatus.
    return get_close_matches(given, by_fold[found[0]], n=1, cutoff=0.0)[0] if found else None
