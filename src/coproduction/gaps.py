"""What the cases in scope leave open: cells of the grid, services, claims that are not tested."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from .claims import Test, Verdict, claim_tests
from .details import rows_of
from .evidence import Evidence, unordered
from .questions import find_question
from .store import Store
from .terms import labels


class Gap(NamedTuple):
    """Something that the cases in scope leave open, or fill.

    Attributes:
        kind: ``cell`` without a case, by sector; ``question mark`` of Diagram 1 that cases fill;
            ``service`` without a case; ``claim`` that is not tested; ``failed`` where the store
            could not tell, with which query failed and why in `wanted`.
        name: what it is.
        wanted: what would fill it, or what does.
    """

    kind: str
    name: str
    wanted: str


def gaps(store: Store) -> list[Gap]:
    """Tell what the cases in scope leave open: cells, services and claims.

    A claim is among them where it is not tested: one more case of the kind named gives it a
    verdict, or shows one of the parts that are named as not shown yet. Beside it stands how many
    cases in scope lack only what has to be recorded, or want a match.
    """

    def view(name: str) -> Iterator[dict[str, str]]:
        return rows_of(store, find_question(name, "queries/views").text)

    found = []
    for verdict in Evidence(store).all():
        name = f"{verdict.claim}: {verdict.label}"
        if verdict.verdict == "failed":
            found.append(Gap("failed", name, verdict.missing))
        elif verdict.verdict == "not-tested":
            found.append(Gap("claim", name, _wanted(store, claim_tests()[verdict.claim], verdict)))
    for row in view("question-marks"):
        found.append(Gap("question mark", _cell(row), _filled(int(row["cases"]))))
    found += [
        Gap("service", row["serviceLabel"], "a case of this service")
        for row in view("services-without-case")
    ]
    sectors: dict[str, list[str]] = {}
    for row in view("empty-cells"):
        sectors.setdefault(_cell(row), []).append(row["sectorLabel"])
    found += [Gap("cell", cell, f"a case of: {', '.join(of)}") for cell, of in sectors.items()]
    return found


def _cell(row: dict[str, str]) -> str:
    return row["cellLabel"].removeprefix("cell ")


def _wanted(store: Store, test: Test, verdict: Verdict) -> str:
    """Give the kind of case that a claim wants, and the cases there that lack what it takes."""
    words = test.wanted
    if verdict.missing:
        words += f" (not shown yet: {verdict.missing})"
    (waiting,) = rows_of(store, _waiting(test))
    count, first = int(waiting["n"]), waiting.get("first", "")
    if count:
        label = labels(store, [first], "en").get(first, first)
        verb = "match" if test.logic == "comparative" else "record it of"
        which = f"one of the {count:,} cases here, such as" if count > 1 else "the case here,"
        words += f"; or {verb} {which} {label}"
    return words


def _waiting(test: Test) -> str:
    """Make a query for the number of undetermined cases and the first, not for all of them."""
    text = unordered(test.queries["undetermined"].text)
    head = "SELECT (COUNT(DISTINCT ?row) AS ?n) (MIN(STR(?row)) AS ?first)"
    return text.replace("SELECT DISTINCT ?row\n", f"{head}\n", 1)


def _filled(count: int) -> str:
    if not count:
        return "a case of any sector"
    return f"filled by {count} case{'s' if count > 1 else ''}"
