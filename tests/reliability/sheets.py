"""Sheets of cases, as many rows as wanted, and what a store with them says."""

from __future__ import annotations

import csv
import hashlib
import re
from pathlib import Path

import coproduction

ROW = {
    "title": "A nursery",
    "summary": "Parents run it.",
    "service": "housing",
    "country": "SE",
    "start_year": "1984",
    "provider": "A society",
    "sector": "third sector",
    "participants": "client in person",
    "contributions": "core work",
    "decision_rights": "majority",
    "intensity": "intensive/enduring",
    "source": "https://example.org/report",
}
_TIMES = "endedAtTime"


def write_sheet(path: Path, rows: int, prefix: str, title: str = "A nursery") -> Path:
    """Write a case sheet whose ids begin with `prefix`."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["id", *ROW])
        writer.writeheader()
        for number in range(rows):
            writer.writerow(
                ROW | {"id": f"{prefix}-{number}", "title": title, "provider": f"P {number}"}
            )
    return path


def content(store: Path) -> dict[str, str]:
    """Give a checksum of each graph of a store, without times of loading and names of blank nodes; {} of no store."""
    if not (store / "state").exists() and not (store / "current").exists():
        return {}
    lines: dict[str, list[str]] = {}
    for quad in coproduction.open(store=store).store.inner:
        if not str(quad.predicate.value).endswith((_TIMES, "checksumValue")):
            lines.setdefault(str(quad.graph_name), []).append(
                re.sub(r"_:\w+", "_:", str(quad.triple))
            )
    return {
        graph: hashlib.sha256("\n".join(sorted(found)).encode()).hexdigest()
        for graph, found in lines.items()
    }


def states(store: Path) -> list[str]:
    """Give the names of the states in a store's folder."""
    return sorted(path.name for path in (store / "states").iterdir())
