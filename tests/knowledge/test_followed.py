"""Values that follow from others of one record: decision rights from seats and powers."""

from __future__ import annotations

import csv
from itertools import chain, combinations, product
from pathlib import Path

import pyoxigraph as ox
import pytest

import coproduction
from coproduction.cases.loading import check_cases, load
from coproduction.export.case_sheet import write_cases
from coproduction.knowledge.case_record import case_record
from coproduction.knowledge.followed import Followed, followed_from
from coproduction.names import COP, PREFIXES, XSD
from coproduction.store.embedded import EmbeddedStore

POWERS = ("PowerToOwn", "PowerToEmploy", "PowerToDecide", "PowerToConsent", "PowerToBeHeard")
SEATS = {
    "untold": {},
    "none": {"userSeats": 0, "allSeats": 9},
    "few": {"userSeats": 4, "allSeats": 9},
    "half": {"userSeats": 6, "allSeats": 12},
    "most": {"userSeats": 5, "allSeats": 9},
    "of how many is not told": {"userSeats": 5},
    "number not told": {"hasSeatSelection": "ChosenByUsers"},
    "in person": {"hasSeatSelection": "InPerson"},
}
CASE = """
@prefix cop: <https://w3id.org/coproduction#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@base <https://example.org/> .
<case/x> a cop:Case ; rdfs:label "School"@en ; cop:summary "Parents sit on its board."@en ;
    cop:hasServiceType cop:BasicEducation ; cop:countryCode "SE" ; cop:startYear 1980 ;
    cop:hasProvider <o> ; cop:hasProviderSector cop:PublicSector ;
    cop:hasParticipantIdentity cop:RelativeOfClient ; cop:hasContribution cop:ManagementOrBoard ;
    cop:hasRelationIntensity cop:IntensiveOrEnduring ; dcterms:source <https://example.org/a> ;
    cop:hasPower cop:PowerToDecide ; cop:userSeats 6 ; cop:allSeats 11 ;
    cop:hasParticipationLevel cop:HighParticipation ; cop:hasCoding <case/x/coding/level> .
<case/x/coding/level> a cop:Coding ; cop:codedProperty cop:hasParticipationLevel ;
    cop:codingStatus cop:Interpreted ; cop:underRubric cop:RubricR0 .
<o> a foaf:Organization ; rdfs:label "Town"@en .
<seen> a cop:Observation ; cop:observes <case/x> ; cop:fromYear 1990 ; cop:toYear 1995 ;
    cop:hasPower cop:PowerToBeHeard ; dcterms:source <https://example.org/a> .
<norm> a cop:Norm ; rdfs:label "Boards"@en ; cop:countryCode "SE" ; cop:legalBasis "Act, 1"@en ;
    cop:hasServiceType cop:BasicEducation ; dcterms:source <https://example.org/a> ;
    cop:hasPower cop:PowerToConsent .
"""
SHEET = (
    "id,title,summary,service,country,start_year,provider,sector,participants,contributions,"
    "decision_rights,intensity,source,powers,user_seats,all_seats,seat_selection\n"
    "x,School,Parents sit on its board.,basic education,SE,1980,Town,public sector,relative,"
    "management or board,{rights},intensive and/or enduring,https://example.org/a,{seats}\n"
)
RIGHTS = "SELECT ?r WHERE { ?c a cop:Case ; cop:hasDecisionRights ?r }"


def told(powers: tuple[str, ...], seats: dict[str, int | str]) -> tuple[str, ...]:
    values = [("hasPower", power) for power in powers] + list(seats.items())
    return tuple(
        f'<{COP}{name}> "{value}"^^<{XSD}integer>'
        if isinstance(value, int)
        else f"<{COP}{name}> <{COP}{value}>"
        for name, value in values
    )


def rights(powers: tuple[str, ...], seats: dict[str, int | str]) -> str:
    found = followed_from(told(powers, seats))
    assert len(found) < 2
    return found[0].value.removeprefix(COP) if found else ""


@pytest.mark.parametrize(
    ("powers", "seats", "expected"),
    [
        ("PowerToOwn", "untold", "OwnershipOrEmployer"),
        ("PowerToOwn", "few", "OwnershipOrEmployer"),
        ("PowerToEmploy", "untold", "OwnershipOrEmployer"),
        ("PowerToEmploy", "few", "SharedMinority"),
        ("PowerToDecide", "most", "MajorityControl"),
        ("PowerToDecide", "in person", "MajorityControl"),
        ("PowerToDecide", "half", "SharedMinority"),
        ("PowerToDecide", "few", "SharedMinority"),
        ("PowerToDecide", "untold", ""),
        ("PowerToDecide", "of how many is not told", ""),
        ("PowerToDecide", "number not told", ""),
        ("PowerToDecide", "none", ""),
        ("PowerToConsent", "most", "SharedMinority"),
        ("PowerToConsent", "untold", "SharedMinority"),
        ("PowerToBeHeard", "number not told", "AdvisoryBody"),
        ("PowerToBeHeard", "most", "AdvisoryBody"),
        ("PowerToBeHeard", "untold", "Consulted"),
        ("PowerToBeHeard", "in person", "Consulted"),
        ("PowerToDecide PowerToBeHeard", "untold", ""),
        ("PowerToDecide PowerToOwn", "untold", "OwnershipOrEmployer"),
        ("PowerToDecide PowerToConsent PowerToBeHeard", "most", "MajorityControl"),
        ("", "most", ""),
    ],
)
def test_rights_follow_from_powers_and_seats(powers: str, seats: str, expected: str) -> None:
    assert rights(tuple(powers.split()), SEATS[seats]) == expected


def test_the_finding_knows_the_same_rule() -> None:
    """For all powers at all seats: each value but the one that follows is told, or none is."""
    store, follows = ox.Store(), {}
    steps = [choice.iri for choice in case_record().field("decision_rights").choices]
    sets = chain.from_iterable(combinations(POWERS, n) for n in range(len(POWERS) + 1))
    for powers in sets:
        for name, seats in SEATS.items():
            for step in steps:
                node = f"urn:{'-'.join(powers)}:{name.replace(' ', '-')}:{step[-6:]}"
                lines = [*told(powers, seats), f"<{COP}hasDecisionRights> <{step}>"]
                text = "".join(f"<{node}> {line} .\n" for line in lines)
                store.load(input=text.encode(), format=ox.RdfFormat.N_TRIPLES)
                value = rights(powers, seats)
                follows[node] = bool(value) and step != COP + value
    rule = next(r for r in case_record().rules if r.shape == "Rule-rightsAgainstPowers")
    answer = store.query(rule.select, prefixes=PREFIXES)
    found = {solution["this"].value for solution in answer}  # type: ignore[union-attr]
    assert found == {node for node, is_told in follows.items() if is_told}


def test_nothing_follows_where_rights_are_recorded_or_coded_unknown(tmp_path: Path) -> None:
    assert not followed_from((*told(("PowerToOwn",), {}), f"<{COP}hasDecisionRights> <{COP}X>"))
    path = tmp_path / "cases.csv"
    path.write_text(SHEET.format(rights="unknown", seats="owns,,,"), encoding="utf-8")
    assert [r["r"] for r in coproduction.open(path).query(RIGHTS).rows] == []


@pytest.mark.slow
def test_a_row_needs_no_rights_that_follow(tmp_path: Path) -> None:
    path, store = tmp_path / "cases.csv", tmp_path / "store"
    path.write_text(SHEET.format(rights="", seats="decides; heard,6,11,"), encoding="utf-8")
    outcome = load(path, store)
    assert (outcome.loaded, outcome.problems) == (1, [])
    kg = coproduction.open(store=store)
    row = kg.query(
        """SELECT ?r ?level ?r0 ?status (GROUP_CONCAT(STRAFTER(STR(?basis), "#"); separator=" ")
            AS ?based)
        WHERE { ?c cop:hasDecisionRights ?r ; cop:hasParticipationLevel ?level ;
            cop:levelUnderR0 ?r0 ; cop:hasCoding ?coding .
          ?coding cop:codedProperty cop:hasDecisionRights ; cop:codingStatus ?status ;
            cop:basedOn ?basis } GROUP BY ?r ?level ?r0 ?status"""
    ).rows[0]
    assert row["r"] == COP + "MajorityControl"
    assert row["level"] == row["r0"] == COP + "HighParticipation"
    assert row["status"] == COP + "Interpreted"
    assert set(row["based"].split()) == {"hasPower", "userSeats", "allSeats"}
    # Out again: the cell is empty, as it was, so that it follows anew where the seats change.
    again = tmp_path / "again.csv"
    write_cases(kg.store, again)
    with again.open(encoding="utf-8-sig", newline="") as file:
        cells = next(csv.DictReader(file))
    assert (cells["decision rights"], cells["level"]) == ("", "")
    assert (cells["seats of users"], cells["seats in all"]) == ("6", "11")
    outcome = load(again, store)
    assert (outcome.loaded, outcome.unchanged, outcome.set_aside) == (0, 1, 0)


@pytest.mark.parametrize(
    ("rights_cell", "seats", "rule", "level"),
    [
        ("", "decides,,,", "Case-decision_rights", "error"),
        ("advisory body", "decides,6,11,", "Rule-rightsAgainstPowers", "warning"),
        ("majority", "decides,12,11,", "Rule-seatsBeyondAll", "error"),
    ],
)
def test_what_is_wrong_with_seats_and_powers_is_told(
    rights_cell: str, seats: str, rule: str, level: str, tmp_path: Path
) -> None:
    path = tmp_path / "cases.csv"
    path.write_text(SHEET.format(rights=rights_cell, seats=seats), encoding="utf-8")
    problems = check_cases(path).problems
    assert [(problem.rule, problem.level) for problem in problems] == [(rule, level)]


@pytest.mark.slow
def test_rdf_has_what_follows_loaded_opened_and_in_another_year(tmp_path: Path) -> None:
    path = tmp_path / "cases.ttl"
    path.write_text(CASE, encoding="utf-8")
    assert check_cases(path).problems == []
    load(path, tmp_path / "store")
    for kg, expected in (
        (coproduction.open(store=tmp_path / "store"), "MajorityControl"),
        (coproduction.open(path), "MajorityControl"),
        (coproduction.open(path, at=1985), "MajorityControl"),
        (coproduction.open(path, at=1992), "Consulted"),
    ):
        assert [row["r"] for row in kg.query(RIGHTS).rows] == [COP + expected]
        given = kg.query("SELECT ?r { ?n a cop:Norm ; cop:hasDecisionRights ?r }").rows
        assert [row["r"] for row in given] == [COP + "SharedMinority"]
        assert not kg.query("SELECT ?c { ?n a cop:Norm ; cop:hasCoding ?c }").rows
    seats = coproduction.open(path, at=1992).query(
        "SELECT ?s ?p ?l WHERE { ?c a cop:Case ; cop:hasPower ?p ; cop:levelUnderR0 ?l "
        "OPTIONAL { ?c cop:userSeats ?s } }"
    )
    row = seats.rows[0]
    assert (row["p"], row["l"]) == (COP + "PowerToBeHeard", COP + "MediumParticipation")
    assert not row.get("s"), "the seats of another year go with its rights"


def test_the_coding_of_what_follows_has_a_name_of_its_own() -> None:
    followed = Followed(COP + "hasDecisionRights", COP + "Consulted", (COP + "hasPower",))
    assert followed.coding_of("urn:x") == "urn:x/coding/hasDecisionRights"


def test_an_explanation_says_from_what_a_value_follows(tmp_path: Path) -> None:
    path = tmp_path / "cases.ttl"
    path.write_text(CASE, encoding="utf-8")
    iri = "https://example.org/case/x"
    told = str(coproduction.open(path).explain(iri))
    follows = "(interpreted, follows from seats in all, powers, seats of users, [1])"
    assert f"decision rights: majority {follows}" in told
    assert "seats of users: 6 (stated, [1])" in told
    assert "folgt aus" in str(coproduction.open(path).explain(iri, lang="de"))


CONTACTS = {
    ("SporadicContact", ""): "SporadicAndDistant",
    ("SporadicContact", "ShortTermRelation"): "",
    ("SporadicContact", "EnduringRelation"): "",
    ("IntermittentContact", ""): "",
    ("IntermittentContact", "ShortTermRelation"): "IntermittentOrShortTerm",
    ("IntermittentContact", "EnduringRelation"): "IntensiveOrEnduring",
    ("IntensiveContact", ""): "",
    ("IntensiveContact", "ShortTermRelation"): "IntermittentOrShortTerm",
    ("IntensiveContact", "EnduringRelation"): "IntensiveOrEnduring",
    ("", "ShortTermRelation"): "",
    ("", "EnduringRelation"): "",
}


def relation(contact: str, duration: str) -> tuple[str, ...]:
    values = (("hasContact", contact), ("hasDuration", duration))
    return tuple(f"<{COP}{name}> <{COP}{value}>" for name, value in values if value)


@pytest.mark.parametrize(("contact", "duration"), CONTACTS)
def test_the_intensity_follows_from_contact_and_duration(contact: str, duration: str) -> None:
    expected = CONTACTS[contact, duration]
    found = [each.value.removeprefix(COP) for each in followed_from(relation(contact, duration))]
    assert found == [expected] * bool(expected)
    recorded = f"<{COP}hasRelationIntensity> <{COP}SporadicAndDistant>"
    assert not followed_from((*relation(contact, duration), recorded))


MEET_AGAIN = "staff and the same clients meet again, at intervals or on most days, and do so for "
DEFINED = {
    "SporadicAndDistant": (
        "contact comes about on single occasions, or without a meeting, so that staff and their "
        "clients do not get to know each other and have no relation that could be short or long",
        {"SporadicContact"},
        {""},
    ),
    "IntermittentOrShortTerm": (
        MEET_AGAIN + "less than a year",
        {"IntermittentContact", "IntensiveContact"},
        {"ShortTermRelation"},
    ),
    "IntensiveOrEnduring": (
        MEET_AGAIN + "a year or more",
        {"IntermittentContact", "IntensiveContact"},
        {"EnduringRelation"},
    ),
}
"""Each intensity: what its definition says, the contacts that meet it, and the durations."""


def test_the_rule_of_intensities_does_what_their_definitions_say() -> None:
    """All pairs of contact and duration, told or not: at most one definition holds, by the rule."""
    store = EmbeddedStore.packaged()
    values: dict[str, dict[str, str]] = {"RelationIntensity": {}, "Contact": {}, "Duration": {}}
    for kind, found in values.items():
        answer = store.query(f"SELECT ?v ?d {{ ?v a cop:{kind} ; skos:definition ?d }}")
        for row in answer:  # type: ignore[union-attr]
            found[row["v"].value.removeprefix(COP)] = row["d"].value
    said = {name: f"Intensity at which {text}." for name, (text, _, _) in DEFINED.items()}
    assert values["RelationIntensity"] == said
    pairs = set(product((*values["Contact"], ""), (*values["Duration"], "")))
    assert set(CONTACTS) | {("", "")} == pairs
    undecided = set()
    for contact, duration in pairs:
        meant = [n for n, (_, who, long) in DEFINED.items() if contact in who and duration in long]
        follows = followed_from(relation(contact, duration))
        assert [each.value.removeprefix(COP) for each in follows] == meant, (contact, duration)
        assert len(meant) <= 1
        if contact and duration and not meant:
            undecided.add(contact)
    assert undecided == {"SporadicContact"}, "what the scope note of the first value says"


def test_the_finding_of_intensities_knows_the_same_rule() -> None:
    store, follows = ox.Store(), {}
    for number, ((contact, duration), value) in enumerate(CONTACTS.items()):
        for step in case_record().field("intensity").choices:
            node = f"urn:{number}:{step.iri[-8:]}"
            lines = [*relation(contact, duration), f"<{COP}hasRelationIntensity> <{step.iri}>"]
            text = "".join(f"<{node}> {line} .\n" for line in lines)
            store.load(input=text.encode(), format=ox.RdfFormat.N_TRIPLES)
            follows[node] = bool(value) and step.iri != COP + value
    rule = next(r for r in case_record().rules if r.shape == "Rule-intensityAgainstContact")
    answer = store.query(rule.select, prefixes=PREFIXES)
    found = {solution["this"].value for solution in answer}  # type: ignore[union-attr]
    assert found == {node for node, is_told in follows.items() if is_told}


def test_short_contact_is_not_taken_as_enduring_and_lasting_contact_is(tmp_path: Path) -> None:
    """What counts as co-production of enduring services rests on the duration, where it is told."""
    path = tmp_path / "cases.csv"
    head = SHEET.partition("\n")[0].replace(",powers,user_seats,all_seats,seat_selection", "")
    row = (
        "{id},School,Parents sit on its board.,basic education,SE,1980,Town,public sector,relative,"
        "management or board,majority,,https://example.org/a,{relation}\n"
    )
    rows = (
        row.format(id="short", relation="intensive contact,short-term relation,collective action"),
        row.format(
            id="lasting", relation="intermittent contact,enduring relation,collective action"
        ),
    )
    path.write_text(f"{head},contact,duration,act_type\n{''.join(rows)}", encoding="utf-8")
    assert check_cases(path).problems == []
    result = coproduction.open(path).ask("cases-by-definition")
    counts = {
        str(row["case"]).rpartition("/")[2]: row["counts"]
        for row in result.rows
        if str(row["definition"]).endswith("expanded-focused")
    }
    assert counts == {"short": "does not count", "lasting": "counts"}
