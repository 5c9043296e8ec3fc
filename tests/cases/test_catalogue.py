"""Catalogues of public services: in, coded, and out again as they came, enriched and valid."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
import rdflib
from rdflib.compare import isomorphic

import coproduction
from coproduction.cases.loading import check_cases, load
from coproduction.cases.loads import unload
from coproduction.cases.mapping_files import find_mapping
from coproduction.cases.mappings import RdfMapping
from coproduction.cases.reading import Reading
from coproduction.errors import DataError
from coproduction.knowledge.case_record import case_record
from coproduction.names import COP

from ..conftest import Run
from ..tools import require_data

OFFICIAL = "cpsv-ap-3.2.0/example-public_service.ttl"
NORWEGIAN = "cpsv-norway/exAlleKlasser2.ttl"
BASE = "https://example.org/catalogue/"
"""What the relative IRIs in the Norwegian example are resolved on."""
TAX = "http://example.com/publicService1"


def mapping() -> RdfMapping:
    found = find_mapping("cpsv-ap")
    assert isinstance(found, RdfMapping)
    return found


def exported(run: Run, store: Path) -> rdflib.Graph:
    out = store.with_suffix(".ttl")
    assert run("export", "--store", str(store), "--as", "cpsv-ap", "-o", str(out)).code == 0
    return rdflib.Graph().parse(out, format="turtle")


@pytest.mark.parametrize(
    ("name", "loaded", "aside"), [(OFFICIAL, 1, 0), (NORWEGIAN, 1, 1)], ids=["official", "norway"]
)
@pytest.mark.sampled
def test_a_catalogue_comes_out_as_it_came_in(
    run: Run, tmp_path: Path, name: str, loaded: int, aside: int
) -> None:
    path = require_data(name)
    outcome = load(path, tmp_path / "store", Reading(mapping=mapping(), base=BASE))
    assert (outcome.loaded, outcome.set_aside) == (loaded, aside), outcome.problems
    came = rdflib.Graph().parse(path, format="turtle", publicID=BASE)
    assert isomorphic(exported(run, tmp_path / "store"), came)


@pytest.mark.slow
def test_a_service_without_country_is_named_by_its_iri(tmp_path: Path) -> None:
    path = require_data(NORWEGIAN)
    with pytest.raises(DataError, match=r"line 169, column 27: the relative IRI <> has no base"):
        load(path, tmp_path / "store", Reading(mapping=mapping()))
    outcome = load(path, tmp_path / "store", Reading(mapping=mapping(), base=BASE))
    (problem,) = [one for one in outcome.problems if one.level == "error"]
    assert problem.cell.endswith("exTjenesteDummy.ttl")
    assert (problem.column, problem.row) == ("country", 0)
    again = load(
        require_data(NORWEGIAN),
        tmp_path / "other",
        Reading(mapping=mapping(), defaults={"country": "NO"}, base=BASE),
    )
    assert (again.loaded, again.set_aside) == (2, 0)


def code(store: Path, tmp_path: Path, run: Run, **answers: str) -> None:
    """Code the tax service through the sheet."""
    sheet = tmp_path / "to-code.csv"
    assert run("code", str(sheet), "--store", str(store)).code == 0
    rows = list(csv.DictReader(sheet.read_text(encoding="utf-8-sig").splitlines()))
    assert [row["id"] for row in rows] == [TAX]
    rows[0].update(answers)
    with sheet.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    done = run("load", str(sheet), "--store", str(store), "--replace", "--format", "csv")
    assert done.code == 0, done.out


@pytest.mark.slow
def test_what_was_coded_goes_out_and_is_valid_by_the_official_shapes(
    run: Run, tmp_path: Path
) -> None:
    import pyshacl

    store, path = tmp_path / "store", require_data(OFFICIAL)
    load(path, store, Reading(mapping=mapping()))
    code(
        store,
        tmp_path,
        run,
        **{
            "service": "filing personal income tax forms",
            "provider": "Federal Public Service FINANCE",
            "sector": "public sector",
            "decision rights": "none",
            "intensity": "sporadic and distant",
            "participants": "client in person",
            "regulator": "Court of Audit",
        },
    )
    out = exported(run, store)
    came = rdflib.Graph().parse(path, format="turtle")
    cv = rdflib.Namespace("http://data.europa.eu/m8g/")
    tax = rdflib.URIRef(TAX)
    terms = {str(value).rpartition("#")[2] for value in out.objects(tax, cv.isClassifiedBy)}
    assert terms >= {"LowParticipation", "SporadicAndDistant", "PublicSector", "IncomeTaxFiling"}
    assert len(terms) == 5, "and the decision rights"
    roles = {
        str(out.value(node, cv.role)).rpartition("/")[2]: str(
            out.value(out.value(node, cv.hasParticipant), rdflib.DCTERMS.title)
        )
        for node in out.objects(tax, cv.hasParticipation)
    }
    assert roles == {
        "provider": "Federal Public Service FINANCE",
        "regulator": "Court of Audit",
        "client-in-person": "client in person",
    }
    kept = rdflib.Graph()
    ours = ("https://w3id.org/coproduction", f"{TAX}/particip")
    stubs = set(out.triples((None, rdflib.RDF.type, None))) - set(came)
    for triple in set(out):
        if triple in stubs and isinstance(triple[0], rdflib.URIRef):
            continue
        if not any(str(term).startswith(ours) for term in triple):
            kept.add(triple)
    assert isomorphic(kept, came), "nothing of what came in was changed"
    shapes = rdflib.Graph().parse(require_data("cpsv-ap-3.2.0/cpsv-ap-SHACL.ttl"), format="turtle")
    sh = rdflib.Namespace("http://www.w3.org/ns/shacl#")

    def violations(graph: rdflib.Graph) -> set[tuple[str, str, str]]:
        _, report, _ = pyshacl.validate(graph, shacl_graph=shapes)
        return {
            tuple(str(report.value(result, sh[n])) for n in ("focusNode", "resultPath", "value"))
            for result in report.subjects(rdflib.RDF.type, sh.ValidationResult)
        }

    assert len(violations(came)) == 6, "the official example itself lacks the code lists"
    assert violations(out) == set()
    row = coproduction.open(store=store).query(
        f"SELECT ?l WHERE {{ <{TAX}> cop:hasParticipationLevel ?l }}"
    )
    assert len(row) == 1


@pytest.mark.parametrize(
    "code",
    [
        "https://unstats.un.org/unsd/cr/registry/regcs.asp?Cl=4&amp;Lg=1&amp;Co=10.2.0".replace(
            "&amp;", "&"
        ),
        "https://w3id.org/italia/controlled-vocabulary/classifications-for-organizations/cofog-2009/0911",
    ],
)
def test_the_field_comes_from_cofog_only_where_the_code_lies_within_the_service(
    tmp_path: Path, code: str
) -> None:
    """10.2.0 has cash benefits beside eldercare, 09.1.1 is of a named service: neither tells."""
    path = tmp_path / "c.ttl"
    path.write_text(catalogue(code), encoding="utf-8")
    load(path, tmp_path / "store", Reading(mapping=mapping()))
    kg = coproduction.open(store=tmp_path / "store")
    assert len(kg.query("SELECT ?s WHERE { ?c a cop:Case ; cop:hasServiceType ?s }")) == 0


@pytest.mark.parametrize(
    "code",
    [
        "http://unstats.un.org/unsd/cr/registry/regcs.asp?Cl=4&Lg=1&Co=09.1.2",
        "https://w3id.org/italia/controlled-vocabulary/classifications-for-organizations/cofog-2009/0912",
    ],
)
def test_the_field_comes_from_cofog_in_all_its_forms(tmp_path: Path, code: str) -> None:
    path = tmp_path / "c.ttl"
    path.write_text(catalogue(code), encoding="utf-8")
    load(path, tmp_path / "store", Reading(mapping=mapping()))
    kg = coproduction.open(store=tmp_path / "store")
    rows = kg.query("SELECT ?s WHERE { ?c a cop:Case ; cop:hasServiceType ?s }").rows
    assert [str(row["s"]).rpartition("#")[2] for row in rows] == ["BasicEducation"]


def catalogue(code: str) -> str:
    return f"""
    @prefix cpsv: <http://purl.org/vocab/cpsv#> .
    @prefix cv: <http://data.europa.eu/m8g/> .
    @prefix dct: <http://purl.org/dc/terms/> .
    <https://example.org/s> a cpsv:PublicService ; dct:title "Une école"@fr ;
        dct:description "Pour tous."@fr ; dct:type <{code}> ;
        cv:hasCompetentAuthority <https://example.org/a> .
    <https://example.org/a> a cv:PublicOrganisation ;
        dct:spatial <http://publications.europa.eu/resource/authority/country/FRA> .
    """


@pytest.mark.slow
def test_unload_takes_the_catalogue_out_too(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "c.ttl"
    path.write_text(catalogue("https://example.org/x"), encoding="utf-8")
    load(path, tmp_path / "store", Reading(mapping=mapping()))
    assert unload(tmp_path / "store", 1) > 10
    done = run("export", "--store", str(tmp_path / "store"), "--as", "cpsv-ap")
    assert done.code == 2 and "no catalogue is in scope" in done.err


def test_rdf_that_is_no_catalogue_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text("<https://example.org/a> a <https://example.org/B> .", encoding="utf-8")
    with pytest.raises(DataError, match="finds no service in it"):
        load(path, tmp_path / "store", Reading(mapping=mapping()))
    table = tmp_path / "a.csv"
    table.write_text("id\n1\n", encoding="utf-8")
    with pytest.raises(DataError, match="is for RDF, and this is a table"):
        load(table, tmp_path / "store", Reading(mapping=mapping()))


@pytest.mark.slow
def test_the_scheme_of_roles_names_everybody_a_case_can_name(run: Run) -> None:
    scheme = rdflib.Graph().parse(data=run("export", "--as", "roles").out, format="turtle")
    skos, cop = rdflib.SKOS, rdflib.Namespace(COP)
    roles = set(scheme.subjects(rdflib.RDF.type, skos.Concept))
    for role in roles:
        tags = sorted(label.language for label in scheme.objects(role, skos.prefLabel))
        assert tags == ["de", "en", "fr", "sv"], role
        assert scheme.value(role, skos.definition) and scheme.value(role, skos.inScheme)
        broader = list(scheme.objects(role, skos.broader))
        assert len(broader) == (0 if (role, skos.topConceptOf, None) in scheme else 1)
        assert set(broader) <= roles
    named = set(scheme.objects(None, rdflib.RDFS.seeAlso))
    fields = case_record().fields
    assert named >= {rdflib.URIRef(field.path) for field in fields if field.organisation}
    assert named >= {
        rdflib.URIRef(choice.iri) for choice in case_record().field("participants").choices
    }
    known = coproduction.open().to_rdflib()
    assert all((term, None, None) in known for term in named)
    assert cop.RegularProducer in named


OLD = """
@prefix cpsv: <http://purl.org/vocab/cpsv#> .
@prefix cv: <http://data.europa.eu/m8g/> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix locn: <http://w3.org/ns/locn#> .
"""


def old_catalogue(path: Path, number: int) -> Path:
    """Write services in the terms of 2.x: no authority, no language, identifiers twice."""
    services = "".join(
        f'<https://example.org/s{i}> a cpsv:PublicService ; dct:title "S {i}" ; '
        f'dct:description "D" ; dct:identifier "{i // 2}" ; '
        "dct:type <http://unstats.un.org/unsd/cr/registry/regcs.asp?Cl=4&Lg=1&Co=99.9.9> ; "
        'cv:hasContactPoint <https://example.org/c> ; <http://schema.org/url> "x" ; '
        "locn:address <https://example.org/a> .\n"
        for i in range(number)
    )
    path.write_text(OLD + services, encoding="utf-8")
    return path


@pytest.mark.slow
def test_a_catalogue_in_old_and_odd_terms_is_kept_and_told(tmp_path: Path, run: Run) -> None:
    path, store = old_catalogue(tmp_path / "old.ttl", 1000), tmp_path / "store"
    outcome = load(path, store, Reading(mapping=mapping()))
    assert (outcome.load, outcome.loaded, outcome.set_aside) == (None, 0, 1000), "no country"
    outcome = load(path, store, Reading(mapping=mapping(), defaults={"country": "NO"}))
    assert (outcome.read, outcome.loaded, outcome.set_aside) == (1000, 1000, 0)
    for words in (
        "1,000 statements with http://w3.org/ns/locn#, today http://www.w3.org/ns/locn#: kept",
        "1,000 statements with http://schema.org/, today https://schema.org/: kept",
        "1,000 statements with http://data.europa.eu/m8g/hasContactPoint, today",
        "the identifiers 0, 1, 10 and 497 more stand on several things",
    ):
        assert words in outcome.note
    assert {(one.level, one.rule) for one in outcome.problems} == {("info", "code-without-link")}
    assert len(outcome.problems) == 1000 and "The code 9999 of cofog" in outcome.problems[0].fix
    assert isomorphic(exported(run, store), rdflib.Graph().parse(path, format="turtle"))


@pytest.mark.slow
def test_old_terms_stand_in_new_ones_too_where_anything_is_added(tmp_path: Path, run: Run) -> None:
    path, store = old_catalogue(tmp_path / "old.ttl", 1), tmp_path / "store"
    load(
        path,
        store,
        Reading(mapping=mapping(), defaults={"country": "NO", "sector": "public sector"}),
    )
    kg = coproduction.open(store=store)
    assert len(kg.query("SELECT ?s WHERE { ?c a cop:Case ; cop:hasProviderSector ?s }")) == 0, (
        "it is unknown"
    )
    sheet = tmp_path / "to-code.csv"
    run("code", str(sheet), "--store", str(store))
    rows = list(csv.DictReader(sheet.read_text(encoding="utf-8-sig").splitlines()))
    rows[0]["sector"] = "public sector"
    with sheet.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    assert run("load", str(sheet), "--store", str(store), "--replace").code == 0
    out = exported(run, store)
    cv = rdflib.Namespace("http://data.europa.eu/m8g/")
    service, contact = (rdflib.URIRef(f"https://example.org/{name}") for name in ("s0", "c"))
    assert (service, cv.hasContactPoint, contact) in out
    assert (service, cv.contactPoint, contact) in out


@pytest.mark.slow
def test_the_same_catalogue_as_json_ld_and_rdf_xml(tmp_path: Path) -> None:
    came = rdflib.Graph().parse(require_data(OFFICIAL), format="turtle")
    for form, name in (("json-ld", "a.jsonld"), ("xml", "a.rdf")):
        came.serialize(tmp_path / name, format=form)
        outcome = load(tmp_path / name, tmp_path / form, Reading(mapping=mapping()))
        assert (outcome.loaded, outcome.set_aside) == (1, 0), outcome.problems


def test_the_official_json_ld_asks_for_a_remote_context_and_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="context"):
        load(
            require_data("cpsv-ap-3.2.0/example-public_service.jsonld"),
            tmp_path / "store",
            Reading(mapping=mapping()),
        )


def test_a_mapping_without_the_id_of_a_case_is_told(tmp_path: Path) -> None:
    path, mine = tmp_path / "a.ttl", tmp_path / "mine.rq"
    path.write_text("<https://e.org/a> <https://e.org/p> 'x' .", encoding="utf-8")
    mine.write_text("#+ title: x\nSELECT ?title WHERE { ?s ?p ?title }", encoding="utf-8")
    with pytest.raises(DataError, match="the mapping mine gives no column id"):
        check_cases(path, Reading(mapping=find_mapping(str(mine))))
    mine.write_text("#+ title: x\nSELECT (?s AS ?id) WHERE { ?s ?p ?t }", encoding="utf-8")
    with pytest.raises(DataError, match="missing; the columns are those of the mapping mine;"):
        check_cases(path, Reading(mapping=find_mapping(str(mine))))
