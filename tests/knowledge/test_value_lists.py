"""The lists of values: which stand under which, and what tells them apart."""

from __future__ import annotations

import re
from collections import defaultdict

import pyoxigraph as ox
import pytest

from coproduction.names import COP, LANGUAGES, OWL, RDFS
from coproduction.store.embedded import EmbeddedStore

KIND_OF = ox.NamedNode(COP + "isKindOf")
FORM = COP + "OrganisationForm"
SAYS = {
    "LegalForm": r"statutes|endowment|divided into shares",
    "OwnershipForm": r"belongs? to|owned|own or run|surplus|Unit of a municipality",
    "OrganisationRole": r"\bruns?\b|supports|speaks for users|(act for|help) one another",
}
"""What a definition says of the aspect under which a form stands."""


@pytest.fixture(scope="module")
def store() -> EmbeddedStore:
    return EmbeddedStore.packaged()


def rows(store: EmbeddedStore, text: str) -> list[tuple[str, ...]]:
    answer = store.query(text)
    assert isinstance(answer, ox.QuerySolutions)
    return [tuple(getattr(term, "value", "") for term in row) for row in answer]


def aspects(store: EmbeddedStore) -> dict[str, set[str]]:
    """Give the aspects of each organisation form."""
    found: dict[str, set[str]] = defaultdict(set)
    for form, aspect in rows(
        store,
        "SELECT ?form ?aspect WHERE { ?form a cop:OrganisationForm "
        "OPTIONAL { ?form a ?aspect . ?aspect rdfs:subClassOf cop:OrganisationForm } }",
    ):
        found[form.removeprefix(COP)] |= {aspect.removeprefix(COP)} - {""}
    return found


def test_an_organisation_form_says_what_constitutes_owns_or_occupies_a_body(
    store: EmbeddedStore,
) -> None:
    below = {iri for (iri,) in rows(store, f"SELECT ?c WHERE {{ ?c rdfs:subClassOf <{FORM}> }}")}
    assert below == {COP + name for name in (*SAYS, "CompoundForm")}
    of = aspects(store)
    assert len(of) == 25
    compound = {form for form, found in of.items() if "CompoundForm" in found}
    assert compound == {form for form, found in of.items() if len(found & SAYS.keys()) > 1}
    assert len(compound) == 5
    assert [form for form, found in of.items() if not found] == []
    assert of["Association"] == of["LimitedCompany"] == {"LegalForm"}
    assert of["PublicUnit"] == of["ParentCoop"] == {"OwnershipForm"}
    assert of["UserCouncil"] == {"OrganisationRole"}


def test_a_kind_has_every_aspect_of_the_wider_form(store: EmbeddedStore) -> None:
    of = aspects(store)
    pairs = rows(store, "SELECT ?a ?b WHERE { ?a cop:isKindOf ?b . ?a a cop:OrganisationForm }")
    assert len(pairs) == 11
    for narrow, wide in pairs:
        assert of[wide.removeprefix(COP)] <= of[narrow.removeprefix(COP)], narrow


def unsaid(store: EmbeddedStore, aspect: str) -> set[str]:
    """Give the forms under an aspect of which neither theirs nor a wider definition says so."""
    found: dict[str, list[str]] = defaultdict(list)
    for form, text in rows(
        store,
        f"SELECT ?form ?text WHERE {{ ?form a cop:{aspect} ; cop:isKindOf* ?wider . "
        "?wider skos:definition ?text }",
    ):
        found[form.removeprefix(COP)].append(text)
    return {form for form, texts in found.items() if not re.search(SAYS[aspect], " ".join(texts))}


@pytest.mark.parametrize("aspect", SAYS)
def test_a_form_stands_under_an_aspect_by_its_definition(store: EmbeddedStore, aspect: str) -> None:
    assert unsaid(store, aspect) == set()


def test_a_form_whose_definition_decides_nothing_is_seen() -> None:
    store = EmbeddedStore.packaged()
    store.inner.load(
        f"""@prefix cop: <{COP}> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
        cop:Club a cop:OrganisationForm , cop:OwnershipForm ;
            skos:definition "Organisation that people join of their own will."@en .""".encode(),
        format=ox.RdfFormat.TURTLE,
    )
    assert unsaid(store, "OwnershipForm") == {"Club"}


def test_who_owns_a_limited_company_is_said_by_another_form() -> None:
    """A company that an association owns whole is no business of private owners."""
    shipped = EmbeddedStore.packaged()
    shipped.add_cases()
    forms = {
        body.rpartition("/")[2]: form.removeprefix(COP)
        for body, form in rows(shipped, "SELECT ?b ?f WHERE { ?b cop:hasOrganisationForm ?f }")
    }
    assert (forms["stil-assistans"], forms["stil"]) == ("LimitedCompany", "UserCoop")


def test_a_member_of_an_aspect_is_said_to_be_a_form_too(store: EmbeddedStore) -> None:
    """Plain SPARQL, which infers nothing, finds it in the list of the form."""
    query = (
        "SELECT ?v WHERE { ?v a ?aspect . ?aspect rdfs:subClassOf cop:OrganisationForm "
        "FILTER NOT EXISTS { ?v a cop:OrganisationForm } }"
    )
    assert rows(store, query) == []


def test_parents_are_not_the_users_of_a_childcare(store: EmbeddedStore) -> None:
    """A kind stands under another only where the definitions say so."""
    wider = {
        b for a, b in rows(store, "SELECT ?a ?b WHERE { ?a cop:isKindOf ?b }") if "Parent" in a
    }
    assert COP + "Cooperative" in wider and COP + "UserCoop" not in wider


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        ("RegularProducer", {"Schoolteacher", "HealthWorker", "StreetLevelPoliceOfficer"}),
        ("UnmetDemand", {"UnmetDemandForQuality", "UnmetDemandForQuantity"}),
    ],
)
def test_what_a_definition_covers_is_a_kind(
    store: EmbeddedStore, wide: str, narrow: set[str]
) -> None:
    kinds = rows(store, f"SELECT ?a WHERE {{ ?a cop:isKindOf cop:{wide} }}")
    assert {iri.removeprefix(COP) for (iri,) in kinds} == narrow


def test_kinds_of_kinds_are_a_reasoners_to_draw(store: EmbeddedStore) -> None:
    """Beside the direct property, which is asymmetric, and so can be no transitive one."""
    (over,) = rows(store, "SELECT ?p WHERE { cop:isKindOf rdfs:subPropertyOf ?p }")
    assert over == (COP + "isKindOfAtAnyRemove",)
    kinds = rows(store, f"SELECT ?k WHERE {{ <{over[0]}> a ?k }}")
    assert {kind for (kind,) in kinds} == {OWL + "ObjectProperty", OWL + "TransitiveProperty"}
    assert rows(store, f"SELECT ?a WHERE {{ ?a <{over[0]}> ?b }}") == []


def test_the_concept_leads_to_the_class_of_what_falls_under_it(store: EmbeddedStore) -> None:
    found = rows(store, "SELECT ?a ?b WHERE { ?a cop:hasArrangementClass ?b }")
    assert found == [(COP + "CoProduction", COP + "CoProductionArrangement")]


def test_nothing_is_a_kind_of_itself(store: EmbeddedStore) -> None:
    assert rows(store, "SELECT ?a WHERE { ?a cop:isKindOf+ ?a }") == []
    ends = rows(
        store,
        "SELECT ?end WHERE { { ?end cop:isKindOf ?x } UNION { ?x cop:isKindOf ?end } "
        "FILTER NOT EXISTS { ?end a owl:NamedIndividual } }",
    )
    assert ends == []


def test_no_skos_hierarchy_stands_between_what_is_no_concept(store: EmbeddedStore) -> None:
    for name in ("broader", "narrower", "related"):
        prop = ox.NamedNode(f"http://www.w3.org/2004/02/skos/core#{name}")
        assert list(store.statements(None, prop)) == []


def test_names_of_aspects_are_in_four_languages(store: EmbeddedStore) -> None:
    label = ox.NamedNode(RDFS + "label")
    for name in ("LegalForm", "OwnershipForm", "OrganisationRole", "Cooperative"):
        texts = store.statements(ox.NamedNode(COP + name), label)
        assert {getattr(text.object, "language", "") for text in texts} == {"en", "sv", "de", "fr"}


def test_every_class_value_and_property_is_named_in_each_language(store: EmbeddedStore) -> None:
    """What a reader sees in a tree, a list or an answer has a name in the language asked for."""
    owl = "http://www.w3.org/2002/07/owl#"
    kinds = (
        "Class",
        "NamedIndividual",
        *(f"{k}Property" for k in ("Object", "Datatype", "Annotation")),
    )
    named = rows(
        store,
        f"SELECT DISTINCT ?term {{ VALUES ?kind {{ {' '.join(f'<{owl}{k}>' for k in kinds)} }} "
        "?term a ?kind ; rdfs:isDefinedBy <https://w3id.org/coproduction> "
        f"FILTER NOT EXISTS {{ ?term <{owl}deprecated> true }} "
        'FILTER(STRSTARTS(STR(?term), STR(cop:)) && !CONTAINS(STR(?term), "/id/")) }',
    )
    tongues: dict[str, set[str]] = {term: set() for (term,) in named}
    for term, tongue in rows(store, "SELECT ?t (LANG(?l) AS ?tongue) { ?t rdfs:label ?l }"):
        if term in tongues:
            tongues[term].add(tongue)
    assert len(tongues) > 600
    lacking = {t.removeprefix(COP): set(LANGUAGES) - has for t, has in tongues.items()}
    assert {term: lacks for term, lacks in lacking.items() if lacks} == {}
