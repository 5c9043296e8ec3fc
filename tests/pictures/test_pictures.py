"""Pictures: they show what the graph says, in words too; that each text fits: test_fit.py."""

from __future__ import annotations

import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from importlib import import_module
from pathlib import Path

import pytest

import coproduction
from coproduction.evidence.claims import QueryFailed
from coproduction.evidence.judging import VERDICTS
from coproduction.evidence.ledger import Evidence
from coproduction.evidence.verdict import Verdict
from coproduction.pictures import PICTURES, draw, intervals, two_by_two
from coproduction.pictures.svg import COLOURS, SHAPES, Drawing, width_of, wrap
from coproduction.pictures.verdicts import MARKS

from ..conftest import Run
from ..evidence.test_evidence import HEAD
from ..tools import require_module
from .browser import Line
from .test_fit import TABLES, drawn, faults

SVG = "{http://www.w3.org/2000/svg}"


def texts(svg: str) -> list[str]:
    """Give each text of a picture, its lines put together."""
    root = ET.fromstring(svg)
    return [" ".join(span.text or "" for span in text) for text in root.iter(f"{SVG}text")]


def unbroken(text: str) -> str:
    """Give a word that was broken after its hyphens in one piece."""
    return text.replace("- ", "-")


@pytest.mark.parametrize("name", [*PICTURES, "C51"])
def test_a_picture_says_what_it_is(kg: coproduction.KnowledgeGraph, name: str) -> None:
    for theme in ("auto", "light", "dark"):
        svg = draw(kg.store, name, theme=theme)
        root = ET.fromstring(svg)
        assert root.get("role") == "img"
        title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
        assert title is not None and description is not None
        assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
        assert len(description.text or "") > 40
        assert ("prefers-color-scheme" in svg) == (theme == "auto")
        style = root.findtext(f"{SVG}style") or ""
        for element in root.iter():
            for kind in (element.get("class") or "").split():
                assert f".{kind}{{" in style, "a class without a colour is drawn black"


def luminance(colour: str) -> float:
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("dark", [0, 1])
def test_text_stands_out_from_every_ground(dark: int) -> None:
    """WCAG AA: 4.5 for text, 3 for marks and lines."""
    for ground in ("ground", "cell", "filled", "band", "panel"):
        for name, least in {
            "ink": 4.5,
            "soft": 4.5,
            "alarm": 4.5,
            **dict.fromkeys(("blue", "green", "orange", "purple", "yellow", "grey"), 3.0),
        }.items():
            pair = sorted((luminance(COLOURS[name][dark]), luminance(COLOURS[ground][dark])))
            contrast = (pair[1] + 0.05) / (pair[0] + 0.05)
            assert contrast >= least, (name, ground, contrast)


def test_wrapping() -> None:
    for text in ("Genossenschaftsmitgliedschaft", "a b c", "individual citizen - public"):
        for room in (40, 80, 300):
            lines = wrap(text, room, 14)
            assert all(width_of(line, 14) <= room for line in lines)
            assert "".join(lines).replace("-", "").replace(" ", "") == text.replace(
                "-", ""
            ).replace(" ", "")
    word = "contradicted-by-interpreted-only"
    assert wrap(word, 110, 12) == ["contradicted-by-", "interpreted-only"]
    for room in range(30, 300):
        lines = wrap(word, room, 12)
        assert all(width_of(line, 12) <= room and " " not in line for line in lines)
        assert "".join(lines).replace("-", "") == word.replace("-", "")


# -- the diagram ---------------------------------------------------------------------------------


def test_the_diagram_is_that_of_the_source(kg: coproduction.KnowledgeGraph) -> None:
    svg = draw(kg.store, "diagram")
    found = texts(svg)
    assert found.count("?") == 4, "the four question marks stay open"
    services = kg.query(
        "SELECT DISTINCT ?p ?l WHERE { ?p a cop:Placement ; cop:hasServiceType ?s . "
        '?s rdfs:label ?l FILTER(LANG(?l) = "en") } ORDER BY ?p'
    )
    for row in services:
        assert str(row["l"]) in found
    assert sum(found.count(label) for label in {str(row["l"]) for row in services}) == 18
    assert "“organized collective action or social economy organizations”" in found
    assert "glass ceiling" in found and "glass ceiling by the text (A9)" in found
    assert "barnomsorg" in texts(draw(kg.store, "diagram", "sv"))
    assert not any("cases in scope" in text for text in found)


def test_cases_stand_where_they_fall(cases: coproduction.KnowledgeGraph) -> None:
    drawing = import_module("coproduction.pictures.diagram").build(cases.store)
    places = {label.text: (label.left, label.top) for label in drawing.labels}
    ryhov, basta = places["Self-dialysis unit, Ryhov"], places["Basta"]
    assert ryhov[0] == basta[0], "both intensive"
    assert basta[1] < places["medium"][1] < ryhov[1] < places["low"][1]
    assert any(text.startswith("20 cases in scope; 7 of them") for text in places)
    assert any("success stories" in text for text in places)


def test_a_case_in_an_open_cell_leaves_its_sign(tmp_path: Path) -> None:
    path = tmp_path / "open.ttl"
    path.write_text(
        HEAD
        + """e:a a cop:Case ; rdfs:label "Odd one"@en ; cop:hasProviderSector cop:PublicSector ;
        cop:hasParticipationLevel cop:HighParticipation ;
        cop:hasRelationIntensity cop:SporadicAndDistant .""",
        encoding="utf-8",
    )
    found = texts(draw(coproduction.open(path).store, "diagram"))
    assert found.count("?") == 4 and "Odd one" in found


def test_a_label_that_xml_cannot_hold(tmp_path: Path) -> None:
    path = tmp_path / "odd.ttl"
    path.write_text(
        HEAD
        + """e:a a cop:Case ; rdfs:label "od\\u0001d & <one>"@en ; cop:hasParticipationLevel
        cop:HighParticipation ; cop:hasRelationIntensity cop:SporadicAndDistant .""",
        encoding="utf-8",
    )
    assert "odd & <one>" in texts(draw(coproduction.open(path).store, "diagram"))


def test_many_cases_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "many.ttl"
    lines = [
        f"e:a{n} a cop:Case ; cop:hasProviderSector cop:{sector} ; cop:hasParticipationLevel "
        "cop:LowParticipation ; cop:hasRelationIntensity cop:SporadicAndDistant ."
        for sector, many in (("PublicSector", 70), ("InformalSector", 31))
        for n in range(1000 * (many == 70), 1000 * (many == 70) + many)
    ]
    path.write_text(HEAD + "\n".join(lines), encoding="utf-8")
    found = texts(draw(coproduction.open(path).store, "diagram"))
    assert "public sector: 70" in found and "informal sector: 31" in found


# -- the regimes ---------------------------------------------------------------------------------


def column(drawing: Drawing, left: float) -> list[str]:
    """Give the lines that begin at a place, from top to bottom."""
    lines = [label for label in drawing.labels if abs(label.left - left) < 0.5]
    return [label.text for label in sorted(lines, key=lambda label: label.top)]


def test_the_regimes_stand_side_by_side(kg: coproduction.KnowledgeGraph) -> None:
    drawing: Drawing = import_module("coproduction.pictures.regimes").build(kg.store)
    heads = {
        str(row["l"]): int(str(row["line"]))
        for row in kg.query(
            "SELECT DISTINCT ?l ?line WHERE { ?r a cop:PublicAdministrationRegime ; cop:atLine "
            '?line ; rdfs:label ?l FILTER(LANG(?l) = "en") } ORDER BY ?line'
        )
    }
    assert len(heads) == 3
    lefts = {label.text: label.left for label in drawing.labels}
    public, market, governance, beyond = (
        column(drawing, lefts[head])
        for head in (
            "traditional public",
            "New Public Management",
            "New Public Governance",
            "Communitarian regime",
        )
    )
    for lines, line in zip((public, market, governance), heads.values(), strict=True):
        assert f"section A, line {line} of the source" in lines
    assert "passive client role" in public and "active service consumer role" in market
    assert public.count("not stated in the source") == 1, "what it is based on"
    assert governance.count("not stated in the source") == 1, "the role"
    assert market.index("through public private partnership") == market.index("contracting out") + 1
    bases = {"co-production", "multi-stakeholder governance", "third sector provision"}
    assert bases < set(governance) and not bases & {*public, *market}
    assert any("beyond the source" in line for line in beyond)
    assert any(line.startswith("Pestoff 2018") for line in beyond)
    assert not any(line.startswith("section") for line in beyond)
    found = texts(drawing.svg())
    for number in ("C01", "C02", "C03", "C04", "C05", "C06"):
        assert sum(text.startswith(f"{number} ") for text in found) == 1
    assert (
        "C53 A regime can crowd citizen and third sector participation in or out "
        "(section C, line 148)."
    ) in found


def test_a_regime_of_yours_stands_beyond_the_source(tmp_path: Path) -> None:
    path = tmp_path / "regime.ttl"
    path.write_text(
        HEAD
        + """e:r a cop:PublicAdministrationRegime ; rdfs:label "Neighbourly regime"@en ;
        cop:isBasedOn cop:CoProduction ; <http://purl.org/dc/terms/source> e:p .
        e:p cop:publicationYear 2024 ; rdfs:label "A paper"@en .""",
        encoding="utf-8",
    )
    drawing: Drawing = import_module("coproduction.pictures.regimes").build(
        coproduction.open(path).store
    )
    (left,) = (label.left for label in drawing.labels if label.text == "Neighbourly regime")
    lines = column(drawing, left)
    assert "A paper (2024)" in lines and "co-production" in lines
    assert lines.count("not recorded here") == 2 and lines.count("none") == 1


# -- the concepts --------------------------------------------------------------------------------


def test_the_concepts_stand_by_section_as_the_claims_link_them(
    kg: coproduction.KnowledgeGraph,
) -> None:
    picture = import_module("coproduction.pictures.concepts")
    drawing: Drawing = picture.build(kg.store)
    claims: dict[str, set[str]] = {}
    where: dict[str, set[str]] = {}
    for row in kg.query(
        "SELECT DISTINCT ?id ?section ?l WHERE { ?c a cop:Claim ; cop:claimId ?id ; cop:inSection "
        '?section ; cop:claimSubject|cop:claimObject ?t . ?t rdfs:label ?l FILTER(LANG(?l) = "en") '
        "} ORDER BY ?id ?l"
    ):
        claims.setdefault(str(row["id"]), set()).add(str(row["l"]))
        where.setdefault(str(row["l"]), set()).add(str(row["section"]))
    assert len(claims) == 54
    found = texts(drawing.svg())
    for claim in claims:
        assert sum(text.startswith(f"{claim} ") for text in found) == 1, "one arrow a claim"
    assert set(where) <= set(found)
    shared = {label for label, sections in where.items() if len(sections) > 1}
    assert len(shared) == 8
    for label in where:
        ties = [text for text in found if text.startswith(f"{label}: ")]
        assert len(ties) == (label in shared)
        if ties:
            assert set(ties[0].removeprefix(f"{label}: ").split(", ")) == where[label]
    (ceiling,) = (label for label in drawing.labels if label.text == "C51 can breach")
    beside = [label for label in drawing.labels if abs(label.top - ceiling.top) < 16]
    assert [label.text for label in beside if label.left > ceiling.right] == ["glass ceiling"]
    assert "third sector provision can breach glass ceiling (C51)" in drawing.description
    assert any(
        text.startswith("kollektives Handeln: ") for text in texts(draw(kg.store, "concepts", "de"))
    )


# -- the claims ----------------------------------------------------------------------------------


@pytest.mark.parametrize("scope", ["source", "cases"])
def test_each_claim_stands_once_with_its_verdict(
    kg: coproduction.KnowledgeGraph, cases: coproduction.KnowledgeGraph, scope: str
) -> None:
    graph = cases if scope == "cases" else kg
    drawing: Drawing = import_module("coproduction.pictures.claims").build(graph.store)
    verdicts = graph.evidence().all()
    assert len(verdicts) == 54
    found = texts(drawing.svg())
    for verdict in verdicts:
        assert found.count(verdict.claim) == found.count(verdict.label) == 1
        # A number is followed by the text, the verdict, and what was found for and against.
        after = found[found.index(verdict.claim) + 1 :][:3]
        assert after[0] == verdict.label
        assert unbroken(after[1]) == verdict.verdict
        if verdict.counts.get("domain"):
            support, against = (verdict.counts.get(p) for p in ("support", "counterexamples"))
            assert after[2] == f"{support} for" + (
                "" if against is None else f", {against} against"
            )
    for name in VERDICTS:
        number_of = sum(verdict.verdict == name for verdict in verdicts)
        assert any(text.startswith(f"{number_of} {name}: ") for text in found)
    lean = [
        text for text in found if text.startswith("Rubric R0, from which R1 starts, was read off")
    ]
    assert len(lean) == (scope == "cases"), "a caution of what nothing bears on is none"
    if lean:
        assert found.index("C51") < found.index(lean[0]) < found.index("C52")
    assert any("success stories" in text for text in found) == (scope == "cases")
    held = "Held against 20 cases." if scope == "cases" else "No case is in scope, and a claim"
    assert any(text.startswith(held) for text in found) and held in drawing.description
    kinds = [text for text in found if " claims" in text and ": " in text]
    assert sum(int(text.split()[1]) for text in kinds if "continued" not in text) == 54


def test_each_verdict_has_a_shape_of_its_own() -> None:
    assert set(MARKS) == {*VERDICTS, "failed"}
    shapes = [shape for shape, _, _ in MARKS.values()]
    assert len(set(shapes)) == len(shapes), "in grey, shapes are all that there is"
    assert set(shapes) <= set(SHAPES)
    drawn = set()
    for shape in SHAPES:
        drawing = Drawing("a", "A", "A mark.")
        drawing.mark(shape, 50, 50, 12, "blue")
        drawn.add(drawing.svg())
    assert len(drawn) == len(SHAPES)


def test_a_claim_whose_query_fails_is_drawn_as_such(
    cases: coproduction.KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    of = Evidence.of

    def refuse(self: Evidence, claim: str, *, rows: bool = True) -> Verdict:
        if claim == "C51":
            raise QueryFailed("C51", RuntimeError("no answer"))
        return of(self, claim, rows=rows)

    monkeypatch.setattr(Evidence, "of", refuse)
    for name in ("claims", "intervals"):
        found = texts(draw(cases.store, name))
        at = found.index("C51")
        assert "failed" in found[at : at + 3]
        assert any(text.startswith("1 failed: ") for text in found)
        assert any(text.startswith("1 contradicted: ") for text in found)
    with pytest.raises(QueryFailed, match="no answer"):
        draw(cases.store, "C51")


WRONG = """e:a a cop:Case ; rdfs:label "A"@en ; cop:hasServiceType cop:Eldercare ;
    cop:hasProviderSector cop:PublicSector ; cop:hasDecisionRights e:Kings .
e:b a cop:Case ; rdfs:label "B"@en ; cop:hasServiceType cop:Eldercare ;
    cop:hasProviderSector cop:PublicSector ; cop:hasParticipationLevel cop:HighParticipation .
"""


@pytest.mark.parametrize("name", ["claims", "intervals", "C50"])
def test_what_breaks_the_shapes_is_left_out_and_told(tmp_path: Path, name: str) -> None:
    path = tmp_path / "wrong.ttl"
    path.write_text(HEAD + WRONG, encoding="utf-8")
    found = texts(draw(coproduction.open(path).store, name))
    assert any("One of them breaks the shapes, and is left out" in text for text in found)
    assert any("Held against 2 cases." in text for text in found)
    if name == "C50":
        assert "B" in " ".join(found).split() and "A" not in found
        assert "1 deviant, against the claim" in found


@pytest.mark.parametrize("name", ["claims", "intervals", "C51"])
def test_words_in_another_language(cases: coproduction.KnowledgeGraph, name: str) -> None:
    for lang, words in {
        "sv": ("motsagt", "Prövade mot 20 fall."),
        "de": ("widerlegt", "An 20 Fällen geprüft."),
        "fr": ("contredite", "Confronté à 20 cas."),
        "pt": ("contradicted", "Held against 20 cases."),
    }.items():
        found = texts(draw(cases.store, name, lang))
        assert words[0] in found and any(words[1] in text for text in found), lang


# -- the intervals -------------------------------------------------------------------------------


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
    found = texts(draw(graph.store, "claims"))
    assert found[found.index("C40") + 3] == "1 for, 0 against, 1 tie"


# -- a claim as a table --------------------------------------------------------------------------


@pytest.mark.parametrize("claim", TABLES)
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
    columns = {True: lefts["The condition holds"], False: lefts["The condition does not hold"]}
    (below,) = {label.top for label in drawing.labels if label.text == "is not found"}
    for (condition, outcome), iris in verdict.cells.items():
        if condition is None or outcome is None:
            continue
        for iri in iris:
            left, top = lefts[labels[iri].partition(" (")[0]]
            assert left - columns[condition][0] == 20, "in its column"
            assert (top < below - 20) == outcome, "in its row"
    assert any(text.startswith(f"Verdict: {verdict.verdict}.") for text in found)
    figures = [line for line in found if re.match("Consistency: |Share: ", line)]
    assert len(figures) == (verdict.fit is not None)
    (title,) = (text for text in found if text.startswith(f"{claim}: "))
    assert drawing.title == title
    assert all(labels[iri] in drawing.description for iri in verdict.deviant)


def test_a_claim_is_named_in_any_case(cases: coproduction.KnowledgeGraph, run: Run) -> None:
    assert draw(cases.store, "c51") == draw(cases.store, "C51")
    assert run("picture", "c51", "--cases").out == draw(cases.store, "C51")


def test_the_shell_offers_the_claims_that_are_drawn() -> None:
    from click.shell_completion import ShellComplete

    from coproduction.cli import commands

    shell = ShellComplete(commands, {}, "coproduction", "_COPRODUCTION_COMPLETE")
    for begun, offered in (
        ("", [*PICTURES, *TABLES]),
        ("c5", ["C50", "C51"]),
        ("int", ["intervals"]),
    ):
        assert [item.value for item in shell.get_completions(["picture"], begun)] == offered


def test_two_levels_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "torn.ttl"
    path.write_text(
        HEAD
        + """e:a a cop:Case ; rdfs:label "Torn one"@en ; cop:hasProviderSector cop:PublicSector ;
        cop:hasParticipationLevel cop:HighParticipation, cop:LowParticipation .""",
        encoding="utf-8",
    )
    found = texts(draw(coproduction.open(path).store, "C51"))
    at = found.index("Two levels are recorded: 1 undetermined")
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
@pytest.mark.parametrize("name", ["claims", "intervals", *TABLES])
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


# -- the tree of classes -------------------------------------------------------------------------


def test_every_class_stands_in_the_tree_at_its_depth(cases: coproduction.KnowledgeGraph) -> None:
    taxonomy = import_module("coproduction.pictures.taxonomy")
    entries = [entry for tree in taxonomy.trees_of(cases.store) for entry in tree]
    above: dict[str, set[str]] = {}
    for row in cases.query(
        "SELECT DISTINCT ?c ?a WHERE { ?c a owl:Class FILTER(ISIRI(?c)) "
        "MINUS { GRAPH <https://w3id.org/coproduction/graph/toolkit> { ?c a owl:Class } } "
        "OPTIONAL { ?c rdfs:subClassOf ?a FILTER(ISIRI(?a)) } } ORDER BY ?c ?a"
    ):
        above.setdefault(str(row["c"]), set()).update({str(row["a"])} if row["a"] else ())
    assert {entry.iri for entry in entries} == set(above)
    path: list[str] = []
    found: dict[str, set[str]] = {iri: set() for iri in above}
    for entry in entries:
        path[entry.depth :] = [entry.iri]
        assert len(path) == entry.depth + 1
        found[entry.iri].update(path[entry.depth - 1 : entry.depth] if entry.depth else ())
    assert found == above
    counts = {
        str(row["c"]): int(row["n"])
        for row in cases.query(
            "SELECT ?c (COUNT(DISTINCT ?i) AS ?n) WHERE { ?i a ?c . ?c a owl:Class "
            "FILTER(ISIRI(?c)) } GROUP BY ?c ORDER BY ?c"
        )
    }
    assert {e.iri: e.number for e in entries if e.number} == counts
    defined = {
        str(row["c"])
        for row in cases.query("SELECT DISTINCT ?c WHERE { ?c owl:equivalentClass ?d } ORDER BY ?c")
    }
    assert {e.iri for e in entries if e.mark[2].startswith("defined")} == defined
    conditions = [e.label for e in entries if e.mark[0] == "diamond"]
    assert len(conditions) == 6
    assert conditions[:2] == [
        "ceiling-breaching arrangement (by the text)",
        "ceiling-breaching arrangement",
    ]
    drawing: Drawing = taxonomy.build(cases.store)
    lefts = {label.text: label.left for label in drawing.labels}
    assert lefts["case"] - lefts["service arrangement"] == taxonomy._INDENT
    assert len([label for label in drawing.labels if label.text == "placement"]) == 1
    assert any(label.text.startswith(f"{len(above)} classes") for label in drawing.labels)
    assert "niveau de participation" in texts(draw(cases.store, "taxonomy", "fr"))


def test_classes_in_a_ring_are_drawn_too(tmp_path: Path) -> None:
    path = tmp_path / "ring.ttl"
    path.write_text(
        HEAD.replace("@prefix e:", "@prefix owl: <http://www.w3.org/2002/07/owl#> .\n@prefix e:")
        + 'e:a a owl:Class ; rdfs:label "aaa"@en ; rdfs:subClassOf e:b .\n'
        'e:b a owl:Class ; rdfs:label "bbb"@en ; rdfs:subClassOf e:a, cop:Case, e:b .',
        encoding="utf-8",
    )
    found = texts(draw(coproduction.open(path).store, "taxonomy"))
    assert "aaa" in found and "bbb" in found


# -- files ---------------------------------------------------------------------------------------


def test_files_in_three_forms(run: Run, tmp_path: Path) -> None:
    require_module("typst")
    for form, start in (("svg", b"<svg"), ("png", b"\x89PNG\r\n\x1a\n"), ("pdf", b"%PDF-")):
        path = tmp_path / f"picture.{form}"
        assert run("picture", "diagram", "--cases", "-o", str(path)).code == 0
        assert path.read_bytes().startswith(start)
    path = tmp_path / "small.PNG"
    assert run("picture", "diagram", "--width", "300", "-o", str(path)).code == 0
    assert int.from_bytes(path.read_bytes()[16:20], "big") == 300, "the width in the file's head"
    assert run("picture", "diagram").out.startswith("<svg")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("diagrm",), "did you mean 'diagram'?"),
        (("C40",), "C40 has no condition and outcome to make a table of"),
        (("c01",), "the claims C13, C14, C16"),
        (("C99",), "there are C13 to C51"),
        (("diagram", "-o", "x.jpg"), "x.jpg: the ending says the format: one of .svg, .png, .pdf"),
        (("diagram", "--width", "300"), "the width is that of a PNG"),
        (("diagram", "--width", "0", "-o", "x.png"), "a PNG is 1 to 20,000 pixels wide"),
        (("diagram", "--width", "2000000", "-o", "x.png"), "a PNG is 1 to 20,000 pixels wide"),
        (("diagram", "-o", "no/such/folder.svg"), "cannot be written"),
        (("diagram", "--lang", "%"), "is no language tag"),
    ],
)
def test_bad_words_are_told(run: Run, words: tuple[str, ...], told: str) -> None:
    done = run("picture", *words)
    assert done.code == 2 and told in done.err and done.err.count("\n") == 1


def test_without_typst_svg_is_still_there(tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules['typst'] = None; from coproduction.cli import main; "
        f"sys.exit(main(['picture', 'diagram', '-o', r'{tmp_path}/p.svg']) * 10 "
        f"+ main(['picture', 'diagram', '-o', r'{tmp_path}/p.png']))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 2, done.stderr
    assert "pip install 'coproduction[pictures]'" in done.stderr
    assert (tmp_path / "p.svg").exists() and not (tmp_path / "p.png").exists()
