"""Inference: the rules and HermiT conclude the same, and a store says when that is old."""

from __future__ import annotations

import random
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from rdflib import OWL, RDFS, URIRef
from rdflib import RDF as RDF_
from rdflib.term import Node

import coproduction
from coproduction.cases.loading import load
from coproduction.errors import DataError, UnknownName
from coproduction.knowledge.packaged import changing
from coproduction.names import COP, ID, RDF, TERMS, XSD
from coproduction.reasoning.hermit import classify as hermit
from coproduction.reasoning.inference import INFERRED, classify, infer, is_stale
from coproduction.resources import data_dir
from coproduction.store.embedded import EmbeddedStore
from coproduction.store.on_disk import open_folder
from coproduction.store.rdflib_graphs import read_turtle

from ..conftest import Run
from ..tools import TERM_FILES, first_quick, require_jars, require_java, require_module

EXAMPLE = "https://example.org/"
LITERALS = {
    XSD + kind: f'"{text}"^^<{XSD}{kind}>'
    for kind, text in {
        "integer": "3",
        "boolean": "true",
        "dateTime": "2020-01-01T00:00:00Z",
    }.items()
}
OFTEN = {
    COP + name: chance
    for name, chance in {
        "hasParticipationLevel": 0.6,
        "hasProviderSector": 0.3,
        "hasDecisionRights": 0.3,
        "hasServiceType": 0.3,
        "hasParticipantIdentity": 0.5,
        "hasContribution": 0.5,
        "hasRelationIntensity": 0.5,
    }.items()
}


ASPECTS = ("hasLegalForm", "hasOwnershipForm", "hasOrganisationRole")


@pytest.fixture(scope="module")
def ontology() -> rdflib.Graph:
    return read_turtle(TERM_FILES)


def closed_classes(ontology: rdflib.Graph) -> set[Node]:
    """Give the classes that are a list of their members."""
    return {
        kind
        for kind, definition in ontology.subject_objects(OWL.equivalentClass)
        if (definition, OWL.oneOf, None) in ontology
    }


def defined_classes(ontology: rdflib.Graph) -> set[str]:
    """Give the classes that something can be concluded to be in.

    Those with a definition that is no list of members, the domains and ranges of properties,
    and the classes above another.
    """
    found = set(ontology.subjects(OWL.equivalentClass))
    for predicate in (RDFS.domain, RDFS.range, RDFS.subClassOf):
        found |= set(ontology.objects(None, predicate))
    named = {node for node in ontology.subjects(RDF_.type, OWL.Class) if isinstance(node, URIRef)}
    return {str(node) for node in (found & named) - closed_classes(ontology)}


def arrangements(ontology: rdflib.Graph, seed: int, number: int) -> str:
    """Give random nodes: of any class or none, with any property of the ontology.

    A value is one that the ontology has for the property's range, or another node.
    """
    chance = random.Random(seed)
    # A reasoner can tell by trying all places of a closed scale that two nodes on it are one; no
    # rule does that, so no node is put on a closed scale. Nor is one said to be co-production by a
    # definition: a reasoner goes on from a value that it must have, the rules from those it has.
    closed = closed_classes(ontology)
    by_definition = set(ontology.subjects(URIRef(COP + "conditionsOf")))
    classes = sorted(
        node
        for node in ontology.subjects(RDF_.type, OWL.Class)
        if isinstance(node, URIRef) and node not in closed | by_definition
    )
    # Nor has it a property of placements alone: a reasoner goes on from it to the shared one above,
    # and of what is no placement the case record says so (Rule-caseIsNothingElse).
    placed = set(ontology.subjects(RDFS.domain, URIRef(COP + "Placement")))
    objects = sorted(set(ontology.subjects(RDF_.type, OWL.ObjectProperty)) - placed)
    asymmetric = set(ontology.subjects(RDF_.type, OWL.AsymmetricProperty))

    def members(prop: Node, end: Node) -> tuple[list[Node], bool]:
        """What the ontology has for one end of a property, and whether nothing else may be."""
        kinds = set(ontology.objects(prop, end))
        found = {each for kind in kinds for each in ontology.subjects(RDF_.type, kind)}
        return sorted(found), bool(kinds & closed)

    lines = []
    for i in range(number):
        node = f"<{EXAMPLE}{i}>"
        lines.append(f"{node} <{EXAMPLE}n> <{EXAMPLE}x> .")
        for kind in classes:
            often = 0.3 if str(kind) in (COP + "Case", COP + "Placement") else 0.01
            if chance.random() < often:
                lines.append(f"{node} <{RDF}type> <{kind}> .")
        for prop in objects:
            if chance.random() >= OFTEN.get(str(prop), 0.02):
                continue
            if prop in asymmetric:
                lines.append(f"{node[:-1]}-low> <{prop}> {node[:-1]}-high> .")
                continue
            subjects, only = members(prop, RDFS.domain)
            subject = f"<{chance.choice(subjects)}>" if only else node
            values, only = members(prop, RDFS.range)
            if only or (values and chance.random() < 0.8):
                chosen = [str(each) for each in chance.sample(values, min(len(values), 1 + i % 2))]
            else:
                chosen = [f"{EXAMPLE}{chance.randrange(number)}"]
            lines += [f"{subject} <{prop}> <{value}> ." for value in chosen]
        for prop in sorted(set(ontology.subjects(RDF_.type, OWL.DatatypeProperty))):
            if chance.random() < 0.02:
                literal = LITERALS.get(str(ontology.value(prop, RDFS.range)), '"three"')
                lines.append(f"{node} <{prop}> {literal} .")
    return "\n".join(lines)


def by_rules(text: str) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """Give what is said of the nodes, and what the rules conclude, as pairs (node, class)."""
    store = EmbeddedStore.packaged(TERMS)
    store.inner.load(text.encode(), format=ox.RdfFormat.N_TRIPLES)
    said = store.inner.quads_for_pattern(None, ox.NamedNode(RDF + "type"), None)
    pairs = [
        {
            (triple.subject.value, triple.object.value)  # type: ignore[union-attr]
            for triple in triples
            if triple.predicate.value == RDF + "type"
        }
        for triples in (said, infer(store))
    ]
    return pairs[0], pairs[1]


def of_nodes(pairs: set[tuple[str, str]]) -> set[tuple[str, str]]:
    return {
        (node, kind)
        for node, kind in pairs
        if node.startswith(EXAMPLE) and not kind.startswith(str(OWL))
    }


@pytest.mark.parametrize("seed", first_quick(range(20)))
@pytest.mark.slow
@pytest.mark.one_in(5)
def test_rules_and_hermit_agree_on_every_class(seed: int, ontology: rdflib.Graph) -> None:
    require_java()
    require_module("owlready2")
    text = arrangements(ontology, seed, 50)
    data = rdflib.Graph().parse(data=text, format="nt")
    said, concluded = by_rules(text)
    assert of_nodes(said | concluded) == of_nodes(hermit(ontology, data))
    assert not said & concluded


RARE = "\n".join(
    f"<{EXAMPLE}{node}> <{RDF if prop == 'type' else COP}{prop}> <{EXAMPLE if own else COP}{value}> ."
    for node, prop, value, own in (
        ("placed", "placesAtLevel", "HighParticipation", False),
        ("care", "type", "Case", False),
        ("care", "hasServiceType", "Childcare", False),
        ("care", "hasRelationIntensity", "IntensiveOrEnduring", False),
        ("care", "hasActType", "CollectiveAction", False),
        ("own-care", "type", "Case", False),
        ("own-care", "hasServiceType", "own", True),
        ("own-care", "hasRelationIntensity", "IntensiveOrEnduring", False),
        ("own-care", "hasActType", "MixedAction", False),
        ("own", "type", "ServiceType", False),
        ("own", "isKindOf", "SocialService", False),
    )
)
"""What random nodes seldom or never have: a placement's own property, and all that one class asks."""


@pytest.mark.slow
def test_rules_and_hermit_agree_on_what_is_rare(ontology: rdflib.Graph) -> None:
    require_java()
    require_module("owlready2")
    said, concluded = by_rules(RARE)
    found = of_nodes(said | concluded)
    assert found == of_nodes(hermit(ontology, rdflib.Graph().parse(data=RARE, format="nt")))
    focused = {node for node, kind in found if kind == COP + "ExpandedFocusedArrangement"}
    assert focused == {EXAMPLE + "care", EXAMPLE + "own-care"}
    assert (EXAMPLE + "placed", COP + "Placement") in found


@pytest.mark.slow
def test_every_defined_class_has_a_rule(ontology: rdflib.Graph) -> None:
    goals = defined_classes(ontology)
    assert {COP + "CeilingBreachingArrangement", COP + "ServiceArrangement"} <= goals
    concluded = {kind for _, kind in of_nodes(by_rules(RARE)[1])}
    for seed in range(20):
        concluded |= {kind for _, kind in of_nodes(by_rules(arrangements(ontology, seed, 150))[1])}
    assert goals - concluded == set(), "classes that no rule of queries/rules/ concludes"


DIAGRAM, TEXT = "CeilingBreachingArrangement", "TextCeilingBreachingArrangement"
BOTH = {DIAGRAM, TEXT}


@pytest.mark.parametrize(
    ("statements", "breaches"),
    [
        ("a a cop:Case ; cop:hasParticipationLevel cop:HighParticipation", BOTH),
        ("a a cop:Case ; cop:hasParticipationLevel cop:MediumParticipation", {TEXT}),
        ("a a cop:Case ; cop:hasParticipationLevel cop:LowParticipation", set()),
        ("a cop:hasServicePhase own:c ; cop:hasParticipationLevel cop:HighParticipation", BOTH),
        ("a cop:hasParticipationLevel cop:HighParticipation", set()),
        ("a a cop:Placement ; cop:hasParticipationLevel cop:HighParticipation", set()),
        ("a a cop:Case ; cop:hasParticipationLevel own:t . own:t cop:isAbove "
         "cop:MediumParticipation", BOTH),
        ("a a cop:Case ; cop:hasParticipationLevel own:t . cop:HighParticipation cop:isBelow own:t",
         BOTH),
        ("a a cop:Case ; cop:hasParticipationLevel own:t", set()),
    ],
)  # fmt: skip
def test_an_arrangement_above_the_ceiling_breaches_it(statements: str, breaches: set[str]) -> None:
    store = EmbeddedStore.packaged()
    text = f"PREFIX cop: <{COP}> PREFIX own: <{EXAMPLE}> own:{statements} ."
    store.inner.load(text.encode(), format=ox.RdfFormat.TURTLE)
    found = {
        t.object.value.removeprefix(COP)  # type: ignore[union-attr]
        for t in infer(store)
        if t.subject == ox.NamedNode(EXAMPLE + "a")
    }
    assert found & BOTH == breaches


CONDITIONS = """
PREFIX cop: <https://w3id.org/coproduction#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
SELECT DISTINCT ?definition ?property ?value WHERE {
  { ?criterion cop:ofDefinition ?definition ; cop:criterionProperty ?property ;
        cop:admitsValue|cop:admitsKindOf ?value BIND("reading" AS ?side) }
  UNION
  { ?class cop:conditionsOf ?definition ;
        owl:equivalentClass/owl:intersectionOf/rdf:rest*/rdf:first ?part .
    ?part owl:onProperty ?property ; owl:someValuesFrom ?filler .
    { ?filler (owl:unionOf/rdf:first)?/owl:oneOf/rdf:rest*/rdf:first ?value } UNION
    { ?filler owl:unionOf/rdf:rest/rdf:first [ owl:onProperty cop:isKindOf ; owl:hasValue ?value ] }
    BIND("class" AS ?side) }
  FILTER(?side = %s)
}
"""


def test_the_classes_of_coproduction_ask_for_what_their_definitions_are_read_as() -> None:
    store = EmbeddedStore.packaged()
    of_side = {}
    for side in ("reading", "class"):
        answer = store.query(CONDITIONS % f'"{side}"')
        assert isinstance(answer, ox.QuerySolutions)
        of_side[side] = {tuple(str(term) for term in row) for row in answer}
    assert of_side["reading"] == of_side["class"]
    assert len({definition for definition, *_ in of_side["class"]}) == 5


def test_each_definition_leaves_out_what_some_recorded_value_tells() -> None:
    """A definition that every value of its closed lists meets would take in whatever is recorded."""
    kg = coproduction.open()
    admitted: dict[tuple[str, str], set[str]] = {}
    for row in kg.query(
        "SELECT ?d ?p ?v { ?c cop:ofDefinition ?d ; cop:criterionProperty ?p ; cop:admitsValue ?v }"
    ).rows:
        admitted.setdefault((str(row["d"]), str(row["p"])), set()).add(str(row["v"]))
    decide = set()
    for (definition, prop), values in admitted.items():
        listed = {
            str(row["v"])
            for row in kg.query(f"SELECT ?v {{ <{prop}> rdfs:range ?list . ?v a ?list }}").rows
        }
        # The list of services is open: those of a user's own are outside the thirteen.
        if values < listed or prop == COP + "hasServiceType":
            decide.add(definition)
    assert decide == {definition for definition, _ in admitted} and len(decide) == 5


def test_the_services_of_the_conclusion_are_those_of_the_readings() -> None:
    kg = coproduction.open()

    def services(pattern: str) -> set[object]:
        return {row["v"] for row in kg.query(f"SELECT DISTINCT ?v {{ {pattern} }}").rows}

    criterion = f"<{ID}criterion/{{}}> cop:admitsValue ?v"
    social = services(criterion.format("expanded-focused/social-services"))
    any_column = services(criterion.format("expanded/services-of-the-diagram"))
    assert social == services("?v cop:isKindOf cop:SocialService")
    assert any_column == services("?p a cop:Placement ; cop:hasServiceType ?v")
    assert len(social) == 8 and social < any_column


@pytest.mark.parametrize(
    ("said", "counts"),
    [
        ("cop:isKindOf cop:SocialService", True),
        ("cop:isKindOf cop:WelfareService", False),
        ("rdfs:label 'youth welfare'@en", False),
    ],
)
def test_a_kind_of_social_service_of_ones_own_is_one(said: str, counts: bool) -> None:
    """By the defined classes, and by the question that reads their conditions as criteria."""
    kg = coproduction.open(cases=True)
    kg.store.update(
        f"""PREFIX cop: <{COP}> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        INSERT DATA {{ GRAPH <urn:g> {{ <urn:own> a cop:ServiceType ; {said} }} }} ;
        DELETE {{ GRAPH ?g {{ ?case cop:hasServiceType ?old }} }}
        INSERT {{ GRAPH ?g {{ ?case cop:hasServiceType <urn:own> }} }}
        WHERE {{ GRAPH ?g {{ ?case cop:hasServiceType ?old }}
          VALUES ?case {{ <{ID}case/kultingen> }} }}"""
    )
    found = {
        str(t.object.value).removeprefix(COP)  # type: ignore[union-attr]
        for t in infer(kg.store)
        if t.subject == ox.NamedNode(f"{ID}case/kultingen")
    }
    both = {"ExpandedFocusedArrangement", "ExpandedArrangement"}
    assert found & both == (both if counts else set())
    told = {
        str(row["definition"]).rpartition("/")[2]: row["counts"]
        for row in kg.ask("cases-by-definition").rows
        if str(row["case"]).endswith("kultingen")
    }
    asked = {told["expanded-focused"], told["A14-inside"]}
    assert asked == ({"counts"} if counts else {"does not count"})


@pytest.mark.parametrize(
    ("case", "members"),
    [
        ("two-towers", {"MixOfEfforts", "UserAndCommunity", "Expanded", "ActivePartInDelivery"}),
        ("porto-alegre-budgeting", set()),
        ("dutch-neighbourhood-watch", {"Expanded", "ActivePartInDelivery"}),
        ("kultingen", {"MixOfEfforts", "UserAndCommunity", "Expanded", "ExpandedFocused",
                       "ActivePartInDelivery"}),
    ],
)  # fmt: skip
def test_a_case_of_one_definition_is_no_case_of_another_by_the_record_alone(
    case: str, members: set[str]
) -> None:
    """Bovaird's is no part of the conclusion's: tenants who keep up their homes are in the one."""
    kg = coproduction.open(cases=True)
    by_definition = {
        str(row["c"]).removeprefix(COP).removesuffix("Arrangement")
        for row in kg.query("SELECT ?c { ?c cop:conditionsOf ?d }").rows
    }
    found = {
        str(t.object.value).removeprefix(COP).removesuffix("Arrangement")  # type: ignore[union-attr]
        for t in infer(kg.store)
        if t.subject == ox.NamedNode(f"{ID}case/{case}")
    }
    assert found & by_definition == members


def test_what_falls_under_one_definition_is_a_coproduction_arrangement() -> None:
    """The class is the union of those that state the conditions of a definition.

    One is left out: a service type is its one condition, by a reading that is not preferred.
    """
    kg = coproduction.open(cases=True)
    stated = {row["c"] for row in kg.query("SELECT ?c { ?c cop:conditionsOf ?d }").rows}
    below = stated - {COP + "ExpandedArrangement"}
    assert len(below) == len(stated) - 1
    union = "cop:CoProductionArrangement owl:equivalentClass/owl:unionOf/rdf:rest*/rdf:first ?c"
    assert {row["c"] for row in kg.query(f"SELECT ?c {{ {union} }}").rows} == below
    members: dict[str, set[str]] = {"under one": set(), "arrangements": set()}
    for triple in infer(kg.store):
        kind = getattr(triple.object, "value", "")
        if kind in below:
            members["under one"].add(str(triple.subject))
        elif kind == COP + "CoProductionArrangement":
            members["arrangements"].add(str(triple.subject))
    assert members["arrangements"] == members["under one"]
    cases = {str(row["c"]) for row in kg.query("SELECT ?c { ?c a cop:Case }").rows}
    assert f"{ID}case/porto-alegre-budgeting" in cases
    assert f"<{ID}case/porto-alegre-budgeting>" not in members["arrangements"]
    assert f"<{ID}case/kultingen>" in members["arrangements"]


def test_no_union_stands_above_another(ontology: rdflib.Graph) -> None:
    """The rules climb one: `domains`, `ranges`, and `subclasses` one more than it begins with."""
    unions = {
        whole: set(ontology.items(parts))
        for whole, definition in ontology.subject_objects(OWL.equivalentClass)
        for parts in ontology.objects(definition, OWL.unionOf)
    }
    assert len(unions) > 1
    for whole in unions:
        above = set(ontology.transitive_objects(whole, RDFS.subClassOf))
        assert [other for other, parts in unions.items() if parts & above] == []


def test_what_is_said_to_fall_under_a_definition_is_a_coproduction_arrangement() -> None:
    _, concluded = by_rules(
        f"<{EXAMPLE}a> <{RDF}type> <{COP}MixOfEffortsArrangement> .\n"
        f"<{EXAMPLE}b> <{RDF}type> <{COP}CoProductionArrangement> .\n"
    )
    assert (EXAMPLE + "a", COP + "CoProductionArrangement") in concluded
    assert {kind for node, kind in concluded if node == EXAMPLE + "b"} == {
        COP + "ServiceArrangement"
    }


def test_where_a_sector_stands_for_professionals_the_class_says_so() -> None:
    kg = coproduction.open()
    pattern = (
        "?c cop:conditionsOf ?d . ?k cop:ofDefinition ?d ; cop:argument ?a ; "
        "cop:criterionProperty cop:hasProviderSector "
    )
    said = (
        'FILTER(CONTAINS(?a, "stands for")) '
        '?c skos:scopeNote ?n FILTER(CONTAINS(?n, "stands for professionals"))'
    )
    asked = {row["c"] for row in kg.query(f"SELECT ?c {{ {pattern} }}").rows}
    assert len(asked) == 2
    assert {row["c"] for row in kg.query(f"SELECT ?c {{ {pattern} {said} }}").rows} == asked


def test_the_members_of_those_classes_are_the_cases_that_count() -> None:
    kg = coproduction.open(cases=True)
    counted = {
        (row["case"], row["definition"])
        for row in kg.ask("cases-by-definition").rows
        if row["counts"] == "counts"
    }
    definition_of = {
        row["c"]: row["d"] for row in kg.query("SELECT ?c ?d WHERE { ?c cop:conditionsOf ?d }").rows
    }
    members = {
        (t.subject.value, definition_of[t.object.value])  # type: ignore[union-attr]
        for t in infer(kg.store)
        if getattr(t.object, "value", "") in definition_of
    }
    assert len(members) > 40
    assert members == counted


@pytest.mark.parametrize(
    ("told", "follows"),
    [
        ("hasOrganisationForm cop:Association", {"hasLegalForm Association"}),
        ("hasOrganisationForm cop:ParentCoop", {"hasOwnershipForm ParentCoop"}),
        ("hasOrganisationForm cop:UserCouncil", {"hasOrganisationRole UserCouncil"}),
        ("hasOrganisationForm cop:ParentTeacherOrganization",
         {"hasLegalForm ParentTeacherOrganization",
          "hasOrganisationRole ParentTeacherOrganization"}),
        ("hasOrganisationForm cop:Association , cop:PublicUnit",
         {"hasLegalForm Association", "hasOwnershipForm PublicUnit"}),
        ("hasLegalForm cop:Association", {"hasOrganisationForm Association"}),
        ("hasOrganisationForm cop:PublicUnit ; cop:hasOwnershipForm cop:PublicUnit", set()),
        ("hasOrganisationForm cop:ThirdSector", set()),
    ],
)  # fmt: skip
def test_a_form_of_an_organisation_is_told_by_its_aspect(told: str, follows: set[str]) -> None:
    store = EmbeddedStore.packaged()
    text = f"PREFIX cop: <{COP}> <{EXAMPLE}body> cop:{told} ."
    store.inner.load(text.encode(), format=ox.RdfFormat.TURTLE)
    found = {
        f"{t.predicate.value} {t.object.value}".replace(COP, "")  # type: ignore[union-attr]
        for t in infer(store)
        if t.subject == ox.NamedNode(EXAMPLE + "body") and t.predicate.value != RDF + "type"
    }
    assert found == follows


def test_each_aspect_of_organisation_forms_has_a_property(ontology: rdflib.Graph) -> None:
    general = URIRef(COP + "hasOrganisationForm")
    below = set(ontology.subjects(RDFS.subPropertyOf, general))
    aspects = set(ontology.subjects(RDFS.subClassOf, URIRef(COP + "OrganisationForm")))
    aspects -= {URIRef(COP + "CompoundForm")}  # what has several, which is no aspect
    assert {ontology.value(prop, RDFS.range) for prop in below} == aspects
    assert len(below) == len(aspects) == 3
    domain = ontology.value(general, RDFS.domain)
    assert {ontology.value(prop, RDFS.domain) for prop in below} == {domain}


def test_what_was_inferred_before_is_inferred_again() -> None:
    store = EmbeddedStore.packaged()
    before = set(infer(store))
    assert before
    store.inner.extend(ox.Quad(*triple, INFERRED) for triple in before)
    assert set(infer(store)) == before


def sheet(path: Path, name: str, rights: str) -> Path:
    path.write_text(
        "id,title,summary,service,country,observed_year,provider,sector,participants,"
        "contributions,decision_rights,intensity,source,provider_form\n"
        f"{name},T,S,childcare,SE,2020,P,public sector,client in person,core work,{rights},"
        "intensive/enduring,https://example.org/p,parent teacher organization\n",
        encoding="utf-8",
    )
    return path


def breaching(store: Path) -> set[str]:
    rows = coproduction.open(store=store).query(
        "SELECT ?c WHERE { ?c a cop:Case , cop:CeilingBreachingArrangement }"
    )
    return {str(row["c"]).rpartition("/")[2] for row in rows.rows}


@pytest.mark.slow
def test_the_inferred_graph_is_replaced_and_told_to_be_old(tmp_path: Path, run: Run) -> None:
    store = tmp_path / "store"
    load(sheet(tmp_path / "a.csv", "a", "majority"), store)
    assert breaching(store) == set()
    done = run("classify", "--store", str(store))
    assert done.code == 0 and "statements inferred by rules" in done.err
    assert breaching(store) == {"a"}
    assert not is_stale(open_folder(store))
    load(sheet(tmp_path / "b.csv", "b", "ownership/employer"), store)
    assert breaching(store) == {"a"} and is_stale(open_folder(store))
    told = run("ask", "glass-ceiling", "--store", str(store)).err
    assert "the inferred graph is older than the cases" in told
    classify(store)
    assert breaching(store) == {"a", "b"}
    inner = open_folder(store).inner
    for quad in inner.quads_for_pattern(None, None, None, INFERRED):
        assert len(list(inner.quads_for_pattern(*quad.triple))) == 1, "no other graph says it"


@pytest.mark.slow
def test_hermit_writes_the_same_graph(tmp_path: Path) -> None:
    require_java()
    require_module("owlready2")
    store = tmp_path / "store"
    load(sheet(tmp_path / "a.csv", "a", "majority"), store)

    def inferred() -> set[str]:
        quads = open_folder(store).inner.quads_for_pattern(None, None, None, INFERRED)
        return {str(quad) for quad in quads}

    classify(store)
    by_rules = inferred()
    assert {prop for prop in ASPECTS if any(f"{COP}{prop}>" in quad for quad in by_rules)} == {
        "hasLegalForm",
        "hasOrganisationRole",
    }
    classify(store)
    assert inferred() == by_rules, "of its own record nothing is inferred"
    classify(store, "hermit")
    assert inferred() == by_rules


@pytest.mark.slow
def test_a_hermit_that_meets_its_limit_leaves_the_store_as_it_was(tmp_path: Path, run: Run) -> None:
    require_java()
    require_module("owlready2")
    store = tmp_path / "store"
    load(sheet(tmp_path / "a.csv", "a", "majority"), store)
    classify(store)

    def quads() -> set[str]:
        return {str(quad) for quad in open_folder(store).inner}

    before = quads()
    words = ("classify", "--reasoner", "hermit", "--store", str(store))
    for limit in ("--seconds=0.2", "--memory=1"):
        told = run(*words, limit)
        assert told.code == 3
        assert "was stopped at its limit of" in told.err and "fewer cases" in told.err
        assert told.err.count("\n") == 1
        assert quads() == before
        assert [path.name for path in (store / "states").iterdir()] == ["2"]  # the live one
    assert run(*words, "--seconds", "120", "--memory", "1000").code == 0


@pytest.mark.slow
def test_a_store_that_contradicts_itself_is_told_what_to_do(tmp_path: Path, run: Run) -> None:
    require_java()
    require_module("owlready2")
    store = tmp_path / "store"
    load(sheet(tmp_path / "a.csv", "a", "majority"), store)
    with changing(store) as change:
        change.store.inner.add(
            ox.Quad(
                ox.NamedNode(COP + "LowParticipation"),
                ox.NamedNode(str(OWL.sameAs)),
                ox.NamedNode(COP + "HighParticipation"),
                ox.NamedNode("https://example.org/graph"),
            )
        )
    told = run("classify", "--reasoner", "hermit", "--store", str(store))
    assert told.code == 3
    assert f"'coproduction check --reasoner hermit --store {store}' tells which" in told.err
    assert told.err.count("\n") == 1
    require_jars()
    told = run("check", "--reasoner", "hermit", "--store", str(store))
    assert told.code == 1
    assert "'high participation' and 'low participation' are one and the same." in told.out


def test_bad_words_are_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="there is no store"):
        classify(tmp_path / "none")
    assert not (tmp_path / "none").exists()
    with pytest.raises(UnknownName, match="pellet"):
        classify(tmp_path / "none", "pellet")
    with pytest.raises(DataError, match=r"memory=N is for HermiT: add reasoner=.hermit"):
        classify(tmp_path / "none", memory=100)


@pytest.mark.slow
def test_too_many_cases_for_hermit_are_told_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    from coproduction.reasoning import inference

    monkeypatch.setattr(inference, "_MOST_FOR_HERMIT", 0)
    load(data_dir("cases") / "stil.ttl", tmp_path / "store")
    told = "HermiT takes up to 0 cases, and there are 1: leave out "
    with pytest.raises(DataError) as raised:
        classify(tmp_path / "store", "hermit")
    assert str(raised.value).startswith(f"{told}reasoner='hermit', the rules conclude the same")
    done = run("classify", "--reasoner", "hermit", "--store", str(tmp_path / "store"))
    assert f"{told}--reasoner hermit, the rules" in done.err
