"""The claims with their verdicts, and the page on each."""

from __future__ import annotations

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
from collections import Counter
from html import unescape
from pathlib import Path

import pytest

import coproduction
from coproduction.errors import UnknownName
from coproduction.evidence.judging import VERDICTS
from coproduction.evidence.verdict import Verdict
from coproduction.messages import speaker
from coproduction.pages import claim as page_of_claim
from coproduction.pages.claim import Beside, Cell, Side
from coproduction.pages.claims import Line
from coproduction.pages.page import NoPage
from coproduction.pages.rendering import html
from coproduction.pages.site import page_at
from coproduction.pictures.verdicts import MARKS, marked
from coproduction.wording.aloud import in_parts
from coproduction.wording.shown import ShownEvidence

from ..evidence.test_evidence import HEAD
from ..pictures.test_claims import WRONG, let_c51_fail
from ..tools import CLAIMS
from .reading import Reader
from .test_pages import STATIC, at, body, graph, read


def lines(url: str) -> dict[str, Line]:
    values = page_at(graph(), at(url)).values
    found = {}
    for name in ("tested", "others"):
        many = values[name]
        assert isinstance(many, tuple)
        found |= {line.claim: line for line in many}
    return found


@pytest.mark.slow
def test_every_claim_has_its_kind_and_its_counts() -> None:
    expected = {verdict.claim: verdict for verdict in graph().evidence().all()}
    found = lines("/claims")
    assert len(found) == CLAIMS and found.keys() == expected.keys()
    for name, line in found.items():
        verdict = expected[name]
        assert line.text == verdict.label and line.kind.split(", also ")[0] == verdict.kind
        counts = [verdict.counts.get(side) for side in ("support", "counterexamples")]
        assert [line.support, line.against] == counts
    also = {name: line.kind for name, line in found.items() if "also" in line.kind}
    mixed = [row for row in graph().ask("claim-kinds").rows if row["secondKind"]]
    assert also.keys() == {str(row["claimId"]) for row in mixed} and len(also) > 5
    assert also["C23"] == "definitional, also empirical"


def test_the_legend_counts_the_claims_by_verdict_and_kind() -> None:
    page = page_at(graph(), at("/claims"))
    verdicts = graph().evidence().all()
    counts = {each.meaning.mark: each for each in page.values["counts"]}  # type: ignore[attr-defined]
    assert set(VERDICTS) <= set(counts)
    assert {mark: each.meaning.number for mark, each in counts.items()} == {
        mark: sum(marked(verdict) == mark for verdict in verdicts) for mark in counts
    }
    assert sum(each.meaning.number for each in counts.values()) == CLAIMS
    for place, kind in enumerate(page.values["kinds"]):  # type: ignore[arg-type]
        of_kind = sum(each.by_kind[place] for each in counts.values())
        assert of_kind == sum(verdict.kind == kind for verdict in verdicts) > 0
    text = read("/claims").text
    assert all(each.meaning.told in text for each in counts.values())
    assert f" all {' '.join(str(n) for n in of_kinds(verdicts))} {CLAIMS} " in text


def of_kinds(verdicts: list[Verdict]) -> list[int]:
    return [number for _, number in Counter(verdict.kind for verdict in verdicts).most_common()]


def test_each_verdict_has_a_mark_of_its_own() -> None:
    """In grey, or to who sees no colours, shapes are all that there is."""
    style = (STATIC / "style.css").read_text(encoding="utf-8")
    drawn = {}
    for rule in re.finditer(r'((?:\.[\w-]+::before[, ]*)+)\{ content: "([^"]+)"', style):
        for mark in re.findall(r"\.(?:v-)?([\w-]+)::before", rule[1]):
            drawn[mark] = rule[2]
    shapes = [drawn.get(mark, drawn["verdict"]) for mark in MARKS]
    assert len(set(shapes)) == len(MARKS) and "not-tested" not in drawn


def test_it_is_told_against_what_the_claims_are_held(kg) -> None:  # type: ignore[no-untyped-def]
    text = read("/claims").text
    assert "Held against 20 cases. Levels under rubric R0" in text and "success stories" in text
    assert text.count("so leans towards the ceiling claim") == 3
    assert "Prövade mot 20 fall." in read("/claims?lang=sv").text
    text = Reader(html(page_at(kg, at("/claims")))).text
    assert "No case is in scope, and a claim is not tested by the source that makes it." in text
    assert "success stories" not in text


def test_what_breaks_the_shapes_is_left_out_and_told(tmp_path: Path) -> None:
    path = tmp_path / "wrong.ttl"
    path.write_text(HEAD + WRONG, encoding="utf-8")
    text = Reader(html(page_at(coproduction.open(path), at("/claims")))).text
    assert "Held against 2 cases. One of them breaks the shapes, and is left out" in text


@pytest.mark.slow
def test_a_claim_whose_query_fails_is_marked_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    let_c51_fail(monkeypatch)
    page = page_at(coproduction.open(cases=True), at("/claims"))
    counts = {each.meaning.mark: each.meaning.number for each in page.values["counts"]}  # type: ignore[attr-defined]
    assert counts["failed"] == 1 and counts["contradicted-by-interpreted-only"] == 3
    assert {line.claim: line.mark for line in page.values["tested"]}["C51"] == "failed"  # type: ignore[attr-defined]


@pytest.mark.slow
@pytest.mark.parametrize("query", ["", "rubric=R2", "ceiling=text", "rubric=r1&ceiling=text"])
@pytest.mark.one_in(9)
def test_the_verdicts_are_those_of_the_command(query: str) -> None:
    settings = dict(part.split("=") for part in query.split("&") if part)
    rubric = settings.get("rubric", "R0").upper()
    ledger = ShownEvidence(graph().store, rubric=rubric, ceiling=settings.get("ceiling", "diagram"))
    expected = {verdict.claim: verdict for verdict in ledger.all()}
    found = lines(f"/claims?{query}")
    assert found.keys() == expected.keys()
    for name, line in found.items():
        assert line.mark.removesuffix("-by-interpreted-only") == expected[
            name
        ].verdict.removesuffix("-by-interpreted-only")
        assert line.support == expected[name].counts.get("support")
    rows = list(csv.DictReader(io.StringIO(body(f"/claims?{query}", "csv"))))
    assert [row["verdict"] for row in rows] == [expected[row["claim"]].verdict for row in rows]


def test_a_claim_leads_to_its_page_under_the_same_rubric_and_ceiling() -> None:
    hrefs = {each["href"] for each in read("/claims?rubric=R2&ceiling=text&lang=fr").of("a")}
    assert "claim/C51?lang=fr&rubric=R2&ceiling=text" in hrefs


def test_the_shares_stand_beside_their_picture() -> None:
    shares = {
        (row["claim"], row["part"]): row for row in page_at(graph(), at("/claims")).tables["shares"]
    }
    c51 = shares["C51", None] if ("C51", None) in shares else shares["C51", ""]
    assert (c51["k"], c51["n"], c51["share"]) == (9, 10, 0.9)
    assert 0.55 < float(str(c51["low"])) < 0.56
    (drawn,) = read("/claims").of("img")
    assert drawn["src"] == "claims.svg" and drawn["alt"]


@pytest.mark.slow
@pytest.mark.parametrize("url", ["/claims", "/claims?rubric=R1&lang=de", "/claim/C51?ceiling=text"])
def test_a_picture_is_svg(url: str) -> None:
    root = ET.fromstring(body(url, "svg"))
    assert root.tag.endswith("}svg")
    assert root.find("{http://www.w3.org/2000/svg}title") is not None


@pytest.mark.slow
def test_the_picture_is_of_the_rubric_that_is_asked_for() -> None:
    assert "R2" in body("/claim/C51?rubric=R2", "svg")
    assert body("/claim/C51?rubric=R2", "svg") != body("/claim/C51", "svg")


@pytest.mark.parametrize("url", ["/claim/C10", "/", "/concepts", "/claim/C40"])
def test_a_page_without_a_picture_says_so(url: str) -> None:
    with pytest.raises(NoPage, match="no picture"):
        body(url, "svg")


def test_json_is_that_of_the_command() -> None:
    told = json.loads(body("/claim/C51", "json"))
    expected = graph().evidence().of("C51").as_dict()
    assert {name: told[name] for name in expected} == json.loads(json.dumps(expected))


def test_csv_is_that_of_the_command() -> None:
    assert body("/claim/C51", "csv") == graph().evidence().of("C51").table.serialize("csv")


def test_the_words_are_those_of_the_command() -> None:
    told = " ".join(read("/claim/C51").text.split())
    verdict = graph().evidence().of("C51")
    for line in str(verdict).splitlines()[2:]:
        assert line.removeprefix("Doubt: ").split(": ", 1)[-1] in told
    assert "9 for it, 1 against it." in told


def test_the_cells_are_those_of_the_claim() -> None:
    cells = page_at(graph(), at("/claim/C51")).values["cells"]
    assert isinstance(cells, dict)
    one = cells["yes", "no"]
    assert isinstance(one, Cell) and one.side == "counterexamples" and one.number == 1
    assert [each.text for each in one.named] == ["School boards, Hvidovre"]
    assert cells["yes", "yes"].number == 9 and cells["yes", "yes"].side == "support"
    assert sum(cell.number for cell in cells.values()) == 20


def test_rows_lead_to_their_cases_and_sources() -> None:
    sides = page_at(graph(), at("/claim/C51")).values["sides"]
    assert isinstance(sides, list)
    against = sides[1]
    assert isinstance(against, Side) and against.number == 1 and not against.left
    assert len(against.headings) == len(against.rows[0])
    (name,), *_, sources = against.rows[0]
    assert name.href.endswith("/id/case/hvidovre-school-boards")
    assert sources[0].href.startswith("https://www.hvidovre.dk/")
    assert "../case/hvidovre-school-boards" in {each["href"] for each in read("/claim/C51").of("a")}


def test_many_rows_are_shown_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coproduction.pages.claim.SHOWN", 4)
    sides = page_at(graph(), at("/claim/C51")).values["sides"]
    assert isinstance(sides, list)
    assert [(side.number, len(side.rows), side.left) for side in sides] == [
        (9, 4, 5), (1, 1, 0), (6, 4, 2),
    ]  # fmt: skip
    assert "and 5 more" in read("/claim/C51").text


def test_the_page_tells_what_another_rubric_would_turn() -> None:
    beside = page_at(graph(), at("/claim/C50")).values["beside"]
    assert isinstance(beside, list)
    (text,) = [each for each in beside if each.state == {"ceiling": "text"}]
    assert isinstance(text, Beside) and text.verdict == "contradicted"
    hrefs = {each["href"] for each in read("/claim/C50?lang=sv").of("a")}
    assert "C50?lang=sv&ceiling=text" in hrefs


def test_the_words_of_the_source_stand_on_the_page() -> None:
    text = read("/claim/C51").text
    assert "Only third sector provision can breach it" in text and "line 141" in text


def test_a_claim_that_cases_cannot_test_says_so() -> None:
    assert "no case decides that" in read("/claim/C01").text


@pytest.mark.parametrize("name", ["C99", "c0", "x"])
def test_a_claim_that_there_is_not(name: str) -> None:
    with pytest.raises(NoPage, match="claim"):
        page_at(graph(), at(f"/claim/{name}"))


@pytest.mark.parametrize("query", ["rubric=R9", "ceiling=roof"])
def test_a_rubric_that_there_is_not(query: str) -> None:
    for path in ("/claims", "/claim/C51"):
        with pytest.raises(UnknownName):
            page_at(graph(), at(f"{path}?{query}"))


def test_without_cases_nothing_is_held_against_the_claims(kg) -> None:  # type: ignore[no-untyped-def]
    tested = page_at(kg, at("/claims")).values["tested"]
    assert isinstance(tested, tuple)
    assert {line.mark for line in tested} == {"not-tested"}


@pytest.mark.parametrize("claim", ["C51", "C46", "C40", "C10"])
def test_a_page_of_few_rows_tells_all_numbers_and_leads_to_all_rows(
    monkeypatch: pytest.MonkeyPatch, claim: str
) -> None:
    whole = page_at(graph(), at(f"/claim/{claim}"))
    monkeypatch.setattr(page_of_claim, "SHOWN", 1)
    few = page_at(graph(), at(f"/claim/{claim}"))
    sides, all_sides = few.values["sides"], whole.values["sides"]
    assert isinstance(sides, list) and isinstance(all_sides, list) and sides
    assert any(side.left for side in sides)
    for side, of_all in zip(sides, all_sides, strict=True):
        assert (side.name, side.number, len(side.rows)) == (of_all.name, of_all.number, 1)
        assert side.left == of_all.number - 1 and side.rows == of_all.rows[:1]
    for name in ("told", "cells", "beside", "cautions"):
        assert few.values[name] == whole.values[name]
    assert few.tables["rows"].serialize("csv") == whole.tables["rows"].serialize("csv")
    assert dict(few.data) == dict(whole.data)
    assert 'href="' + claim + ".csv" in body(f"/claim/{claim}", "html")


@pytest.mark.parametrize("claim", ["C51", "C42", "C49", "C34"])
def test_what_is_told_of_a_verdict_counts_the_rows_beyond(claim: str) -> None:
    ledger = graph().evidence()
    whole, few = ledger.of(claim), ledger.of(claim, most=1)
    for side in ("support", "counterexamples", "undetermined"):
        assert few.number(side) == whole.number(side) == len(whole.rows[side])
        assert len(few.rows[side]) == min(1, len(whole.rows[side]))
    for side in ("support", "counterexamples"):
        assert few.interpreted(side) == whole.interpreted(side)
    assert few.cautions == whole.cautions
    beyond = {side: whole.number(side) - 1 for side in whole.rows if whole.number(side) > 1}
    assert beyond and few.as_dict()["rowsBeyond"] == beyond
    assert "rowsBeyond" not in whole.as_dict()
    told = [line for line in str(few).splitlines() if "rest on an interpreted value" in line]
    expected = [line for line in str(whole).splitlines() if "rest on an interpreted value" in line]
    assert told == expected


@pytest.mark.slow
def test_a_claim_opens_with_its_reason_and_unfolds_what_would_change_it() -> None:
    why, change, others = in_parts(graph().evidence().of("C51"), speaker("en"))
    text = unescape(body("/claim/C51"))
    told = [text.index(f'<p class="told">{each}') for each in (why, change, others)]
    assert why and change and others
    assert told[0] < text.index("<details>") < told[1] < told[2]
