"""Small files out of public bug reports, each with what is expected of it.

They are public material of their own, looked for in ``trials/`` beside the public data; the
log there (README.md) says where each comes from.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import coproduction
from coproduction.cases.loading import check_cases, load, read_cases
from coproduction.cases.loads import Outcome
from coproduction.cases.mapping_files import find_mapping
from coproduction.cases.reading import Reading
from coproduction.errors import DataError, QueryError

from ..conftest import Run
from ..tools import require_trial, size_of_source


def told(outcome: Outcome, level: str = "error") -> list[tuple[int, str]]:
    return [(p.row, p.rule) for p in outcome.problems if p.level == level]


@pytest.mark.parametrize(
    ("name", "read", "errors"),
    [
        ("t01-utf16.csv", 2, []),
        ("t03b-commas-in-heading.csv", 2, []),
        ("t03d-pipe.csv", 2, []),
        ("t03e-sep.csv", 1, []),
        ("t05b-quote-in-note.csv", 4, [(3, "row-unreadable")]),
        ("t06-title-line.csv", 1, []),
        ("t09b-nfd-values.csv", 2, []),
        ("t10-nbsp.csv", 5, [(2, "Case-service"), (5, "Case-start_year")]),
        ("t15-nan.csv", 5, []),
        ("t17-nul.csv", 1, []),
        ("x02-hidden-first-sheet.xlsx", 2, []),
        ("x03-notes-first.xlsx", 2, []),
        ("x04-two-level-header.xlsx", 2, []),
        ("x10-hyperlink-cell.xlsx", 1, []),
        ("m01-bom.csv", 1, []),
    ],
)
def test_a_table(name: str, read: int, errors: list[tuple[int, str]]) -> None:
    outcome = check_cases(require_trial(name))
    assert (outcome.read, told(outcome)) == (read, errors)
    assert outcome.loaded == read - len(errors)


def test_the_cells_of_tables_are_what_the_file_says() -> None:
    (mac,) = {c.cells[5] for c in read_cases(require_trial("t02-macroman.csv")).cases()}
    assert mac == "Malmö"
    assert "mac_roman: a guess" in check_cases(require_trial("t02-macroman.csv")).note
    assert check_cases(require_trial("m01-bom.csv"), Reading(encoding="utf-8")).loaded == 1
    codes = [c.statements for c in read_cases(require_trial("t09b-nfd-values.csv")).cases()]
    assert ['"AT"' in codes[0], '"RE"' in codes[1]] == [True, True]
    (case,) = read_cases(require_trial("x10-hyperlink-cell.xlsx")).cases()
    assert "<https://example.org/about>" in case.statements
    (case,) = read_cases(require_trial("t17-nul.csv")).cases()
    assert '"Parent"' in case.statements
    organisations = {
        name
        for c in read_cases(require_trial("t15-nan.csv")).cases()
        for _, name in c.organisations
    }
    assert organisations == {'"Sun co-op"'}


def test_years_and_countries_get_their_fix() -> None:
    years = check_cases(require_trial("t12-years.csv"))
    assert all("Write " in p.fix or ": write" in p.fix or "date: " in p.fix or p.value == "'94"
               or "such as" in p.fix for p in years.problems)  # fmt: skip
    countries = check_cases(require_trial("t14-countries.csv"))
    assert [p.value for p in countries.problems] == ["Kosovo", "EU"]
    assert not any("Did you mean" in p.fix for p in countries.problems)


def test_mappings() -> None:
    star = find_mapping(str(require_trial("m03-star-only.toml")))
    assert check_cases(require_trial("m03-town.csv"), Reading(mapping=star)).loaded == 2
    geo = check_cases(
        require_trial("m02-null-properties.geojson"),
        Reading(mapping=find_mapping(str(require_trial("m02-map.toml")))),
    )
    assert (geo.read, geo.loaded, told(geo)) == (2, 1, [(3, "row-unreadable")])
    hsds = check_cases(require_trial("m07-hsds/services.csv"), Reading(mapping=find_mapping("hsds"), defaults={"country": "US", "observed_year": "2020"}))  # fmt: skip
    assert (hsds.read, hsds.loaded, told(hsds)) == (2, 1, [(3, "Case-provider")])
    assert "organizations.csv has 'A1' in several rows" in hsds.note


def test_catalogues() -> None:
    mapping = find_mapping("cpsv-ap")
    titles = [
        c.statements
        for c in read_cases(require_trial("m04-cpsv-lang.ttl"), Reading(mapping=mapping)).cases()
    ]
    assert ["Zoo care" in text for text in titles] == [True] * 4
    places = check_cases(require_trial("m05-place.ttl"), Reading(mapping=mapping))
    assert (places.read, places.loaded) == (4, 4)
    assert [p.rule for p in places.problems] == ["several-values"]
    tail = read_cases(require_trial("m06-type-tail.ttl"), Reading(mapping=mapping))
    (case,) = tail.cases()
    assert "HealthCare" not in case.statements and "not of cofog" in tail.note


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("r01-relative.ttl", "the relative IRI <#nursery> has no base"),
        ("r14b-ttl12.ttl", r"triple terms of RDF 1\.2"),
        ("r22d-omn.owl", "no RDF/XML but OWL in Manchester syntax; save it as RDF/XML or Turtle"),
        ("r26-html.ttl", "no Turtle but a web page"),
    ],
)
def test_rdf_that_is_refused(name: str, words: str) -> None:
    with pytest.raises(DataError, match=words):
        check_cases(require_trial(name))


@pytest.mark.parametrize(
    ("name", "loaded", "words"),
    [
        ("r04-bom.ttl", 1, ""),
        ("r07-gyear.ttl", 0, "Its datatype is xsd:gYear."),
        ("r08-yearstring.ttl", 0, "Its datatype is xsd:string."),
        ("r16b-subclass.ttl", 1, ""),
        ("r19-provider-literal.ttl", 0, "Name at least one organisation or group"),
    ],
)
@pytest.mark.sampled
def test_rdf_that_is_read(name: str, loaded: int, words: str) -> None:
    outcome = check_cases(require_trial(name))
    assert (outcome.read, outcome.loaded) == (1, loaded)
    assert any(words in p.fix for p in outcome.problems)


def test_queries(kg: coproduction.KnowledgeGraph, run: Run, tmp_path: Path) -> None:
    assert kg.query(require_trial("q01-from.rq").read_text()).rows == [{"n": size_of_source()}]
    done = run("query", "-f", str(require_trial("q02-bom.rq")), "--format", "csv")
    assert (done.code, done.out.count("\n")) == (0, 2)
    with pytest.raises(QueryError, match="the prefix 'foo:' is not declared"):
        kg.query(require_trial("q03-prefix.rq").read_text())
    done = run("query", "-f", str(require_trial("q04-service.rq")))
    assert (done.code, "add --allow-service 127.0.0.1:3999" in done.err) == (2, True)
    with pytest.raises(QueryError, match=r"\?x .*GROUP BY"):
        kg.query(require_trial("q06-group.rq").read_text())
    done = run("query", "-f", str(require_trial("q05-ask.rq")), "--format", "json")
    assert '"boolean"' in done.out and "true" in done.out


@pytest.mark.parametrize("name", ["t17-nul.csv", "t10-nbsp.csv", "x10-hyperlink-cell.xlsx"])
@pytest.mark.sampled
def test_what_was_loaded_can_be_asked(tmp_path: Path, name: str) -> None:
    outcome = load(require_trial(name), tmp_path / "store")
    kg = coproduction.open(store=tmp_path / "store")
    assert len(kg.query("SELECT DISTINCT ?c { ?c a cop:Case }")) == outcome.loaded > 0
