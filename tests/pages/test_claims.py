"""The claims with their verdicts, and the page on each."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET
from html import unescape

import pytest

from coproduction.errors import UnknownName
from coproduction.messages import speaker
from coproduction.pages import claim as page_of_claim
from coproduction.pages.claim import Beside, Cell, Side
from coproduction.pages.claims import Line
from coproduction.pages.page import NoPage
from coproduction.pages.site import page_at
from coproduction.wording.aloud import in_parts
from coproduction.wording.shown import ShownEvidence

from .test_pages import at, body, graph, read


def lines(url: str) -> dict[str, Line]:
    values = page_at(graph(), at(url)).values
    found = {}
    for name in ("tested", "others"):
        many = values[name]
        assert isinstance(many, tuple)
        found |= {line.claim: line for line in many}
    return found


@pytest.mark.slow
@pytest.mark.parametrize("query", ["", "rubric=R2", "ceiling=text", "rubric=r1&ceiling=text"])
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
