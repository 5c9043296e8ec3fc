"""What the cases in scope leave open: cells of the grid, services, claims that are not tested."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from .claims import claim_tests
from .details import rows_of
from .evidence import Evidence
from .questions import find_question
from .store import Store


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

    A claim is among them where it is not tested: one more case of the kind named would bring it
    nearer to a verdict, and where nothing else is missing, to one.
    """

    def view(name: str, folder: str = "queries/views") -> Iterator[dict[str, str]]:
        return rows_of(store, find_question(name, folder).text)

    found = [
        Gap("cell", row["cellLabel"], f"a case of the {row['sectorLabel']}")
        for row in view("empty-cells")
    ]
    filled = {
        row["cellLabel"]: int(row["cases"])
        for row in view("filled-undetermined-cells", "queries/questions")
    }
    found += [Gap("question mark", cell, _filled(count)) for cell, count in sorted(filled.items())]
    found += [
        Gap("service", row["serviceLabel"], "a case of this service")
        for row in view("services-without-case")
    ]
    for verdict in Evidence(store).all():
        name = f"{verdict.claim}: {verdict.label}"
        if verdict.verdict == "failed":
            found.append(Gap("failed", name, verdict.missing))
        elif verdict.verdict == "not-tested":
            kind = claim_tests()[verdict.claim].queries["domain"].summary
            missing = f" ({verdict.missing})" if verdict.missing else ""
            found.append(Gap("claim", name, f"{kind[0].lower()}{kind[1:]}{missing}"))
    return found


def _filled(count: int) -> str:
    if not count:
        return "a case of any sector"
    return f"filled by {count} case{'s' if count > 1 else ''}"
