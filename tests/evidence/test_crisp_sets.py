"""The rows of a claim as crisp sets: what another program reads gives the figures of the verdict."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox
import pytest

import coproduction
from coproduction import KnowledgeGraph
from coproduction.errors import DataError, UnknownName
from coproduction.evidence.claims import COLUMNS, UNNAMED, claim_files_in, claim_tests
from coproduction.evidence.crisp_sets import SETS, crisp_sets
from coproduction.evidence.figures import fit_of
from coproduction.knowledge.views import rows_of_view, view_text
from coproduction.messages import ENGLISH
from coproduction.names import COP

from ..conftest import Run

ROOT = Path(__file__).parents[2]
ID = "https://w3id.org/coproduction/id/"
CLAIMS = [name for name, test in claim_tests().items() if "condition" in COLUMNS[test.type]]
RESERVED = {"NA", "TRUE", "FALSE", "NULL", "T", "F", "INF", "NAN"}
"""What R takes for something else."""


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def figures(
    kind: str, rows: Iterable[tuple[int, int]]
) -> tuple[list[int], list[int], float | None]:
    """Consistency and coverage as numerator and denominator, and relevance, by sums over the rows.

    Written for this test, after Ragin (2006) and Schneider and Wagemann (2012): the minimum of
    condition and outcome over either, and the sum of what is not the condition over that of what
    is not both.
    """
    pairs = list(rows)
    both = sum(min(x, y) for x, y in pairs)
    all_x, all_y = sum(x for x, _ in pairs), sum(y for _, y in pairs)
    if kind != "necessity":
        return [both, all_x], [both, all_y], None
    others = sum(1 - min(x, y) for x, y in pairs)
    relevance = sum(1 - x for x, _ in pairs) / others if others else None
    return [both, all_y], [both, all_x], relevance


# -- the acceptance: the table gives the figures of the verdict ----------------------------------


@pytest.mark.parametrize("rubric", ["R0", "R1", "R2"])
@pytest.mark.parametrize("claim", CLAIMS)
@pytest.mark.sampled
def test_another_reader_finds_the_figures_of_the_verdict(
    cases: KnowledgeGraph, claim: str, rubric: str
) -> None:
    evidence = cases.evidence(rubric=rubric)
    verdict = evidence.of(claim)
    rows = read(evidence.table(claim).serialize("csv"))
    (_, condition), (_, outcome) = enumerate(name for name, _ in claim_tests()[claim].sets)
    pairs = [(int(row[condition]), int(row[outcome])) for row in rows]
    consistency, coverage, relevance = figures(verdict.type, pairs)
    if verdict.fit is None:  # nothing in scope says anything of it
        assert claim == "C16" and not rows
        return
    assert consistency == [verdict.fit.consistency.k, verdict.fit.consistency.n]
    assert coverage == [verdict.fit.coverage.k, verdict.fit.coverage.n]
    assert relevance == verdict.fit.relevance


def test_the_table_of_c51_is_the_one_that_was_counted_by_hand(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "c51.csv"
    done = run("evidence", "C51", "--cases", "--table", "-o", str(path), "--lang", "sv")
    assert done.code == 0 and "THIRD: " in done.err
    # Not as a spreadsheet in Swedish would have it: R reads it with read.csv and nothing more.
    text = path.read_bytes().decode("ascii")
    rows = read(text)
    assert text.startswith("case,THIRD,ABOVE,ENDURING,CORE,COMPLEMENT,COLLECTIVE\r\n")
    assert len(rows) == 12 and {row["case"] for row in rows if row["THIRD"] == "0"} == {
        "chicago-local-school-councils", "hvidovre-school-boards", "ryhov-self-dialysis",
    }  # fmt: skip
    assert figures("necessity", ((int(r["THIRD"]), int(r["ABOVE"])) for r in rows)) == (
        [9, 10], [9, 9], 1.0,
    )  # fmt: skip
    values = {value for row in rows for name, value in row.items() if name != "case"}
    assert values == {"0", "1"}


def test_the_table_is_a_spreadsheet_where_that_is_asked(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "c51.csv"
    run("evidence", "C51", "--cases", "--table", "-o", str(path), "--csv", "spreadsheet")
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")


# -- what is in it, and what is not --------------------------------------------------------------


def test_what_is_not_told_is_an_empty_cell(cases: KnowledgeGraph) -> None:
    (row,) = (
        row
        for row in read(cases.evidence(rubric="R2").table("C51").serialize("csv"))
        if row["case"] == "community-speed-watch"
    )
    assert row["ENDURING"] == "" and row["CORE"] == "0" and row["COLLECTIVE"] == "1"


def test_what_evidence_leaves_out_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "mine.ttl"
    path.write_text(
        """
        @prefix cop: <https://w3id.org/coproduction#> .
        @prefix : <https://example.org/> .
        :good a cop:Case ; cop:hasProviderSector cop:ThirdSector ;
            cop:hasParticipationLevel cop:HighParticipation .
        :torn a cop:Case ; cop:hasProviderSector cop:ThirdSector ;
            cop:hasParticipationLevel cop:HighParticipation , cop:LowParticipation .
        :hybrid a cop:Case ; cop:hasProviderSector cop:HybridSector ;
            cop:hasParticipationLevel cop:HighParticipation .
        """,
        encoding="utf-8",
    )
    evidence = coproduction.open(data=[str(path)]).evidence()
    spoilt = {"https://example.org/good": frozenset({COP + "hasProviderSector"})}
    evidence.spoilt = {}
    assert [row["case"] for row in evidence.table("C51").rows] == ["good"]
    evidence.spoilt = spoilt
    assert evidence.table("C51").rows == []


def test_a_value_that_breaks_the_shapes_is_not_told(cases: KnowledgeGraph) -> None:
    evidence = cases.evidence()
    told = crisp_sets(evidence, "C51", ENGLISH)
    place = [each.name for each in told.sets].index("CORE")
    evidence.spoilt = {ID + "case/stil": frozenset({COP + "hasContribution"})}
    spoilt = crisp_sets(evidence, "C51", ENGLISH)
    values = [
        row.values[place] for data in (told, spoilt) for row in data.rows if row.case == "stil"
    ]
    assert values == [1, None] and [row.case for row in spoilt.incomplete] == ["stil"]


def test_the_placements_of_the_source_come_with_its_own_word_alone(cases: KnowledgeGraph) -> None:
    assert not any("placement/" in row.iri for row in crisp_sets(
        cases.evidence(), "C51", ENGLISH).rows)  # fmt: skip
    own = crisp_sets(cases.evidence(with_own_source=True), "C51", ENGLISH)
    assert any("placement/" in row.iri for row in own.rows)


@pytest.mark.parametrize("claim", CLAIMS)
def test_no_further_condition_is_what_the_claim_rests_on(cases: KnowledgeGraph, claim: str) -> None:
    data = crisp_sets(cases.evidence(), claim, ENGLISH)
    names = [each.name for each in data.sets]
    assert len(set(names)) == len(names) >= 2
    for each in data.sets:
        assert re.fullmatch(r"[A-Z][A-Z0-9]+", each.name) and each.name not in RESERVED
        assert each.words and each.property not in claim_tests()[claim].rests_on
    told = [[row.values[i] for row in data.rows] for i in range(2, len(names))]
    assert all(any(value is not None for value in column) for column in told)


def test_a_rubric_that_reads_a_condition_is_told(cases: KnowledgeGraph) -> None:
    circular = [
        crisp_sets(cases.evidence(rubric=rubric), "C51", ENGLISH).circular
        for rubric in ("R0", "R1", "R2")
    ]
    # Ownership makes a provider one of the third sector, and the level high by R0 and R1.
    assert circular[0] == ("THIRD",)
    assert set(circular[2]) == {"ENDURING", "CORE", "COMPLEMENT"}
    assert set(circular[1]) == {"THIRD", *circular[2]}
    assert crisp_sets(cases.evidence(rubric="R2"), "C34", ENGLISH).circular == ()


def test_every_set_of_the_view_has_words_and_a_case_on_either_side(cases: KnowledgeGraph) -> None:
    text = view_text("crisp-sets")
    assert set(re.findall(r'\("([A-Z]+)"', text)) == set(SETS)
    rows = cases.query("SELECT ?row WHERE { ?row a cop:Case }").rows
    nodes = [ox.NamedNode(str(row["row"])) for row in rows]
    found = {(r["set"], r["member"]) for r in rows_of_view(cases.store, "crisp-sets", row=nodes)}
    # Every shipped case with a recorded intensity has an enduring one.
    assert found >= {(name, member) for name in SETS for member in "01"} - {("ENDURING", "0")}


def test_two_cases_of_one_short_name_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "mine.ttl"
    path.write_text(
        "@prefix cop: <https://w3id.org/coproduction#> .\n"
        + "".join(
            f"<https://{host}.example/school> a cop:Case ; "
            "cop:hasProviderSector cop:PublicSector ; "
            "cop:hasParticipationLevel cop:LowParticipation .\n"
            for host in ("a", "b")
        ),
        encoding="utf-8",
    )
    evidence = coproduction.open(data=[str(path)]).evidence()
    evidence.spoilt = {}
    names = [row["case"] for row in evidence.table("C51").rows]
    assert names == ["https://a.example/school", "https://b.example/school"]


# -- wrong use ----------------------------------------------------------------------------------


def test_a_claim_without_condition_and_outcome_is_refused(cases: KnowledgeGraph, run: Run) -> None:
    for claim in ("C10", "C43", "C01", "C22"):
        with pytest.raises(DataError, match=f"{claim} has no condition and outcome.*C51"):
            cases.evidence().table(claim)
    with pytest.raises(UnknownName, match="C99"):
        cases.evidence().table("C99")
    done = run("evidence", "C10", "--cases", "--table")
    assert done.code == 2 and done.err.count("\n") == 1


@pytest.mark.parametrize(
    "words",
    [("--table",), ("C51", "--table", "--qca"), ("C51", "--table", "--strict"),
     ("--table", "--compare-rubrics")],
)  # fmt: skip
def test_table_stands_alone_and_is_of_one_claim(run: Run, words: tuple[str, ...]) -> None:
    done = run("evidence", "--cases", *words)
    assert done.code == 2 and "--table" in done.err and not done.out


def test_the_table_is_json_and_markdown_too(run: Run) -> None:
    done = run("evidence", "C51", "--cases", "--table", "--format", "json")
    assert json.loads(done.out)[0] == {
        "case": "basta", "THIRD": 1, "ABOVE": 1, "ENDURING": 1, "CORE": 1, "COMPLEMENT": 0,
        "COLLECTIVE": 1,
    }  # fmt: skip
    done = run("evidence", "C51", "--cases", "--table", "--format", "md")
    assert "| basta | 1 | 1 | 1 | 1 | 0 | 1 |" in done.out and "THIRD: third" in done.out


# -- the names of the sets ------------------------------------------------------------------------


def claim_of(folder: Path, line: str) -> Path:
    text = (ROOT / "queries" / "claims" / "c51.rq").read_text(encoding="utf-8")
    (folder / "c51.rq").write_text(re.sub(r"#\+ sets: .*\n", line, text), encoding="utf-8")
    return folder


def test_a_claim_that_names_no_sets_has_a_condition_and_an_outcome(tmp_path: Path) -> None:
    assert claim_files_in(claim_of(tmp_path, "")).tests["C51"].sets == UNNAMED


@pytest.mark.parametrize(
    "line",
    ["#+ sets: THIRD\n", "#+ sets: {THIRD: third sector}\n", "#+ sets: {third: x, ABOVE: y}\n",
     "#+ sets: {A*B: x, ABOVE: y}\n"],
)  # fmt: skip
def test_wrong_sets_are_told_with_the_line_to_write(tmp_path: Path, line: str) -> None:
    files = claim_files_in(claim_of(tmp_path, line))
    assert "sets in the header" in files.broken["C51"]
    fix = files.fixes[files.broken["C51"]]
    assert fix == "Write '#+ sets: {CONDITION: condition, OUTCOME: outcome}'."


def test_the_figures_of_r_are_those_of_a_verdict() -> None:
    """What R's package QCA prints of its own data: its tests, of the commit named here.

    https://github.com/dusadrian/QCA/blob/ee9fd13/tests/testthat/_snaps/pof.md (pof(x, WNP)) and
    truthTable.md, for d.represent (Krook 2010); superSubset.md for LC (Lipset 1959).
    """
    printed = {  # condition: with and without the outcome; without it, with and without; figures
        ("ES", 9, 2, 4, 7): (0.818, 0.692, 0.692),
        ("QU", 8, 3, 8, 3): (0.727, 0.429, 0.500),
        ("WS", 5, 6, 0, 11): (0.455, 1.000, 1.000),
        ("WM", 8, 3, 6, 5): (0.727, 0.571, 0.571),
        ("LP", 8, 3, 1, 10): (0.727, 0.929, 0.889),
        ("DEV", 8, 0, 2, 8): (1.000, 0.800, 0.800),
        ("LIT", 8, 0, 5, 5): (1.000, 0.500, 0.615),
        ("STB", 8, 0, 3, 7): (1.000, 0.700, 0.727),
    }
    for (name, both, outcome, condition, neither), (incl, ron, cov) in printed.items():
        fit = fit_of(
            "necessity",
            {
                (True, True): both, (False, True): outcome,
                (True, False): condition, (False, False): neither,
            },
        )  # fmt: skip
        assert fit.relevance is not None
        values = (fit.consistency.value or 0, fit.relevance, fit.coverage.value or 0)
        assert tuple(round(value, 3) for value in values) == (incl, ron, cov), name
