"""Definitions that one can apply: a criterion, or an example on either side of the line.

A value that the source uses and does not define has a pair of examples: one that falls under it
and one that just does not. Each is of the source or of a shipped case, or says that it is made up.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import pyoxigraph as ox
import pytest

from coproduction.names import COP, ID, OWL, RDF, RDFS, SKOS
from coproduction.store.embedded import EmbeddedStore

TYPE = ox.NamedNode(RDF + "type")
EXAMPLE = re.compile(
    r"(Falls under it|Just does not): .* \((?:case ([\w-]+)|([^()]*), line (\d+)|(made up))\)"
)
LAYOUT = re.compile(
    r"\b(row|column|cell|table|diagram|third dimension|(least|lesser|greater|greatest|middle)"
    r"( one)? of)\b",
    re.IGNORECASE,
)
"""Words for a place in a picture or in an order: they say where a value stands, not what it is."""
OF_A_LIST = re.compile(
    r"\b(\d+|one|first|second|third|last|(most|least) \w+) of (the )?"
    r"(two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d+)\b",
    re.IGNORECASE,
)
"""Words for a number out of a number: "rung 3 of eight", "one of the two", "most usual of three"."""
SMALL_WORDS = set(re.findall(r"\w+", "a an and by for in is not of on or that the to"))
NO_CRITERION = "No criterion: "
UNDEFINED = "Not defined in the source."
OF_THE_SOURCE = {"SourceStatement", "SourceSection", "SourceDocument", "Figure"}


class Value(NamedTuple):
    iri: ox.NamedNode
    of_class: str
    prop: ox.NamedNode
    undefined: bool
    examples: tuple[str, ...]


@pytest.fixture(scope="module")
def store() -> EmbeddedStore:
    store = EmbeddedStore.packaged()
    store.add_cases()
    return store


@pytest.fixture(scope="module")
def values(store: EmbeddedStore) -> list[Value]:
    """The values of the lists that an arrangement is described by."""
    found = []
    answer = store.query(
        "SELECT ?value ?class ?property WHERE { ?property rdfs:range ?class . "
        "{ ?property rdfs:domain cop:ServiceArrangement } "
        "UNION { ?property rdfs:domain/owl:unionOf/rdf:rest*/rdf:first cop:ServiceArrangement } "
        "?value a ?class ; rdfs:isDefinedBy <https://w3id.org/coproduction> }"
    )
    assert isinstance(answer, ox.QuerySolutions)
    for row in answer:
        iri = row["value"]
        assert isinstance(iri, ox.NamedNode)
        undefined = UNDEFINED in texts(store, iri, "editorialNote")
        found.append(
            Value(iri, row["class"].value, row["property"], undefined, texts(store, iri, "example"))  # type: ignore[union-attr, arg-type]
        )
    assert len(found) > 90
    return found


def texts(store: EmbeddedStore, node: ox.NamedNode, name: str) -> tuple[str, ...]:
    found = store.statements(node, ox.NamedNode(SKOS + name))
    return tuple(sorted(str(getattr(quad.object, "value", "")) for quad in found))


def test_a_value_that_the_source_does_not_define_has_a_pair_of_examples(
    values: list[Value],
) -> None:
    undefined = {value.iri.value: value for value in values if value.undefined}
    assert len(undefined) > 40
    lacking = [
        iri
        for iri, value in undefined.items()
        if [example.split(":")[0] for example in value.examples]
        != ["Falls under it", "Just does not"]
        # A regime is no arrangement's own: what the source says of it is its definition.
        and not value.of_class.endswith("Regime")
    ]
    assert lacking == []


def test_examples_are_of_the_source_or_of_shipped_cases_as_they_are_coded(
    store: EmbeddedStore, values: list[Value]
) -> None:
    sections = {
        str(getattr(quad.object, "value", ""))
        for quad in store.statements(None, ox.NamedNode(COP + "sectionKey"))
    }
    wrong, coded = [], 0
    for value in values:
        for example in value.examples:
            match = EXAMPLE.fullmatch(example)
            assert match, example
            side, case, section, line, made_up = match.groups()
            if made_up:
                continue
            if case is None:
                if section not in sections or not 1 <= int(line) <= 168:
                    wrong.append(f"{value.iri.value}: {example}: no such line")
                continue
            node = ox.NamedNode(f"{ID}case/{case}")
            if not store.holds(node, TYPE, ox.NamedNode(COP + "Case")):
                wrong.append(f"{value.iri.value}: {example}: no such case")
            given = {quad.object for quad in store.statements(node, value.prop)}
            coded += bool(given)
            if given and (value.iri in given) != (side == "Falls under it"):
                wrong.append(f"{value.iri.value}: {example}: coded otherwise")
    assert coded > 40
    assert wrong == []


def test_every_example_says_where_it_stands_or_that_it_is_made_up(store: EmbeddedStore) -> None:
    found: dict[str, list[re.Match[str]]] = {"case": [], "line": [], "made up": []}
    for quad in store.statements(None, ox.NamedNode(SKOS + "example")):
        match = EXAMPLE.fullmatch(str(getattr(quad.object, "value", "")))
        assert match, quad
        found["made up" if match[5] else "case" if match[2] else "line"].append(match)
    assert all(len(each) > 20 for each in found.values())
    cases = {match[2] for match in found["case"]}
    known = ox.NamedNode(COP + "Case")
    assert {
        c for c in cases if not store.holds(ox.NamedNode(f"{ID}case/{c}"), TYPE, known)
    } == set()
    assert all(1 <= int(match[4]) <= 168 for match in found["line"])
    assert len(cases) > 15, "made up where no case and no line tells"


def test_an_example_of_a_line_names_the_line_of_a_placement_of_the_value(
    store: EmbeddedStore, values: list[Value]
) -> None:
    """What Diagram 1 places falls under its level, intensity and service, and no other."""
    name = {"Falls under it": True, "Just does not": False}
    checked = 0
    for value in values:
        if not value.of_class.endswith(("RelationIntensity", "ParticipationLevel")):
            continue
        for example in value.examples:
            match = EXAMPLE.fullmatch(example)
            assert match
            if match[3] != "Diagram 1":
                continue
            placed = {
                (str(label.object.value), value.iri in store.values(quad.subject, value.prop.value))  # type: ignore[union-attr]
                for quad in store.statements(None, ox.NamedNode(COP + "atLine"))
                if getattr(quad.object, "value", "") == match[4]
                for service in store.values(quad.subject, COP + "hasServiceType")
                for prop in (RDFS + "label", SKOS + "altLabel", COP + "sourceLabel")
                for label in store.statements(service, ox.NamedNode(prop))
                if getattr(label.object, "language", "") == "en"
            }
            spoken = example.replace("use of postal codes", "using postal codes")
            sides = {at for label, at in placed if label in spoken}
            assert name[match[1]] in sides, example
            checked += 1
    assert checked >= 5


def test_no_value_is_defined_by_its_place(store: EmbeddedStore) -> None:
    """A definition says what falls under it, and not where it stands on a page or a scale."""
    by_place = []
    for quad in store.statements(None, ox.NamedNode(SKOS + "definition")):
        node = quad.subject
        if not isinstance(node, ox.NamedNode) or not node.value.startswith(COP):
            continue
        if store.holds(node, TYPE, ox.NamedNode(OWL + "NamedIndividual")):
            text = str(getattr(quad.object, "value", ""))
            if LAYOUT.search(text):
                by_place.append((node.value, text))
    assert by_place == []


def only_a_place(text: str, label: str, of_class: str) -> bool:
    """Say whether a definition gives a number out of a number, or the label over again."""
    words, known = (
        {stem(word) for word in re.findall(r"\w+", said.lower())} - SMALL_WORDS
        for said in (text, f"{label} {of_class}")
    )
    return bool(OF_A_LIST.search(text)) or words <= known


def stem(word: str) -> str:
    return re.sub(r"(ing|ed|es|s|e)$", "", word) if len(word) > 4 else word


@pytest.mark.parametrize(
    ("text", "label", "place"),
    [
        ("Rung 3 of eight from below, in the band of tokenism.", "informing", True),
        ("One of three ways of running a provider that are compared.", "stewardship", True),
        ("The most traditional of three ways of running a provider.", "command", True),
        ("Value of informing.", "inform", True),
        ("Citizens are told of plans, and have no channel by which to answer.", "informing", False),
        ("One lay actor alone.", "individual unit", False),
        ("Provider sector of arrangements that two or more other sectors provide.", "mixed", False),
    ],
)
def test_a_definition_by_place_or_by_label_is_seen(text: str, label: str, place: bool) -> None:
    assert only_a_place(text, label, "value") == place


def test_no_value_is_defined_only_by_its_place_in_a_list_or_by_its_label(
    store: EmbeddedStore,
) -> None:
    """One can hold each definition against a case; a value without a criterion has a pair of examples."""
    answer = store.query(
        "SELECT ?value ?text ?label ?kind WHERE { ?value a owl:NamedIndividual, ?class ; "
        "skos:definition ?text ; rdfs:label ?label ; "
        "rdfs:isDefinedBy <https://w3id.org/coproduction> . ?class rdfs:label ?kind . "
        'FILTER(LANG(?label) = "en" && LANG(?kind) = "en" && STRSTARTS(STR(?value), STR(cop:))) }'
    )
    assert isinstance(answer, ox.QuerySolutions)
    rows = [tuple(getattr(row[at], "value", "") for at in range(4)) for row in answer]
    assert len({row[0] for row in rows}) > 300
    places = {row[0].removeprefix(COP) for row in rows if only_a_place(*row[1:])}
    none = {
        str(getattr(quad.subject, "value", "")).removeprefix(COP)
        for quad in store.statements(None, ox.NamedNode(SKOS + "editorialNote"))
        if getattr(quad.object, "value", "").startswith(NO_CRITERION)
    }
    assert places <= none
    assert none == {
        "CommandAndControl",
        "Stewardship",
        "AspirationalCoproduction",
        "TransformativeCoproduction",
        "CommunitarianRegime",
    }
    for name in none:
        examples = texts(store, ox.NamedNode(COP + name), "example")
        assert [each.partition(":")[0] for each in examples] == ["Falls under it", "Just does not"]


def test_no_list_is_defined_by_its_place(store: EmbeddedStore) -> None:
    answer = store.query(
        "SELECT DISTINCT ?class ?text WHERE { ?value a ?class, owl:NamedIndividual . "
        "?class skos:definition ?text ; rdfs:isDefinedBy ?any . "
        "FILTER NOT EXISTS { ?class rdfs:subClassOf* ?up "
        f"VALUES ?up {{ {' '.join('cop:' + name for name in sorted(OF_THE_SOURCE))} }} }} }}"
    )
    assert isinstance(answer, ox.QuerySolutions)
    found = [(str(row["class"]), str(getattr(row["text"], "value", ""))) for row in answer]
    assert len(found) > 30
    assert [(kind, text) for kind, text in found if LAYOUT.search(text)] == []


def test_concepts_of_services_are_defined_in_the_singular(store: EmbeddedStore) -> None:
    plural = [
        quad.subject
        for quad in store.statements(None, ox.NamedNode(SKOS + "definition"))
        if str(getattr(quad.subject, "value", "")).endswith("Service")
        and re.match(r"(\w+ )?[Ss]ervices\b", str(getattr(quad.object, "value", "")))
    ]
    assert plural == []


def test_what_is_named_in_the_singular_is_labelled_so(store: EmbeddedStore) -> None:
    """A class or value called a service has the label "service"; the plural is another label.

    A power is told by a verb ("decides"), an act by what is done ("arranging class social events").
    """
    told_by_a_verb = {COP + "Power", COP + "CitizenAct"}
    plural, seen = [], 0
    for quad in store.statements(None, ox.NamedNode(RDFS + "label")):
        name = str(getattr(quad.subject, "value", "")).removeprefix(COP)
        label = str(getattr(quad.object, "value", "")).lower()
        if not name[:1].isupper() or getattr(quad.object, "language", "") != "en":
            continue
        types = {str(getattr(q.object, "value", "")) for q in store.statements(quad.subject, TYPE)}
        if types & told_by_a_verb:
            continue
        seen += 1
        noun = re.split("(?=[A-Z])", name)[-1].lower()
        many = {f"{noun}s", f"{noun}es", re.sub("y$", "ies", noun)} - {noun}
        if many & set(re.findall(r"\w+", label)):
            plural.append((name, label))
    assert (plural, seen > 300) == ([], True)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("social services", "SocialService"),
        ("welfare services", "WelfareService"),
        ("public services", "PublicService"),
        ("public financed services", "PublicFinancedService"),
        ("preschool services", "PreschoolService"),
        ("enduring social services", "EnduringSocialService"),
        ("high quality preschool services", "HighQualityPreschoolService"),
    ],
)
def test_the_plural_of_the_source_finds_the_service(
    store: EmbeddedStore, words: str, name: str
) -> None:
    node = ox.NamedNode(COP + name)
    assert texts(store, node, "altLabel") == (words,)
    labels = [quad.object for quad in store.statements(node, ox.NamedNode(RDFS + "label"))]
    tongues = {
        str(label.language): label.value for label in labels if isinstance(label, ox.Literal)
    }
    assert sorted(tongues) == ["de", "en", "fr", "sv"]
    assert tongues["en"] == words.removesuffix("s")
