"""What `check` says of a checkout beside its knowledge: numbers, lists, tests, written pages."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest

from coproduction.errors import DataError
from coproduction.store.embedded import EmbeddedStore
from coproduction.validation.checkout_checks import BUILT, checkout_findings, digest_of
from coproduction.validation.expected_rows import in_order_of_cause
from coproduction.validation.finding import Finding
from coproduction.validation.house_rules import _guarded, run_checks

from ..tools import CLAIMS

ROOT = Path(__file__).parents[2]
FOLDERS = (
    "ontology",
    "shapes",
    "queries",
    "cases",
    "loaders",
    "tests/faults",
    "tests/faults-cases",
)
FILES = (
    *("README.md", "docs/guide.md", "docs/limits.md", "docs/verdicts.md", BUILT),
    *("tests/expected-counts.toml", "tests/expected-cases.csv", "tests/cases/test_mappings.py"),
    *("tests/cases/test_catalogue.py", "tests/evidence/situations.toml"),
    "tests/evidence/wanted.toml",
)
COUNTS = "tests/expected-counts.toml"
QUESTIONS = len(list((ROOT / "queries" / "questions").glob("*.rq")))
BLOCK = '[[situation]]\nclaim = "C19"'


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("checkout")
    for name in FOLDERS:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    written = json.loads((ROOT / BUILT).read_text(encoding="utf-8"))["pages"]
    for file in (*FILES, *written):
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / file, folder / file)
    return folder


@pytest.fixture
def whole(copy: Path) -> Iterator[Path]:
    """A checkout that is as it was when the test is over."""
    before = {path: path.read_bytes() for path in copy.rglob("*") if path.is_file()}
    yield copy
    for path in copy.rglob("*"):
        if path.is_file() and path not in before:
            path.unlink()
    for path, content in before.items():
        if not path.is_file() or path.read_bytes() != content:
            path.write_bytes(content)


@cache
def packaged() -> ox.Store:
    return EmbeddedStore.packaged().inner


def found_in(root: Path) -> list[Finding]:
    return list(checkout_findings(packaged(), root))


def test_nothing_is_told_of_the_checkout_as_it_is(whole: Path) -> None:
    assert found_in(whole) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "check", "words", "fix"),
    [
        ("README.md", f"{QUESTIONS} questions of", "9 questions of", "number-differs", f"README.md says 9 for questions, and there are {QUESTIONS}", f"write {QUESTIONS} there"),
        ("docs/guide.md", f"{CLAIMS} claims", "9 claims", "number-differs", "docs/guide.md says 9 for claims", "write"),
        ("README.md", r"\d+ places where", "9 places where", "number-differs", "README.md says 9 for ambiguities", "write"),
        ("docs/limits.md", r"\d+ findings of later", "9 findings of later", "number-differs", "docs/limits.md says 9 for findings", "write"),
        ("docs/limits.md", r"\d+ of the", "9 of the", "number-differs", "says 9 for findings that rest on less than the text", "write"),
        (COUNTS, f"number = {CLAIMS}", "number = 9", "number-differs", f"{COUNTS} says 9 for claims", "write"),
        (COUNTS, "necessity = .*", 'necessity = "C42"', "claim-not-tested", f"{COUNTS} does not name C51", 'necessity = "... C51"'),
        (COUNTS, "C50 C51\"\n$", 'C50"\n', "claim-not-tested", f"{COUNTS} does not name C51", 'turned = "... C51" / same = "... C51"'),
        ("tests/evidence/situations.toml", re.escape(BLOCK), BLOCK.replace("C19", "C18"), "claim-not-tested", "situations.toml does not name C19", 'claim = "C19"'),
        ("tests/evidence/wanted.toml", "C19 = ", "C99 = ", "claim-not-tested", "wanted.toml does not name C19", "C19 = ["),
        ("tests/evidence/situations.toml", 'verdict = "mixed"', 'verdict = "mingled"', "claim-not-tested", "has the verdict mingled, which is none", "supported"),
        ("tests/evidence/situations.toml", 'words = ".*"', "", "claim-not-tested", "Situation 1 of situations.toml has no words", "as the others"),
        ("tests/evidence/wanted.toml", r"(?s)C51 = \[.*?\n\]", "C51 = []", "claim-not-tested", "wanted.toml does not name C51", "a cop:Case"),
        ("docs/guide.md", rf"'n': {CLAIMS}", "'n': 9", "number-differs", "docs/guide.md says 9 for claims", "write"),
        ("README.md", r"`A1` to `A\d+", "`A1` to `A9", "number-differs", "README.md says 9 for ambiguities", "write"),
        ("loaders/README.md", "`hsds`", "hsds", "file-not-listed", "hsds.toml is not named in loaders/README.md", "as the others"),
        ("ontology/README.md", "`concepts.ttl`", "concepts", "file-not-listed", "concepts.ttl is not named in ontology/README.md", "as the others"),
        ("tests/expected-cases.csv", "\nbasta,", "\nbaster,", "file-not-listed", "basta.ttl is not named in tests/expected-cases.csv", "as the others"),
    ],
)  # fmt: skip
def test_what_is_not_corrected_is_told(
    whole: Path, file: str, old: str, new: str, check: str, words: str, fix: str
) -> None:
    text = (whole / file).read_text(encoding="utf-8")
    changed = re.sub(old, new, text, count=1)
    assert changed != text
    (whole / file).write_text(changed, encoding="utf-8", newline="\n")
    told = [found for found in found_in(whole) if found.check != "pages-old"]
    assert len(told) == 1, told
    assert (told[0].check, words in told[0].message, fix in told[0].fix) == (check, True, True)


def test_a_page_may_be_laid_out_in_any_way(whole: Path) -> None:
    page = whole / "README.md"
    text = page.read_text(encoding="utf-8")
    page.write_text(text + f"\nOf the 9\nquestions of\nresearchers, {CLAIMS}\nclaims.\n")
    (told,) = found_in(whole)
    assert "says 9 for questions" in told.message


def test_a_mapping_that_no_test_names_is_told(whole: Path) -> None:
    shutil.copy(whole / "loaders" / "hsds.toml", whole / "loaders" / "toy-lenders.toml")
    told = {(found.check, found.message) for found in found_in(whole)}
    assert told >= {
        ("file-not-listed", "toy-lenders.toml is not named in loaders/README.md."),
        ("file-not-listed", "toy-lenders.toml is not named in tests/cases."),
    }


@pytest.mark.parametrize(
    ("file", "name", "where"),
    [
        (
            "tests/faults-cases/Case-outcomes.ttl",
            "Case-outcomes",
            "tests/faults-cases/Case-outcomes.ttl",
        ),
        ("tests/faults/label-missing.ttl", "label-missing", "tests/faults/label-missing.ttl"),
    ],
)
def test_a_rule_that_no_file_breaks_is_told(whole: Path, file: str, name: str, where: str) -> None:
    (whole / file).unlink()
    (told,) = found_in(whole)
    assert told.check == "rule-without-fault" and name in told.message and where in told.fix


def test_old_pages_are_told_wherever_the_change_is(whole: Path) -> None:
    for file in ("ontology/values.ttl", "docs/questions.md", "loaders/susy.toml"):
        path = whole / file
        before = path.read_bytes()
        path.write_bytes(before + b"\n")
        (told,) = found_in(whole)
        assert (told.check, told.term) == ("pages-old", "built-from.json")
        assert "docs/build.py" in told.fix
        path.write_bytes(before)
    assert found_in(whole) == []
    (whole / "README.md").write_text("other\n")
    assert not any(found.check == "pages-old" for found in found_in(whole)), "written by hand"
    (whole / BUILT).write_text("<<<<<<< half merged\n")
    assert [found.check for found in found_in(whole)] == ["pages-old"]


def test_the_digest_is_one_wherever_lines_end_otherwise(whole: Path) -> None:
    written = json.loads((whole / BUILT).read_text(encoding="utf-8"))
    path = whole / "ontology" / "values.ttl"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert digest_of(whole, written["pages"]) == written["digest"]


@pytest.mark.slow
def test_a_broken_list_is_a_finding_and_the_rest_is_checked(whole: Path) -> None:
    (whole / COUNTS).write_text("[[count]\n")
    found = run_checks(
        EmbeddedStore.packaged().inner,
        query_dir=whole / "queries",
        shape_dir=whole / "shapes",
        alignment_dir=whole / "ontology" / "alignments",
    )
    (broken,) = [one for one in found if one.check == "broken-file"]
    assert "expected-counts.toml: this is not valid TOML" in broken.message


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ('what = "cases"\nnumber = 1\n', "[[count]] number 1 has no pattern, or a wrong one"),
        ('pattern = "?x a cop:Case"\nnumber = "1"', "number 1 has no what, number, or a wrong one"),
        ('what = "cases"\nnumber = 1\npattern = "?x a"', "the pattern for cases is no SPARQL: "),
        ('what = "cases"\nnumber = 1\npattern = "?x a nn:A"', "for cases is no SPARQL: "),
    ],
)
def test_an_entry_of_numbers_that_says_too_little_is_told(
    whole: Path, entry: str, words: str
) -> None:
    (whole / COUNTS).write_text(f"[[count]]\n{entry}\n")
    with pytest.raises(DataError) as told:
        found_in(whole)
    assert "expected-counts.toml: " in str(told.value) and words in str(told.value)


def test_a_query_that_cannot_be_read_in_a_folder_is_a_finding(tmp_path: Path) -> None:
    def broken(path: Path) -> Iterator[Finding]:
        raise SyntaxError("no pattern")
        yield

    (found,) = _guarded(tmp_path, broken)
    assert (found.check, found.file) == ("broken-file", str(tmp_path))
    assert "no pattern" in found.message


def test_old_pages_come_last_and_are_no_cause() -> None:
    old = Finding("pages-old", "error", "a", "old", "build")
    differ = Finding("rows-differ", "error", "b", "differ", "write")
    other = Finding("zz", "error", "c", "other", "mend")
    assert in_order_of_cause([old, differ]) == [differ, old]
    assert [one.check for one in in_order_of_cause([old, differ, other])] == [
        "zz", "rows-differ", "pages-old",
    ]  # fmt: skip


def test_where_a_wheel_has_none_of_it_nothing_is_told(tmp_path: Path) -> None:
    for name in ("ontology", "queries", "shapes"):
        shutil.copytree(ROOT / name, tmp_path / name)
        for page in (tmp_path / name).glob("README.md"):
            page.unlink()
    assert found_in(tmp_path) == []
