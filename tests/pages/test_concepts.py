"""The terms: their tree, and the page on each."""

from __future__ import annotations

import re
from functools import cache
from html import unescape
from pathlib import Path

import pytest

import coproduction
from coproduction.errors import UnknownName
from coproduction.names import COP, FOAF
from coproduction.pages.class_tree import BY_CONDITION, BY_MEMBERS, trees_of
from coproduction.pages.concepts import Node
from coproduction.pages.linked import linked
from coproduction.pages.page import Page
from coproduction.pages.rendering import html
from coproduction.pages.site import page_at

from ..evidence.test_evidence import HEAD
from .reading import Reader
from .test_pages import at, body, graph, read


def tree(url: str) -> tuple[Node, ...]:
    found = page_at(graph(), at(url)).values["tree"]
    assert isinstance(found, tuple)
    return found


def terms(url: str) -> list[str]:
    iris = [str(row["term"]) for row in page_at(graph(), at(url)).tables["terms"]]
    return [iri.removeprefix(COP) for iri in iris if iri.startswith(COP)]


def test_the_tree_has_the_parts_of_the_source_in_its_order() -> None:
    names = [node.name.text for node in tree("/concepts")]
    sections = [name for name in names if name.startswith(("A ", "B.", "C ", "Diagram"))]
    assert [name.split()[0] for name in sections] == [
        "A", "B.1", "B.2", "B.3", "B.4", "B.5", "B.6", "B.7", "B.8", "Diagram", "C", "Diagram",
    ]  # fmt: skip
    (relations,) = [node for node in tree("/concepts") if node.name.text.startswith("B.2")]
    assert "complementary" in {leaf.name.text for leaf in relations.below}
    assert {leaf.line for leaf in relations.below} <= {str(line) for line in range(47, 54)}


@pytest.mark.parametrize("by", ["source", "kind"])
def test_every_term_stands_in_the_tree(by: str) -> None:
    own = {
        str(row["t"]).removeprefix(COP)
        for row in graph().query(
            "SELECT DISTINCT ?t { ?t rdfs:isDefinedBy <https://w3id.org/coproduction> ; rdfs:label ?l "
            "FILTER(STRSTARTS(STR(?t), STR(cop:))) FILTER NOT EXISTS { ?t owl:deprecated true } }"
        )
    }
    assert set(terms(f"/concepts?by={by}")) == own
    assert len(own) > 600


@pytest.mark.parametrize("by", ["source", "kind"])
def test_the_tree_opens_at_a_term(by: str) -> None:
    def opened(nodes: tuple[Node, ...]) -> list[str]:
        return [
            name
            for node in nodes
            if node.is_open or node.is_here
            for name in (node.name.text, *opened(node.below))
        ]

    path = opened(tree(f"/concepts?by={by}&at=Complementary"))
    assert path[-1] == "complementary" and len(path) >= 2
    assert not opened(tree(f"/concepts?by={by}"))
    items = read(f"/concepts?by={by}&at=Complementary").of("li")
    assert [each for each in items if "class" in each] == [{"id": "here", "class": "here"}]


@pytest.mark.parametrize("by", ["source", "kind"])
def test_each_term_stands_at_its_name(by: str) -> None:
    names = {each["id"] for each in read(f"/concepts?by={by}").of("li") if "id" in each}
    assert names == set(terms(f"/concepts?by={by}")) and len(names) > 600


shown = cache(body)


def opened(url: str) -> tuple[int, int]:
    """Give how many parts of the tree are open, and how many there are."""
    return shown(url).count("<details open>"), shown(url).count("<details")


def ways(url: str) -> dict[str, str]:
    """Give where the page leads to open or close the tree."""
    found = re.findall(r'· <a href="([^"]*)" rel="nofollow">(open all|close all)</a>', shown(url))
    return {name: unescape(href) for href, name in found}


@pytest.mark.parametrize("by", ["source", "kind"])
def test_all_of_the_tree_is_opened_and_closed_by_links(by: str) -> None:
    url = f"/concepts?by={by}"
    none, parts = opened(url)
    assert none == 0 and parts > 10 and list(ways(url)) == ["open all"]
    whole = f"/{ways(url)['open all']}"
    assert opened(whole) == (parts, parts) and list(ways(whole)) == ["close all"]
    assert f"/{ways(whole)['close all']}" == url
    assert '<input type="hidden" name="open" value="all">' in shown(whole)


def test_what_was_searched_is_closed_and_opened_again() -> None:
    url = "/concepts?q=participation"
    assert opened(url)[0] == opened(url)[1] > 3 and list(ways(url)) == ["close all"]
    closed = f"/{ways(url)['close all']}"
    assert opened(closed)[0] == 0 and f"/{ways(closed)['open all']}" == url
    at_term = "/concepts?at=Complementary"
    assert 0 < opened(at_term)[0] < opened(at_term)[1]
    assert ways(at_term) == {
        "open all": "concepts?at=Complementary&open=all",
        "close all": "concepts?at=Complementary&open=none",
    }
    assert opened("/concepts?at=Complementary&open=none")[0] == 0


# -- the tree of classes -------------------------------------------------------------------------


def test_every_class_stands_in_the_tree_at_its_depth() -> None:
    entries = [entry for tree in trees_of(graph().store) for entry in tree]
    above: dict[str, set[str]] = {}
    for row in graph().query(
        "SELECT DISTINCT ?c ?a WHERE { ?c a owl:Class FILTER(ISIRI(?c)) "
        "MINUS { GRAPH <https://w3id.org/coproduction/graph/toolkit> { ?c a owl:Class } } "
        "OPTIONAL { ?c rdfs:subClassOf ?a FILTER(ISIRI(?a)) } } ORDER BY ?c ?a"
    ):
        above.setdefault(str(row["c"]), set()).update({str(row["a"])} if row["a"] else ())
    assert {entry.iri for entry in entries} == set(above)
    path: list[str] = []
    found: dict[str, set[str]] = {iri: set() for iri in above}
    for entry in entries:
        path[entry.depth :] = [entry.iri]
        assert len(path) == entry.depth + 1
        found[entry.iri].update(path[entry.depth - 1 : entry.depth] if entry.depth else ())
    assert found == above
    counts = {
        str(row["c"]): int(row["n"])
        for row in graph().query(
            "SELECT ?c (COUNT(DISTINCT ?i) AS ?n) WHERE { ?i a ?c . ?c a owl:Class "
            "FILTER(ISIRI(?c)) "
            "MINUS { GRAPH <https://w3id.org/coproduction/graph/toolkit> { ?c a owl:Class } } } "
            "GROUP BY ?c ORDER BY ?c"
        )
    }
    assert {e.iri: e.number for e in entries if e.number} == counts
    defined = {
        str(row["c"])
        for row in graph().query(
            "SELECT DISTINCT ?c WHERE { ?c owl:equivalentClass ?d } ORDER BY ?c"
        )
    }
    assert {e.iri for e in entries if e.told_by in (BY_CONDITION, BY_MEMBERS)} == defined
    conditions = [e.label for e in entries if e.told_by == BY_CONDITION]
    assert len(conditions) == 10
    twice = [label for label in set(conditions) if conditions.count(label) == 2]
    assert twice == ["co-production of enduring services"], "it stands under two"
    assert conditions[:2] == [
        "ceiling-breaching arrangement (by the text)",
        "ceiling-breaching arrangement (by the diagram)",
    ]


def test_the_page_shows_the_classes_as_they_stand_under_each_other() -> None:
    entries = [entry for tree in trees_of(graph().store) for entry in tree]
    classes = {entry.iri for entry in entries}
    shown: list[tuple[str, int, int]] = []
    notes: dict[str, set[str]] = {}

    def walk(nodes: tuple[Node, ...], depth: int) -> None:
        for node in nodes:
            if node.name.href in classes:
                shown.append((node.name.href, depth, node.number))
                notes.setdefault(node.name.href, set()).update(node.notes)
            walk(node.below, depth + 1)

    page = page_at(graph(), at("/concepts?by=kind"))
    walk(page.values["tree"], 0)  # type: ignore[arg-type]
    assert shown == [(e.iri, e.depth, 0 if e.is_again else e.number) for e in entries]
    assert notes[FOAF + "Organization"] == {"of another vocabulary"}
    assert notes[COP + "ExpandedFocusedArrangement"] == {
        "defined by a condition", "it stands further up too",
    }  # fmt: skip
    assert notes[COP + "ParticipationLevel"] == {"defined by the list of its members"}
    rows = {str(row["term"]): row for row in page.tables["terms"] if row["defined"]}
    assert rows.keys() == classes
    assert {iri: row["individuals"] for iri, row in rows.items()} == {
        entry.iri: entry.number for entry in entries
    }
    text = read("/concepts?by=kind").text
    assert "case (20 individuals) : Service arrangement" in text
    assert (
        f"{len(classes)} classes." in text and "individuals in scope" not in read("/concepts").text
    )
    assert "niveau de participation" in read("/concepts?by=kind&lang=fr").text


def test_classes_of_yours_stand_in_the_tree_too_and_in_a_ring(tmp_path: Path) -> None:
    path = tmp_path / "ring.ttl"
    path.write_text(
        HEAD.replace("@prefix e:", "@prefix owl: <http://www.w3.org/2002/07/owl#> .\n@prefix e:")
        + 'e:a a owl:Class ; rdfs:label "aaa"@en ; rdfs:subClassOf e:b .\n'
        'e:b a owl:Class ; rdfs:label "bbb"@en ; rdfs:subClassOf e:a, cop:Case, e:b .',
        encoding="utf-8",
    )
    own = coproduction.open(path)
    for query in ("", "&q=aaa"):
        text = Reader(html(page_at(own, at(f"/concepts?by=kind{query}")))).text
        assert "aaa" in text and "of another vocabulary" in text
        assert ("norm" in text) == (not query), "a search finds them by name"


@pytest.mark.parametrize("query", ["élevée", "e%CC%81leve%CC%81e", "ELEVEE", "high+participation"])
def test_the_tree_is_searched_in_all_languages_however_a_word_is_spelt(query: str) -> None:
    assert "HighParticipation" in terms(f"/concepts?q={query}")
    assert "LowParticipation" not in terms(f"/concepts?q={query}")


def test_a_term_has_the_words_of_the_source_with_their_place() -> None:
    page = page_at(graph(), at("/term/Complementary"))
    assert isinstance(page.values["quotations"], list)
    (quoted,) = page.values["quotations"]
    assert quoted.words.startswith("clients can perform tasks that complement")
    assert (quoted.locator.section, quoted.locator.line) == ("B.2", "51")
    assert "line 51" in body("/term/Complementary", "md")


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("/term/Complementary?lang=sv", "Pestoff's slides : avsnitt B.2, rad 51"),
        ("/claim/C51?lang=fr", "Pestoff's slides : section C, ligne 141"),
        ("/id/claim/C50", "Pestoff's slides : section C, line 141"),
    ],
)
def test_the_words_of_the_source_lead_to_its_page(url: str, told: str) -> None:
    page = read(url)
    assert told in page.text
    path = "../id/source/" if url.count("/") == 2 else "../source/"
    assert any(each["href"].startswith(f"{path}pestoff-slides") for each in page.of("a"))
    source = read("/id/source/pestoff-slides")
    assert "How to get it" in source.text and "dcterms:" not in source.text


def test_a_term_of_later_literature_leads_to_where_it_was_read() -> None:
    page = read("/term/IcnpoGroup3")
    assert "../id/publication/icnpo" in {each["href"] for each in page.of("a")}


def test_a_term_tells_how_it_can_be_read() -> None:
    page: Page = page_at(graph(), at("/term/Childcare"))
    doubts = page.values["doubts"]
    assert isinstance(doubts, list)
    assert {each.name.href.rpartition("/")[2] for each in doubts} == {"A7", "A27"}
    assert all([r.is_preferred for r in each.readings].count(True) == 1 for each in doubts)
    assert "(preferred)" in read("/id/ambiguity/A9").text


def test_a_text_in_another_language_is_marked() -> None:
    page = read("/term/Complementary?lang=sv")
    (definition,) = [each for each in page.of("p") if each.get("class") == "definition"]
    assert definition["lang"] == "en"
    assert "komplementär" in page.text and "Var det används" in page.text
    (heading,) = page.of("h1")
    assert "lang" not in heading


def test_a_term_links_to_other_vocabularies() -> None:
    page = page_at(graph(), at("/term/Childcare"))
    rows = page.tables["links"].rows
    assert {"stw", "eurovoc"} <= {row["vocabulary"] for row in rows}
    hrefs = {each["href"] for each in read("/term/Childcare").of("a")}
    assert "http://eurovoc.europa.eu/1133" in hrefs


def test_the_sections_of_a_source_stand_in_its_order_and_addresses_are_links() -> None:
    source = read("/id/source/pestoff-slides")
    hrefs = [each["href"] for each in source.of("a")]
    sections = [href.removeprefix("../section/") for href in hrefs if "/section/" in href]
    begin = ["title", "agenda", "a", "b", *(f"b-{number}" for number in range(1, 9))]
    assert sections == [*begin, "diagram-1", "c", "diagram-2", "references"]
    assert "https://co-p2p.mlog.taik.fi/files/2010/09/pestoff-npg-coprod-2010.pdf" in hrefs


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        ("at https://example.org/a?b=1&c=2, and (http://example.org/d).", 2),
        ("partnerships.org.uk/guide/ideas.htm; annamalina.co.uk/models", 2),
        ("abstract of doi 10.1007/s11266-012-9308-7", 1),
        ("and/or, 1/2, B.1/B.2, cop:atLine, a@example.org/b, locales/en.js, e.g. typeset.io", 0),
        ("<script>alert('1')</script> & javascript:x.y/z", 0),
    ],
)
def test_addresses_in_a_text_are_links_and_nothing_else_is(text: str, targets: int) -> None:
    page = Reader(str(linked(text)))
    found = [each["href"] for each in page.of("a")]
    assert len(found) == targets and not page.wrong and not page.of("script")
    assert all(re.fullmatch(r"https?://[^\s]+[\w/]", each) for each in found)
    assert "".join(page.texts) == text


def test_of_a_term_that_many_cases_have_some_are_shown_and_the_number_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("coproduction.pages.term.ALL", 3)
    monkeypatch.setattr("coproduction.pages.term.FEW", 5)
    monkeypatch.setattr("coproduction.pages.term.MOST", 1)
    page = page_at(graph(), at("/term/Childcare"))
    groups = page.values["said"]
    assert isinstance(groups, list)
    by_name = {group.head.text: group for group in groups}
    services = by_name["has service type"]
    everything = len(graph().query("SELECT DISTINCT ?s { ?s cop:hasServiceType cop:Childcare }"))
    assert (len(services.seen), len(services.folded)) == (1, 2)
    assert services.left_out == everything - 3
    assert f"{everything - 3} are not shown" in read("/term/Childcare").text


@pytest.mark.parametrize("asked", ["at=Nope", "at=a%20b", "by=zz", "open=some"])
def test_what_there_is_not_is_refused(asked: str) -> None:
    with pytest.raises(UnknownName):
        read(f"/concepts?{asked}")
