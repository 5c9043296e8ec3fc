"""The links read by two: the verdicts, the links as they are now, and the page say the same."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox
import pytest

from coproduction.knowledge.alignments import MATCHES, NO_TERM, Link, all_links
from coproduction.names import COP, OWL, PREFIXES, RDF
from coproduction.store.embedded import EmbeddedStore

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "decisions" / "0010-links-are-read-by-two.md").read_text(encoding="utf-8")
VERDICTS = ("right", "arguable", "wrong")
BY_DEFINITION = "by definition"
"""The decision on what both called right, and the other vocabulary's definition does not bear out."""
BY_LATER = "by a later reader"
"""The decision on what both called right, and a later reader showed to be otherwise."""


class Reading(NamedTuple):
    """A link as it was read, by its columns in docs/links-read-twice.tsv."""

    file: str
    subject_id: str
    object_id: str
    predicate_modifier: str
    predicate_read: str
    reader_one: str
    reader_one_proposed: str
    reader_two: str
    reader_two_proposed: str
    decision: str
    predicate_now: str

    @property
    def pair(self) -> tuple[str, str, str]:
        """The file and the two ends, the other one by its code."""
        return self.file, self.subject_id, self.object_id.partition(":")[2]

    @property
    def doubts(self) -> int:
        """How many readers did not call it right."""
        return (self.reader_one != "right") + (self.reader_two != "right")


def readings() -> list[Reading]:
    with (DOCS / "links-read-twice.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t")
        assert rows.fieldnames == list(Reading._fields)
        return [Reading(**row) for row in rows]


READ = readings()


def curie(iri: str) -> str:
    for prefix in ("skos", "rdfs", "cop"):
        base = PREFIXES[prefix]
        if iri.startswith(base):
            return f"{prefix}:{iri.removeprefix(base)}"
    raise AssertionError(iri)


def pair_of(link: Link) -> tuple[str, str, str]:
    """Give the file of a link and its two ends, as Reading.pair does."""
    subject = "cop:" + link.subject.removeprefix(COP)
    return f"{link.vocabulary}.sssom.tsv", subject, link.code


LINKS = {pair_of(link): link for link in all_links()}


def test_each_row_has_two_verdicts_and_a_proposal_where_it_is_doubted() -> None:
    assert len({reading.pair for reading in READ}) == len(READ)
    for reading in READ:
        for verdict, proposed in (
            (reading.reader_one, reading.reader_one_proposed),
            (reading.reader_two, reading.reader_two_proposed),
        ):
            assert verdict in VERDICTS, reading
            assert bool(proposed) == (verdict != "right"), reading
            assert proposed != reading.predicate_read, reading


def test_the_links_are_as_decided() -> None:
    for reading in READ:
        link = LINKS[reading.pair]
        assert curie(link.predicate) == reading.predicate_now, reading
        assert link.negated == (reading.predicate_modifier == "Not"), reading
        changed = reading.predicate_now != reading.predicate_read
        told = ("changed", BY_DEFINITION, BY_LATER) if changed else ("kept",)
        assert reading.decision in told, reading


def test_what_both_doubted_changed_and_what_both_called_right_did_not() -> None:
    for reading in READ:
        if reading.doubts != 1 and reading.decision not in (BY_DEFINITION, BY_LATER):
            assert (reading.decision == "changed") == (reading.doubts == 2), reading


def test_what_a_definition_decided_is_told_with_it() -> None:
    decided = {reading.pair for reading in READ if reading.decision == BY_DEFINITION}
    assert decided == {
        ("cofog.sssom.tsv", "cop:Childcare", "1040"),
        ("cofog.sssom.tsv", "cop:DisabilityCare", "1012"),
    }
    assert f"Two changed, `{BY_DEFINITION}` in the table" in PAGE
    for pair, other in zip(sorted(decided), ("09.1.1", "10.2.0"), strict=True):
        assert other in LINKS[pair].comment and "neither takes in the other" in LINKS[pair].comment


def test_what_a_later_reader_changed_is_otherwise_now_and_told() -> None:
    later = [reading for reading in READ if reading.decision == BY_LATER]
    assert all(reading.doubts == 0 for reading in later)
    assert {(reading.predicate_read, reading.predicate_now) for reading in later} == {
        ("skos:closeMatch", "skos:broadMatch"),
        ("skos:closeMatch", "skos:relatedMatch"),
        ("skos:broadMatch", "skos:relatedMatch"),
        ("skos:relatedMatch", "skos:broadMatch"),
    }
    words = {19: "nineteen"}
    assert f"doubted {words[len(later)]} links that both had called right" in PAGE


def test_a_service_is_no_kind_of_the_area_that_it_serves() -> None:
    """What a term of ours is in, by cop:inServiceArea, is no broader term of it elsewhere."""
    served = {"NeighborhoodWatch", "ResidentialSecurity"}
    links = [link for link in all_links() if link.subject.removeprefix(COP) in served]
    assert [link.code for link in links if curie(link.predicate) == "skos:broadMatch"] == []


def test_of_a_class_a_match_says_no_more_than_related() -> None:
    store = EmbeddedStore.packaged()
    kind, of_owl = ox.NamedNode(RDF + "type"), ox.NamedNode(OWL + "Class")
    classes = [
        link for link in all_links() if store.holds(ox.NamedNode(link.subject), kind, of_owl)
    ]
    assert len(classes) > 3
    allowed = {"skos:relatedMatch", "rdfs:subClassOf"}
    assert {curie(link.predicate) for link in classes if link.is_statement} <= allowed


def test_no_link_says_what_our_own_note_denies() -> None:
    (link,) = [
        link
        for link in all_links("essglobal")
        if link.subject == COP + "ParentCoop" and link.code == "OS80"
    ]
    assert curie(link.predicate) == "skos:relatedMatch" and "no user co-op" in link.comment


def test_an_exact_match_or_an_axiom_stands_where_both_called_it_right() -> None:
    right = {reading.pair for reading in READ if reading.doubts == 0}
    strong = {
        pair
        for pair, link in LINKS.items()
        if link.is_statement and link.predicate not in MATCHES[1:]
    }
    assert len(strong) > 5
    assert strong - right == set()


@pytest.mark.parametrize(
    ("subject", "target", "relation"),
    [
        ("WorkIntegration", "http://zbw.eu/stw/descriptor/11389-5", "broad"),
        ("SocialService", "http://eurovoc.europa.eu/4143", "narrow"),
        ("PublicSafety", "/cofog-2009/0310", "related"),
        ("WorkIntegration", "/cofog-2009/0412", "related"),
        ("NewPublicGovernance", "http://zbw.eu/stw/descriptor/20855-1", "related"),
        ("Company", "/organisational-structure/OS50", "related"),
        ("HealthCare", "/activities-ica/ICA170", "broad"),
        ("HealthCare", "/main-activity/health", "broad"),
        ("InformalGroup", "/organisational-structure/OS10", "related"),
        ("Childcare", "/cofog-2009/1040", "related"),
        ("DisabilityCare", "/cofog-2009/1012", "related"),
        ("PostalCodeUse", "/cofog-2009/0460", "broad"),
        ("PostalCodeUse", "http://zbw.eu/stw/descriptor/13274-5", "broad"),
        ("Housing", "http://zbw.eu/stw/descriptor/18754-1", "related"),
        ("Housing", "https://charityclassification.org.uk/data/tag_list/#HO", "broad"),
        ("RequiredVolunteering", "http://www.wikidata.org/entity/Q59208417", "related"),
    ],
)
def test_links_that_were_wrong_are_put_right(subject: str, target: str, relation: str) -> None:
    (link,) = [
        link
        for link in all_links()
        if link.subject == COP + subject and link.target.endswith(target)
    ]
    assert curie(link.predicate) == f"skos:{relation}Match" and link.is_statement


def test_no_property_of_ours_is_said_to_classify_a_public_service() -> None:
    """As with org:classification, whose range would make our values concepts."""
    links = [link for link in all_links("cpsv-ap") if link.code == "isClassifiedBy"]
    assert [curie(link.predicate) for link in links] == ["skos:relatedMatch"] * 7


def same(verdicts: list[tuple[str, str]]) -> int:
    return sum(one == two for one, two in verdicts)


def kappa(verdicts: list[tuple[str, str]]) -> float:
    """Give Cohen's kappa: agreement beyond what the two readers' habits alone would give."""
    n = len(verdicts)
    by_chance = sum(
        Counter(one for one, _ in verdicts)[verdict] * Counter(two for _, two in verdicts)[verdict]
        for verdict in VERDICTS
    )
    observed, expected = same(verdicts) / n, by_chance / n**2
    return (observed - expected) / (1 - expected)


def test_kappa_is_cohens() -> None:
    """By the worked example of two raters in 50 proposals, 20, 5, 10, 15: 0.4."""
    table = {("right", "right"): 20, ("right", "wrong"): 5, ("wrong", "right"): 10}
    verdicts = [pair for pair, n in (*table.items(), (("wrong", "wrong"), 15)) for _ in range(n)]
    assert kappa(verdicts) == pytest.approx(0.4)


def test_the_page_gives_the_figures_of_the_table() -> None:
    said = " ".join(PAGE.split())
    pairs = [(reading.reader_one, reading.reader_two) for reading in READ]
    exact = [p for p, r in zip(pairs, READ, strict=True) if r.predicate_read == "skos:exactMatch"]
    axioms = [p for p, r in zip(pairs, READ, strict=True) if r.predicate_read.startswith("rdfs:")]
    share = f"{same(pairs) / len(pairs):.1%}".replace("%", " %")
    assert (
        f"They gave {same(pairs)} of {len(pairs)} links the same verdict ({share}; Cohen's kappa "
        f"{kappa(pairs):.2f}): {same(exact)} of the {len(exact)} exact matches and {same(axioms)} "
        f"of the {len(axioms)} axioms."
    ) in said
    counted = Counter(pairs)
    for one in VERDICTS:
        row = " | ".join(str(counted[one, two]) for two in VERDICTS)
        assert f"\n| {one} | {row} |\n" in PAGE
    doubted = Counter(reading.decision for reading in READ if reading.doubts)
    assert (
        f"Of the {doubted.total()} links that either doubted, {doubted['changed']} changed and "
        f"{doubted['kept']} stand."
    ) in said
    weaker = Counter(
        reading.predicate_now for reading in READ if reading.predicate_read == "skos:exactMatch"
    )
    assert f"does not speak of ({weaker['skos:closeMatch']})" in said
    assert f"say so ({weaker['skos:broadMatch'] + weaker['skos:narrowMatch']})" in said


def test_the_page_names_the_links_that_came_in_afterwards() -> None:
    known = {reading.pair for reading in READ}
    later = {
        f"{link.vocabulary}:{link.code}"
        for pair, link in LINKS.items()
        if pair not in known and link.target != NO_TERM
    }
    named = re.search(r"taken back \(([^)]*)\)", PAGE)
    assert named is not None
    assert set(re.split(r",\s+", named[1])) <= later
