"""The terms: their tree, and the page on each."""

from __future__ import annotations

import pytest

from coproduction.errors import UnknownName
from coproduction.names import COP
from coproduction.pages.concepts import Node
from coproduction.pages.page import Page
from coproduction.pages.site import page_at

from .test_pages import at, body, graph, read


def tree(url: str) -> tuple[Node, ...]:
    found = page_at(graph(), at(url)).values["tree"]
    assert isinstance(found, tuple)
    return found


def terms(url: str) -> list[str]:
    return [str(row["term"]).removeprefix(COP) for row in page_at(graph(), at(url)).tables["terms"]]


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
    terms = page_at(graph(), at(f"/concepts?by={by}")).tables["terms"].rows
    assert names == {row["term"].removeprefix(COP) for row in terms} and len(names) > 600


@pytest.mark.parametrize("query", ["élevée", "e%CC%81leve%CC%81e", "ELEVEE", "high+participation"])
def test_the_tree_is_searched_in_all_languages_however_a_word_is_spelt(query: str) -> None:
    assert "HighParticipation" in terms(f"/concepts?q={query}")
    assert "LowParticipation" not in terms(f"/concepts?q={query}")


def test_a_term_has_the_words_of_the_source_with_their_place() -> None:
    page = page_at(graph(), at("/term/Complementary"))
    assert isinstance(page.values["quotations"], list)
    (quoted,) = page.values["quotations"]
    assert quoted.words.startswith("clients can perform tasks that complement")
    assert (quoted.section, quoted.line) == ("B.2", "51")
    assert "line 51" in body("/term/Complementary", "md")


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


@pytest.mark.parametrize("asked", ["at=Nope", "at=a%20b", "by=zz"])
def test_what_there_is_not_is_refused(asked: str) -> None:
    with pytest.raises(UnknownName):
        read(f"/concepts?{asked}")
