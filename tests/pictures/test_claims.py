"""Pictures of claims: the intervals of their shares, and one as a table."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

import coproduction
from coproduction import KnowledgeGraph
from coproduction.evidence.claims import QueryFailed, claim_tests
from coproduction.evidence.comparison import elsewhere
from coproduction.evidence.judging import VERDICTS
from coproduction.evidence.ledger import Evidence
from coproduction.evidence.verdict import Verdict
from coproduction.messages import ENGLISH
from coproduction.pages.address import Address
from coproduction.pages.rendering import written
from coproduction.pages.site import page_at
from coproduction.pictures import PICTURES, draw, intervals, two_by_two
from coproduction.pictures.svg import SHAPES, Drawing
from coproduction.pictures.verdicts import BY_INTERPRETED, MARKS, marked
from coproduction.wording.moved_aloud import elsewhere_told
from coproduction.wording.phrases import phrase

from ..conftest import Run
from ..evidence.test_evidence import HEAD
from .browser import Line
from .test_fit import TABLES, drawn, faults
from .test_pictures import SVG, texts


def unbroken(text: str) -> str:
    """Give a word that was broken after its hyphens in one piece."""
    return text.replace("- ", "-")


# -- all claims ------------------------------------------------------------------------------------


def test_each_verdict_has_a_shape_of_its_own() -> None:
    assert set(MARKS) == {*VERDICTS, "failed", BY_INTERPRETED}
    shapes = [shape for shape, _, _ in MARKS.values()]
    assert len(set(shapes)) == len(shapes), "in grey, shapes are all that there is"
    assert set(shapes) <= set(SHAPES)
    drawn = set()
    for shape in SHAPES:
        drawing = Drawing("a", "A", "A mark.")
        drawing.mark(shape, 50, 50, 12, "blue")
        drawn.add(drawing.svg())
    assert len(drawn) == len(SHAPES)


def let_c51_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the store refuse the query of C51, and of no other claim."""
    of = Evidence.of

    def refuse(self: Evidence, claim: str, **asked: Any) -> Verdict:
        if claim == "C51":
            raise QueryFailed("C51", RuntimeError("no answer"))
        return of(self, claim, **asked)

    monkeypatch.setattr(Evidence, "of", refuse)


@pytest.mark.slow
def test_a_claim_whose_query_fails_is_drawn_as_such(
    cases: coproduction.KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_c51_fail(monkeypatch)
    found = texts(draw(cases.store, "intervals"))
    at = found.index("C51")
    assert "failed" in found[at : at + 3]
    assert any(text.startswith("1 failed: ") for text in found)
    assert any(text.startswith("3 contradicted-by-interpreted-only: ") for text in found)
    with pytest.raises(QueryFailed, match="no answer"):
        draw(cases.store, "C51")


WRONG = """e:a a cop:Case ; rdfs:label "A"@en ; cop:hasServiceType cop:Eldercare ;
    cop:hasProviderSector cop:PublicSector ; cop:hasDecisionRights e:Kings .
e:b a cop:Case ; rdfs:label "B"@en ; cop:hasServiceType cop:Eldercare ;
    cop:hasProviderSector cop:PublicSector ; cop:hasParticipationLevel cop:HighParticipation .
"""


@pytest.mark.parametrize("name", ["intervals", "C50"])
def test_what_breaks_the_shapes_is_left_out_and_told(tmp_path: Path, name: str) -> None:
    path = tmp_path / "wrong.ttl"
    path.write_text(HEAD + WRONG, encoding="utf-8")
    found = texts(draw(coproduction.open(path).store, name))
    assert any("One of them breaks the shapes, and is left out" in text for text in found)
    assert any("Held against 2 cases." in text for text in found)
    if name == "C50":
        assert "B" in " ".join(found).split() and "A" not in found
        assert "1 deviant, against the claim" in found


@pytest.mark.slow
@pytest.mark.parametrize("name", ["intervals", "C51"])
@pytest.mark.sampled
def test_words_in_another_language(cases: coproduction.KnowledgeGraph, name: str) -> None:
    for lang, words in {
        "sv": ("motsagt enbart av tolkade värden", "Prövade mot 20 fall."),
        "de": ("nur durch interpretierte Werte widersprochen", "An 20 Fällen geprüft."),
        "fr": (
            "contredite par des valeurs interprétées seulement",
            "Affirmations confrontées à 20 cas.",
        ),
        "pt": ("contradicted-by-interpreted-only", "Held against 20 cases."),
    }.items():
        found = texts(draw(cases.store, name, lang))
        assert words[0] in map(unbroken, found) and any(words[1] in text for text in found), lang


# -- the intervals -------------------------------------------------------------------------------


@pytest.mark.sampled
@pytest.mark.parametrize("scope", ["source", "cases"])
def test_each_claim_that_cases_can_test_has_its_interval(
    kg: coproduction.KnowledgeGraph, cases: coproduction.KnowledgeGraph, scope: str
) -> None:
    graph = cases if scope == "cases" else kg
    drawing: Drawing = intervals.build(graph.store)
    found = texts(drawing.svg())
    verdicts = [each for each in graph.evidence().all() if each.type]
    ids = [text for text in found if re.fullmatch(r"C\d\d", text)]
    assert ids == sorted(verdict.claim for verdict in verdicts)
    dots: list[tuple[float, float]] = []
    for number, verdict in enumerate(verdicts):
        begin = found.index(verdict.claim)
        end = found.index(verdicts[number + 1].claim) if number + 1 < len(verdicts) else len(found)
        lines = found[begin:end]
        assert lines[1] == verdict.label and unbroken(lines[2]) == verdict.verdict
        for part in verdict.parts:
            if part.part:
                name = " / ".join(verdict.named[iri] for iri in part.part.split())
                at = lines.index(name)
                assert lines.count(name) == 1 and unbroken(lines[at + 1]) == part.verdict
            share = part.share
            if verdict.type == "existence":
                told = {0: "no row", 1: "1 row"}.get(share.n, f"{share.n} rows")
            elif share.n:
                told = f"{share.k} of {share.n}"
                dots.append((share.low, share.high))
            else:
                told = "no pair" if verdict.type == "comparison" else "no row"
            assert told in lines
    assert bars(drawing) == pytest.approx([end for each in dots for end in each], abs=0.002)
    assert bool(dots) == (scope == "cases")
    assert any("95% interval" in text and "ties stand apart" in text for text in found)
    deterministic = [v for v in verdicts if v.type in ("necessity", "sufficiency") and v.deviant]
    assert all("against" in found[found.index(v.claim) + 3] for v in deterministic)


def bars(drawing: Drawing) -> list[float]:
    """Give where on the scale from 0 to 1 the bars of a picture begin and end, from the top."""
    lines = [
        {name: float(value) for name, value in line.attrib.items() if name[0] in "xy"}
        for line in ET.fromstring(drawing.svg()).iter(f"{SVG}line")
        if line.get("stroke-width") == "3"
    ]
    level = sorted((one for one in lines if one["y1"] == one["y2"]), key=lambda one: one["y1"])
    return [
        (one[end] - intervals._SCALE) / intervals._LONG for one in level for end in ("x1", "x2")
    ]


def test_ties_stand_apart(tmp_path: Path) -> None:
    lines = [
        f"e:{name} a cop:Case ; cop:hasServiceType cop:Childcare ; cop:hasProviderSector "
        f"cop:{sector} ; cop:hasParticipationLevel cop:{level} ; cop:startYear 2000 ; "
        'cop:endYear 2001 ; cop:countryCode "SE" .'
        for name, sector, level in (
            ("a", "ThirdSector", "HighParticipation"),
            ("b", "ThirdSector", "HighParticipation"),
            ("c", "PublicSector", "LowParticipation"),
            ("d", "PublicSector", "HighParticipation"),
        )
    ]
    path = tmp_path / "pairs.ttl"
    path.write_text(HEAD + "\n".join(lines), encoding="utf-8")
    graph = coproduction.open(path)
    (part, _) = graph.evidence().of("C40").parts
    assert (part.share.k, part.share.n, part.ties) == (1, 1, 1), "the pairs that are drawn"
    found = texts(draw(graph.store, "intervals"))
    at = found.index("C40")
    assert {"1 of 1", "1 tie"} < {*found[at : at + 12]}
    page = page_at(graph, Address.read("/claims"))
    lines = page.values["tested"]
    assert isinstance(lines, tuple)
    (line,) = (each for each in lines if each.claim == "C40")
    assert (line.support, line.against, line.ties) == (1, 0, 1)
    assert '<th scope="col">ties</th>' in written(page, graph.store)[1].decode()


# -- a claim as a table --------------------------------------------------------------------------


@pytest.mark.parametrize("claim", TABLES)
@pytest.mark.sampled
def test_each_row_stands_in_its_cell_by_name(
    cases: coproduction.KnowledgeGraph, claim: str
) -> None:
    drawing = two_by_two.build(cases.store, claim)
    verdict = cases.evidence().of(claim)
    found = texts(drawing.svg())
    labels = cases.evidence().labels(iri for iris in verdict.cells.values() for iri in iris)
    named = [text.partition(" (")[0] for text in found]
    for label in labels.values():
        assert named.count(label.partition(" (")[0]) == 1
    assert f"{len(verdict.typical)} typical, for the claim" in found
    assert f"{len(verdict.deviant)} deviant, against the claim" in found
    lefts = {label.text.partition(" (")[0]: (label.left, label.top) for label in drawing.labels}
    # A heading may be broken; its last line says whether it is so.
    # Below the table a heading says both, and a semicolon parts them.
    heads = [
        label
        for label in drawing.labels
        if re.search(r"(^|: )(yes|no)$", label.text) and ";" not in label.text
    ]
    rows = [head for head in heads if head.left == min(each.left for each in heads)]
    columns = {head.text.endswith("yes"): head.left for head in heads if head not in rows}
    (below,) = {head.top for head in rows if head.text.endswith("no")}
    assert {True, False} == {*columns}
    (_, first), (_, second) = claim_tests()[claim].sets
    assert f"{first[:1].upper()}{first[1:]}: yes; {second}: no: " in drawing.description
    for (condition, outcome), iris in verdict.cells.items():
        if condition is None or outcome is None:
            continue
        for iri in iris:
            left, top = lefts[labels[iri].partition(" (")[0]]
            assert left - columns[condition] == 20, "in its column"
            assert (top < below - 20) == outcome, "in its row"
    word = phrase(verdict.verdict, ENGLISH, is_reserved=verdict.is_reserved)
    assert any(text.startswith(f"Verdict: {word}.") for text in found)
    figures = [line for line in found if re.match("Consistency: |Share: |All parts together", line)]
    assert len(figures) == (verdict.fit is not None and verdict.counts["domain"] > 0)
    (title,) = (text for text in found if text.startswith(f"{claim}: "))
    assert drawing.title == title
    assert all(labels[iri] in drawing.description for iri in verdict.deviant)


@pytest.mark.slow
def test_a_claim_is_named_in_any_case(cases: coproduction.KnowledgeGraph, run: Run) -> None:
    assert draw(cases.store, "c51") == draw(cases.store, "C51")
    assert run("picture", "c51", "--cases").out == draw(cases.store, "C51")


def test_the_shell_offers_the_claims_that_are_drawn() -> None:
    from click.shell_completion import ShellComplete

    from coproduction.cli.parser import commands

    shell = ShellComplete(commands, {}, "coproduction", "_COPRODUCTION_COMPLETE")
    for begun, offered in (
        ("", [*PICTURES, *TABLES]),
        ("c5", ["C50", "C51"]),
        ("int", ["intervals"]),
    ):
        assert [item.value for item in shell.get_completions(["picture"], begun)] == offered


def test_two_levels_are_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where cases are too many to be held against the shapes; else they are left out as wrong."""
    monkeypatch.setattr("coproduction.validation.spoilt.MOST", 0)
    path = tmp_path / "torn.ttl"
    path.write_text(
        HEAD
        + """e:a a cop:Case ; rdfs:label "Torn one"@en ; cop:hasProviderSector cop:PublicSector ;
        cop:hasParticipationLevel cop:HighParticipation, cop:LowParticipation .""",
        encoding="utf-8",
    )
    found = texts(draw(coproduction.open(path).store, "C51"))
    at = found.index("1 undetermined. Two levels are recorded")
    assert found[at + 1].startswith("Torn one")
    assert "0 deviant, against the claim" in found


NAMES = (
    "Kinderbetreuungsgenossenschaft der Elterninitiativenvereinigung Nord",
    "保護者による保育協同組合の運営委員会",
    "பெற்றோர் கூட்டுறவு",
    "Родительский кооператив",
    "تعاونية الوالدين",
    "x" * 5000,
    " ".join(["very long name"] * 90),
)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> coproduction.KnowledgeGraph:
    """Three hundred cases of a user, named in many scripts."""
    lines = []
    for n in range(300):
        sector = ("ThirdSector", "PublicSector", "ForProfitSector", "Unknown")[n % 4]
        level = ("High", "Low", "Medium", "")[n // 4 % 4]
        told = f"cop:hasParticipationLevel cop:{level}Participation ;" if level else ""
        lines.append(
            f'e:a{n} a cop:Case ; rdfs:label "{n:03} {NAMES[n % len(NAMES)]}"@en ; {told} '
            f"cop:hasServiceType cop:Eldercare ; cop:hasProviderSector cop:{sector} ."
        )
    path = tmp_path_factory.mktemp("many") / "many.ttl"
    path.write_text(HEAD + "\n".join(lines), encoding="utf-8")
    return coproduction.open(path)


def test_of_three_hundred_cases_some_are_named_and_all_counted(
    many: coproduction.KnowledgeGraph,
) -> None:
    drawing = two_by_two.build(many.store, "C51")
    found = texts(drawing.svg())
    verdict = many.evidence().of("C51")
    assert len(verdict.deviant) > 30
    assert f"{len(verdict.deviant)} deviant, against the claim" in found
    named = [text for text in found if re.match(r"\d{3} ", text)]
    more = [int(text.split()[1]) for text in found if re.fullmatch(r"and \d+ more", text)]
    rows = sum(map(len, verdict.cells.values()))
    assert len(named) + sum(more) == rows and len(named) > 40
    assert named[0] == "000 " + NAMES[0], "in the order of the alphabet"
    assert drawing.height < 2400 and len(drawing.svg()) < 60_000
    assert any(text.endswith("…") for text in named)


@pytest.mark.sampled
@pytest.mark.parametrize("name", ["intervals", *TABLES])
@pytest.mark.parametrize("lang", ["en", "sv", "de", "fr"])
def test_no_text_lies_on_another(
    cases: coproduction.KnowledgeGraph, many: coproduction.KnowledgeGraph, name: str, lang: str
) -> None:
    """In the widths that texts are laid out by; in those of a browser: test_fit.py."""
    for graph in (cases, many) if name in ("intervals", "C50", "C51") else (cases,):
        drawing = drawn(graph, name, lang)
        lines = [
            Line(label.text, label.left, label.right, label.right - label.left)
            for label in drawing.labels
        ]
        assert faults(drawing, lines) == []


@pytest.mark.slow
def test_what_interpreted_rows_alone_support_is_marked(
    cases: coproduction.KnowledgeGraph,
) -> None:
    found = texts(draw(cases.store, "intervals"))
    at = found.index("C46")
    assert "by interpreted rows alone" in found[at : at + 8]
    # C10 and its three parts, C46, and of C47 the part of the third sector.
    assert found.count("by interpreted rows alone") == 6
    drawn = texts(draw(cases.store, "C51"))
    assert any(
        text.startswith("1 undetermined. Third sector provider: left open") for text in drawn
    )
    # Families_Share and the Dutch watch are told apart, as they are in the text.
    assert any(text.startswith("1 of which too little is told. ") for text in drawn)
    assert any(text.startswith("1 irrelevant. ") for text in drawn)
    assert not any("neither for nor against. " in text for text in drawn)
    assert "Irrelevant cases are not marked as interpreted." in " ".join(drawn)


@pytest.mark.slow
def test_a_picture_says_under_what_it_is_drawn_and_what_turns_elsewhere(
    cases: coproduction.KnowledgeGraph,
) -> None:
    told = elsewhere_told(elsewhere(cases.evidence(), cases.evidence().all()), ENGLISH)
    foot = 'By the ceiling of the text the verdict is "contradicted": C50, C51.'
    assert foot in told and len(told) > 1
    assert " ".join(texts(draw(cases.store, "intervals"))).endswith(" ".join(told))
    heading = " ".join(texts(draw(cases.store, "C51")))
    under = "Levels under rubric R0, the rule by which a level is coded. The ceiling is that of the"
    assert f"Held against 20 cases. {under} diagram. Irrelevant cases" in heading
    assert "The ceiling" not in " ".join(texts(draw(cases.store, "C34")))


@pytest.mark.slow
def test_what_interpreted_rows_alone_support_has_a_mark_of_its_own(cases: KnowledgeGraph) -> None:
    ledger = cases.evidence()
    told = {verdict.claim: marked(verdict) for verdict in ledger.all()}
    assert told["C10"] == told["C46"] == BY_INTERPRETED
    assert told["C51"] == "contradicted-by-interpreted-only"
    verdict = ledger.of("C47")
    parts = {each.label(verdict.named): marked(verdict, each.part) for each in verdict.parts}
    assert parts == {"third sector": BY_INTERPRETED, "public sector": "too-few"}
    shape = MARKS[BY_INTERPRETED][0]
    assert shape != MARKS["supported"][0]
    drawn = cases.picture("intervals").svg()
    assert "but each row for it rests on an interpreted value" in drawn


def test_a_hybrid_provider_is_not_drawn_as_third_or_public(cases: KnowledgeGraph) -> None:
    drawn = cases.picture("C47").svg()
    assert "hybrid provider: yes" in drawn and "Third or public sector provider" not in drawn
