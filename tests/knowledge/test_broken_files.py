"""A file of the package that an editor broke is told by name, and takes nothing else down."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import coproduction
from coproduction import resources
from coproduction.errors import CoproductionError, DataError, QueryError
from coproduction.evidence import claims
from coproduction.evidence import ledger as evidence
from coproduction.knowledge import alignments as links
from coproduction.knowledge import questions
from coproduction.names import COP

from ..conftest import Run

CACHES = (
    questions.find_question,
    claims.claim_files,
    evidence._of_placements,
    evidence._packaged,
    links._files_of_links,
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


@pytest.mark.parametrize(
    ("part", "change", "words"),
    [
        ("support", None, "C51 has no support"),
        ("domain", None, "C51 has no domain"),
        ("counterexamples", None, "C51 has no counterexamples"),
        ("undetermined", None, "C51 has no undetermined"),
        ("support", swap("#+ summary:", "#+ summary: ["), "c51-support.rq: the header is not YAML"),
        ("support", swap("#+ claim: C51\n", ""), "c51-support.rq: the header has no claim"),
        ("support", swap("universal", "general"), "c51-support.rq: the logic is one of"),
        ("support", swap("universal", "tendency"), "C51 has two logics"),
        ("support", swap("part: support", "part: suport"), "c51-support.rq: the part is one of"),
        ("support", swap("part: support", "part: domain"), "is the domain of C51 too"),
        ("support", swap("#+   rubric:", "#+   lang:"), "and no lang"),
        ("support", swap("VALUES ?rubric", "VALUES ?rubrik"), "no line VALUES ?rubric"),
        ("domain", swap("#+ wanted:", "#+ wants:"), "the header has no wanted"),
        ("domain", swap("[cop:hasDecisionRights, cop:hasProviderSector]", "x"), "is a list"),
        ("support", swap("SELECT DISTINCT ?row\n", "SELECT ?roe\n"), "gives ?row"),
        ("support", swap("SELECT DISTINCT ?row\n", "SELCT DISTINCT ?row\n"), "'SELCT'"),
        ("undetermined", swap("SELECT DISTINCT ?row\n", "SELECT DISTINCT ?row\n{"), "undetermined"),
    ],
)
def test_a_broken_claim_is_told_and_the_others_stand(
    knowledge: Path, run: Run, part: str, change: Callable[[str], str] | None, words: str
) -> None:
    path = knowledge / f"queries/claims/c51-{part}.rq"
    if change is None:
        path.unlink()
    else:
        edit(path, change)
    kg = coproduction.open()
    if "undetermined" in words and change is not None:  # asked with the rows alone
        with pytest.raises(CoproductionError, match=words):
            kg.evidence().of("C51")
        return
    verdicts = {verdict.claim: verdict for verdict in kg.evidence().all()}
    assert len(verdicts) == 54
    assert words in verdicts["C51"].missing
    assert [name for name, one in verdicts.items() if one.verdict == "failed"] == ["C51"]
    assert kg.evidence().of("C50").verdict == "consistent"
    with pytest.raises(QueryError, match=r"C51|c51"):
        kg.evidence().of("C51")


def test_a_claim_half_there_is_told_by_every_command(knowledge: Path, run: Run) -> None:
    (knowledge / "queries/claims/c51-support.rq").unlink()
    for command in (["evidence"], ["gaps"], ["evidence", "C51"], ["evidence", "--compare-rubrics"]):
        told = run(*command)
        assert told.code == 3, command
        assert told.err.count("C51 has no support") == 1, command
    assert run("evidence", "C50").code == 0
    assert run("explain", "high-housing", "C50").code == 0
    assert "C51 has no support" in run("explain", "high-housing", "C51").err
    drawn = run("picture", "claims")
    assert drawn.code == 0 and "1 failed" in drawn.out


def test_files_of_no_claim_are_told(knowledge: Path, run: Run) -> None:
    folder = knowledge / "queries/claims"
    for path in folder.glob("c50-*.rq"):
        other = path.read_text(encoding="utf-8").replace("claim: C50", "claim: C99")
        path.with_name(path.name.replace("c50", "c99")).write_text(other, encoding="utf-8")
    (folder / "notes.rq").write_bytes(b"\xff\xfe\xff")
    told = run("evidence", "--format", "csv")
    assert told.code == 0
    assert "there is no claim C99" in told.err and "notes.rq" in told.err


def test_a_claim_may_be_written_in_another_way(knowledge: Path) -> None:
    before = coproduction.open(cases=True).evidence().all()
    for part in ("support", "domain", "counterexamples", "undetermined"):
        path = knowledge / f"queries/claims/c51-{part}.rq"
        edit(path, swap("SELECT DISTINCT ?row\nWHERE {", "select distinct ?row where {"))
    claims.claim_files.cache_clear()
    kg = coproduction.open(cases=True)
    assert [(one.verdict, one.counts) for one in kg.evidence().all()] == [
        (one.verdict, one.counts) for one in before
    ]
    assert {gap.kind for gap in kg.gaps()} & {"failed"} == set()


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


def test_a_broken_case_is_told_by_name(knowledge: Path, run: Run) -> None:
    edit(knowledge / "cases/basta.ttl", swap("cop:Case", "cop Case"))
    told = run("ask", "glass-ceiling", "--cases")
    assert told.code == 2 and "basta.ttl" in told.err
    assert run("ask", "glass-ceiling").code == 0
    assert coproduction.open().find("C51") == f"{COP[:-1]}/id/claim/C51"
