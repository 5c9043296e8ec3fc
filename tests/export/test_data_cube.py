"""The export for statisticians is a well-formed RDF Data Cube, in which every case counts once.

The integrity constraints are those of the W3C's recommendation of 2014, section 11.1, that apply to
data sets without slices and attributes; their text is the recommendation's, in its normalised form.
"""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

import coproduction
from coproduction.errors import DataError
from coproduction.export.data_cube import QB, SEVERAL, data_cube
from coproduction.names import COP, RDF
from coproduction.store.embedded import EmbeddedStore

from ..conftest import Run

PREFIXES = {"qb": QB, "rdf": RDF, "rdfs": "http://www.w3.org/2000/01/rdf-schema#", "cop": COP}
CONSTRAINTS = {
    "IC-1 unique data set": """{ ?obs a qb:Observation
        FILTER NOT EXISTS { ?obs qb:dataSet ?dataset1 } } UNION
        { ?obs a qb:Observation ; qb:dataSet ?dataset1, ?dataset2 FILTER(?dataset1 != ?dataset2) }""",
    "IC-2 unique structure": """{ ?dataset a qb:DataSet
        FILTER NOT EXISTS { ?dataset qb:structure ?dsd } } UNION
        { ?dataset a qb:DataSet ; qb:structure ?dsd1, ?dsd2 FILTER(?dsd1 != ?dsd2) }""",
    "IC-3 structure includes measure": """?dsd a qb:DataStructureDefinition
        FILTER NOT EXISTS { ?dsd qb:component [ qb:componentProperty [ a qb:MeasureProperty ] ] }""",
    "IC-4 dimensions have range": """?dim a qb:DimensionProperty
        FILTER NOT EXISTS { ?dim rdfs:range [] }""",
    "IC-11 all dimensions required": """
        ?obs qb:dataSet/qb:structure/qb:component/qb:componentProperty ?dim .
        ?dim a qb:DimensionProperty FILTER NOT EXISTS { ?obs ?dim [] }""",
    "IC-14 all measures present": """?obs qb:dataSet/qb:structure ?dsd
        FILTER NOT EXISTS { ?dsd qb:component/qb:componentProperty qb:measureType }
        ?dsd qb:component/qb:componentProperty ?measure .
        ?measure a qb:MeasureProperty FILTER NOT EXISTS { ?obs ?measure [] }""",
}


@pytest.fixture(scope="module")
def cube(cases: coproduction.KnowledgeGraph) -> ox.Store:
    store = ox.Store()
    store.load(input=cases.export("cube"), format=ox.RdfFormat.TURTLE)
    return store


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_it_is_well_formed(cube: ox.Store, name: str) -> None:
    text = f"ASK {{ {CONSTRAINTS[name]} }}"
    assert not cube.query(text, prefixes=PREFIXES)
    # What breaks it is found.
    broken = ox.Store()
    broken.extend(cube)
    broken.update(BREAKING[name], prefixes=PREFIXES)
    assert broken.query(text, prefixes=PREFIXES)


ONE = "{ SELECT ?obs { ?obs a qb:Observation } ORDER BY ?obs LIMIT 1 }"
BREAKING = {
    "IC-1 unique data set": f"DELETE {{ ?obs qb:dataSet ?d }} WHERE {{ {ONE} ?obs qb:dataSet ?d }}",
    "IC-2 unique structure": "DELETE WHERE { ?d qb:structure ?s }",
    "IC-3 structure includes measure": "DELETE WHERE { ?c qb:componentProperty cop:caseCount }",
    "IC-4 dimensions have range": "DELETE WHERE { cop:countryDimension rdfs:range ?r }",
    "IC-11 all dimensions required": "DELETE WHERE { ?o cop:countryDimension ?v }",
    "IC-14 all measures present": f"DELETE {{ ?obs cop:caseCount ?n }} WHERE {{ {ONE} "
    "?obs cop:caseCount ?n }",
}


def test_no_two_observations_have_the_same_values(cube: ox.Store) -> None:
    """IC-12, asked set at a time: the recommendation's text compares all pairs."""
    found = []
    for observation in cube.quads_for_pattern(None, None, ox.NamedNode(QB + "Observation")):
        quads = cube.quads_for_pattern(observation.subject, None, None)
        without = ox.NamedNode(COP + "caseCount")
        found.append(frozenset((q.predicate, q.object) for q in quads if q.predicate != without))
    assert len(found) == len(set(found)) > 20


def test_every_case_is_counted_once_in_each_data_set(
    cube: ox.Store, cases: coproduction.KnowledgeGraph
) -> None:
    wanted = int(
        str(cases.query("SELECT (COUNT(DISTINCT ?c) AS ?n) { ?c a cop:Case }").rows[0]["n"])
    )
    text = "SELECT (SUM(?n) AS ?all) { ?o qb:dataSet ?d ; cop:caseCount ?n } GROUP BY ?d"
    sums = [int(row["all"].value) for row in cube.query(text, prefixes=PREFIXES)]
    assert sums == [wanted] * 7


def test_several_values_of_a_case_are_one() -> None:
    store = EmbeddedStore.packaged()
    case, kind = ox.NamedNode("https://example.org/case"), ox.NamedNode(RDF + "type")
    store.add([ox.Quad(case, kind, ox.NamedNode(COP + "Case"))])
    sector = ox.NamedNode(COP + "hasProviderSector")
    for name in ("ThirdSector", "PublicSector"):
        store.add([ox.Quad(case, sector, ox.NamedNode(COP + name))])
    found = ox.Store()
    found.load(input=data_cube(store), format=ox.RdfFormat.TURTLE)
    sectors = found.quads_for_pattern(None, ox.NamedNode(COP + "providerSectorDimension"), None)
    assert {quad.object for quad in sectors} == {SEVERAL}


def test_a_cube_that_cannot_be_written_is_told(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "own.ttl"
    head = f"@prefix cop: <{COP}> . <urn:x:a> a cop:Case"
    path.write_text(f"{head} ; cop:startYear 1990 ; cop:hasServiceType [] .", encoding="utf-8")
    told = run("export", "--as", "cube", "--data", str(path))
    assert told.code == 0
    assert "cube/grid is left out" in told.err and "blank node" in told.err
    assert told.out.startswith("# the data cube") and "cube/year/observation/1" in told.out
    found = ox.Store()
    found.load(input=told.out.encode(), format=ox.RdfFormat.TURTLE)
    kg = coproduction.open(data=[path])
    assert kg.export("cube") == told.out.encode()


def test_without_cases_there_is_no_cube() -> None:
    with pytest.raises(DataError, match="no case"):
        data_cube(EmbeddedStore.packaged())
