"""A term that was renamed: old data and old queries are read by the new name, and told.

No term of data has been renamed yet, so a next version is planted: a copy of all packaged files in
which five terms have new names and the old ones are deprecated.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

import coproduction
from coproduction.cases.integrity import faults
from coproduction.cases.loading import check_cases, load
from coproduction.cases.loads import graph_of_load, unload
from coproduction.cases.rebuild import rebuild
from coproduction.errors import DataError
from coproduction.knowledge.case_record import case_record
from coproduction.knowledge.questions import read_folder
from coproduction.names import COP, PREFIXES
from coproduction.pages.class_tree import trees_of
from coproduction.resources import data_dir, root
from coproduction.store.embedded import EmbeddedStore
from coproduction.store.on_disk import open_folder
from coproduction.store.renamed_terms import deprecated_in, rename, renames_in
from coproduction.syntax.renaming import with_terms

from ..cases.test_load import GOOD, sheet
from ..conftest import Run

FROZEN = Path(__file__).parents[1] / "frozen" / "cases.ttl"
PLANTED = {
    "hasContribution": ("hasUserInput", "owl:ObjectProperty"),
    "placeName": ("localityName", "owl:DatatypeProperty"),
    "hasActType": ("hasKindOfAct", "owl:ObjectProperty"),
    "PublicSector": ("StateSector", "owl:NamedIndividual , owl:Thing"),
    "Norm": ("LegalNorm", "owl:Class"),
}
"""New names and kinds of what was renamed in the next version."""
SPLIT = """
cop:boundByAnything a owl:ObjectProperty ; owl:deprecated true ;
    dcterms:isReplacedBy cop:boundBy , cop:observes ;
    rdfs:label "bound by anything"@en ; skos:definition "Relation to a norm or a case."@en ;
"""
NORM = """
case:danish-school-boards cop:boundBy case:act . case:act a cop:Norm ; rdfs:label "act"@en ;
    cop:countryCode "DK" ; cop:legalBasis "Act, 42"@en ; cop:hasServiceType cop:BasicEducation ;
    dcterms:source <https://example.org/act> .
"""
GONE = """
cop:lostWord a owl:DatatypeProperty ; owl:deprecated true ;
    rdfs:label "lost word"@en ; skos:definition "Text that nobody needed."@en ;
"""
NOTES = """
    skos:editorialNote "Not in the source: a toy of the tests."@en , "No domain: it is deprecated."@en ,
        "No range: it is deprecated."@en ;
    rdfs:isDefinedBy <https://w3id.org/coproduction> .
"""


def renamed(text: str) -> str:
    """Put the new names of the next version into a text."""
    for old, (new, _) in PLANTED.items():
        text = re.sub(rf"\bcop:{old}\b", f"cop:{new}", text)
    return text


@pytest.fixture
def next_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The packaged files of a version in which some terms have new names."""
    folder = tmp_path / "next"
    for part in ("ontology", "queries", "shapes", "cases", "loaders"):
        shutil.copytree(root() / part, folder / part)
    for path in (path for path in folder.rglob("*") if path.suffix in (".ttl", ".rq", ".tsv")):
        path.write_text(renamed(path.read_text(encoding="utf-8")), encoding="utf-8")
    with (folder / "ontology" / "coproduction.ttl").open("a", encoding="utf-8") as file:
        for old, (new, kind) in PLANTED.items():
            label = re.sub("(?<!^)([A-Z])", r" \1", old).lower()
            file.write(
                f"\ncop:{old} a {kind} ; owl:deprecated true ; dcterms:isReplacedBy cop:{new} ;\n"
                f'    rdfs:label "{label}"@en , "before: {label}"@sv ; cop:unreviewedLabel "sv" ;\n'
                f'    skos:definition "What cop:{new} is called now."@en ;\n' + NOTES
            )
        file.write(SPLIT + NOTES + GONE + NOTES)
    monkeypatch.setattr("coproduction.resources.root", lambda: folder)
    forget_files()
    yield folder
    forget_files()


def forget_files() -> None:
    """Forget what was read of packaged files, of which a process keeps much."""
    ours = [module for name, module in sys.modules.items() if name.startswith("coproduction")]
    for value in [value for module in ours for value in vars(module).values()]:
        if value is not root and hasattr(value, "cache_clear"):
            value.cache_clear()


@pytest.mark.slow
def test_a_rename_is_no_fault_and_is_shown_nowhere(next_version: Path) -> None:
    kg = coproduction.open(cases=True)
    assert [(found.check, found.term) for found in kg.check()] == []
    classes = [entry.label for tree in trees_of(kg.store) for entry in tree]
    assert classes.count("norm") == 1
    old = {COP + name for name in PLANTED}
    for question in read_folder().questions:
        for row in kg.ask(question.name).rows:
            assert not old & {str(value) for value in row.values()}, (question.name, row)
    assert kg.show("cop:PublicSector").label == "public sector", "and its card is there"


def old_and_new(tmp_path: Path) -> tuple[Path, Path]:
    """The frozen cases and a norm as they are, and with the new names."""
    old, new = tmp_path / "old.ttl", tmp_path / "new.ttl"
    old.write_text(FROZEN.read_text(encoding="utf-8") + NORM, encoding="utf-8")
    new.write_text(renamed(old.read_text(encoding="utf-8")), encoding="utf-8")
    return old, new


@pytest.mark.slow
def test_old_data_answer_every_question_as_new_data_do(next_version: Path, tmp_path: Path) -> None:
    old, new = (coproduction.open(path, links=True) for path in old_and_new(tmp_path))
    assert new.note == ""
    for name in PLANTED:
        told = f"cop:{name} is deprecated: it was read as cop:{PLANTED[name][0]} (statements: "
        assert told in old.note, old.note
    for question in read_folder().questions:
        assert old.ask(question.name).rows == new.ask(question.name).rows, question.name
    assert str(old.evidence()) == str(new.evidence())
    rights = "SELECT ?c WHERE { ?c cop:hasProviderSector cop:StateSector ; a cop:Case }"
    assert len(old.query(rights).rows) == 8


@pytest.mark.slow
def test_old_rdf_is_loaded_validated_and_told(next_version: Path, tmp_path: Path, run: Run) -> None:
    old, new = old_and_new(tmp_path)
    outcomes = [load(path, tmp_path / path.stem) for path in (old, new)]
    assert [outcome.loaded for outcome in outcomes] == [20, 20], outcomes[0].problems
    assert [outcome.note for outcome in outcomes] == ["", ""]
    assert not [p for p in outcomes[1].problems if p.rule == "term-deprecated"]
    told = {p.value: p.fix for p in outcomes[0].problems if p.rule == "term-deprecated"}
    assert told.keys() == {f"cop:{name}" for name in PLANTED}
    assert (
        "cop:PublicSector is deprecated: it was read as cop:StateSector ("
        in told["cop:PublicSector"]
    )
    one, other = (
        {str(quad.triple) for quad in open_folder(tmp_path / name).inner
         if quad.graph_name == graph_of_load(1)}
        for name in ("old", "new")
    )  # fmt: skip
    assert one == other
    in_old, in_new = (check_cases(path, lang="sv").problems for path in (old, new))
    assert in_old[: len(in_new)] == [p._replace(table="old.ttl") for p in in_new]
    assert {(p.level, p.rule) for p in in_old[len(in_new) :]} == {("info", "term-deprecated")}
    assert in_old[-1].fix.startswith("cop:placeName är utfasad: den lästes som cop:localityName (")
    done = run("validate", str(old), "--format", "csv")
    assert done.code == run("validate", str(new)).code
    assert "cop:placeName is deprecated: it was read as cop:localityName" in done.out
    again = load(old, tmp_path / "new")
    assert (again.unchanged, again.loaded) == (20, 0), "it is the same"


@pytest.mark.slow
@pytest.mark.parametrize("cell", ["public sector", "PublicSector", "cop:PublicSector",
                                  COP + "PublicSector", "before: public sector"])  # fmt: skip
@pytest.mark.sampled
def test_an_old_value_in_a_sheet_is_taken_and_told(
    next_version: Path, tmp_path: Path, cell: str
) -> None:
    field = case_record().field("sector")
    assert [c.iri for c in field.choices if c.iri.endswith("PublicSector")] == []
    outcome = load(sheet(tmp_path / "a.csv", GOOD | {"sector": cell}), tmp_path / "store")
    assert (outcome.loaded, outcome.set_aside) == (1, 0), outcome.problems
    sectors = open_folder(tmp_path / "store").values_of
    node = ox.NamedNode(COP + "StateSector")
    assert open_folder(tmp_path / "store").holds(None, None, node, graph_of_load(1)), sectors
    told = [problem for problem in outcome.problems if problem.level == "warning"]
    if cell == "public sector":  # the new term has this label too
        assert told == []
    else:
        (problem,) = told
        assert problem.fix == f"{cell!r} is deprecated: write 'public sector'."


def test_an_old_query_is_answered_and_told(next_version: Path, run: Run) -> None:
    kg = coproduction.open(cases=True)
    body = "SELECT ?c WHERE {{ ?c a cop:Case ; cop:{} ?a ; cop:hasProviderSector cop:{} }}"
    old = kg.query(body.format("hasActType", "PublicSector"))
    new = kg.query(body.format("hasKindOfAct", "StateSector"))
    assert old.terms == new.terms and len(old.terms) == 8
    assert new.note == ""
    assert old.note.splitlines() == [
        "cop:PublicSector is deprecated: cop:StateSector was asked in its place",
        "cop:hasActType is deprecated: cop:hasKindOfAct was asked in its place",
    ]
    limited = kg.query(body.format("hasActType", "PublicSector"), timeout=30)
    assert sorted(map(str, limited.terms)) == sorted(map(str, new.terms))
    made = run(
        "query", "--cases", "CONSTRUCT { ?c cop:placeName ?p } WHERE { ?c cop:placeName ?p }"
    )
    assert "cop:localityName" in made.out and "cop:placeName" not in made.out
    assert "cop:placeName is deprecated: cop:localityName was asked in its place" in made.err
    about = kg.query("SELECT ?new { cop:placeName dcterms:isReplacedBy ?new }")
    assert [row["new"] for row in about.rows] == [COP + "localityName"] and about.note == ""
    broken = run("query", "SELECT ?c { ?c cop:placeName }")
    assert broken.code == 2


def test_what_is_no_plain_rename_is_told_and_left(next_version: Path, tmp_path: Path) -> None:
    data = tmp_path / "mine.ttl"
    data.write_text(
        f'@prefix cop: <{COP}> . <urn:a> cop:boundByAnything <urn:n> ; cop:lostWord "x" .',
        encoding="utf-8",
    )
    kg = coproduction.open(data)
    assert f"{data}: cop:boundByAnything is deprecated: use cop:boundBy, cop:observes" in kg.note
    assert f"{data}: cop:lostWord is deprecated, and nothing takes its place" in kg.note
    result = kg.query("SELECT ?o { <urn:a> cop:boundByAnything ?o }")
    assert [row["o"] for row in result.rows] == ["urn:n"], "data are not lost"
    assert result.note == "cop:boundByAnything is deprecated: use cop:boundBy, cop:observes"


def test_a_question_is_given_a_term_by_its_old_name(next_version: Path, run: Run) -> None:
    kg = coproduction.open(cases=True)
    old, new = (kg.ask("locators", term=f"cop:{name}") for name in ("PublicSector", "StateSector"))
    assert old.rows == new.rows and old.rows
    assert old.note == "cop:PublicSector is deprecated: cop:StateSector was asked in its place"
    assert new.note == ""
    assert kg.find("public sector") == COP + "StateSector", "one label, one term"
    done = run("ask", "locators", "-p", "term=cop:PublicSector")
    assert "cop:StateSector was asked in its place" in done.err


@pytest.mark.slow
def test_a_store_of_the_version_before_answers_and_is_renamed_by_a_change(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    store = tmp_path / "store"
    load(FROZEN, store)
    load(sheet(tmp_path / "a.csv", GOOD | {"sector": "public sector"}), store)
    before = coproduction.open(store=store)
    body = "SELECT ?c WHERE {{ ?c a cop:Case ; cop:hasProviderSector cop:{} }} ORDER BY ?c"
    found = before.query(body.format("PublicSector")).terms
    assert len(found) == 9
    asked = {q.name: before.ask(q.name).rows for q in read_folder().questions}
    del before
    request.getfixturevalue("next_version")
    for name in ("StateSector", "PublicSector"):
        kg = coproduction.open(store=store)
        assert "cop:PublicSector is deprecated: it was read as cop:StateSector" in kg.note
        assert kg.query(body.format(name)).terms == found
    for name, rows in asked.items():
        # In another order: they are sorted by the names.
        now = _as_before(kg.ask(name).rows)
        assert sorted(map(repr, now)) == sorted(map(repr, rows)), name
    del kg
    on_disk = open_folder(store)
    assert on_disk.holds(None, None, ox.NamedNode(COP + "PublicSector"), graph_of_load(1))
    del on_disk
    load(sheet(tmp_path / "b.csv", GOOD | {"id": "b", "title": "B"}), store)
    kg = coproduction.open(store=store)
    assert kg.note == "" and kg.store.folder is not None
    assert kg.query(body.format("StateSector")).terms[: len(found)] == found
    for number in (1, 2):
        old = ox.NamedNode(COP + "PublicSector")
        assert not kg.store.holds(None, None, old, graph_of_load(number))
    del kg
    assert [*faults(store)] == []
    assert all(restored.is_whole for restored in rebuild(store, tmp_path / "again"))
    assert unload(store, 2) > 0


def _as_before(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    """Give rows with the old names in them, to compare."""
    names = {COP + new: COP + old for old, (new, _) in PLANTED.items()}

    def before(value: object) -> object:
        if isinstance(value, list):
            return [before(each) for each in value]
        return names.get(value, value) if isinstance(value, str) else value

    return [{column: before(value) for column, value in row.items()} for row in rows]


def test_a_file_is_written_with_the_new_names(next_version: Path, tmp_path: Path, run: Run) -> None:
    old, new = old_and_new(tmp_path)
    done = run("migrate", str(old))
    assert done.code == 0
    assert done.out == new.read_text(encoding="utf-8"), "comments and layout stay"
    assert (
        f"{old}: cop:PublicSector is deprecated: cop:StateSector was put in its place" in done.err
    )
    assert f"{new}: no deprecated term is in it" in run("migrate", str(new)).err
    other = tmp_path / "load.ttl"
    other.write_text(f"<urn:x:load> a <{COP}Load> .", encoding="utf-8")
    left = run("migrate", str(other))
    assert left.out == other.read_text(encoding="utf-8")
    assert f"{other}: cop:Load is deprecated and was left in the file: use void:Dataset" in left.err
    query = tmp_path / "mine.rq"
    query.write_text('# cop:placeName\nSELECT * { ?c cop:placeName "cop:placeName" }')
    told = coproduction.KnowledgeGraph.migrate(query, tmp_path / "new.rq")
    assert told == ["cop:placeName is deprecated: cop:localityName was put in its place"]
    wanted = '# cop:placeName\nSELECT * { ?c cop:localityName "cop:placeName" }'
    assert (tmp_path / "new.rq").read_text() == wanted
    with pytest.raises(DataError, match="exists already"):
        coproduction.KnowledgeGraph.migrate(query, tmp_path / "new.rq")
    for form in ("xml", "jsonld"):
        data = ox.serialize(
            (quad.triple for quad in ox.parse(path=old, format=ox.RdfFormat.TURTLE)),
            format=ox.RdfFormat.RDF_XML if form == "xml" else ox.RdfFormat.JSON_LD,
        )
        path, out = tmp_path / f"old.{form}", tmp_path / f"out.{form}"
        path.write_bytes(data or b"")
        assert run("migrate", str(path), "-o", str(out)).code == 0
        assert triples(out) == triples(new)
    assert run("migrate", str(old), "-o", str(tmp_path / "a.nt")).code == 2
    assert run("migrate", str(old), "-o", str(old)).code == 2
    assert run("migrate", str(sheet(tmp_path / "a.csv", GOOD))).code == 2


def triples(path: Path) -> set[str]:
    store = EmbeddedStore()
    store.add_raw(path)
    dataset = ox.Dataset(ox.Quad(*quad.triple) for quad in store.statements())
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad.triple) for quad in dataset}


def test_the_migration_query_does_the_same_in_a_store_of_another_engine(
    next_version: Path, tmp_path: Path
) -> None:
    """And once done it finds nothing more."""
    both = tmp_path / "both.ttl"
    both.write_text(
        FROZEN.read_text(encoding="utf-8")
        + "case:x cop:hasActType cop:PublicSector ; cop:boundByAnything case:y ; cop:lostWord 'a' ;"
        + " cop:hasKindOfAct cop:StateSector .",
        encoding="utf-8",
    )
    ours, theirs = EmbeddedStore.packaged(), EmbeddedStore()
    ours.add_file(both)
    theirs.add(ours.statements())
    update = (data_dir("queries/migrations") / "renamed-terms.ru").read_text(encoding="utf-8")
    done = rename(ours, renames_in(ours))
    assert done.times[COP + "hasActType"] == 21
    for _ in range(2):
        theirs.update(update)
        assert set(theirs.inner) == set(ours.inner)
    assert not rename(ours, renames_in(ours)).times


@pytest.mark.slow
def test_the_ontology_of_today_renames_nothing_of_users() -> None:
    """Its six deprecated terms are of the record of loads, which has a reader of its own."""
    store = EmbeddedStore.packaged()
    assert len(deprecated_in(store)) == 6
    assert renames_in(store) == {}
    before = set(store.inner)
    store.update((data_dir("queries/migrations") / "renamed-terms.ru").read_text(encoding="utf-8"))
    assert set(store.inner) == before


def test_real_deprecated_terms_are_told(tmp_path: Path, run: Run) -> None:
    data = tmp_path / "mine.ttl"
    data.write_text(f"@prefix cop: <{COP}> . <urn:a> a cop:Load ; cop:loadNumber 1 .")
    done = run(
        "query", "--data", str(data), "SELECT ?n { ?l cop:loadNumber ?n }", "--format", "csv"
    )
    assert done.out.split() == ["n", "1"], "it is answered as before"
    told = [line.removeprefix("coproduction: ") for line in done.err.splitlines()]
    assert told == [
        f"{data}: cop:Load is deprecated: use void:Dataset",
        f"{data}: cop:loadNumber is deprecated: use dcterms:identifier",
        "cop:loadNumber is deprecated: use dcterms:identifier",
    ]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("ASK { ?x cop:a ?y }", "ASK { ?x cop:b ?y }"),
        ("PREFIX c: <{cop}> ASK {{ ?x c:a ?y }}", "PREFIX c: <{cop}> ASK {{ ?x c:b ?y }}"),
        ("@prefix : <{cop}> . <urn:x> :a :a .", "@prefix : <{cop}> . <urn:x> :b :b ."),
        ("prefix cop: <urn:o:> ASK {{ ?x cop:a ?y }}", "prefix cop: <urn:o:> ASK {{ ?x cop:a ?y }}"),
        ("<urn:x> <{cop}a> <{cop}ab> .", "<urn:x> <{cop}b> <{cop}ab> ."),
        ("ASK { ?x cop:a '''cop:a''' } # cop:a", "ASK { ?x cop:b '''cop:a''' } # cop:a"),
        ("ASK { ?x cop:a-b ?y . ?x cop:ab ?y }", None),
        ("ASK {{ ?x a cop:far . FILTER(?x<cop:a) }}", "ASK {{ ?x a <urn:far> . FILTER(?x<cop:b) }}"),
    ],
)  # fmt: skip
def test_terms_are_replaced_in_a_text_and_nothing_else(text: str, wanted: str | None) -> None:
    instead = {COP + "a": COP + "b", COP + "far": "urn:far"}
    text, wanted = (each and each.replace("{cop}", COP).replace("{{", "{").replace("}}", "}")
                    for each in (text, wanted))  # fmt: skip
    assert text is not None
    assert with_terms(text, instead, PREFIXES)[0] == (wanted or text)
