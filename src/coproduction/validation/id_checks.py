"""Checks of ids: of questions, checks, claims and ambiguities, each its own and none left out."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

import pyoxigraph as ox

from ..errors import DataError
from ..knowledge.questions import load_question
from ..messages import Sentence
from ..names import COP, ID, compact
from .finding import Finding
from .form_checks import Locate

_FILES: Final = {"questions": "question", "checks": "check"}
"""The folders whose files have an id in the header, with the kind of what they hold."""
_TERMS: Final = {"claimId": "claim", "ambiguityId": "ambiguity"}
"""The properties that are ids, with the kind of what has them."""


class _Numbered(NamedTuple):
    """What has an id.

    Attributes:
        id: such as CQ18.
        name: as it is told.
        term: what the finding is about.
        file: where it stands.
        age: what is newer comes behind: a file that was just written does.
    """

    id: str
    name: str
    term: str
    file: str | None
    age: float = 0.0


def id_findings(
    store: ox.Store, queries: Path, locate: Locate = lambda iri: None
) -> Iterator[Finding]:
    """Tell which ids are used twice, and which number is left out before one.

    Args:
        store: the graphs, with the claims and the ambiguities.
        queries: folder with ``questions`` and ``checks``.
        locate: tells in which file a term is described.
    """
    for folder, kind in _FILES.items():
        files = sorted((queries / folder).glob("*.rq"))
        found = list(_in_files(files))
        yield from _used_twice(kind, found)
        # Where one has no id, which is told of its header, the number that is left out is its own.
        yield from _skipped(kind, found) if len(found) == len(files) else ()
    for prop, kind in _TERMS.items():
        found = list(_in_graphs(store, prop, locate))
        yield from _used_twice(kind, found)
        yield from _skipped(kind, found)


def _in_files(files: Iterable[Path]) -> Iterator[_Numbered]:
    for path in files:
        try:
            name = load_question(path).id
        except DataError:
            continue  # told of its header
        if name:
            yield _Numbered(name, path.name, path.name, str(path), path.stat().st_mtime)


def _in_graphs(store: ox.Store, prop: str, locate: Locate) -> Iterator[_Numbered]:
    for quad in store.quads_for_pattern(None, ox.NamedNode(COP + prop), None):
        if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.Literal):
            node = quad.subject.value
            if node.startswith(ID):  # of the project: who adds a claim of his own may number it so
                yield _Numbered(quad.object.value, compact(node), node, locate(node))


def _used_twice(kind: str, found: Iterable[_Numbered]) -> Iterator[Finding]:
    """Tell which ids are used again; of the newer, as far as its file says."""
    by_id = _by_id(found)
    free = _free(by_id)
    for name, (first, *others) in by_id.items():
        for other in others:
            told = Sentence(
                "{file} has the id {name}, which is that of {other}.",
                file=other.name,
                name=name,
                other=first.name,
            )
            fix = Sentence(
                "Give the newer of the two an id of its own; {free} is free.",
                free=free.get(_letters(name), ""),
            )
            yield Finding(f"{kind}-id-used-twice", "error", other.term, told, fix, other.file)


def _skipped(kind: str, found: Iterable[_Numbered]) -> Iterator[Finding]:
    """Tell before which ids a number is left out."""
    by_id = _by_id(found)
    free = _free(by_id)
    taken = {(_letters(name), _number(name)) for name in by_id if _letters(name)}
    for name, (first, *_) in by_id.items():
        letters = _letters(name)
        if letters and _number(name) > 1 and (letters, _number(name) - 1) not in taken:
            told = Sentence(
                "{file} has the id {name}, and none has {before}.",
                file=first.name,
                name=name,
                before=_like(name, _number(name) - 1),
            )
            fix = Sentence("Give it the first free id, {free}.", free=free[letters])
            yield Finding(f"{kind}-id-skips", "error", first.term, told, fix, first.file)


def _by_id(found: Iterable[_Numbered]) -> dict[str, list[_Numbered]]:
    by_id: dict[str, list[_Numbered]] = defaultdict(list)
    for each in sorted(set(found), key=lambda each: (each.age, each.name)):
        by_id[each.id].append(each)
    return by_id


def _free(by_id: Iterable[str]) -> dict[str, str]:
    """Give the first id that is free, by the letters with which ids begin."""
    taken: dict[str, set[int]] = defaultdict(set)
    example: dict[str, str] = {}
    for name in by_id:
        if _letters(name):
            taken[_letters(name)].add(_number(name))
            example.setdefault(_letters(name), name)
    return {
        letters: _like(
            example[letters], next(n for n in range(1, len(numbers) + 2) if n not in numbers)
        )
        for letters, numbers in taken.items()
    }


def _letters(name: str) -> str:
    """Give the letters of an id, or an empty text where it is none."""
    found = re.fullmatch(r"([A-Z]+)\d+[a-z]?", name)
    return found[1] if found else ""


def _number(name: str) -> int:
    return int(re.sub(r"\D", "", name))


def _like(name: str, number: int) -> str:
    """Give the id of a number, as wide as another (C01)."""
    width = len(re.sub(r"\D", "", name)) if re.search(r"[A-Z]0", name) else 1
    return f"{_letters(name)}{number:0{width}}"
