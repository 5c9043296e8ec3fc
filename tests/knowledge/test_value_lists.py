"""The lists of values: which stand under which, and what tells them apart."""

from __future__ import annotations

from collections import defaultdict

import pyoxigraph as ox
import pytest

from coproduction.names import COP, RDFS
from coproduction.store.embedded import EmbeddedStore

KIND_OF = ox.NamedNode(COP + "isKindOf")
FORM = COP + "OrganisationForm"


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
    assert below == {COP + name for name in ("LegalForm", "OwnershipForm", "OrganisationRole")}
    of = aspects(store)
    assert len(of) == 22
    assert [form for form, found in of.items() if not found] == []
    assert of["Association"] == {"LegalForm"}
    assert of["PublicUnit"] == of["ParentCoop"] == {"OwnershipForm"}
    assert of["UserCouncil"] == {"OrganisationRole"}


def test_a_kind_has_every_aspect_of_the_wider_form(store: EmbeddedStore) -> None:
    of = aspects(store)
    pairs = rows(store, "SELECT ?a ?b WHERE { ?a cop:isKindOf ?b . ?a a cop:OrganisationForm }")
    assert len(pairs) == 9
    for narrow, wide in pairs:
        assert of[wide.removeprefix(COP)] <= of[narrow.removeprefix(COP)], narrow


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
