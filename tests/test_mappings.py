"""Foreign tables: the example of loaders/README.md is true, and a wrong mapping is told."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest

from coproduction.errors import CoproductionError, DataError
from coproduction.loading import check_cases, load
from coproduction.mappings import find_mapping, mapping_names
from coproduction.resources import data_dir

from .conftest import Run
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
    outcome = check_cases(table, mapping=find_mapping(str(example / "town.toml")))
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
        ('country = "GB"', "", "the columns country are missing; the mapping town has to give"),
        ("{No}", "{Number}", "the columns Number are missing"),
    ],
)
def test_a_wrong_mapping_is_told(example: Path, old: str, new: str, words: str) -> None:
    path = example / "town.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CoproductionError, match=re.escape(words)):
        check_cases(example / "services.csv", mapping=find_mapping(str(path)))


def test_an_unknown_mapping_is_told(example: Path) -> None:
    with pytest.raises(CoproductionError, match="did you mean 'case-sheet'"):
        find_mapping("case-sheets")
    rdf = example / "a.ttl"
    rdf.write_text("", encoding="utf-8")
    with pytest.raises(DataError, match="is for tables, and this is RDF"):
        load(rdf, example / "store", mapping=find_mapping("case-sheet"))
