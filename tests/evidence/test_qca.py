"""Truth tables and minimal formulas, held against what R's package QCA prints of its own data.

The figures stand in the tests of that package (the snapshots of its output, GPL), at the commit
https://github.com/dusadrian/QCA/tree/ee9fd13d8e49483f887cbe929d941e7706bd7a71/tests/testthat/_snaps:
``truthTable.md`` and ``minimize.md``, and ``d.Bau`` in ``test-minimize.R`` beside them. What a row
of the printed truth tables is made of are the cases below: LC is Lipset (1959) as of Rihoux and De
Meur (2009), d.represent is Krook (2010). The table with contradictory rows is that of
https://rstudio-pubs-static.s3.amazonaws.com/1210283_f93ccc51906e4ee9a2fe1490f815ea19.html, R's
output too.
"""

from __future__ import annotations

import builtins
import csv
import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from coproduction import KnowledgeGraph
from coproduction.errors import DataError
from coproduction.evidence.comparison import analyses_by_rubric
from coproduction.evidence.crisp_sets import CrispRow, CrispSet, CrispSets, crisp_sets
from coproduction.evidence.qca import Analysis, Formula, analysis_of
from coproduction.messages import ENGLISH
from coproduction.names import LANGUAGES

from ..conftest import Run
from ..tools import missing

RSCRIPT = os.environ.get("COPRODUCTION_R")
"""The program Rscript, where R and its package QCA are at hand to judge."""

LC = """
0 0 0 0 0  0  GR PT ES
0 0 0 0 1  0  IT RO
0 0 1 0 0  0  HU PL
0 0 1 0 1  0  EE
1 0 1 0 1  1  FI IE
1 0 1 1 0  0  AU
1 0 1 1 1  1  FR SE
1 1 1 1 0  0  DE
1 1 1 1 1  1  BE CZ NL UK
"""
REPRESENT = """
0 0 0 1 0  0  CA US
0 0 0 1 1  1  NZ
0 1 0 0 0  0  IT
0 1 0 1 0  0  AU GB FR IE
0 1 0 1 1  1  DE
1 0 0 0 1  0  LU
1 0 1 0 0  1  FI
1 0 1 1 1  1  DK
1 1 0 0 0  0  CH PT GR
1 1 0 0 1  1  AT
1 1 0 1 0  1  ES
1 1 0 1 1  1  NL BE
1 1 1 0 0  1  SE
1 1 1 1 1  1  NO IS
"""
BAU = """
1 1 1 1  1  a
1 1 1 1  0  b
1 0 1 1  1  c
1 0 1 1  0  d
0 1 1 1  1  e
0 1 1 1  0  f
0 0 0 1  1  g
0 0 0 0  0  h
"""
CONTRADICTORY = """
0 0 0 0  0  GR IT PT RO ES
0 0 1 0  0  EE HU PL
0 0 1 0  1  FI
0 1 1 1  1  CZ
1 0 1 0  1  IE
1 0 1 1  0  AU
1 0 1 1  1  FR SE
1 1 1 1  0  DE
1 1 1 1  1  BE NL UK
"""


def data_of(printed: str, names: str, outcome: str, *, negated: bool = False) -> CrispSets:
    """Give a printed truth table as the cases that it is made of."""
    conditions = names.split()
    rows = []
    for line in printed.split("\n"):
        words = line.split()
        if words:
            numbers = [int(word) for word in words[: len(conditions) + 1]]
            values = (numbers[0], numbers[-1] ^ negated, *numbers[1:-1])
            rows += [CrispRow(case, case, case, values) for case in words[len(numbers) :]]
    sets = [CrispSet(name, name) for name in (conditions[0], outcome, *conditions[1:])]
    return CrispSets("C0", "", "", tuple(sets), tuple(rows))


def analysed(*given: Any, **more: Any) -> Analysis:
    pytest.importorskip("setqca", reason="needs the extra qca: pip install 'coproduction[qca]'")
    return analysis_of(data_of(*given, **more))


def terms(formulas: tuple[Formula, ...]) -> set[frozenset[str]]:
    return {frozenset(path.text for path in formula.paths) for formula in formulas}


def fits(formula: Formula) -> dict[str, tuple[float, float, float]]:
    """inclS, covS and covU of each path, with the three places that R prints."""
    return {
        path.text: tuple(
            round(share.value or 0, 3) for share in (path.consistency, path.coverage, path.unique)
        )
        for path in formula.paths
    }  # type: ignore[misc]


# -- what R prints -------------------------------------------------------------------------------


def test_the_truth_table_of_lipset_is_that_of_r() -> None:
    found = analysed(LC, "DEV URB LIT IND STB", "SURV")
    told = {
        (row.values, row.code, frozenset(each.case for each in (*row.having, *row.lacking)))
        for row in found.seen
    }
    wanted = set()
    for line in LC.strip().split("\n"):
        words = line.split()
        wanted.add((tuple(map(int, words[:5])), words[5], frozenset(words[6:])))
    assert told == wanted
    assert len(found.combinations) == 32 and len(found.coded("?")) == 23


def test_the_formulas_of_lipset_are_those_of_r() -> None:
    """minimize(ttLC, details = TRUE), minimize(ttLC, include = "?"); ttLCn is of ~SURV."""
    found = analysed(LC, "DEV URB LIT IND STB", "SURV")
    assert terms(found.conservative) == {frozenset({"DEV*~URB*LIT*STB", "DEV*LIT*IND*STB"})}
    assert terms(found.parsimonious) == {frozenset({"DEV*STB"})}
    (formula,) = found.conservative
    assert fits(formula) == {
        "DEV*~URB*LIT*STB": (1.0, 0.5, 0.25), "DEV*LIT*IND*STB": (1.0, 0.75, 0.5),
    }  # fmt: skip
    assert (formula.consistency.value, formula.coverage.value) == (1.0, 1.0)
    cases = {path.text: {each.case for each in path.cases} for path in formula.paths}
    assert cases["DEV*~URB*LIT*STB"] == {"FI", "IE", "FR", "SE"}
    without = analysed(LC, "DEV URB LIT IND STB", "FELL", negated=True)
    assert terms(without.conservative) == {frozenset({"~DEV*~URB*~IND", "DEV*LIT*IND*~STB"})}
    assert terms(without.parsimonious) == {frozenset({"~DEV", "~STB"})}
    assert fits(without.parsimonious[0]) == {"~DEV": (1.0, 0.8, 0.3), "~STB": (1.0, 0.7, 0.2)}


def test_the_formulas_of_krook_are_those_of_r_all_of_them() -> None:
    """minimize(d.represent, outcome = "WNP") and, with include = "?", Kro.sp: two models."""
    found = analysed(REPRESENT, "ES QU WS WM LP", "WNP")
    assert terms(found.conservative) == {
        frozenset({"~ES*~WS*WM*LP", "ES*QU*~WS*WM", "ES*QU*~WS*LP", "ES*WS*~WM*~LP", "ES*WS*WM*LP"})
    }
    common = {"WS", "ES*WM", "QU*LP"}
    assert terms(found.parsimonious) == {
        frozenset({*common, "~ES*LP"}), frozenset({*common, "WM*LP"}),
    }  # fmt: skip
    for formula in found.parsimonious:
        other = "~ES*LP" if "~ES*LP" in formula.text else "WM*LP"
        assert fits(formula) == {
            "WS": (1.0, 0.455, 0.182),
            "ES*WM": (1.0, 0.545, 0.091),
            "QU*LP": (1.0, 0.545, 0.091),
            other: (1.0, 0.182 if other == "~ES*LP" else 0.636, 0.091),
        }
    without = analysed(REPRESENT, "ES QU WS WM LP", "MEN", negated=True)
    assert terms(without.conservative) == {
        frozenset({"~ES*~WS*WM*~LP", "QU*~WS*~WM*~LP", "ES*~QU*~WS*~WM*LP"})
    }


def test_formulas_of_other_lengths_are_told_where_they_have_as_many_paths() -> None:
    """Bau.cna of R's tests: G has ~L*E and ~U*~D*E; setqca by itself tells the shorter alone."""
    found = analysed(BAU, "U D L E", "G")
    assert terms(found.parsimonious) == {frozenset({"~L*E"}), frozenset({"~U*~D*E"})}
    import pandas as pd
    from setqca import CSQCA

    rows = found.data.rows
    frame = pd.DataFrame([row.values for row in rows], columns=list("UGDLE"))
    alone = CSQCA().fit(frame, outcome="G", conditions=list("UDLE"))
    told = [each.expression(alone.conditions) for each in alone.parsimonious]
    assert told == ["~L*E"], "setqca tells both now: least_covers can go"


def test_contradictory_rows_are_those_of_r() -> None:
    found = analysed(CONTRADICTORY, "DEV URB LIT IND", "SURV")
    rows = {row.values: (row.code, round(row.consistency.value or 0, 3)) for row in found.seen}
    assert rows == {
        (0, 0, 0, 0): ("0", 0.0), (0, 0, 1, 0): ("C", 0.25), (0, 1, 1, 1): ("1", 1.0),
        (1, 0, 1, 0): ("1", 1.0), (1, 0, 1, 1): ("C", 0.667), (1, 1, 1, 1): ("C", 0.75),
    }  # fmt: skip
    (poland,) = (row for row in found.coded("C") if row.values == (0, 0, 1, 0))
    assert [each.case for each in poland.having] == ["FI"]
    assert {each.case for each in poland.lacking} == {"EE", "HU", "PL"}
    # A contradictory combination is no empty one: no formula may cover it.
    for formula in (*found.conservative, *found.parsimonious):
        assert formula.consistency.value == 1.0


# -- our own data --------------------------------------------------------------------------------


def test_setqca_finds_the_figures_of_the_verdict(cases: KnowledgeGraph) -> None:
    pytest.importorskip("setqca", reason="needs the extra qca: pip install 'coproduction[qca]'")
    import pandas as pd
    from setqca import necessity

    evidence = cases.evidence()
    frame: pd.DataFrame = evidence.table("C51").to_pandas()
    found = necessity(
        frame["THIRD"].to_numpy(dtype="float64"), frame["ABOVE"].to_numpy(dtype="float64")
    )
    fit = evidence.of("C51").fit
    assert fit is not None
    assert found.consistency == fit.consistency.value == pytest.approx(9 / 10)
    assert found.coverage == fit.coverage.value == 1.0
    assert found.ron == fit.relevance == 1.0


def test_the_paths_through_the_ceiling_and_how_far_they_stand(cases: KnowledgeGraph) -> None:
    pytest.importorskip("setqca", reason="needs the extra qca: pip install 'coproduction[qca]'")
    found = {each.data.rubric: each for each in analyses_by_rubric(cases.store, "C51", "R2")}
    assert list(found) == ["R2", "R0", "R1"]
    # School boards in Chicago and in Hvidovre are alike in all that is recorded, but for the level.
    assert terms(found["R0"].parsimonious) == {frozenset({"THIRD"})}
    assert terms(found["R0"].conservative) == {frozenset({"THIRD*ENDURING*COLLECTIVE"})}
    # Under R1 the self-dialysis of Ryhov is above the ceiling too, on a path of its own.
    assert terms(found["R1"].parsimonious) == {
        frozenset({"THIRD", "CORE"}), frozenset({"THIRD", "~COLLECTIVE"}),
    }  # fmt: skip
    # R2 reads the work contributed: its formula gives the rubric back, and says so.
    assert terms(found["R2"].parsimonious) == {frozenset({"CORE"})}
    assert "CORE" in found["R2"].data.circular
    assert len(analyses_by_rubric(cases.store, "C35")) == 1


def test_every_formula_holds_for_the_cases_that_it_names(cases: KnowledgeGraph) -> None:
    pytest.importorskip("setqca", reason="needs the extra qca: pip install 'coproduction[qca]'")
    for claim in ("C34", "C47", "C51"):
        found = analysis_of(crisp_sets(cases.evidence(), claim, ENGLISH))
        positive = {row.case for comb in found.coded("1") for row in comb.having}
        for formula in (*found.conservative, *found.parsimonious):
            covered = {row.case for path in formula.paths for row in path.cases}
            assert covered == positive, (claim, formula.text)


@pytest.mark.slow
def test_the_command_tells_contradictions_diversity_and_formulas(run: Run) -> None:
    pytest.importorskip("setqca", reason="needs the extra qca: pip install 'coproduction[qca]'")
    done = run("evidence", "C34", "--cases", "--qca", "--format", "table")
    assert done.code == 0
    assert "17 cases in 6 of 16 combinations; 10 are empty." in done.out
    assert "Left out, as not all is told of them: Ages & Vie homes." in done.out
    assert "The same in all cases, and so no explanation: COLLECTIVE." in done.out
    assert (
        "Contradictory: COLLECTIVE*THIRD*CORE*~COMPLEMENT. With the outcome: Basta; STIL, personal "
        "assistance. Without: Two Towers Housing Cooperative." in done.out
    )
    assert "COMPLEMENT + THIRD*~CORE => LASTING. It covers 7 of 12." in done.out
    assert "not: core work or substitution" in done.out
    assert "The same under each rubric" not in done.out  # it rests on no level
    done = run("evidence", "C51", "--cases", "--qca", "--format", "table")
    assert "Too few cases for as many conditions" in done.out
    assert "Circular: what rubric R0 reads also decides who is in THIRD, so" in done.out
    assert "The same under each rubric" in done.out
    done = run("evidence", "C51", "--cases", "--qca", "--rubric", "R2", "--format", "table")
    assert "what rubric R2 reads also decides who is in ENDURING, CORE, COMPLEMENT," in done.out
    done = run("evidence", "C35", "--cases", "--qca", "--format", "csv")
    assert "No combination is sufficient" in done.err
    rows = list(csv.DictReader(done.out.splitlines()))
    assert [row["code"] for row in rows].count("C") == 1


def test_the_page_shows_what_is_told(run: Run) -> None:
    page = (Path(__file__).parents[2] / "docs" / "qca.md").read_text(encoding="utf-8")
    table = run("evidence", "C51", "--cases", "--table", "--format", "csv").out
    assert table.replace("\r", "") in page
    pytest.importorskip("setqca", reason="needs the extra qca: pip install 'coproduction[qca]'")
    told = run("evidence", "C51", "--cases", "--qca", "--format", "md").out
    # Markdown takes a star and a tilde in a formula for marks of its own.
    assert "THIRD\\*ENDURING\\*COLLECTIVE" in told and told in page


def test_the_command_gives_the_same_as_json_and_in_python(run: Run, cases: KnowledgeGraph) -> None:
    pytest.importorskip("setqca", reason="needs the extra qca: pip install 'coproduction[qca]'")
    done = run("evidence", "C51", "--cases", "--qca", "--format", "json")
    first, *others = json.loads(done.out)
    assert [each["rubric"] for each in others] == ["R1", "R2"]
    shown = cases.evidence().qca("C51")
    assert first["parsimonious"][0]["formula"] == shown.parsimonious[0].text == "THIRD"
    assert first["possible"] == 32 and len(first["combinations"]) == len(shown.table) == 6
    assert "THIRD => ABOVE" in str(shown) and "<table" in shown._repr_html_()


@pytest.mark.parametrize("lang", [lang for lang in LANGUAGES if lang != "en"])
def test_an_analysis_is_told_in_each_language(cases: KnowledgeGraph, lang: str) -> None:
    pytest.importorskip("setqca", reason="needs the extra qca: pip install 'coproduction[qca]'")
    ours = str(cases.evidence().qca("C51")).splitlines()
    theirs = str(cases.evidence(lang=lang).qca("C51")).splitlines()
    assert len(ours) == len(theirs)
    assert all(a != b for a, b in zip(ours[1:], theirs[1:], strict=True))


def test_no_cases_are_no_truth_table(kg: KnowledgeGraph) -> None:
    pytest.importorskip("setqca", reason="needs the extra qca: pip install 'coproduction[qca]'")
    with pytest.raises(DataError, match="no case has a value in every column"):
        kg.evidence().qca("C51")


def test_without_the_extra_it_is_said_how_to_get_it(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = builtins.__import__

    def without(name: str, *args: Any, **more: Any) -> Any:
        if name.partition(".")[0] == "setqca":
            raise ImportError(name)
        return given(name, *args, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    done = run("evidence", "C51", "--cases", "--qca")
    assert done.code == 2 and "pip install 'coproduction[qca]'" in done.err
    assert done.err.count("\n") == 1
    assert run("evidence", "C51", "--cases", "--table").code == 0


if RSCRIPT:  # Without R there is no such test: it is nobody's duty to have R, in CI neither.

    def test_r_reads_the_table_and_gives_the_same_intervals(run: Run, tmp_path: Path) -> None:
        """What R has of itself: binom.test gives the interval of Clopper and Pearson."""
        path = tmp_path / "c51.csv"
        run("evidence", "C51", "--cases", "--table", "-o", str(path))
        said = json.loads(run("evidence", "C51", "--cases", "--format", "json").out)["fit"]
        script = """
        d <- read.csv(commandArgs(TRUE)[1], row.names = 1)
        tell <- function(k, n) cat(sprintf("%.4f", c(k / n, binom.test(k, n)$conf.int)), "\\n")
        with(d, tell(sum(THIRD & ABOVE), sum(ABOVE)))
        with(d, tell(sum(THIRD & ABOVE), sum(THIRD)))
        """
        judged = subprocess.run(
            [str(RSCRIPT), "-e", script, str(path)],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        for line, name in zip(judged.stdout.splitlines(), ("consistency", "coverage"), strict=True):
            ours = [said[name][figure] for figure in ("share", "low", "high")]
            assert line.split() == [f"{figure:.4f}" for figure in ours]

    def test_r_finds_the_same(run: Run, tmp_path: Path) -> None:
        asked = [str(RSCRIPT), "-e", "quit(status = !requireNamespace('QCA', quietly = TRUE))"]
        if subprocess.run(asked, capture_output=True, check=False).returncode:
            missing("needs R's package QCA: install.packages('QCA')")
        path = tmp_path / "c51.csv"
        run("evidence", "C51", "--cases", "--table", "-o", str(path))
        done = run("evidence", "C51", "--cases", "--qca", "--format", "json")
        ours = json.loads(done.out)[0]
        script = """
        suppressMessages(library(QCA))
        d <- read.csv(commandArgs(TRUE)[1], row.names = 1)
        n <- pof("THIRD <- ABOVE", data = d)$incl.cov
        cat(sprintf("%.4f", unlist(n[1, c("inclN", "RoN", "covN")])), "\\n")
        tt <- truthTable(na.omit(d), outcome = "ABOVE", incl.cut = c(1, 0.0001))
        cat(paste(unlist(minimize(tt)$solution[[1]]), collapse = " + "), "\\n")
        cat(paste(unlist(minimize(tt, include = "?")$solution[[1]]), collapse = " + "), "\\n")
        """
        judged = subprocess.run(
            [str(RSCRIPT), "-e", script, str(path)],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        figures, conservative, parsimonious = judged.stdout.strip().split("\n")
        said = json.loads(run("evidence", "C51", "--cases", "--format", "json").out)["fit"]
        fit = (said["consistency"]["share"], said["relevance"], said["coverage"]["share"])
        assert figures.split() == [f"{share:.4f}" for share in fit]
        for said, kind in ((conservative, "conservative"), (parsimonious, "parsimonious")):
            models = [
                {frozenset(path["term"].split("*")) for path in each["paths"]}
                for each in ours[kind]
            ]
            assert {frozenset(term.split("*")) for term in said.strip().split(" + ")} in models
