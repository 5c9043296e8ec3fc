"""Which rules across fields cases break: asked of the engine once for each profile.

A profile is what rules may ask for of a case, with its own IRI and those of its organisations put
as they are numbered in it: cases with equal profiles break the same rules.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from typing import Final

import pyoxigraph as ox

from ..knowledge.case_record import CaseRecord, Rule
from ..names import COP, PREFIXES
from .statements import Case

_MOST_KEPT: Final = 50_000
"""Profiles that are remembered; a registry has fewer, but for the years in them."""
_FORM: Final = f" <{COP}hasOrganisationForm> "


class Breaches:
    """Holds cases against the rules across fields, and remembers what profiles break.

    Args:
        record: has the rules.
    """

    def __init__(self, record: CaseRecord) -> None:
        self._rules = record.rules
        self._known: dict[bytes, tuple[Rule, ...]] = {}

    def of(self, cases: list[Case]) -> dict[int, list[Rule]]:
        """Give the rules that each of some cases breaks, by its row; a row that breaks none lacks.

        Args:
            cases: those that are asked for together; what one says of the form of an organisation
                counts for the others too.
        """
        joined = _described_together(cases)
        new: dict[bytes, list[Case]] = {}
        alone: list[Case] = []
        broken: dict[int, list[Rule]] = {}
        for case in cases:
            if any(node in joined for node, _ in case.organisations):
                alone.append(case)
                continue
            profile = _profile(case)
            rules = self._known.get(profile)
            if rules is None:
                new.setdefault(profile, []).append(case)
            elif rules:
                broken[case.row] = list(rules)
        found = self._asked([*alone, *(alike[0] for alike in new.values())])
        broken |= {case.row: found[case.row] for case in alone if case.row in found}
        if len(self._known) + len(new) > _MOST_KEPT:
            self._known.clear()
        for profile, alike in new.items():
            rules = self._known[profile] = tuple(found.get(alike[0].row, ()))
            broken |= {case.row: list(rules) for case in alike if rules}
        return broken

    def _asked(self, cases: list[Case]) -> dict[int, list[Rule]]:
        """Ask the engine for each rule which of some cases break it."""
        broken: dict[int, list[Rule]] = {}
        if not cases:
            return broken
        store = ox.Store()
        text = "".join(case.ruled for case in cases)
        store.load(input=text.encode(), format=ox.RdfFormat.N_TRIPLES, lenient=True)
        row_of = {case.iri: case.row for case in cases}
        for rule in self._rules:
            answer = store.query(rule.select, prefixes=PREFIXES)
            assert isinstance(answer, ox.QuerySolutions)
            for solution in answer:
                row = row_of.get(getattr(solution["this"], "value", ""))
                if row is not None:
                    broken.setdefault(row, []).append(rule)
        return broken


def _described_together(cases: Iterable[Case]) -> set[str]:
    """Give the organisations of more than one case of which a case says what form they have."""
    in_cases: Counter[str] = Counter()
    described: set[str] = set()
    for case in cases:
        nodes = [node for node, _ in case.organisations]
        in_cases.update(nodes)
        if _FORM in case.ruled:
            described.update(nodes)
    return {node for node in described if in_cases[node] > 1}


def _profile(case: Case) -> bytes:
    """Give the profile of a case, in 16 bytes: two of a million are alike once in 10^26."""
    # No line of N-Triples has these signs. Whole IRIs alone are put so, and nodes below the case's:
    # what an organisation is called may begin as the IRI of the case.
    text = case.ruled
    for number, (node, _) in enumerate(case.organisations):
        text = text.replace(node, f"<\1{number}>")
    text = text.replace(f"<{case.iri}>", "<\0>").replace(f"<{case.iri}/", "<\0/")
    return hashlib.blake2b(text.encode(), digest_size=16).digest()
