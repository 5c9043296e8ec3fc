"""The plain form of a line, which most lines have: one command, one thing asked, a few options.

It is read here, for to import the parser of all lines takes a third of the time of an answer. What
it does not know for certain is left to the parser, which knows the rest, and what is wrong.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

from ..names import LANGUAGES


class _Plain(NamedTuple):
    """A line in its plain form: what is asked, the option's values, and the flags."""

    asked: str
    form: str | None
    lang: str
    flags: set[str]


COMMANDS: Final = ("ask", "query", "show")
"""The commands that have a plain form."""
_FLAGS: Final = ("--cases", "--links")
_TEXTS: Final = ("text", "json")
_ELSEWHERE: Final = ("COPRODUCTION_STORE", "COPRODUCTION_ENDPOINT", "_COPRODUCTION_COMPLETE")
"""What else says what a line does, from the environment."""


def plainly_asked(words: Sequence[str]) -> Callable[[], None] | None:
    """Give what runs a line such as `ask glass-ceiling --format csv --cases`; None for another.

    >>> plainly_asked(["ask"]), plainly_asked(["ask", "CQ18", "--param", "claim=C50"])
    (None, None)
    """
    if len(words) < 2 or words[0] not in COMMANDS or any(map(os.environ.get, _ELSEWHERE)):
        return None
    plain = _read(words[1:])
    if plain is None:
        return None
    from ..results.forms import FORMATS

    if plain.form is not None and plain.form not in (_TEXTS if words[0] == "show" else FORMATS):
        return None
    return lambda: _run(words[0], plain)


def _read(words: Sequence[str]) -> _Plain | None:
    asked: list[str] = []
    values: dict[str, str] = {}
    flags: set[str] = set()
    rest = iter(words)
    for word in rest:
        if word in _FLAGS:
            flags.add(word)
        elif word in ("--format", "--lang") and word not in values:
            values[word] = next(rest, "")
        elif word.startswith("-"):
            return None
        else:
            asked.append(word)
    lang = values.get("--lang", "en")
    form = values.get("--format")
    if len(asked) != 1 or lang not in LANGUAGES or form == "":
        return None
    return _Plain(asked[0], form, lang, flags)


def _run(name: str, plain: _Plain) -> None:
    from ..stopping import limit
    from .answers import Answer
    from .scope import TIMEOUT, Scope

    to = Answer((plain.form,) if plain.form else (), lang=plain.lang)
    scope = Scope(cases="--cases" in plain.flags, links="--links" in plain.flags)
    work: Callable[..., Any]
    if name == "show":
        from .show import show as work
    else:
        limit(TIMEOUT)
        if name == "ask":
            from .ask import ask as work
        else:
            from .query import query as work
    work(plain.asked, to=to, scope=scope, lang=plain.lang)
