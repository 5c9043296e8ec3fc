"""Checks of what stands in a checkout beside the knowledge: numbers, lists, tests, written pages.

Each looks at files that a checkout has and a wheel has not, and is silent where they are absent.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from ..errors import DataError
from ..evidence.claims import TYPES
from ..evidence.judging import VERDICTS
from ..files.encodings import read_text
from ..knowledge.questions import read_folder
from ..messages import Sentence
from ..names import COPSH, GRAPH, PACKAGED_GRAPHS, PREFIXES, SH
from .finding import Finding

COUNTS: Final = "tests/expected-counts.toml"
"""The numbers that tests hold against the graph: ``[[count]]``, ``[claims]``, ``[rubrics]``."""

_ENTRY: Final = {"what": str, "pattern": str, "number": int}
"""What an entry of numbers has to have."""

BUILT: Final = "docs/built-from.json"
"""What the written pages were written from: a digest, and their names."""

_SITUATIONS: Final = "tests/evidence/situations.toml"
_WANTED: Final = "tests/evidence/wanted.toml"
_CASE_ROWS: Final = "tests/expected-cases.csv"
_FROM: Final = ("ontology", "shapes", "queries", "cases", "loaders")
_PAGES: Final = ("README.md", "docs/guide.md", "docs/limits.md", "docs/verdicts.md")
_TEXT: Final = {".ttl", ".rq", ".ru", ".toml", ".tsv", ".xml"}
_PHRASES: Final = {
    r"(\d+)\s+questions\s+of\s+researchers": "questions",
    r"(\d+)\s+claims\b": "claims",
    r"cop:Claim \}.*'n': (\d+)": "claims",
    r"(\d+)\s+places\s+where\s+the\s+text": "ambiguities",
    r"`?A1`?\s+to\s+`?A(\d+)": "ambiguities",
    r"(\d+)\s+findings\s+of\s+later\s+literature": "findings",
    r"(\d+)\s+of\s+the\s+\d+\s+findings": "findings that rest on less than the text",
}
"""How the pages say a number, with what it is the number of."""
_LISTS: Final = {
    "loaders": ("*.toml", "*.rq"),
    "ontology": ("*.ttl",),
    "shapes": ("*.ttl",),
}
"""The folders whose README lists their files, with the files that it has to name."""


def checkout_findings(store: ox.Store, root: Path) -> Iterator[Finding]:
    """Give what a checkout says of its knowledge and is not, or no longer, so.

    Args:
        store: the graphs, with the packaged ones among them.
        root: the folder of the checkout.
    """
    yield from _counts(store, root)
    yield from _numbers_in_pages(store, root)
    yield from _claims_in_tests(root)
    yield from _lists(root)
    yield from _without_fault(root)
    yield from _cases_without_row(root)
    yield from _old_pages(root)


# -- numbers ----------------------------------------------------------------------------------


def count(store: ox.Store, pattern: str) -> int:
    """Give how many ``?x`` a pattern finds in the packaged graphs; in all where none is one.

    Args:
        store: the graphs.
        pattern: what stands in the braces of a SPARQL query; the usual prefixes are known.
    """
    known = {GRAPH + name for name in PACKAGED_GRAPHS}
    named = list(store.named_graphs())  # where files are checked each has its own
    graphs = [each for each in named if each.value in known] or named
    answer = store.query(
        f"SELECT (COUNT(DISTINCT ?x) AS ?n) WHERE {{ {pattern} }}",
        prefixes=PREFIXES,
        default_graph=graphs,  # type: ignore[arg-type]
    )
    assert isinstance(answer, ox.QuerySolutions)
    number = next(answer)["n"]
    assert isinstance(number, ox.Literal)
    return int(number.value)


def _counts(store: ox.Store, root: Path) -> Iterator[Finding]:
    """Tell of numbers that tests expect and that are others now."""
    path = root / COUNTS
    for place, entry in enumerate(_toml(path).get("count", ()), 1):
        lacking = [key for key, kind in _ENTRY.items() if not isinstance(entry.get(key), kind)]
        if lacking:
            listed = ", ".join(lacking)
            raise DataError(f"{path}: [[count]] number {place} has no {listed}, or a wrong one")
        try:
            found = count(store, entry["pattern"])
        except SyntaxError as error:
            raise DataError(
                f"{path}: the pattern for {entry['what']} is no SPARQL: {error.msg}"
            ) from None
        if found != entry["number"]:
            yield _number(entry["what"], COUNTS, entry["number"], found, path)


def _numbers_in_pages(store: ox.Store, root: Path) -> Iterator[Finding]:
    """Tell of numbers in running text that are others now."""
    numbers = {
        "questions": len(list((root / "queries" / "questions").glob("*.rq"))),
        "claims": count(store, "?x a cop:Claim"),
        "ambiguities": count(store, "?x a cop:Ambiguity"),
        "findings": count(store, "?x a cop:LiteratureFinding"),
        "findings that rest on less than the text": count(
            store,
            "VALUES ?kind { cop:AbstractPage cop:AggregatorPage cop:SecondaryPage } "
            "?x a cop:LiteratureFinding ; cop:pageKind ?kind",
        ),
    }
    for page in _PAGES:
        text = read_text(root / page) if (root / page).is_file() else ""
        for phrase, what in _PHRASES.items():
            for said in re.findall(phrase, text):
                if int(said) != numbers[what]:
                    yield _number(what, page, int(said), numbers[what], root / page)


def _number(what: str, file: str, said: int, found: int, path: Path) -> Finding:
    return Finding(
        "number-differs",
        "error",
        file,
        Sentence(
            "{file} says {said:,} for {what}, and there are {found:,}.",
            file=file,
            said=said,
            what=what,
            found=found,
        ),
        Sentence("If you added or took away as many, write {found:,} there.", found=found),
        str(path),
    )


# -- what tests know of the claims ---------------------------------------------------------------


def _claims_in_tests(root: Path) -> Iterator[Finding]:
    """Tell of claims with a query that tests do not list, judge or know a wanted case of."""
    if not (root / COUNTS).is_file() or not (root / "queries" / "claims").is_dir():
        return
    listed, rubrics = (_lists_of(root / COUNTS, key) for key in ("claims", "rubrics"))
    compared = set(" ".join(rubrics.values()).split())
    situations = _toml(root / _SITUATIONS).get("situation", ())
    judged = {each.get("claim") for each in situations}
    wanted = {claim for claim, cases in _toml(root / _WANTED).items() if cases}
    for number, each in enumerate(situations, 1):
        yield from _half_situation(number, each, root / _SITUATIONS)
    for query in read_folder(root / "queries" / "claims").questions:
        claim, kind = (str(query.header.get(key, "")) for key in ("claim", "type"))
        if not claim or kind not in TYPES:
            continue  # told of its header
        for file, known, line in (
            (COUNTS, claim in listed.get(kind, "").split(), f'{kind} = "... {claim}"'),
            (
                COUNTS,
                claim in compared or "rubric" not in query.parameters,
                f'turned = "... {claim}" / same = "... {claim}"',
            ),
            (_SITUATIONS, claim in judged, f'claim = "{claim}"'),
            (_WANTED, claim in wanted, f'{claim} = ["a cop:Case ; ..."]'),
        ):
            if not known:
                yield Finding(
                    "claim-not-tested",
                    "error",
                    query.path.name,
                    Sentence("{file} does not name {claim}.", file=file, claim=claim),
                    Sentence("Write there: {line}", line=line),
                    str(root / file),
                )


def _lists_of(path: Path, key: str) -> dict[str, str]:
    """Give a table of lists in words; none where there is no such table."""
    found = _toml(path).get(key, {})
    if not isinstance(found, dict) or not all(isinstance(each, str) for each in found.values()):
        raise DataError(f'{path}: [{key}] has a line like name = "C1 C2" for each list')
    return found


def _half_situation(number: int, situation: dict[str, Any], path: Path) -> Iterator[Finding]:
    """Tell what an entry of the situations lacks, and of a verdict that is none."""
    lacking = [key for key in ("claim", "words", "cases", "verdict") if not situation.get(key)]
    verdict = situation.get("verdict")
    told = fix = ""
    if lacking:
        told = Sentence(
            "Situation {number} of {file} has no {what}.",
            number=number,
            file=path.name,
            what=", ".join(lacking),
        )
        fix = Sentence("Write it, as the others have it.")
    elif verdict not in VERDICTS:
        told = Sentence(
            "Situation {number} of {file} has the verdict {verdict}, which is none.",
            number=number,
            file=path.name,
            verdict=verdict,
        )
        fix = Sentence("Write one of {verdicts}.", verdicts=", ".join(VERDICTS))
    if told:
        yield Finding("claim-not-tested", "error", path.name, told, fix, str(path))


# -- lists of files -----------------------------------------------------------------------------


def _lists(root: Path) -> Iterator[Finding]:
    """Tell of files that the README of their folder, or every test, leaves out."""
    for folder, kinds in _LISTS.items():
        page = root / folder / "README.md"
        if not page.is_file():
            continue
        text = read_text(page)
        for path in sorted(path for kind in kinds for path in page.parent.glob(kind)):
            if f"`{path.name}`" not in text and f"`{path.stem}`" not in text:
                yield _unlisted(path, f"{folder}/README.md", page)
    tests = root / "tests" / "cases"
    mapped = "".join(map(read_text, sorted(tests.glob("*.py"))))
    for path in sorted((root / "loaders").glob("*.*")) if mapped else ():
        if path.suffix in (".toml", ".rq") and path.stem not in mapped:
            yield _unlisted(path, "tests/cases", path)


def _unlisted(path: Path, where: str, file: Path) -> Finding:
    return Finding(
        "file-not-listed",
        "error",
        path.name,
        Sentence("{file} is not named in {page}.", file=path.name, page=where),
        Sentence("Add it there, as the others are."),
        str(file),
    )


def _without_fault(root: Path) -> Iterator[Finding]:
    """Tell of rules for which no file breaks them: nothing shows that they fire."""
    tests = root / "tests"
    if not (tests / "faults-cases").is_dir():
        return
    tripped = {path.stem.partition("--")[0] for path in (tests / "faults-cases").glob("*.ttl")}
    for path in (tests / "faults").rglob("*.*"):
        trips = re.match(r"# Trips: (?:copsh:)?(\S+)", read_text(path))
        tripped |= {trips[1]} if trips else set()
    rules = {path.stem: path for path in (root / "queries" / "checks").glob("*.rq")}
    for path in (root / "shapes").glob("*.ttl"):
        rules |= dict.fromkeys(_shapes(path), path)
    for name, path in sorted(rules.items()):
        if name not in tripped:
            folder = "faults-cases" if path.name == "case-record.ttl" else "faults"
            yield Finding(
                "rule-without-fault",
                "error",
                name if path.suffix == ".rq" else COPSH + name,
                Sentence("No file breaks {rule}, so no test shows that it fires.", rule=name),
                Sentence("Write tests/{folder}/{name}.ttl, which does.", folder=folder, name=name),
                str(path),
            )


def _shapes(path: Path) -> set[str]:
    """Give the names of the shapes of a file that say something when they are broken."""
    try:
        quads = list(ox.parse(path=path, format=ox.RdfFormat.TURTLE))
    except SyntaxError:
        return set()  # told of the file
    return {
        quad.subject.value.removeprefix(COPSH)
        for quad in quads
        if quad.predicate.value == SH + "message" and isinstance(quad.subject, ox.NamedNode)
    }


def _cases_without_row(root: Path) -> Iterator[Finding]:
    """Tell of shipped cases whose values nobody wrote down before they were run."""
    rows = root / _CASE_ROWS
    if not rows.is_file():
        return
    known = {line.partition(",")[0] for line in read_text(rows).splitlines()}
    for path in sorted((root / "cases").glob("*.ttl")):
        if path.stem not in known:
            yield _unlisted(path, _CASE_ROWS, rows)


# -- written pages ------------------------------------------------------------------------------


def digest_of(root: Path, pages: Iterable[str]) -> str:
    """Give a digest of the knowledge that pages are written from, and of the pages as they are.

    Args:
        root: the folder of the checkout.
        pages: the written files, by their paths within it.

    Returns:
        SHA-256 in hexadecimal digits; the same wherever lines end otherwise.
    """
    written = set(pages)
    files = {
        path.relative_to(root).as_posix()
        for folder in _FROM
        for path in (root / folder).rglob("*")
        if path.suffix in _TEXT and path.is_file()
    }
    summed = hashlib.sha256()
    for name in sorted(files | written):
        path = root / name
        text = path.read_bytes().replace(b"\r\n", b"\n") if path.is_file() else b""
        summed.update(f"{name}\0{len(text)}\0".encode() + text)
    return summed.hexdigest()


def _old_pages(root: Path) -> Iterator[Finding]:
    """Tell of written pages that are not of the knowledge as it stands."""
    path = root / BUILT
    if not path.is_file():
        return
    try:
        built = json.loads(read_text(path))
        is_new = digest_of(root, built["pages"]) == built["digest"]
    except (ValueError, KeyError, TypeError):  # half merged, for one
        is_new = False
    if not is_new:
        yield Finding(
            "pages-old",
            "error",
            path.name,
            Sentence("What is written from the knowledge (pages, headers, lists) is old."),
            Sentence("Run python docs/build.py, once all else is done."),
            str(path),
        )


def _toml(path: Path) -> dict[str, Any]:
    """Give a file of TOML; nothing where it is absent."""
    try:
        return tomllib.loads(read_text(path)) if path.is_file() else {}
    except tomllib.TOMLDecodeError as error:
        raise DataError(f"{path}: this is not valid TOML: {error}") from None
