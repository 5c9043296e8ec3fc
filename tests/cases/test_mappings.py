"""Foreign tables: the example of loaders/README.md is true, and a wrong mapping is told."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

import coproduction
from coproduction.cases.loading import check_cases, load, read_cases
from coproduction.cases.mapping_files import find_mapping, mapping_names
from coproduction.cases.mappings import Mapping, values_from_links
from coproduction.cases.reading import Reading
from coproduction.errors import CoproductionError, DataError
from coproduction.knowledge.alignments import MATCHES, all_links
from coproduction.knowledge.case_record import case_record
from coproduction.resources import data_dir
from coproduction.store.on_disk import copy_in_memory, open_folder
from coproduction.tables.json_tables import read_json
from coproduction.tables.table import read_table
from coproduction.validation.constraints import validate_store

from ..conftest import Run
from ..tools import require_data
from .test_load import value

README = Path(data_dir("loaders")) / "README.md"


@pytest.fixture
def example(tmp_path: Path) -> Path:
    text = README.read_text(encoding="utf-8")
    for kind, name in (("csv", "services.csv"), ("toml", "town.toml")):
        block = re.search(rf"```{kind}\n(.*?)```", text, re.DOTALL)
        assert block
        (tmp_path / name).write_text(block[1], encoding="utf-8")
    return tmp_path


def test_the_worked_example(example: Path, run: Run) -> None:
    store = example / "town"
    words = ("load", str(example / "services.csv"), "--as", str(example / "town.toml"))
    done = run(*words, "--store", str(store), "--format", "csv")
    assert done.code == 1
    assert "3 rows read, 2 loaded as load 1, 1 set aside" in done.err
    (problem,) = csv.DictReader(io.StringIO(done.out))
    assert (problem["cell"], problem["column"], problem["value"]) == ("D4", "Area", "parks")
    assert value(store, "example-town-7", "cop:hasProviderSector") == ["ThirdSector"]
    assert value(store, "example-town-7", "cop:hasServiceType") == ["Childcare"]
    assert value(store, "example-town-8", "cop:hasProviderSector") == ["PublicSector"]
    assert value(store, "example-town-8", "cop:otherCell") == []
    assert "place,Example Town, term" not in done.out
    assert run("loads", "--store", str(store), "--format", "csv").out.count("town") == 1


def test_an_error_in_a_made_field_names_the_cell_it_came_from(example: Path) -> None:
    table = example / "services.csv"
    table.write_text(
        table.read_text(encoding="utf-8").replace("\n7;", "\n7 <x>;"), encoding="utf-8"
    )
    outcome = check_cases(table, Reading(mapping=find_mapping(str(example / "town.toml"))))
    first = outcome.problems[0]
    assert (first.cell, first.column, first.rule) == ("A2", "No", "Case-id")


def test_the_packaged_mappings_can_be_read() -> None:
    assert "case-sheet" in mapping_names()
    for name in mapping_names():
        assert find_mapping(name).title
        assert f"`{name}`" in README.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"Name" = "title"', '"Name" = "titel"', "unknown field 'titel'; did you mean 'title'?"),
        ('"Name" = "title"', '"Nom" = "title"', "the columns Nom are missing; the table has No,"),
        ('"Name" = "title"', '"Name" = title', "line 6"),
        ('"Name" = "title"', '"Name" = 7', "[columns] holds texts"),
        ("[columns]", "[colums]", "'colums' is no part of a mapping"),
        ('"Name" = "title"', '"Name" = "summary"', "'summary' is given twice"),
        ('country = "GB"', "", "the column country is missing; row 1 was taken for the headings"),
        ("{No}", "{Number}", "the columns Number are missing"),
    ],
)
def test_a_wrong_mapping_is_told(example: Path, old: str, new: str, words: str) -> None:
    path = example / "town.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CoproductionError, match=re.escape(words)):
        check_cases(example / "services.csv", Reading(mapping=find_mapping(str(path))))


def test_an_unknown_mapping_is_told(example: Path) -> None:
    with pytest.raises(CoproductionError, match="did you mean 'case-sheet'"):
        find_mapping("case-sheets")
    rdf = example / "a.ttl"
    rdf.write_text("", encoding="utf-8")
    with pytest.raises(DataError, match="is for tables, and this is RDF"):
        load(rdf, example / "store", Reading(mapping=find_mapping("case-sheet")))


def test_a_code_stands_for_the_service_that_is_it_or_takes_it_in() -> None:
    """No wider code, and no neighbour: housing benefit is not the running of dwellings."""
    cofog = values_from_links({"service": "cofog"})["service"]
    assert {"1060", "0610", "1040", "1050"}.isdisjoint(cofog)
    tso = values_from_links({"service": "icnptso"})["service"]
    named = {code: iri.rpartition("#")[2] for code, iri in tso.items()}
    assert named["D41"] == named["D40"] == named["D42"] == "WorkIntegration"
    assert (named["D20"], named["B12"]) == ("Childcare", "BasicEducation")
    assert "B31" not in named


@pytest.mark.parametrize(
    ("field", "vocabulary"),
    [("service", "cofog"), ("service", "icnptso"), ("service", "essglobal"), ("provider_form", "essglobal")],
)  # fmt: skip
def test_no_code_stands_for_two_choices_alike(field: str, vocabulary: str) -> None:
    """Else the order of the rows would say which of them a register's row becomes."""
    choices = {choice.iri for choice in case_record().field(field).choices}
    for relation in (MATCHES[0], MATCHES[1], MATCHES[3]):
        codes = [
            link.code
            for link in all_links(vocabulary)
            if link.is_statement and link.predicate == relation and link.subject in choices
        ]
        assert len(codes) == len(set(codes)), (relation, codes)


@pytest.mark.slow
def test_the_charity_register_loads_and_its_report_adds_up(tmp_path: Path) -> None:
    table = require_data("uk-charities-ukcat/sample.csv")
    outcome = load(table, tmp_path / "store", Reading(mapping=find_mapping("uk-charities")))
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    known = {"D20", "B12", "D12", "C32", "D13", "F30", "D40", "D41", "D42", "C"}
    first: set[str] = set()
    expected = 0
    for row in rows:
        expected += row["ICNPTSO"] in known and row["org_id"] not in first
        first.add(row["org_id"])
    assert (outcome.read, outcome.loaded) == (len(rows), expected) == (4203, outcome.loaded)
    assert outcome.loaded + outcome.set_aside == outcome.read
    assert {problem.rule for problem in outcome.problems} == {"Case-service", "id-twice"}
    case = next(row["org_id"] for row in rows if row["ICNPTSO"] == "D20")
    store = tmp_path / "store"
    assert value(store, case, "cop:hasServiceType") == ["Childcare"]
    for prop in ("cop:hasParticipationLevel", "cop:hasRelationIntensity", "cop:hasRegime"):
        assert value(store, case, prop) == [], "a register does not say it"
    assert check_rdf_of(store) == []


def check_rdf_of(store: Path) -> list[str]:
    findings = validate_store(copy_in_memory(open_folder(store)))
    return [finding.shape for finding in findings if finding.severity == "violation"]


def test_templates_take_parts_and_alternatives(tmp_path: Path) -> None:
    mapping = Mapping("m", "m", templates={"start_year": "{closed:4|opened:4}", "id": "x-{no}"})
    path = tmp_path / "a.csv"
    path.write_text("no,closed,opened\n1,,1999-01-02\n2,2001-05-06,1999-01-02\n,,\n,,1990-01-01\n")
    rows = [row.cells[3:] for row in mapping.applied(read_table(path)).rows]
    assert rows == [["1999", "x-1"], ["2001", "x-2"], ["1990", ""]]


@pytest.mark.slow
def test_twenty_charities_coded_through_the_sheet_answer_the_questions(
    tmp_path: Path, run: Run
) -> None:
    table = require_data("uk-charities-ukcat/sample.csv")
    store, coded = tmp_path / "store", tmp_path / "coded.xlsx"
    loaded = load(table, store, Reading(mapping=find_mapping("uk-charities"))).loaded
    done = run("code", str(coded), "--store", str(store), "--most", "20")
    assert "20 cases" in done.err and "--replace" in done.err
    book = openpyxl.load_workbook(coded)
    page = book["cases"]
    column = {cell.value: cell.column for cell in page[1]}
    answers = {
        "participants": "relative of the client",
        "contributions": "core work",
        "decision rights": "majority",
        "intensity": "intensive and/or enduring",
    }
    for row in range(2, 22):
        for heading, answer in answers.items():
            cell = page.cell(row, column[heading])
            assert cell.value == "unknown", heading
            cell.value = answer
    book.save(coded)
    again = load(coded, store, replace=True)
    assert (again.loaded, again.set_aside) == (20, 0), again.problems
    kg = coproduction.open(store=store)
    high = [row for row in kg.ask("glass-ceiling").rows if row["kind"] == "case"]
    assert len(high) == 20
    count = "SELECT (COUNT(DISTINCT ?c) AS ?n) WHERE { ?c a cop:Case }"
    assert kg.query(count).rows == [{"n": loaded}], "coding a case makes no second one"
    left = tmp_path / "left.csv"
    run("code", str(left), "--store", str(store))
    assert len(left.read_text(encoding="utf-8-sig").splitlines()) == 1 + loaded - 20


@pytest.mark.slow
def test_the_susy_map_loads_and_its_report_adds_up(tmp_path: Path) -> None:
    path, store = require_data("susy-sse/susy.geojson.json"), tmp_path / "store"
    outcome = load(path, store, Reading(mapping=find_mapping("susy")))
    assert outcome.read == 1794
    assert outcome.loaded + outcome.set_aside == outcome.read
    assert outcome.loaded > 1600
    assert {problem.rule for problem in outcome.problems} <= {"Case-country", "Case-service"}
    features = json.loads(path.read_bytes())["features"]
    kinds = [
        (one["properties"].get("type_of_initiative") or "", one["properties"]["_id"])
        for one in features
        if one["properties"].get("addr:country") == "DE"
    ]
    found = {
        identifier
        for kind, identifier in kinds
        if value(store, f"susy-{identifier}", "cop:hasServiceType") == ["WorkIntegration"]
    }
    expected = {
        identifier
        for kind, identifier in kinds
        if "socialinclusion_employment" in re.split(r"\s*;\s*", kind)
    }
    assert found == expected
    assert check_rdf_of(store) == []


@pytest.mark.parametrize("content", ["[]", "{}", "{", '{"features": [1]}'])
def test_a_file_that_is_no_geojson_is_told(tmp_path: Path, content: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=r"GeoJSON|JSON"):
        check_cases(path, Reading(mapping=find_mapping("susy")))


REGISTER = """\
Identifier,Name,Description,Organisational Structure,Primary Activity,Activities,Locality,\
Country ID,Website,Membership Type
R1,Pine Tree,Homes,{new}organisational-structure/OS130,{new}activities-ica/ICA210,,London,GB,\
https://example.org/pine,{new}base-membership-type/BMT50
R2,Clinic,,{old}organisational-structure/OS60,ICA280,{old}activities-ica/ICA170;ICA20,Leeds,UK,,\
{old}base-membership-type/BMT30
R3,Somebody,,OS999,,,Wien,Österreich,,
R4,Town,,OS220,ICA160,,Nowhere,ZZ,,
""".format(
    new="https://dev.lod.coop/essglobal/2.1/standard/", old="http://purl.org/essglobal/standard/"
)


@pytest.mark.slow
def test_a_cooperative_register_is_read_in_both_bases_and_with_bare_codes(
    tmp_path: Path, run: Run
) -> None:
    path, store = tmp_path / "register.csv", tmp_path / "store"
    path.write_text(REGISTER, encoding="utf-8")
    done = run("load", str(path), "--as", "essglobal", "--store", str(store))
    assert done.code == 2 and "start_year or observed_year is missing" in done.err
    assert "--set KEY=VALUE" in done.err
    words = ("load", str(path), "--as", "essglobal", "--store", str(store), "--format", "csv")
    done = run(*words, "--set", "observed_year=2026")
    assert done.code == 1 and "4 rows read, 3 loaded as load 1, 1 set aside" in done.err
    (problem,) = csv.DictReader(io.StringIO(done.out))
    assert (problem["cell"], problem["column"], problem["value"]) == ("H5", "Country ID", "ZZ")
    said = {
        case: (
            value(store, case, "cop:hasServiceType"),
            value(store, case, "cop:hasProviderSector"),
            value(store, case, "cop:hasProvider/cop:hasOrganisationForm"),
            value(store, case, "cop:observedYear"),
        )
        for case in ("R1", "R2", "R3")
    }
    assert said == {
        "R1": (["Housing"], ["ThirdSector"], [], ["2026"]),
        "R2": ([], ["ThirdSector"], ["WorkerCoop"], ["2026"]),
        "R3": ([], [], [], ["2026"]),
    }
    assert value(store, "R1", "cop:hasParticipationLevel") == []
    assert check_rdf_of(store) == []


@pytest.mark.slow
def test_a_directory_is_joined_with_its_organisations(tmp_path: Path) -> None:
    path, store = require_data("hsds-ohana-sample/services.csv"), tmp_path / "store"
    defaults = {"country": "US", "observed_year": "2026"}
    outcome = load(path, store, Reading(mapping=find_mapping("hsds"), defaults=defaults))
    assert (outcome.read, outcome.loaded) == (23, 23), outcome.problems
    providers = coproduction.open(store=store).query(
        "SELECT ?l WHERE { <https://w3id.org/coproduction/id/case/service-15> "
        "cop:hasProvider/rdfs:label ?l }"
    )
    assert [row["l"] for row in providers.rows] == ["Salvation Army"]
    assert check_rdf_of(store) == []


@pytest.mark.slow
def test_a_join_is_known_by_its_code_and_told_where_it_is_missing(tmp_path: Path) -> None:
    (tmp_path / "services.csv").write_text(
        "id,organization_id,name,description\n1,b,Meals,Hot\n2,x,Rides,\n", encoding="utf-8"
    )
    mapping, other = find_mapping("hsds"), tmp_path / "organizations.csv"
    defaults = {"country": "NZ", "observed_year": "2025"}
    with pytest.raises(DataError, match=r"organizations\.csv"):
        check_cases(tmp_path / "services.csv", Reading(mapping=mapping, defaults=defaults))
    other.write_text("id,title\na,Anna\nb,Bo\n", encoding="utf-8")
    with pytest.raises(DataError, match="the columns name are missing"):
        check_cases(tmp_path / "services.csv", Reading(mapping=mapping, defaults=defaults))
    other.write_text("id,name,legal_status,tax_status\na,Anna,,\nb,Bo,club,\n", encoding="utf-8")
    outcome = load(
        tmp_path / "services.csv", tmp_path / "s", Reading(mapping=mapping, defaults=defaults)
    )
    assert (outcome.loaded, outcome.set_aside) == (1, 1)
    (problem,) = outcome.problems
    assert (problem.rule, problem.cell) == ("Case-provider", "B3"), "the code that leads nowhere"
    notes = value(tmp_path / "s", "service-1", "cop:otherCell")
    assert notes == ["organizations.legal_status: club"]
    assert value(tmp_path / "s", "service-1", "cop:hasProvider/rdfs:label") == ["Bo"]
    other.write_text("id,name,legal_status,tax_status\nb,Bo,,\nx,Xi,,\n", encoding="utf-8")
    again = load(
        tmp_path / "services.csv", tmp_path / "s", Reading(mapping=mapping, defaults=defaults)
    )
    assert again.loaded == 1, "the file beside it is another, so it is another load"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("country", "write KEY=VALUE"),
        ("country=", "write KEY=VALUE"),
        ("contry=GB", "unknown field 'contry'; did you mean 'country'?"),
        ("country=Atlantis", "country=Atlantis: Give one country"),
    ],
)
def test_a_wrong_default_is_told(example: Path, run: Run, words: str, told: str) -> None:
    done = run(
        "load", str(example / "services.csv"), "--as", str(example / "town.toml"),
        "--store", str(example / "s"), "--set", words,
    )  # fmt: skip
    assert done.code == 2 and told in done.err
    assert not (example / "s").exists()


def test_a_default_stands_in_for_empty_cells_alone(example: Path) -> None:
    table = example / "services.csv"
    text = table.read_text(encoding="utf-8").replace("1988;", ";")
    table.write_text(text.replace("all year;ask again", "all year;ask again;stray"), "utf-8")
    mapping = find_mapping(str(example / "town.toml"))
    outcome = load(
        table,
        example / "s",
        Reading(mapping=mapping, defaults={"start_year": "2001", "frequency": "daily"}),
    )
    assert outcome.loaded == 2
    assert value(example / "s", "example-town-7", "cop:startYear") == ["2001"]
    assert value(example / "s", "example-town-8", "cop:startYear") == ["2009"]


@pytest.mark.parametrize(
    ("part", "told"),
    [
        ('[[join]]\nfile = "a.csv"', "a [[join]] has column, file, key, take"),
        (
            '[[join]]\nfile = "../a.csv"\ncolumn = "No"\nkey = "No"\ntake = []',
            "names a file beside the table",
        ),
        ('[defaults]\nland = "GB"', "unknown field 'land'"),
        ("[defaults]\ncountry = 3", "[defaults] holds texts"),
    ],
)
def test_a_wrong_part_is_told(example: Path, part: str, told: str) -> None:
    path = example / "town.toml"
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{part}\n", encoding="utf-8")
    with pytest.raises(CoproductionError, match=re.escape(told)):
        find_mapping(str(path))


PLAIN = """
title = "t"
[templates]
id = "t-{No}"
summary = "{Name}"
{more}
[constants]
country = "SE"
sector = "unknown"
participants = "unknown"
decision_rights = "unknown"
intensity = "unknown"
provider = "unknown"
source = "the map"
"""


def plain(folder: Path, more: str, columns: str = "", constants: str = "") -> Mapping:
    path = folder / f"m{len(list(folder.iterdir()))}.toml"
    text = PLAIN.replace("{more}", more) + constants
    path.write_text(
        text.replace("[templates]", f'[columns]\n"Name" = "title"\n{columns}\n[templates]'),
        encoding="utf-8",
    )
    mapping = find_mapping(str(path))
    assert isinstance(mapping, Mapping)
    return mapping


REST = 'contributions = "unknown"\nservice = "unknown"\nobserved_year = "2020"\n'


def test_a_star_alone_stands_for_every_value(tmp_path: Path) -> None:
    table = tmp_path / "town.csv"
    table.write_text("No,Name,Area\n1,Nursery,nursery\n2,Park,parks\n", encoding="utf-8")
    mapping = plain(
        tmp_path, "", '"Area" = "service"',
        'contributions = "unknown"\nobserved_year = "2020"\n[values.service]\n"*" = "unknown"\n',
    )  # fmt: skip
    outcome = check_cases(table, Reading(mapping=mapping))
    assert (outcome.read, outcome.loaded, outcome.problems) == (2, 2, [])


def test_a_cell_that_holds_an_array_is_split(tmp_path: Path) -> None:
    table = tmp_path / "town.csv"
    table.write_text(
        "No;Name;Help\n"
        '1;A;"{core work,""complementary work""}"\n'
        '2;B;"[""core work"", ""complementary work""]"\n'
        "3;C;core work, complementary work\n4;D;{core work}\n",
        encoding="utf-8",
    )
    mapping = plain(
        tmp_path, "", '"Help" = "contributions"',
        'service = "unknown"\nobserved_year = "2020"\n[separators]\ncontributions = ","\n',
    )  # fmt: skip
    cases = list(read_cases(table, Reading(mapping=mapping)).cases())
    given = [case.statements.count("hasContribution>") for case in cases]
    assert given == [2, 2, 2, 1]


@pytest.mark.parametrize(
    ("day", "year"),
    [("05/06/2014", "2014"), ("2014-06-05", "2014"), ("5 June 2014", "2014"), ("6.5.2014", "2014"),
     ("2014-06-05T10:00:00Z", "2014"), ("2014", "2014"), ("14/06/05", ""), ("2014/2015", "")],
)  # fmt: skip
def test_the_year_is_taken_out_of_a_date(tmp_path: Path, day: str, year: str) -> None:
    table = tmp_path / "town.csv"
    table.write_text(f"No,Name,Award Date\n1,A,{day}\n", encoding="utf-8")
    mapping = plain(
        tmp_path, 'start_year = "{Award Date:year}"', "",
        'contributions = "unknown"\nservice = "unknown"\n',
    )  # fmt: skip
    outcome = check_cases(table, Reading(mapping=mapping))
    assert outcome.loaded == (1 if year else 0)
    if not year:
        assert [(p.column, p.value) for p in outcome.problems] == [("Award Date", day)]


def test_what_is_only_kept_as_a_note_may_lack_beside(tmp_path: Path) -> None:
    (tmp_path / "services.csv").write_text(
        "id,organization_id,name,description\n1,A1,Nursery,Care\n2,A1,Park,Trees\n",
        encoding="utf-8",
    )
    other = tmp_path / "organizations.csv"
    other.write_text("id,name\nA1,First\nA1,Second\n", encoding="utf-8")
    reading = {"mapping": find_mapping("hsds"), "defaults": {"country": "US", "observed_year": "2020"}}  # fmt: skip
    outcome = check_cases(tmp_path / "services.csv", Reading(**reading))
    assert (outcome.read, outcome.loaded) == (2, 2)
    assert "organizations.csv has 'A1' in several rows of 'id': the first counts" in outcome.note
    other.write_text("id,title\nA1,First\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"organizations\.csv: the columns name are missing"):
        check_cases(tmp_path / "services.csv", Reading(**reading))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.geojson", '{"type": "FeatureCollection", "features": [{"properties": {"No": 1, "Name": "A"}}, {"properties": null}, {"properties": {"No": 3, "Name": "C"}}]}'),
        ("a.json", '[{"No": 1, "Name": "A"}, null, {"No": 3.0, "Name": "C"}]'),
        ("b.json", '{"licence": "x", "grants": [{"No": 1, "Name": "A"}, 7, {"No": 3, "Name": "C"}]}'),
        ("a.jsonl", '{"No": 1, "Name": "A"}\n\n[]\n{"No": 3, "Name": "C"}\n'),
    ],
)  # fmt: skip
def test_json_is_a_table_and_a_record_without_properties_one_fault(
    tmp_path: Path, name: str, content: str
) -> None:
    path = tmp_path / name
    path.write_text("\ufeff" + content, encoding="utf-8")
    outcome = check_cases(path, Reading(mapping=plain(tmp_path, "", "", REST)))
    assert (outcome.read, outcome.loaded, outcome.set_aside) == (3, 2, 1)
    assert [(p.row, p.rule, p.fix) for p in outcome.problems] == [
        (3, "row-unreadable", "Record 2 has no properties.")
    ]


def test_properties_of_objects_in_a_record_are_columns(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(
        '[{"a": {"b": 1, "c": [1, 2]}, "d": [{"e": "x"}, {"e": "y", "f": null}]}]', encoding="utf-8"
    )
    table = read_json(path)
    assert table.headings == ["a.b", "a.c", "d.e", "d.f"]
    assert [row.cells for row in table.rows] == [["1", "1;2", "x;y", ""]]


@pytest.mark.parametrize(
    ("content", "words"),
    [("{", "not valid JSON"), ("[]", "no array of records"), ("[1]", "no record of this JSON"),
     ('{"a": [{}], "b": [{}]}', "2 arrays"), ("[" * 200_000, "nested too deep")],
)  # fmt: skip
def test_json_that_is_no_table(tmp_path: Path, content: str, words: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=words):
        check_cases(path)


def test_a_code_counts_under_its_own_scheme_only(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    codes = {
        "https://example.org/budget/2010/0912": False,
        "http://data.europa.eu/ux2/nace2/0912": False,
        "https://unstats.un.org/unsd/cr/registry/regcs.asp?Cl=4&Lg=1&Co=09.1.2": True,
    }
    path.write_text(
        "@prefix cpsv: <http://purl.org/vocab/cpsv#> . @prefix dct: <http://purl.org/dc/terms/> .\n"
        + "".join(
            f'<https://example.org/s/{n}> a cpsv:PublicService ; dct:title "A"@en ; '
            f'dct:spatial "IT" ; dct:type <{code}> .\n'
            for n, code in enumerate(codes)
        ),
        encoding="utf-8",
    )
    source = read_cases(path, Reading(mapping=find_mapping("cpsv-ap")))
    taught = ["cop:BasicEducation".partition(":")[2] in case.statements for case in source.cases()]
    assert taught == list(codes.values())
    assert source.note.startswith("2 codes are not of cofog and say nothing here")


def test_a_catalogue_in_british_english_and_with_places(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    table = "http://publications.europa.eu/resource/authority"
    places = [
        f"<{table}/place/ITA_TRT>", "<http://data.europa.eu/nuts/code/ITH2>", '"IT"', '"Italia"',
        f"<{table}/country/ITA> , <{table}/country/AUT>", "<https://example.org/nowhere>",
    ]  # fmt: skip
    path.write_text(
        "@prefix cpsv: <http://purl.org/vocab/cpsv#> . @prefix dct: <http://purl.org/dc/terms/> .\n"
        + "".join(
            f"<https://example.org/s/{n}> a cpsv:PublicService ; "
            f'dct:title "Zoo care"@en-GB , "Apfelpflege"@de ; dct:spatial {place} .\n'
            for n, place in enumerate(places)
        ),
        encoding="utf-8",
    )
    source = read_cases(path, Reading(mapping=find_mapping("cpsv-ap")))
    cases = list(source.cases())
    assert ["Zoo care" in case.statements for case in cases] == [True] * 5
    assert ['countryCode> "IT"' in case.statements for case in cases] == [True] * 4 + [False]
    told = {(p.level, p.rule, p.value) for p in source.problems}
    assert ("error", "Case-country", "https://example.org/nowhere") in told
    assert any(rule == "several-values" for _, rule, _ in told)


# -- forms of real files, with made-up rows ----------------------------------------------------

APPROACHES = """
title = "Cases with arrays"
leave_out = ["*"]
[columns]
"where" = "country"
[templates]
id = "p-{id}"
title = "Case {id}"
summary = "Case {id}"
observed_year = "{posted:year}"
source = "Case {id}"
contributions = "{approaches}"
[separators]
contributions = ","
[defaults]
contributions = "unknown"
[constants]
service = "unknown"
sector = "unknown"
participants = "unknown"
decision_rights = "unknown"
intensity = "unknown"
provider = "unknown"
[values.contributions]
"working" = "core work"
"*" = "unknown"
"""
ARRAYS = """\
id,where,approaches,posted
1,Sweden,"{working,talking}",2010-08-25 16:50:37
2,Polska,"{talking,asking,voting}",2011-06-23 00:00:00
3,Taiwan,{talking},2024-09-27 06:36:37.730199
4,Bolivia,{},2015-04-01 00:00:00
"""


def test_every_other_value_of_several_is_unknown(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(APPROACHES)
    (tmp_path / "a.csv").write_text(ARRAYS)
    source = read_cases(
        tmp_path / "a.csv", Reading(mapping=find_mapping(str(tmp_path / "own.toml")))
    )
    given = {case.iri[-1]: case.statements for case in source.cases()}
    assert not source.problems
    unknown = "<https://w3id.org/coproduction#codedProperty> <https://w3id.org/coproduction#hasContribution>"
    assert [unknown in given[number] for number in "1234"] == [False, True, True, True]
    assert given["1"].count("#hasContribution> <https://w3id.org/coproduction#CoreWork>") == 1


def test_a_value_of_a_mapping_that_is_none_is_told_as_such(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(APPROACHES.replace('"core work"', '"cor work"'))
    (tmp_path / "a.csv").write_text(ARRAYS)
    words = r"the mapping own, \[values.contributions\] 'working' = 'cor work': .*'core work'"
    with pytest.raises(DataError, match=words):
        read_cases(tmp_path / "a.csv", Reading(mapping=find_mapping(str(tmp_path / "own.toml"))))


def test_the_values_of_the_packaged_mappings_are_values(tmp_path: Path) -> None:
    for name in ("essglobal", "uk-charities"):
        mapping = find_mapping(name)
        assert isinstance(mapping, Mapping) and mapping.values
        path = tmp_path / f"{name}.csv"
        path.write_text(",".join(f'"{heading}"' for heading in mapping.headings()) + "\n")
        given = {"observed_year": "2023"}
        assert list(read_cases(path, Reading(mapping=mapping, defaults=given)).cases()) == []
        service = mapping.values["service"] | {"x": "no such service"}
        wrong = replace(mapping, values=mapping.values | {"service": service})
        with pytest.raises(DataError, match=rf"the mapping {name}, \[values.service\]"):
            read_cases(path, Reading(mapping=wrong, defaults=given))


def test_missing_columns_are_named_once(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("service_uuid,service_name\n1,A\n")
    with pytest.raises(DataError) as raised:
        read_cases(tmp_path / "a.csv", Reading(mapping=find_mapping("hsds")))
    missing = str(raised.value).partition(" are missing")[0].rpartition("columns ")[2].split(", ")
    assert len(missing) == len(set(missing)) > 3


def test_a_code_that_another_table_has_no_row_for_is_told(tmp_path: Path) -> None:
    (tmp_path / "services.csv").write_text(
        'id,organization_id,name,description\n1,7,"A, B",Help\n2,8,B,"First\n\n  second"\n3,,C,Help\n'
    )
    (tmp_path / "organizations.csv").write_text("id,name,legal_status\n8,Aid,\n")
    given = {"country": "US", "observed_year": "2018"}
    hsds = find_mapping("hsds")
    outcome = check_cases(tmp_path / "services.csv", Reading(mapping=hsds, defaults=given))
    assert (outcome.read, outcome.loaded) == (3, 1)
    first, second = (p for p in outcome.problems if p.level == "error")
    assert (first.cell, first.value) == ("B2", "7")
    assert first.fix.endswith("organizations.csv has no row for '7'.")
    assert (second.cell, second.value) == ("B4", "") and "no row" not in second.fix


@pytest.mark.parametrize(
    "address",
    [
        "https://dev.lod.coop/essglobal/2.1/standard/countries-iso/SE",
        "http://purl.org/essglobal/standard/countries-iso/SE",
        "http://publications.europa.eu/resource/authority/country/SWE",
    ],
)
def test_a_country_by_its_address_in_a_table_of_codes(tmp_path: Path, address: str) -> None:
    path = tmp_path / "a.csv"
    headings = "Identifier,Name,Description,Organisational Structure,Primary Activity,Activities,Locality,Country ID,Membership Type"
    path.write_text(f'{headings}\n1,A,"Text.\n\n- more",OS60,ICA210,,Umeå,{address},BMT30\n')
    (case,) = read_cases(
        path, Reading(mapping=find_mapping("essglobal"), defaults={"observed_year": "2023"})
    ).cases()
    assert '#countryCode> "SE"' in case.statements


def test_a_sign_within_a_value_of_an_array_separates_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    grants = [
        {
            "id": "g1",
            "to": [{"name": "Aid; Advice", "at": {"town": "Y; Z"}}, {"name": "B"}, "C; D"],
            "tags": ["one; two", "three"],
            "note": "kept; as it is",
        }
    ]
    path.write_text(json.dumps({"grants": grants}))
    table = read_json(path)
    (row,) = table.rows
    assert dict(zip(table.headings, row.cells, strict=True)) == {
        "id": "g1",
        "to.name": "Aid, Advice;B",
        "to.at.town": "Y, Z",
        "to": "C, D",
        "tags": "one, two;three",
        "note": "kept; as it is",
    }
