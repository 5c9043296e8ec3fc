"""What editors add, and leave by half, is found by `check`: questions, claims, the form."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from coproduction.messages import speaker
from coproduction.names import COP, ID, RDFS
from coproduction.resources import data_dir
from coproduction.store.embedded import EmbeddedStore
from coproduction.validation.file_checks import file_findings
from coproduction.validation.finding import Finding
from coproduction.validation.house_rules import run_checks

from ..conftest import Run

Change = Callable[[str], str] | None
QUESTION = "queries/questions/glass-ceiling.rq"
OF_CLAIM = "queries/questions/claim-evidence.rq"
OF_CODE = "queries/questions/cases-under-code.rq"
OF_PAIRS = "queries/questions/matched-pairs.rq"
CLAIM = "queries/claims/c51.rq"
FORM = "shapes/case-record.ttl"
STW = "alignments/stw.sssom.tsv"
LEVELS = "queries/checks/label-missing.rq"


def swap(old: str, new: str) -> Change:
    return lambda text: text.replace(old, new, 1)


def last_cell(to: str) -> Change:
    """Change the last cell of the last row of a table."""
    return lambda text: text.rstrip("\n").rpartition("\t")[0] + f"\t{to}\n"


def checked(folder: Path, store: ox.Store | None = None) -> list[Finding]:
    return run_checks(
        store or EmbeddedStore.packaged().inner,
        query_dir=folder / "queries",
        shape_dir=folder / "shapes",
        alignment_dir=folder / "alignments",
    )


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A copy of the files that are checked, which the test may change."""
    shutil.copytree(data_dir("queries"), tmp_path / "queries")
    shutil.copytree(data_dir("shapes"), tmp_path / "shapes")
    # The rules on terms have tests of their own, and are most of the time of a check.
    style = tmp_path / "shapes" / "house-style.ttl"
    header, _, _ = style.read_text(encoding="utf-8").partition("\ncopsh:")
    style.write_text(header, encoding="utf-8")
    shutil.copytree(data_dir("ontology/alignments"), tmp_path / "alignments")
    return tmp_path


@pytest.mark.parametrize(
    ("file", "change", "check", "words"),
    [
        (QUESTION, swap("#+ summary:", "#+ sum:"), "header-of-query", "has no summary"),
        (QUESTION, swap("#+ description:", "#+ about:"), "header-of-query", "has no description"),
        (QUESTION, swap("#+ tags:", "#+ tag:"), "header-of-query", "has no tags"),
        (QUESTION, swap("#+ id: CQ18", "#+ number: 18"), "header-of-query", "has no id"),
        (QUESTION, swap("#+ tags: [", "#+ tags: ["[:-1]), "header-of-query", "tags in the header"),
        (OF_CLAIM, swap("{type: iri,", "{type: tongue,"), "header-of-query", "type tongue"),
        (
            OF_CLAIM,
            swap("VALUES ?claim", "VALUES ?tongue"),
            "header-of-query",
            "no line VALUES ?claim",
        ),
        (
            OF_CODE,
            swap("property: cop:inVocabulary", "property: inVocabulary"),
            "header-of-query",
            "vocabulary names inVocabulary, which is no property",
        ),
        (
            OF_CODE,
            swap("beside: vocabulary", "beside: list"),
            "header-of-query",
            "code names list, which is no parameter",
        ),
        (OF_PAIRS, swap("LIMIT 10", ""), "header-of-query", "cases has no LIMIT in a sub-select"),
        (
            QUESTION,
            swap("WHERE {", 'WHERE {\n  VALUES ?lang { "en" }'),
            "header-of-query",
            "lang is no parameter in the header, and has one value",
        ),
        (
            QUESTION,
            swap("WHERE {", "WHERE {\n  VALUES ?kind\n{ cop:Case }"),
            "header-of-query",
            "kind is no parameter in the header, and has one value",
        ),
        (OF_CLAIM, swap("{type: iri, ", "{"), "header-of-query", "has no type, which is one of"),
        (
            QUESTION,
            swap("PREFIX cop: <https://w3id.org/coproduction#>\n", ""),
            "question-not-portable",
            "does not declare cop:",
        ),
        (
            CLAIM,
            swap("#+ wanted: an arr", "#+ wanted: a third sector arr"),
            "claim-not-translated",
            "wanted is not translated into sv, de, fr",
        ),
        (QUESTION, swap("#+ iris: [", "#+ iris: [servise, "), "header-of-query", "servise is no"),
        (QUESTION, swap("#+ row: arr", "#+ row: err"), "header-of-query", "(row)"),
        (QUESTION, swap("SELECT DISTINCT", "SELCT DISTINCT"), "broken-query", "'SELCT'"),
        (QUESTION, swap("ORDER BY", "#"), "question-not-portable", "has no ORDER BY"),
        (QUESTION, swap("PREFIX cop:", "# "), "question-not-portable", "does not declare cop:"),
        (STW, swap("# license:", "# licence:"), "half-link", "the header has no license"),
        (STW, swap("# mapping_date:", "# date:"), "half-link", "has no mapping_date"),
        (STW, last_cell(""), "half-link", "has no comment"),
        (STW, lambda text: text + text.splitlines(True)[-1], "half-link", "is there twice"),
        (CLAIM, swap("#+ type: necessity", "#+ type: vague"), "broken-claim", "the type is"),
        (CLAIM, swap("#+   support:", "#+   for:"), "broken-claim", "who stands where"),
        (CLAIM, swap("?condition ?outcome", "?condition"), "broken-claim", "?outcome is no column"),
        (FORM, swap(', "titel"@sv', ""), "field-not-translated", "title has no heading in sv"),
        (LEVELS, swap("#+ message:", "#+ words:"), "broken-file", "'message'"),
        (LEVELS, swap("SELECT DISTINCT", "SELECT DISTICT"), "broken-file", "did you mean DISTINCT"),
        ("alignments/stw.sssom.tsv", swap("curie_map", "curies"), "broken-file", "no curie_map"),
    ],
)
@pytest.mark.sampled
@pytest.mark.one_in(9)
def test_what_an_editor_leaves_by_half_is_one_finding(
    files: Path, file: str, change: Change, check: str, words: str
) -> None:
    path = files / file
    before = path.read_text(encoding="utf-8")
    path.write_text(change(before), encoding="utf-8")
    assert path.read_text(encoding="utf-8") != before
    findings = checked(files)
    assert {finding.check for finding in findings} >= {check}
    told = next(finding for finding in findings if words in finding.message)
    assert told.check == check and told.fix and told.severity == "error"
    # A file that cannot be read at all cannot be read by several checks.
    assert all(Path(finding.file or "").name in (path.name, "claims") for finding in findings)
    assert len(findings) == 1 or check in ("broken-file", "broken-query", "header-of-query")


@pytest.mark.slow
def test_a_missing_prefix_is_told_with_the_line_to_add(files: Path) -> None:
    path = files / QUESTION
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("PREFIX cop: <", "PREFIX cob: <"), encoding="utf-8")
    (found,) = [f for f in checked(files) if f.check == "question-not-portable"]
    assert found.fix == "Add the line PREFIX cop: <https://w3id.org/coproduction#>."


@pytest.mark.slow
def test_a_question_without_expected_rows_is_told_in_a_checkout(files: Path) -> None:
    assert checked(files) == []
    expected = files / "tests/expected"
    shutil.copytree(Path(__file__).parents[1] / "expected", expected)
    assert checked(files) == []
    shutil.copytree(data_dir("cases"), files / "cases")
    assert checked(files) == []
    (expected / "glass-ceiling.csv").unlink()
    (found,) = checked(files)
    assert (found.check, found.term) == ("rows-not-expected", "glass-ceiling.rq")
    assert "tests/expected/glass-ceiling.csv" in found.fix


@pytest.mark.slow
def test_a_block_of_a_claim_that_was_not_moved_is_told(files: Path) -> None:
    (files / "queries/claims/c55.ttl").write_text("# a claim", encoding="utf-8")
    (found,) = checked(files)
    assert (found.check, found.term) == ("claim-not-moved", "c55.ttl")
    assert "ontology/source.ttl" in found.fix


@pytest.mark.slow
def test_two_questions_with_one_id(files: Path) -> None:
    folder = files / "queries/questions"
    shutil.copy(folder / "glass-ceiling.rq", folder / "higher-ceiling.rq")
    (found,) = checked(files)
    assert (found.check, found.term) == ("question-id-used-twice", "higher-ceiling.rq")
    assert "CQ18, which is that of glass-ceiling.rq" in found.message


@pytest.mark.slow
def test_a_file_in_another_encoding_takes_no_check_down(files: Path) -> None:
    (files / "queries/questions/latin.rq").write_bytes(b"#+ summary: Caf\xe9?\nASK {}")
    findings = checked(files)
    assert {Path(finding.file or "").name for finding in findings} == {"latin.rq"}
    assert all("not UTF-8" in finding.message for finding in findings)


@pytest.mark.slow
def test_a_claim_that_is_testable_and_has_no_test(files: Path) -> None:
    (files / CLAIM).unlink()
    assert [(f.check, f.term) for f in checked(files)] == [("half-claim", f"{ID}claim/C51")]


@pytest.mark.slow
def test_a_claim_that_is_not_testable_and_has_one(files: Path) -> None:
    store = EmbeddedStore.packaged().inner
    claim = ox.NamedNode(f"{ID}claim/C51")
    for quad in list(store.quads_for_pattern(claim, ox.NamedNode(COP + "hasTestability"), None)):
        store.remove(quad)
        no = ox.NamedNode(COP + "NotTestableWithCases")
        store.add(ox.Quad(quad.subject, quad.predicate, no, quad.graph_name))
    (found,) = checked(files, store)
    assert found.check == "half-claim" and "said not to be testable" in found.message


@pytest.mark.slow
def test_the_query_of_a_claim_that_is_not_there(files: Path) -> None:
    text = (files / CLAIM).read_text(encoding="utf-8").replace("claim: C51", "claim: C99")
    (files / "queries/claims/c99.rq").write_text(text, encoding="utf-8")
    assert [(f.check, f.term) for f in checked(files)] == [("claim-unknown", f"{ID}claim/C99")]


@pytest.mark.parametrize("name", ["Childcare", "Unknown", "HighParticipation"])
@pytest.mark.parametrize("lang", ["sv", "de", "fr"])
@pytest.mark.sampled
def test_a_value_of_the_form_without_a_label_in_one_of_its_languages(
    files: Path, name: str, lang: str
) -> None:
    store = EmbeddedStore.packaged().inner
    labels = store.quads_for_pattern(ox.NamedNode(COP + name), ox.NamedNode(RDFS + "label"), None)
    for quad in list(labels):
        if isinstance(quad.object, ox.Literal) and quad.object.language == lang:
            store.remove(quad)
    (found,) = checked(files, store)
    assert (found.check, found.term) == ("value-not-translated", COP + name)
    assert f"no label in {lang}" in found.message


@pytest.mark.parametrize(
    ("file", "change", "lang", "words"),
    [
        (
            QUESTION,
            swap("#+ tags:", "#+ tag:"),
            "sv",
            "glass-ceiling.rq: huvudet har inget tags",
        ),
        (OF_CLAIM, swap("VALUES ?claim", "VALUES ?x"), "fr", "pas de ligne VALUES ?claim { ... }"),
        (
            FORM,
            swap(', "titel"@sv', ""),
            "de",
            "Dem Feld title fehlt auf sv: Überschrift (sh:name).",
        ),
        (CLAIM, swap("#+ claim: C51", "#+ claim: C99"), "sv", "C99"),
    ],
)
@pytest.mark.sampled
def test_what_is_found_in_files_is_told_in_four_languages(
    files: Path, file: str, change: Callable[[str], str], lang: str, words: str
) -> None:
    path = files / file
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    places = (files / "queries", files / "shapes", files / "alignments")
    found = list(file_findings(EmbeddedStore.packaged().inner, *places))
    assert found
    say = speaker(lang)
    assert any(words in finding.told(say).message for finding in found)
    for finding in found:
        told = finding.told(say)
        assert told.fix != finding.fix
        assert (told.check, told.term, told.file) == (finding.check, finding.term, finding.file)


@pytest.mark.slow
def test_check_speaks_the_language_asked_for(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text(
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
        '<https://example.org/a> skos:defintion "x"@en .\n',
        encoding="utf-8",
    )
    done = run("check", "--data", str(path), "--lang", "sv", "--format", "md")
    assert done.code == 1 and done.err.endswith("1 anmärkning\n")
    assert done.out.startswith("| kontroll | allvar | fil | term | meddelande | åtgärd |")
    assert "| fel |" in done.out and "menade du skos:definition?" in done.out
    assert run("check", "--data", str(path), "--format", "csv").out.startswith("check,severity,")


def test_a_person_reads_in_which_file_a_finding_is(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found = Finding("a-check", "error", f"{COP}Childcare", "It lacks.", "Add it.", "ontology/a.ttl")
    of_file = Finding("b", "error", "a.rq", "It lacks.", "Add it.", str(tmp_path / "queries/a.rq"))
    monkeypatch.setattr(
        "coproduction.validation.house_rules.run_checks", lambda store: [found, of_file]
    )
    lines = run("check", "--format", "md").out.splitlines()
    assert lines[2:4] == [
        "| a-check | error | ontology/a.ttl | cop:Childcare | It lacks. | Add it. |",
        f"| b | error | {Path('queries/a.rq')} |  | It lacks. | Add it. |",
    ]
    plain = run("check", "--format", "csv").out
    assert f"{COP}Childcare" in plain and str(tmp_path) in plain


@pytest.mark.slow
def test_a_row_of_links_that_is_no_iri_takes_no_check_down(files: Path) -> None:
    path = files / "alignments" / "cofog.sssom.tsv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("cop:Childcare\t", "cop:Child care\t", 1), encoding="utf-8")
    found = [finding for finding in checked(files) if finding.file.endswith(path.name)]
    assert len(found) == 1 and "the row is not understood" in found[0].message, found


@pytest.mark.parametrize(
    "query",
    [
        "SELECT DISTINCT ?x WHERE { ?x a <https://x.org/#Y> } ORDER BY ?x",
        "select distinct ?x where { ?x a <https://x.org/Y> } order by ?x",
        "ASK { ?x ?y ?z }",
    ],
)
@pytest.mark.sampled
def test_a_question_that_is_portable_is_told_nothing(files: Path, query: str) -> None:
    path = files / "queries/questions/glass-ceiling.rq"
    header = path.read_text(encoding="utf-8").partition("PREFIX")[0]
    header = "".join(
        line for line in header.splitlines(True) if not line.startswith(("#+ iris", "#+ row"))
    )
    header += "" if query.startswith("ASK") else "#+ iris: [x]\n"
    path.write_text(header + query, encoding="utf-8")
    assert [finding.message for finding in checked(files)] == []
