"""Checks of the files that editors add: questions, claims, and the form (``form_checks``).

The commands go on without a broken file; here it is told before anybody meets it.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from ..errors import CoproductionError, DataError
from ..evidence.claims import claim_files_in
from ..files.encodings import read_text
from ..knowledge.portable import parts_of
from ..knowledge.questions import load_question
from ..messages import Sentence, speaker
from ..names import COP, GRAPH, ID, LANGUAGES, PACKAGED_GRAPHS
from .finding import Finding
from .form_checks import Locate, form_findings
from .header_checks import header_findings
from .query_checks import query_findings
from .rubric_checks import rubric_findings

_READ: Final = ("questions", "views", "rules", "claims", "checks")
"""The folders of queries whose files are read."""


def file_findings(
    store: ox.Store, queries: Path, shapes: Path, locate: Locate = lambda iri: None
) -> Iterator[Finding]:
    """Give what is wrong with the files of a folder of queries and of one of shapes.

    Args:
        store: the graphs, with the claims and the values of the form.
        queries: folder with ``questions``, ``views``, ``rules``, ``claims`` and ``checks``.
        shapes: folder with the case record.
        locate: tells in which file a term is described.
    """
    yield from header_findings(store, queries)
    yield from query_findings(queries)
    yield from rubric_findings(store, queries, locate)
    yield from _expected(queries / "questions")
    yield from _left_over(queries)
    if (queries / "claims").is_dir():
        yield from _claims(store, queries / "claims")
        yield from _untranslated(queries / "claims")
    yield from _fields_untranslated(store)
    for path in sorted(shapes.glob("*.ttl")):
        yield from form_findings(store, path, locate)


# -- claims ------------------------------------------------------------------------------------


def _claims(store: ox.Store, folder: Path) -> Iterator[Finding]:
    """Tell which claims are tested by half, or are there by half."""
    files = claim_files_in(folder)
    claims = {
        str(quad.object.value): quad.subject
        for quad in store.quads_for_pattern(None, ox.NamedNode(COP + "claimId"), None)
        if isinstance(quad.object, ox.Literal) and isinstance(quad.subject, ox.NamedNode)
    }
    for claim, why in files.broken.items():
        fix = Sentence("Complete the query of the claim.")
        told = Sentence("{words}.", words=why.removeprefix(f"{folder}{os.sep}"))
        yield _of_claim("broken-claim", claim, told, fix, _query_of(folder, claim))
    for why in files.strays:
        fix = Sentence("Complete the file, or take it away.")
        told = Sentence("{words}.", words=why.removeprefix(f"{folder}{os.sep}"))
        yield _of_claim("broken-claim", "", told, fix, folder)
    for claim in sorted({*files.tests, *files.broken} - claims.keys()):
        told = Sentence(
            "{claim} has a query, and the graphs have no claim with this id.", claim=claim
        )
        fix = Sentence("Describe the claim, or correct its id.")
        yield _of_claim("claim-unknown", claim, told, fix, _query_of(folder, claim))
    for claim, node in sorted(claims.items()):
        if claim in files.broken:
            continue
        wrong = _half(store, node, claim, claim in files.tests)
        if wrong is not None:
            fix = Sentence(
                "Add its query to queries/claims, or cop:lacksField; or correct its testability."
            )
            place = _query_of(folder, claim) if claim in files.tests else folder
            yield _of_claim("half-claim", claim, wrong, fix, place)


def _query_of(folder: Path, claim: str) -> Path:
    """Give the file of a claim's query, or the folder where it has none of its name."""
    path = folder / f"{claim.lower()}.rq"
    return path if path.exists() else folder


def _expected(folder: Path) -> Iterator[Finding]:
    """Tell which questions have no expected rows, where the folder stands in a checkout."""
    rows = folder.parent.parent / "tests" / "expected"
    for path in sorted(folder.glob("*.rq")) if rows.is_dir() else ():
        file = f"tests/expected/{path.stem}.csv"
        for why, fix in _of_rows(path, rows / f"{path.stem}.csv", file):
            yield Finding("rows-not-expected", "error", path.name, why, fix, str(path))
    for expected in sorted(rows.glob("*.csv")):
        if not (folder / f"{expected.stem}.rq").exists():
            why = Sentence("{file} is of no question.", file=f"tests/expected/{expected.name}")
            fix = Sentence("Call it as the question is called, or take it away.")
            yield Finding("rows-of-no-question", "error", expected.name, why, fix, str(expected))


def _of_rows(path: Path, expected: Path, file: str) -> Iterator[tuple[str, str]]:
    """Say what is wrong with the expected rows of a question, and what to do."""
    if not expected.exists():
        yield (
            Sentence("{file} has no file of expected rows.", file=path.name),
            Sentence("Write {file} before you look at the answer.", file=file),
        )
        return
    try:
        lines = list(csv.reader(read_text(expected).splitlines()))
        columns = parts_of(load_question(path).text).variables
    except DataError as error:
        yield (
            Sentence("{file}: {words}.", file=file, words=str(error).removeprefix(f"{expected}: ")),
            Sentence("Put the file right; what it says was left out here."),
        )
        return
    known = {*columns, *(f"{name}Label" for name in columns)}
    for name in lines[0] if lines and columns else ():
        if name not in known:
            yield (
                Sentence("{name!r} is the heading of no column of {file}.", name=name, file=file),
                Sentence("Name one of its columns: {columns}.", columns=", ".join(columns)),
            )
    if len(lines) < 2:
        yield (
            Sentence("{file} has no row.", file=file),
            Sentence("Write a heading for each column and the rows; of none a row says 'none'."),
        )


def _left_over(queries: Path) -> Iterator[Finding]:
    """Tell what stands among the queries and is read by nothing, such as the block of a claim."""
    for path in (path for name in _READ for path in sorted((queries / name).glob("*"))):
        if path.suffix == ".rq" or path.name.startswith(".") or path.suffix in (".md", ".json"):
            continue
        block = path.suffix == ".ttl"
        yield Finding(
            "claim-not-moved" if block and path.parent.name == "claims" else "file-not-read",
            "error",
            path.name,
            Sentence("{file} stands among the queries, where nothing reads it.", file=path.name),
            Sentence("Move its block into ontology/source.ttl, and delete the file.")
            if block
            else Sentence("Give it the ending .rq, or take it away."),
            str(path),
        )


def _untranslated(folder: Path) -> Iterator[Finding]:
    """Tell which sentences of claims are not told in each language."""
    for test in claim_files_in(folder).tests.values():
        path = test.query.path
        for name, text in (("wanted", test.wanted), ("caution", test.caution)):
            yield from _not_told(text, name, path.name, path.name, str(path))


def _fields_untranslated(store: ox.Store) -> Iterator[Finding]:
    """Tell what packaged claims lack (cop:lacksField) that is not told in each language."""
    for quad in store.quads_for_pattern(None, ox.NamedNode(COP + "lacksField"), None):
        graph = quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else ""
        file = PACKAGED_GRAPHS.get(graph.removeprefix(GRAPH))
        if file and isinstance(quad.object, ox.Literal) and isinstance(quad.subject, ox.NamedNode):
            term = quad.subject.value
            yield from _not_told(quad.object.value, "lacksField", term, file, f"ontology/{file}")


def _not_told(text: str, name: str, term: str, file: str, path: str) -> Iterator[Finding]:
    """Tell that a sentence lacks in a catalogue of what the package says."""
    spoken = [lang for lang in LANGUAGES if lang != "en"]
    lacking = [lang for lang in spoken if text and speaker(lang)(text) == text]
    if lacking:
        yield Finding(
            "claim-not-translated",
            "error",
            term,
            Sentence(
                "{file}: {name} is not translated into {languages}.",
                file=file,
                name=name,
                languages=", ".join(lacking),
            ),
            Sentence("Run 'make messages', and translate it in the catalogues."),
            path,
        )


def _half(store: ox.Store, claim: ox.NamedNode, name: str, tested: bool) -> Sentence | None:
    """Say how what a claim says of its testability and its test do not agree, or nothing."""

    def has(prop: str, value: str = "") -> bool:
        target = ox.NamedNode(COP + value) if value else None
        return any(store.quads_for_pattern(claim, ox.NamedNode(COP + prop), target))

    if tested and has("hasTestability", "NotTestableWithCases"):
        return Sentence(
            "{claim} is said not to be testable with cases, and has a test.", claim=name
        )
    testable = has("hasTestability", "TestableWithCases") or has("hasTestability", "PartlyTestable")
    if testable and not tested and has("claimKind", "EmpiricalClaim") and not has("lacksField"):
        return Sentence("{claim} is said to be testable with cases, and has no test.", claim=name)
    return None


def _of_claim(check: str, claim: str, why: Sentence, fix: Sentence, folder: Path) -> Finding:
    term = f"{ID}claim/{claim}" if claim else folder.name
    return Finding(check, "error", term, why, fix, str(folder))


def broken_file(path: Path, error: CoproductionError) -> Finding:
    """Give the finding that a file cannot be read, or that a rule in it cannot be used."""
    words = str(error)
    if words.startswith(f"{path}, "):  # with the line
        told = Sentence("{file}, {words}.", file=path.name, words=words.removeprefix(f"{path}, "))
    else:
        told = Sentence("{file}: {words}.", file=path.name, words=words.removeprefix(f"{path}: "))
    return Finding(
        "broken-file",
        "error",
        path.name,
        told,
        Sentence("Put the file right; what it says was left out here."),
        str(path),
    )
