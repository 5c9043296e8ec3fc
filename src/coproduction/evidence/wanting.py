"""What a verdict lacks: rows, parts; and what it rests on twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import pyoxigraph as ox

from ..messages import Speaker
from ..names import COP
from ..store.protocol import Store
from .claims import Test
from .figures import Share
from .judging import Judged
from .tallies import Sides

READING_RIGHTS: Final = frozenset({"R0", "R1"})
"""The rubrics that read a level off decision rights, to which ownership belongs."""
_RIGHTS: Final = ox.NamedNode(COP + "hasDecisionRights")
_OWNED: Final = ox.NamedNode(COP + "OwnershipOrEmployer")


def missing(kind: str, parts: Sequence[Judged], named: Mapping[str, str], say: Speaker) -> str:
    """Tell what a verdict takes that the rows do not give: parts of the claim, or more rows.

    Args:
        kind: the claim's type.
        parts: what is judged of each part.
        named: labels of the parts.
        say: the language.
    """
    told = []
    for each in parts:
        name = " / ".join(named[iri] for iri in each.part.split())
        if kind == "existence":
            told += [name] if each.wanting else []
            continue
        words = []
        if each.verdict in ("too-few", "not-tested"):
            if each.wanting:
                words.append(
                    say.plural(
                        "{count:,} more row at least", "{count:,} more rows at least", each.wanting
                    )
                )
            if each.without:
                words.append(
                    say.plural(
                        "{count:,} more row without the condition",
                        "{count:,} more rows without the condition",
                        each.without,
                    )
                )
        if words:
            told.append(f"{name}: {', '.join(words)}" if name else ", ".join(words))
    return (", " if kind == "existence" else "; ").join(told)


def circular(store: Store, test: Test, sides: Sides) -> Share | None:
    """Tell in how many rows for a claim one recorded fact decides sector and level alike.

    Ownership by users makes a provider one of the third sector, and by a rubric that reads
    decision rights it makes the level high. Of claims that rest on no sector there is none.
    """
    if COP + "hasProviderSector" not in test.rests_on:
        return None
    rows = {each.row for each in sides.on["support"]}
    both = sum(store.holds(ox.NamedNode(iri), _RIGHTS, _OWNED, None) for iri in rows)
    return Share.of(both, len(rows))
