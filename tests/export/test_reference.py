"""The reference of all terms: every term once, every link leads somewhere, languages are marked."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pyoxigraph as ox
import pytest

from coproduction import KnowledgeGraph
from coproduction.errors import UnknownName
from coproduction.export.reference import SECTIONS, sections
from coproduction.export.reference_forms import reference
from coproduction.names import COP, ONTOLOGY_IRI, RDFS

from ..conftest import Run

VOID = {"meta", "br", "link"}


class Page(HTMLParser):
    """What a page of HTML holds, and whether each element is closed where it should be."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: Counter[str] = Counter()
        self.targets: set[str] = set()
        self.outside: list[str] = []
        self.headings: list[str] = []
        self.languages: set[str] = set()
        self.open: list[str] = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if "id" in said:
            self.ids[said["id"]] += 1
        if said.get("href", "").startswith("#"):
            self.targets.add(said["href"][1:])
        self.outside += [said[name] for name in ("src", "href") if "//" in said.get(name, "")]
        self.languages.update({said["lang"]} if "lang" in said else ())
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def own(kg: KnowledgeGraph) -> set[str]:
    """The local names of all terms that say that our ontology defines them."""
    defined = kg.store.statements(
        None, ox.NamedNode(RDFS + "isDefinedBy"), ox.NamedNode(ONTOLOGY_IRI)
    )
    return {quad.subject.value.removeprefix(COP) for quad in defined}  # type: ignore[union-attr]


@pytest.mark.slow
def test_each_term_stands_there_once(kg: KnowledgeGraph, own: set[str]) -> None:
    anchors = Counter(entry.anchor for part in sections(kg.store) for entry in part.entries)
    assert set(anchors) == own and set(anchors.values()) == {1}
    assert [part.anchor for part in sections(kg.store)] == list(SECTIONS)


@pytest.mark.slow
def test_the_page_stands_alone_and_its_links_lead_somewhere(
    kg: KnowledgeGraph, own: set[str]
) -> None:
    page = Page(reference(kg.store, "html"))
    assert set(page.ids) >= own | set(SECTIONS) and set(page.ids.values()) == {1}
    assert page.targets <= set(page.ids)
    assert page.outside == []
    assert page.languages == {"en", "sv", "de", "fr"}
    levels = [int(heading[1]) for heading in page.headings]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


@pytest.mark.slow
def test_in_markdown_each_link_leads_to_an_anchor(kg: KnowledgeGraph, own: set[str]) -> None:
    text = reference(kg.store, "md")
    anchors = re.findall(r'<a id="([^"]+)">', text)
    assert set(anchors) == own | set(SECTIONS) and len(anchors) == len(set(anchors))
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= set(anchors)


def block(text: str, anchor: str) -> str:
    """Give what a page of Markdown says of a term."""
    return re.split(r"(?m)^##", text[text.index(f'id="{anchor}"') :], maxsplit=1)[0]


def test_what_is_said_of_a_class_a_value_and_a_property(kg: KnowledgeGraph) -> None:
    text = reference(kg.store, "md")
    said = block(text, "ParticipationLevel")
    assert "deltagandenivå (not reviewed) (sv)" in said
    assert "- kind of: [scale value](#ScaleValue)" in said
    assert "- values: [high participation](#HighParticipation)" in said
    assert "- place in the source: Pestoff's slides: B.8, line 125" in said
    said = block(text, "HighParticipation")
    assert "`cop:HighParticipation` ([participation level](#ParticipationLevel))" in said
    assert "- example: Falls under it: " in said and "- rank: 3" in said
    said = block(text, "hasParticipationLevel")
    assert "- from: service arrangement or placement or observation" in said
    assert "- condition: service arrangement and " in block(text, "CeilingBreachingArrangement")
    assert text.index('id="former"') < text.index('id="Load"'), "a deprecated term stands apart"


@pytest.mark.slow
def test_the_headings_are_in_the_language_asked_for(kg: KnowledgeGraph) -> None:
    german = block(reference(kg.store, "md", "de"), "HighParticipation")
    assert german.startswith('id="HighParticipation"></a>hohe Beteiligung (de)')
    assert "- in other languages: high participation; " in german
    assert '<h3><span lang="sv">högt deltagande</span> (sv)</h3>' in reference(
        kg.store, "html", "sv"
    )


@pytest.mark.slow
def test_a_text_is_shown_as_it_is(kg: KnowledgeGraph) -> None:
    assert "<script" not in reference(kg.store, "html")
    assert kg.export("html") == kg.export("html"), "the same bytes twice"
    with pytest.raises(UnknownName):
        reference(kg.store, "docx")


@pytest.mark.slow
def test_the_command_writes_what_the_ending_says(run: Run, tmp_path: Path) -> None:
    for name, begins in (("terms.html", "<!DOCTYPE html>"), ("terms.md", "# The terms")):
        assert run("export", "--as", "terms", "-o", str(tmp_path / name)).code == 0
        assert (tmp_path / name).read_text(encoding="utf-8").startswith(begins)
    assert run("export", "--as", "terms").out.startswith("# The terms")
    assert run("export", "--as", "terms", "-o", str(tmp_path / "terms.ttl")).code == 2
    assert run("export", "--as", "terms", "--format", "ttl").code == 2
