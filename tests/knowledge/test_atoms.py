"""The source, statement by statement: each has a node at its line, and the source's words beside."""

from __future__ import annotations

import csv
import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox
import pytest

from coproduction import KnowledgeGraph
from coproduction.names import COP, DCTERMS, GRAPH, ID

from ..tools import CLAIMS, require_source

TABLE = Path(__file__).with_name("atoms.tsv")
QUOTED = ("source", "values", "concepts")
"""The packaged graphs whose quotations are of the source."""
MOST_WORDS = 25


class Atom(NamedTuple):
    """One statement of the source in our own words, and the nodes and triples that say it."""

    id: str
    line: int
    statement: str
    nodes: tuple[str, ...]


def atoms() -> list[Atom]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [
        Atom(row["id"], int(row["line"]), row["statement"], tuple(row["node"].split(" ; ")))
        for row in rows
    ]


ATOMS = atoms()


def term(name: str) -> ox.NamedNode | ox.Literal:
    """Give what a name of the table stands for: cop:Term, kind:node, true or "text"."""
    if name == "true":
        return ox.Literal(True)
    if name.startswith('"'):
        return ox.Literal(name[1:-1])
    prefix, _, local = name.partition(":")
    own = {"cop": COP, "dcterms": DCTERMS}
    return ox.NamedNode(own[prefix] + local if prefix in own else f"{ID}{prefix}/{local}")


def numbers(store: ox.Store, node: ox.NamedNode, name: str) -> set[int]:
    found = store.quads_for_pattern(node, ox.NamedNode(COP + name), None)
    return {int(quad.object.value) for quad in found if isinstance(quad.object, ox.Literal)}


def stands_at(store: ox.Store, node: ox.NamedNode, line: int) -> bool:
    """Say whether a node has its place at a line; a section is at each of its lines."""
    first, last = numbers(store, node, "fromLine"), numbers(store, node, "toLine")
    if first and last:
        return min(first) <= line <= max(last)
    return line in numbers(store, node, "atLine")


def faults(store: ox.Store, atom: Atom) -> Iterator[str]:
    """Say what the graph lacks of a statement."""
    located = 0
    for item in atom.nodes:
        named = [term(name) for name in item.split(" ")]
        if len(named) == 3:
            subject, predicate, value = named
            assert isinstance(subject, ox.NamedNode) and isinstance(predicate, ox.NamedNode)
            if next(iter(store.quads_for_pattern(subject, predicate, value)), None) is None:
                yield f"{atom.id}: no statement {item}"
            continue
        (node,) = named
        assert isinstance(node, ox.NamedNode)
        located += 1
        if not stands_at(store, node, atom.line):
            yield f"{atom.id}: {item} does not stand at line {atom.line}"
    if not located:
        yield f"{atom.id}: no node"


def quotations(kg: KnowledgeGraph, name: str) -> list[tuple[ox.NamedNode, str]]:
    """Give who quotes what of the source, by a property of quotations."""
    return [
        (quad.subject, quad.object.value)
        for graph in QUOTED
        for quad in kg.store.inner.quads_for_pattern(
            None, ox.NamedNode(COP + name), None, ox.NamedNode(GRAPH + graph)
        )
        if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.Literal)
    ]


def folded(text: str) -> str:
    """Give text without the marks of its layout: tags, entities and runs of white space."""
    return " ".join(html.unescape(re.sub(r"</?[a-z][^>]*>", "", text)).split())


@pytest.fixture(scope="module")
def source() -> list[str]:
    """The lines of the source, which is not part of the project."""
    text = require_source("pestoff-slides.md").read_text(encoding="utf-8")
    return ["", *map(folded, text.splitlines())]


def test_each_statement_of_the_source_is_in_the_graph_at_its_line(kg: KnowledgeGraph) -> None:
    assert len(ATOMS) >= 185
    assert [fault for atom in ATOMS for fault in faults(kg.store.inner, atom)] == []


@pytest.mark.parametrize(
    ("line", "nodes", "fault"),
    [
        (30, ("claim:C01",), "claim:C01 does not stand at line 30"),
        (32, ("section:a",), "section:a does not stand at line 32"),
        (29, ("claim:C99",), "claim:C99 does not stand at line 29"),
        (29, ("cop:TraditionalPublicAdministration cop:isBasedOn cop:CoProduction",), "no node"),
        (
            29,
            ("claim:C01", "cop:TraditionalPublicAdministration cop:isBasedOn cop:CoProduction"),
            "no statement cop:TraditionalPublicAdministration cop:isBasedOn cop:CoProduction",
        ),
    ],
)
def test_a_statement_that_is_not_there_is_told(
    kg: KnowledgeGraph, line: int, nodes: tuple[str, ...], fault: str
) -> None:
    assert f"x: {fault}" in list(faults(kg.store.inner, Atom("x", line, "", nodes)))


def test_the_statements_are_numbered_by_their_line() -> None:
    ids = [atom.id for atom in ATOMS]
    assert len(set(ids)) == len(ids)
    assert [atom.id for atom in ATOMS if atom.id.partition(".")[0] != str(atom.line)] == []
    assert [atom.line for atom in ATOMS] == sorted(atom.line for atom in ATOMS)
    assert [atom.id for atom in ATOMS if not atom.statement.strip()] == []


def test_each_line_of_the_source_has_a_statement(source: list[str]) -> None:
    with_text = {line for line, text in enumerate(source) if re.search(r"\w", text)}
    assert {atom.line for atom in ATOMS} == with_text


def test_the_statements_are_in_words_of_our_own(source: list[str]) -> None:
    def words(text: str) -> list[str]:
        return re.findall(r"[\w'-]+", text.lower())

    copied = []
    for atom in ATOMS:
        ours, theirs = words(atom.statement), " ".join(words(source[atom.line]))
        runs = (" ".join(ours[at : at + 6]) for at in range(len(ours) - 5))
        copied += [f"{atom.id}: {run}" for run in runs if run in theirs]
    assert copied == []


def test_each_claim_has_the_words_of_the_source(kg: KnowledgeGraph) -> None:
    quoting = {node.value for node, _ in quotations(kg, "quotedText")}
    claims = {row["c"] for row in kg.query("SELECT ?c { ?c a cop:Claim }").rows}
    assert len(claims) == CLAIMS
    assert claims - quoting == set()
    (shown,) = [f.value_label for f in kg.show("C52").facts if f.property_label == "quoted text"]
    assert shown.endswith("beyond marginal ad hoc participation")


@pytest.mark.parametrize("name", ["quotedText", "sourceLabel"])
def test_no_quotation_is_longer_than_one_may_be(kg: KnowledgeGraph, name: str) -> None:
    quoted = quotations(kg, name)
    assert len(quoted) > 10
    assert [text for _, text in quoted if len(text.split()) > MOST_WORDS] == []


@pytest.mark.parametrize("name", ["quotedText", "sourceLabel"])
def test_each_quotation_stands_at_its_line(
    kg: KnowledgeGraph, source: list[str], name: str
) -> None:
    wrong = []
    for node, text in quotations(kg, name):
        lines = numbers(kg.store.inner, node, "atLine")
        if len(lines) != 1 or folded(text) != text or text not in source[min(lines)]:
            wrong.append(f"{node.value}, {sorted(lines)}: {text}")
    assert wrong == []
