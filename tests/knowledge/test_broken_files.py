"""A file of the package that an editor broke is told by name, and takes nothing else down."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import coproduction
from coproduction import resources
from coproduction.errors import DataError, QueryError
from coproduction.evidence import claims
from coproduction.knowledge import alignments as links
from coproduction.knowledge import followed, levels, questions
from coproduction.names import COP

from ..conftest import Run
from ..tools import CLAIMS

CACHES = (
    questions.find_question,
    claims.claim_files,
    links._files_of_links,
    levels.rules_at,
    followed.bearing,
    followed.followed_from,
)
SUMMARY = "#+ summary: Which sectors are there?\n"
BROKEN = {
    "no-header.rq": (b"SELECT ?x { ?x a cop:Case }", "the header has no summary"),
    "no-yaml.rq": (b"#+ summary: [\nSELECT ?x { }", "the header is not YAML"),
    "a-list.rq": (b"#+ - one\nSELECT ?x { }", "the header has no summary"),
    "latin.rq": (b"#+ summary: Caf\xe9?\nSELECT ?x { }", "latin.rq, line 1: a sign is not UTF-8"),
}


@pytest.fixture
def knowledge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the packaged knowledge, which the test may change."""
    for folder in ("ontology", "shapes", "queries", "loaders", "cases"):
        shutil.copytree(resources.data_dir(folder), tmp_path / folder)
    monkeypatch.setattr(resources, "root", lambda: tmp_path)
    for cached in CACHES:
        cached.cache_clear()
    yield tmp_path
    for cached in CACHES:
        cached.cache_clear()


def edit(path: Path, change: Callable[[str], str]) -> None:
    before = path.read_text(encoding="utf-8")
    path.write_text(change(before), encoding="utf-8")
    assert path.read_text(encoding="utf-8") != before


# -- questions -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_question_is_told_and_the_others_are_asked(
    knowledge: Path, run: Run, name: str
) -> None:
    content, words = BROKEN[name]
    before = run("ask", "--format", "csv").out
    (knowledge / "queries/questions" / name).write_bytes(content)
    listed = run("ask", "--format", "csv")
    assert (listed.code, listed.out) == (0, before)
    assert name in listed.err and words in listed.err
    assert run("ask", "glass-ceiling", "--format", "csv").code == 0
    assert run("ask", "cq18", "--format", "csv").code == 0
    assert run("ask", "childcare", "--format", "csv").code == 0
    assert run("ask", "Which services break through the glass ceiling?").code == 0
    own = run("ask", name.removesuffix(".rq"))
    assert own.code == 2 and words in own.err
    assert run("info").code == 0
    with pytest.warns(UserWarning, match=name):
        known = coproduction.open().questions()
    assert "glass-ceiling" in {question.name for question in known}


@pytest.mark.parametrize(
    ("old", "new", "check", "words"),
    [
        ("#+ summary:", "#+ sumary:", "header-of-query", "the header has no summary"),
        ("#+ stage: load", "#+ stage: [", "header-of-query", "the header is not YAML"),
        ("CONSTRUCT {", "CONSTRUCT {{", "broken-query", "levels.rq, line"),
    ],
)
@pytest.mark.sampled
@pytest.mark.slow
def test_a_broken_rule_of_levels_is_a_finding(
    knowledge: Path, run: Run, old: str, new: str, check: str, words: str
) -> None:
    edit(knowledge / "queries/rules/levels.rq", lambda text: text.replace(old, new, 1))
    done = run("check", "--format", "csv")
    assert done.code == 1
    assert check in done.out and words in done.out and "queries/rules/levels.rq" in done.out


def test_a_question_whose_query_is_broken_is_told_with_its_file(knowledge: Path, run: Run) -> None:
    path = knowledge / "queries/questions/sectors-there.rq"
    path.write_text(SUMMARY + "SELCT ?x { ?x a cop:Sector }", encoding="utf-8")
    told = run("ask", "sectors-there")
    assert told.code == 2 and f"{path.name}: query, line 2, column 1: 'SELCT'" in told.err


def test_a_question_without_a_language_can_be_asked(knowledge: Path, run: Run) -> None:
    path = knowledge / "queries/questions/sectors-there.rq"
    path.write_text(f"{SUMMARY}SELECT (COUNT(?x) AS ?n) {{ ?x a cop:Case }}", encoding="utf-8")
    answer = run("ask", "sectors-there", "--lang", "sv", "--cases", "--format", "csv")
    assert (answer.code, answer.out.split()) == (0, ["n", "20"])
    assert coproduction.open().ask("sectors-there").rows == [{"n": 0}]


# -- claims ----------------------------------------------------------------------------------------


def swap(old: str, new: str) -> Callable[[str], str]:
    return lambda text: text.replace(old, new)


HEAD = "SELECT DISTINCT ?row ?condition ?outcome\n"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (swap("#+ summary:", "#+ summary: ["), "c51.rq: the header is not YAML"),
        (swap("#+ claim: C51\n", ""), "c51.rq: the header has no claim"),
        (swap("necessity", "general"), "c51.rq: the type is one of"),
        (swap("necessity", "comparison"), "a claim of the type comparison gives ?row ?group"),
        (swap("#+   support:", "#+   suport:"), "sides in the header says who stands where"),
        (swap("#+   rubric:", "#+   lang:"), "and no lang"),
        (swap("VALUES ?rubric", "VALUES ?rubrik"), "no VALUES ?rubric"),
        (swap("#+ wanted:", "#+ wants:"), "the header has no wanted"),
        (swap("[cop:hasDecisionRights, cop:hasProviderSector]", "x"), "is a list"),
        (swap(HEAD, "SELECT ?roe ?condition ?outcome\n"), "and ?row is no column"),
        (swap(HEAD, "SELECT DISTINCT ?row ?condition\n"), "and ?outcome is no column"),
        (swap("WHERE {", "WERE {"), "its query c51 failed: query, line 25, column 1: 'WERE'"),
        (swap("OPTIONAL {", "OPTIONAL {{"), "its query c51 failed: query, line"),
    ],
)
def test_a_broken_claim_is_told_and_the_others_stand(
    knowledge: Path, run: Run, change: Callable[[str], str], words: str
) -> None:
    edit(knowledge / "queries/claims/c51.rq", change)
    kg = coproduction.open()
    verdicts = {verdict.claim: verdict for verdict in kg.evidence().all()}
    assert len(verdicts) == CLAIMS
    assert words in verdicts["C51"].missing
    assert [name for name, one in verdicts.items() if one.verdict == "failed"] == ["C51"]
    assert kg.evidence().of("C50").verdict == "not-tested"
    with pytest.raises(QueryError, match=r"C51|c51"):
        kg.evidence().of("C51")


@pytest.mark.slow
def test_a_broken_claim_is_told_by_every_command(knowledge: Path, run: Run) -> None:
    edit(knowledge / "queries/claims/c51.rq", swap("necessity", "need"))
    told_so = "the type is one of"
    for command in (["evidence"], ["gaps"], ["evidence", "C51"], ["evidence", "--compare-rubrics"]):
        told = run(*command)
        assert told.code == 3, command
        assert told.err.count(told_so) == 1, command
    assert run("evidence", "C50").code == 0
    assert run("explain", "high-housing", "C50").code == 0
    assert told_so in run("explain", "high-housing", "C51").err
    drawn = run("picture", "intervals")
    assert drawn.code == 0 and "failed" in drawn.out


def test_files_of_no_claim_are_told(knowledge: Path, run: Run) -> None:
    folder = knowledge / "queries/claims"
    text = (folder / "c50.rq").read_text(encoding="utf-8")
    (folder / "c99.rq").write_text(text.replace("claim: C50", "claim: C99"), encoding="utf-8")
    (folder / "notes.rq").write_bytes(b"\xff\xfe\xff")
    told = run("evidence", "--format", "csv")
    assert told.code == 0
    assert "there is no claim C99" in told.err and "notes.rq" in told.err


@pytest.mark.parametrize("years", ["five", "-1", "2.5"])
def test_years_that_are_no_number_are_told(knowledge: Path, years: str) -> None:
    edit(
        knowledge / "queries/claims/c40.rq",
        swap("#+ opposites:", f"#+ within: {years}\n#+ opposites:"),
    )
    with pytest.raises(QueryError, match=r"c40\.rq: within in the header is a number of years"):
        coproduction.open().evidence().of("C40")


def test_two_files_of_one_claim_are_told(knowledge: Path) -> None:
    folder = knowledge / "queries/claims"
    (folder / "other.rq").write_bytes((folder / "c51.rq").read_bytes())
    with pytest.raises(QueryError, match=r"other\.rq: c51\.rq is of C51 too"):
        coproduction.open().evidence().of("C51")


def test_a_broken_view_is_one_failed_gap(knowledge: Path) -> None:
    (knowledge / "queries/views/empty-cells.rq").write_text("#+ summary: x\nSELECT", "utf-8")
    found = coproduction.open().gaps()
    assert [gap.name for gap in found if gap.kind == "failed"] == ["empty-cells"]
    assert {"claim", "service", "question mark"} <= {gap.kind for gap in found}


# -- links -----------------------------------------------------------------------------------------


def test_a_broken_file_of_links_is_told_and_terms_are_shown(knowledge: Path, run: Run) -> None:
    edit(knowledge / "ontology/alignments/stw.sssom.tsv", swap("curie_map", "curies"))
    shown = run("show", "childcare")
    assert shown.code == 0 and "(schema-org" in shown.out
    assert "stw.sssom.tsv" in shown.err
    assert run("links", "childcare", "--format", "csv").code == 0
    assert "stw.sssom.tsv" in run("links", "childcare", "--format", "csv").err
    with pytest.warns(UserWarning, match=r"stw\.sssom"):
        coproduction.open().show("childcare")
    with pytest.raises(DataError, match=r"stw\.sssom"):
        coproduction.open(links=True)  # an answer from a part of the links would be a wrong one


@pytest.mark.slow
def test_a_broken_case_is_told_by_name(knowledge: Path, run: Run) -> None:
    edit(knowledge / "cases/basta.ttl", swap("cop:Case", "cop Case"))
    told = run("ask", "glass-ceiling", "--cases")
    assert told.code == 2 and "basta.ttl" in told.err
    assert run("ask", "glass-ceiling").code == 0
    assert coproduction.open().find("C51") == f"{COP[:-1]}/id/claim/C51"


def test_a_shipped_case_needs_no_rights_that_follow(knowledge: Path) -> None:
    recorded = "    cop:hasDecisionRights cop:MajorityControl ;\n    cop:hasPower"
    path = knowledge / "cases/hvidovre-school-boards.ttl"
    edit(path, lambda text: text.replace(recorded, "    cop:hasPower", 1))
    kg = coproduction.open(cases=True)
    case = "https://w3id.org/coproduction/id/case/hvidovre-school-boards"
    rows = kg.query(f"SELECT ?r {{ <{case}> cop:hasDecisionRights ?r }}").rows
    assert [row["r"] for row in rows] == [COP + "MajorityControl"]
