"""Pages that count cases, of a store of many: the first time after a start, and made anew.

Run: `python benchmarks/pages.py DIR...`, each made with `benchmarks/generate.py` and
`coproduction load`. What the pages count (the cells of Diagram 1, the values beside the cases of a
filter) is compared first with a scan of the store by bare pyoxigraph, whose time is told too. Home,
Diagram 1 and cases are asked once each after the start, and then in other languages and by other
filters, so that no page is one that was kept; seconds are those of the processor, of the server
with its processes, beside those by the clock.
"""

from __future__ import annotations

import argparse
import html
import json
import os
import platform
import re
import sys
import time
from collections import Counter
from pathlib import Path

import measured
import urllib3
from serving import ours, processor

from coproduction.names import COP, PREFIXES
from coproduction.store.on_disk import open_folder

LIMITS = {"home": 0.5, "Diagram 1": 0.5, "cases by facets": 0.3}
LARGE, LARGE_LIMIT = 200_000, 2.0
PAGES = {
    "home": ("/", "/?lang=de", "/?lang=sv", "/?lang=fr"),
    "Diagram 1": (
        "/diagram",
        "/diagram?lang=de",
        "/diagram?sector=ThirdSector",
        "/diagram?sector=PublicSector&rubric=R1",
    ),
    "cases by facets": (
        "/cases",
        "/cases?sector=ThirdSector",
        "/cases?service=Childcare&country=SE",
        "/cases?sector=%21PublicSector&level=HighParticipation&lang=fr",
    ),
}
COUNTED = "/cases?sector=ThirdSector"
CELLS = """SELECT ?level ?intensity (COUNT(DISTINCT ?case) AS ?n) WHERE {
  ?case a cop:Case ; cop:hasParticipationLevel ?level ; cop:hasRelationIntensity ?intensity
} GROUP BY ?level ?intensity"""
VALUES = """SELECT ?value (COUNT(DISTINCT ?case) AS ?n) WHERE {
  ?case a cop:Case ; cop:hasProviderSector cop:ThirdSector ; cop:hasServiceType ?value
} GROUP BY ?value"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Pages that count the cases of a store.")
    parser.add_argument("stores", nargs="+", metavar="DIR", type=Path)
    arguments = parser.parse_args()
    print(
        f"Python {platform.python_version()}, {platform.machine()}, load {os.getloadavg()[0]:.1f}"
    )
    for store in arguments.stores:
        measure(store)


def measure(folder: Path) -> None:
    """Measure the pages of a store."""
    scan = measured.timed(lambda: (scanned(folder, CELLS), scanned(folder, VALUES)))
    took, (cells, values) = scan
    with ours(folder) as (url, pid):
        address = url.rstrip("/")
        times = {
            name: [asked(address + path, pid) for path in paths] for name, paths in PAGES.items()
        }
        size = json.loads(got(f"{address}/cases.json"))["inAll"]
        compared("cells of Diagram 1", shown_cells(address), cells)
        compared("services beside a sector", shown_values(address), values)
    print(f"{folder.name}: {size:,} cases, the counts of a scan; it took {measured.shown(took)}")
    for name, (first, *others) in times.items():
        limit = LARGE_LIMIT if size > LARGE else LIMITS[name]
        for what, one in (("first", first), ("made anew", max(others, key=lambda each: each.wall))):
            told = measured.Took(limit, 0)
            work = f"{name}, {what}, {size:,} cases"
            measured.tell(measured.Line(work, one, told, "promised", 1, of="wall"))


def asked(url: str, pid: int) -> measured.Took:
    """Ask for a page; give what it took."""
    before, start = processor(pid), time.perf_counter()
    got(url)
    return measured.Took(time.perf_counter() - start, processor(pid) - before)


def got(url: str) -> str:
    """Give what is at an address, which has to be there."""
    reply = urllib3.request("GET", url, retries=False, timeout=600)
    if reply.status != 200:
        sys.exit(f"{url}: {reply.status}")
    return reply.data.decode()


def scanned(folder: Path, text: str) -> Counter[str]:
    """Count by a scan of the store; the names without the namespace, joined."""
    inner = open_folder(folder).inner
    found: Counter[str] = Counter()
    for *names, number in inner.query(text, prefixes=PREFIXES, use_default_graph_as_union=True):
        found[" ".join(each.value.removeprefix(COP) for each in names)] = int(number.value)
    return found


def shown_cells(address: str) -> Counter[str]:
    """Give what the page of Diagram 1 counts in its cells."""
    found: Counter[str] = Counter()
    for cell in json.loads(got(f"{address}/diagram.json"))["tables"]["cells"]:
        names = (cell[key].removeprefix(COP) for key in ("level", "intensity"))
        found[" ".join(names)] += cell["cases"]
    return found


def shown_values(address: str) -> Counter[str]:
    """Give what the page of the cases counts of services beside a sector."""
    found: Counter[str] = Counter()
    counts = r'href="([^"]*)"[^>]*>[^<]*</a> <span class="count">([\d,]+)<'
    for link, number in re.findall(counts, got(address + COUNTED)):
        value = re.search(r"[?&]service=(\w+)", html.unescape(link))
        if value:
            found[value[1]] = int(number.replace(",", ""))
    return found


def compared(what: str, shown: Counter[str], counted: Counter[str]) -> None:
    """End this where the page counts otherwise."""
    if +shown != counted:
        sys.exit(f"{what}: the page has {shown}, a scan has {counted}")


if __name__ == "__main__":
    main()
