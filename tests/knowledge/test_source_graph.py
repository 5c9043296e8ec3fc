"""The graph of the source: no judgement of ours stands in it, and no label says more than the text.

A label of a claim is our wording. What limits a claim in the words that are quoted (often, only,
can, in France) stands in its label too, in the same word or in one that says as much.
"""

from __future__ import annotations

import re
from collections import defaultdict

import pyoxigraph as ox
import pytest

from coproduction.knowledge.case_record import case_record
from coproduction.knowledge.terms import describe, find_term
from coproduction.names import COP, GRAPH, ID, RDF, RDFS, SKOS
from coproduction.store.embedded import EmbeddedStore

from ..tools import CLAIMS

OURS = (
    "argument", "claimKind", "dependsOnAmbiguity", "hasConfidence", "hasReading", "hasTestability",
    "lacksField", "preferredReading", "readingText", "secondaryClaimKind", "underReading",
)  # fmt: skip
"""Properties by which this project judges what the source says."""
LIMITS = {
    "all the more": "all the more", "both": "both", "can": "can", "certain": "certain",
    "clearly": "clearly", "continued": "continued", "current market prices": "current market prices",
    "direct": "direct", "distinct": "distinct", "either": "either|formal or informal",
    "enduring": "enduring", "france": "france", "germany": "germany", "greater": "greater|more",
    "high quality": "high quality", "important": "important", "informal": "informal",
    "local": "local", "long-term": "long-term", "many": "many", "marginal": "marginal",
    "more than": "more than", "must": "must", "neither": "no more", "often": "often",
    "only": "only", "regular": "regular", "several": "several", "short-term": "short-term",
    "some": "a condition of the service", "spontaneous": "spontaneous", "substantial": "substantial",
    "sweden": "sweden", "unique": "unique", "want": "want", "willing": "willing",
}  # fmt: skip
"""Words that limit what is claimed, and what says as much in a label."""


@pytest.fixture(scope="module")
def store() -> EmbeddedStore:
    return EmbeddedStore.packaged()


def texts(store: EmbeddedStore, name: str) -> dict[str, list[str]]:
    """Give the texts that a property gives to each claim."""
    found: dict[str, list[str]] = defaultdict(list)
    for quad in store.statements(None, ox.NamedNode(name)):
        if "/id/claim/" in getattr(quad.subject, "value", ""):
            found[quad.subject.value.rpartition("/")[2]].append(str(quad.object.value).lower())  # type: ignore[union-attr]
    return found


def dropped(label: str, quoted: str) -> list[str]:
    """Give the limits that a quotation has and a label has not."""
    return [
        limit
        for limit, kept in LIMITS.items()
        if re.search(rf"\b{limit}\b", quoted) and not re.search(rf"\b({kept})\b", label)
    ]


def test_no_judgement_of_ours_stands_in_the_graph_of_the_source(store: EmbeddedStore) -> None:
    graph = ox.NamedNode(GRAPH + "source")
    assert next(store.inner.quads_for_pattern(None, ox.NamedNode(COP + "claimId"), None, graph))
    judged = [
        (str(quad.subject), name)
        for name in OURS
        for quad in store.inner.quads_for_pattern(None, ox.NamedNode(COP + name), None, graph)
    ]
    assert judged == []


def test_what_the_micro_level_is_called_rests_on_a_reading(store: EmbeddedStore) -> None:
    form, micro = ox.NamedNode(COP + "hasCoproductionForm"), ox.NamedNode(COP + "MicroLevel")
    graphs = {
        quad.graph_name.value.removeprefix(GRAPH)  # type: ignore[union-attr]
        for quad in store.inner.quads_for_pattern(micro, form, None)
    }
    assert graphs == {"interpretation"}


@pytest.mark.parametrize(
    ("subject", "graph"),
    [("NeighborhoodWatchGroup", "source"), ("NeighborhoodWatch", "interpretation")],
)
def test_collective_action_is_said_of_the_group_and_read_into_the_service(
    store: EmbeddedStore, subject: str, graph: str
) -> None:
    node, action = ox.NamedNode(COP + subject), ox.NamedNode(COP + "CollectiveAction")
    quads = store.inner.quads_for_pattern(node, ox.NamedNode(COP + "exemplifies"), action)
    assert {quad.graph_name.value.removeprefix(GRAPH) for quad in quads} == {graph}  # type: ignore[union-attr]


def test_what_is_inferred_of_a_service_names_what_it_rests_on(store: EmbeddedStore) -> None:
    graph = ox.NamedNode(GRAPH + "interpretation")
    social = store.inner.quads_for_pattern(
        None, ox.NamedNode(COP + "isKindOf"), ox.NamedNode(COP + "SocialService"), graph
    )
    subjects = [quad.subject for quad in social]
    assert len(subjects) == 8
    for subject in subjects:
        assert f"{ID}ambiguity/A27" in {
            quad.object.value
            for quad in store.statements(subject, ox.NamedNode(COP + "dependsOnAmbiguity"))
        }
    like = list(store.inner.quads_for_pattern(None, ox.NamedNode(COP + "isLike"), None, graph))
    assert len(like) == 4
    kinds = store.inner.quads_for_pattern(None, ox.NamedNode(COP + "isKindOf"), None, graph)
    like += [quad for quad in kinds if quad.object.value != COP + "SocialService"]  # type: ignore[union-attr]
    assert len(like) == 7
    close = store.inner.quads_for_pattern(None, ox.NamedNode(SKOS + "closeMatch"), None, graph)
    assert {(quad.subject, quad.object) for quad in close} == {
        (quad.subject, quad.object) for quad in like
    }, "queries that were written before cop:isLike find the same"
    wordings = set()
    for quad in like:
        depends = store.statements(quad.subject, ox.NamedNode(COP + "dependsOnAmbiguity"))
        if f"{ID}ambiguity/A28" in {each.object.value for each in depends}:
            wordings.add(str(getattr(quad.subject, "value", "")).removeprefix(COP))
    assert wordings == {
        "AlternativeChildcare",
        "ParentCoopChildcare",
        "PreschoolService",
        "ElementaryEducation",
        "CoopHealthCare",
    }
    every = store.query("SELECT ?reading { ?any cop:underReading ?reading }")
    of_one = store.query("SELECT ?reading { ?a cop:hasReading|cop:preferredReading ?reading }")
    used, owned = ({str(row["reading"]) for row in each} for each in (every, of_one))
    assert used <= owned, "a reading is one of an ambiguity"


def test_what_rests_on_a_reading_says_so_on_the_statement(store: EmbeddedStore) -> None:
    """Each axiom is about a statement that is there, and names a reading, preferred but for acts."""
    answer = store.query(
        """SELECT ?property ?reading ?said (COUNT(*) AS ?n) {
          ?axiom a owl:Axiom ; owl:annotatedSource ?s ; owl:annotatedProperty ?property ;
              owl:annotatedTarget ?o ; cop:underReading ?reading .
          ?s ?property ?o . ?ambiguity ?said ?reading
          FILTER(?said IN (cop:preferredReading, cop:hasReading)) }
        GROUP BY ?property ?reading ?said"""
    )
    assert isinstance(answer, ox.QuerySolutions)
    solutions = list(answer)
    other = {
        str(row["property"]) for row in solutions if row["said"] == ox.NamedNode(COP + "hasReading")
    }
    assert other == {str(ox.NamedNode(COP + "namesAct"))}
    found = {
        (
            str(getattr(row["property"], "value", "")).removeprefix(COP),
            str(getattr(row["reading"], "value", "")).removeprefix(f"{ID}reading/"),
        ): int(str(getattr(row["n"], "value", "")))
        for row in solutions
    }
    assert found == {
        ("isLike", "A10-distinct-related"): 2,
        ("isLike", "A28-services-of-the-diagram"): 2,
        ("isKindOf", "A28-services-of-the-diagram"): 3,
        ("namesAct", "A26-act"): 2,
        ("hasServiceType", "A26-service"): 4,
        ("hasProvisionForm", "A8-row-alignment"): 18,
        ("hasProviderSector", "A8-row-alignment"): 14,
        ("outsideDefinition", "A14-outside"): 6,
        ("isKindOf", "A27-welfare-services"): 8,
        ("inServiceArea", "A11-separate-services"): 1,
        ("exemplifies", "A12-no-implication"): 1,
        ("hasCoproductionForm", "A5-co-production"): 1,
    }
    axioms = store.query("SELECT (COUNT(?a) AS ?n) { ?a a owl:Axiom }")
    assert isinstance(axioms, ox.QuerySolutions)
    assert [int(str(getattr(row["n"], "value", ""))) for row in axioms] == [sum(found.values())]


def test_a_reading_stands_beside_the_statement_that_rests_on_it_alone() -> None:
    """Not beside the one the other way round; and all of them, where there are several."""
    store, text = (
        EmbeddedStore.packaged(),
        f"""
        PREFIX cop: <{COP}> PREFIX owl: <http://www.w3.org/2002/07/owl#>
        PREFIX reading: <https://w3id.org/coproduction/id/reading/> PREFIX e: <https://example.org/>
        INSERT DATA {{ GRAPH e:g {{ e:a cop:isLike e:b . e:b cop:isLike e:a . [] a owl:Axiom ;
            owl:annotatedSource e:a ; owl:annotatedProperty cop:isLike ; owl:annotatedTarget e:b ;
            cop:underReading reading:A9-text , reading:A9-diagram }} }}""",
    )
    store.update(text)
    card = describe(store, "https://example.org/a")
    (says,), (used,) = card.facts, card.uses
    assert used.reading == "" and says.reading.count("A9") == 2


def test_the_card_of_a_term_tells_the_reading_of_a_statement(store: EmbeddedStore) -> None:
    told = "(A28: services of the diagram)"
    card = describe(store, COP + "PreschoolService")
    (like,) = [fact for fact in card.facts if fact.property == COP + "isLike"]
    assert like.told() == f"childcare {told}"
    other = describe(store, COP + "Childcare")
    likes = [use.told() for use in other.uses if use.property == COP + "isLike"]
    assert len(likes) == 1 and all(each.endswith(told) for each in likes)
    kinds = [use.told() for use in other.uses if use.property == COP + "isKindOf"]
    assert len(kinds) == 2 and all(each.endswith(told) for each in kinds)
    assert not any(fact.reading for fact in card.facts if fact.property != COP + "isLike")


def test_the_two_places_of_the_ceiling_and_the_rubrics_name_their_reading(
    store: EmbeddedStore,
) -> None:
    def reading_of(iri: str) -> list[str]:
        found = store.values(ox.NamedNode(iri), COP + "underReading")
        return [str(getattr(each, "value", "")).removeprefix(f"{ID}reading/") for each in found]

    assert reading_of(f"{COP}CeilingBreachingArrangement") == ["A9-diagram"]
    assert reading_of(f"{COP}TextCeilingBreachingArrangement") == ["A9-text"]
    assert reading_of(f"{ID}ceiling/between-medium-and-high") == ["A9-diagram"]
    assert reading_of(f"{ID}ceiling/between-low-and-medium") == ["A9-text"]
    assert reading_of(f"{COP}RubricR0") == ["A29-decision-rights"]
    assert reading_of(f"{COP}RubricR1") == ["A29-rights-or-work"]
    assert reading_of(f"{COP}RubricR2") == ["A29-work"]
    for level in ("Low", "Medium", "High"):
        assert reading_of(f"{COP}{level}Participation") == ["A29-decision-rights"]
    for intensity in ("SporadicAndDistant", "IntermittentOrShortTerm", "IntensiveOrEnduring"):
        both = ["A15-two-variables", "A25-contact-and-duration"]
        assert sorted(reading_of(COP + intensity)) == both


OWN = {
    "placesService": "hasServiceType",
    "placesInSector": "hasProviderSector",
    "placesInForm": "hasProvisionForm",
    "placesAtLevel": "hasParticipationLevel",
    "placesAtIntensity": "hasRelationIntensity",
}
"""The properties of placements alone, and the shared one above each."""


def test_a_placement_says_by_properties_of_its_own_what_it_says_by_the_shared_ones(
    store: EmbeddedStore,
) -> None:
    """So that none of them has to be read as a property of an arrangement; queries keep theirs."""
    answer = store.query(
        "SELECT ?own ?shared { ?own rdfs:domain cop:Placement ; rdfs:subPropertyOf ?shared }"
    )
    assert isinstance(answer, ox.QuerySolutions)
    pairs = [(str(row["own"])[1:-1], str(row["shared"])[1:-1]) for row in answer]
    assert dict(pairs) == {COP + own: COP + shared for own, shared in OWN.items()}
    for own, shared in pairs:
        by_own, by_shared = (
            {(quad.subject, quad.object) for quad in store.statements(None, ox.NamedNode(prop))}
            for prop in (own, shared)
        )
        placed = {(s, o) for s, o in by_shared if "/placement/" in str(s)}
        assert by_own == placed and len(by_own) in (14, 18)
        (above,) = store.values(ox.NamedNode(own), RDFS + "range")
        assert [above] == store.values(ox.NamedNode(shared), RDFS + "range")


def test_a_card_tells_what_is_stated_twice_once(store: EmbeddedStore) -> None:
    placement = describe(store, f"{ID}placement/high-childcare")
    told = [fact.property.removeprefix(COP) for fact in placement.facts]
    assert set(OWN.values()) <= set(told) and not OWN.keys() & set(told)
    level = describe(store, COP + "HighParticipation")
    used = [use.property.removeprefix(COP) for use in level.uses]
    assert "hasParticipationLevel" in used and "placesAtLevel" not in used


def test_the_card_of_a_placement_tells_which_statement_rests_on_which_reading(
    store: EmbeddedStore,
) -> None:
    card = describe(store, f"{ID}placement/medium-tenant-maintenance")
    told = {fact.property.removeprefix(COP): fact.reading for fact in card.facts if fact.reading}
    assert {name: reading.partition(":")[0] for name, reading in told.items()} == {
        "hasServiceType": "A26",
        "hasProvisionForm": "A8",
        "hasProviderSector": "A8",
        "outsideDefinition": "A14",
    }


@pytest.mark.parametrize("claim", ["claim/C33", "claim-part/C33-individual"])
def test_the_kinds_of_act_are_no_definition_of_their_class(
    store: EmbeddedStore, claim: str
) -> None:
    assert named(store, ox.NamedNode(ID + claim), "claimPredicate") < {"hasKinds", "hasKind"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("postal codes", "PostalCodeUse"),
        ("using postal codes", "PostalCodeUse"),
        ("income tax", "IncomeTaxFiling"),
        ("filing personal income tax forms", "IncomeTaxFiling"),
    ],
)
def test_a_service_is_found_by_the_act_that_the_source_names(
    store: EmbeddedStore, name: str, value: str
) -> None:
    """What citizens do is no other name of the service, and is looked up and read all the same."""
    assert find_term(store, name) == COP + value
    assert not store.values(ox.NamedNode(COP + value), SKOS + "altLabel")
    (service,) = (c for c in case_record().field("service").choices if c.iri == COP + value)
    assert name in service.names


def test_the_label_of_a_claim_keeps_what_limits_it(store: EmbeddedStore) -> None:
    labels, quoted = texts(store, RDFS + "label"), texts(store, COP + "quotedText")
    assert len(labels) == len(quoted) == CLAIMS
    lost = {claim: dropped(labels[claim][0], " ".join(quoted[claim])) for claim in labels}
    assert {claim: words for claim, words in lost.items() if words} == {}
    assert sum(bool(dropped("", " ".join(each))) for each in quoted.values()) > 30


def test_a_limit_that_is_dropped_is_seen() -> None:
    assert dropped("state and market allow it", "they often can") == ["can", "often"]


def named(store: EmbeddedStore, node: ox.NamedNode, name: str) -> set[str]:
    """Give the local names, or the texts, that a node has by a property of ours."""
    found = store.statements(node, ox.NamedNode(COP + name))
    return {re.split("[#/]", str(getattr(quad.object, "value", "")))[-1] for quad in found}


def test_a_claim_in_parts_has_what_its_parts_have_together(store: EmbeddedStore) -> None:
    parts: dict[str, set[ox.NamedNode]] = defaultdict(set)
    for quad in store.statements(None, ox.NamedNode(COP + "hasClaimPart")):
        assert isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode)
        parts[quad.subject.value].add(quad.object)
    assert {claim.rpartition("/")[2] for claim in parts} == {
        "C09", "C12", "C33", "C37", "C47", "C48"
    }  # fmt: skip
    for claim, members in parts.items():
        assert len(members) > 1, claim
        for name in ("claimSubject", "claimObject"):
            whole = named(store, ox.NamedNode(claim), name)
            assert whole == set().union(*(named(store, part, name) for part in members)), claim


@pytest.mark.parametrize(
    ("part", "subjects", "objects"),
    [
        ("C09-meso", {"MesoLevel"}, {"CoManagement", "VariousServiceProviders"}),
        ("C12-supplementary", {"Supplementary"}, {"Substitution", "Addition"}),
        ("C47-high", {"HighParticipation"}, {"ThirdSectorProvision"}),
        ("C47-medium", {"MediumParticipation"}, {"PublicProvision"}),
        ("C47-low", {"LowParticipation"}, {"CitizenCompliance"}),
        ("C48-focus", {"CoProduction"}, {"EnduringSocialService"}),
    ],
)
def test_a_part_says_what_holds_of_its_subject_alone(
    store: EmbeddedStore, part: str, subjects: set[str], objects: set[str]
) -> None:
    node = ox.NamedNode(f"{ID}claim-part/{part}")
    assert named(store, node, "claimSubject") == subjects
    assert named(store, node, "claimObject") == objects


def test_the_rows_of_diagram_1_pair_level_and_form_as_the_claim_does(store: EmbeddedStore) -> None:
    for row in ("high", "medium", "low"):
        part = ox.NamedNode(f"{ID}claim-part/C47-{row}")
        line = ox.NamedNode(f"{ID}row/{row}")
        assert named(store, part, "claimSubject") == named(store, line, "atLevel")
        assert named(store, part, "claimObject") == named(store, line, "rowForm")


@pytest.mark.parametrize(
    ("claim", "name", "values"),
    [
        ("C13", "claimObject", {"FacilityManagementAndMaintenance"}),
        ("C22", "claimObject", {"ConditionalCooperator", "WillingPunisher"}),
        ("C22", "inAdditionTo", {"RationalEgoist"}),
        ("C27", "claimSubject", {"CollectiveInteraction"}),
        ("C32", "claimObject", {"UnmetDemand", "CollectiveAction"}),
        ("C40", "concernsService", {"Childcare"}),
        ("C41", "concernsService", {"Childcare"}),
        ("C45", "claimPredicate", {"areImportantForUnderstandingEngagementIn"}),
        ("C51", "claimPredicate", {"aloneCanBreach"}),
        ("C53", "claimObject", {"CrowdingIn", "CrowdingOut"}),
        ("C53", "withinServices", {"PublicFinancedService"}),
    ],
)
def test_the_statement_of_a_claim_says_what_its_sentence_says(
    store: EmbeddedStore, claim: str, name: str, values: set[str]
) -> None:
    assert named(store, ox.NamedNode(f"{ID}claim/{claim}"), name) == values


def test_a_mention_of_a_service_is_no_mention_of_who_provides_it(store: EmbeddedStore) -> None:
    """Of a form of organisation the words name one: co-ops, a council, a group, not a provision."""
    forms = {
        quad.subject
        for quad in store.statements(
            None, ox.NamedNode(RDF + "type"), ox.NamedNode(COP + "OrganisationForm")
        )
    }
    words = {
        text
        for quad in store.statements(None, ox.NamedNode(COP + "mentions"))
        if quad.object in forms and isinstance(quad.subject, ox.NamedNode)
        for text in named(store, quad.subject, "quotedText")
    }
    assert len(words) > 10
    assert [text for text in words if re.search(r"\b(care|provision)$", text)] == []


def test_a_section_whose_lines_lie_within_another_is_a_part_of_it(store: EmbeddedStore) -> None:
    within = (
        "SELECT ?part ?whole { ?part a cop:SourceSection ; cop:fromLine ?a ; cop:toLine ?b . "
        "?whole a cop:SourceSection ; cop:fromLine ?c ; cop:toLine ?d "
        "FILTER(?part != ?whole && ?a >= ?c && ?b <= ?d) }"
    )
    said = "SELECT ?part ?whole { ?part cop:subsectionOf ?whole }"
    by_lines, stated = (
        {(str(row["part"]), str(row["whole"])) for row in store.query(text)}  # type: ignore[union-attr]
        for text in (within, said)
    )
    assert by_lines == stated
    assert (f"<{ID}section/diagram-1>", f"<{ID}section/b>") in stated


def test_a_claim_that_quotes_long_relationships_has_them_among_its_objects(
    store: EmbeddedStore,
) -> None:
    of = ox.NamedNode(f"{ID}claim/C08")
    objects = {q.object for q in store.statements(of, ox.NamedNode(COP + "claimObject"))}
    assert ox.NamedNode(COP + "RegularLongTermRelationship") in objects
    assert len(objects) == 5
