"""Pictures: they show what the graph says; of claims: test_claims.py; how it fits: test_fit.py."""

from __future__ import annotations

import subprocess
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from importlib import import_module
from pathlib import Path

import pytest

import coproduction
from coproduction.pictures import PICTURES, draw
from coproduction.pictures.svg import COLOURS, Drawing, width_of, wrap

from ..conftest import Run
from ..evidence.test_evidence import HEAD
from ..tools import CLAIMS, PLACEMENTS, require_module

SVG = "{http://www.w3.org/2000/svg}"


def texts(svg: str) -> list[str]:
    """Give each text of a picture, its lines put together."""
    root = ET.fromstring(svg)
    return [" ".join(span.text or "" for span in text) for text in root.iter(f"{SVG}text")]


@pytest.mark.sampled
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
    assert sum(found.count(label) for label in {str(row["l"]) for row in services}) == PLACEMENTS
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
        "C53 A regime can crowd in or crowd out greater citizen and third sector participation in the provision of public financed services "
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
    assert len(claims) == CLAIMS
    found = texts(drawing.svg())
    of_parts = kg.query("SELECT ?id ?p { ?c cop:claimId ?id ; cop:hasClaimPart ?p }").rows
    parts = Counter(str(row["id"]) for row in of_parts)
    assert parts["C47"] == 3
    for claim in claims:
        arrows = sum(text.startswith(f"{claim} ") for text in found)
        assert arrows == (parts[claim] or 1), "one arrow a claim, or a part"
    assert set(where) <= set(found)
    shared = {label for label, sections in where.items() if len(sections) > 1}
    assert len(shared) == 8
    for label in where:
        ties = [text for text in found if text.startswith(f"{label}: ")]
        assert len(ties) == (label in shared)
        if ties:
            assert set(ties[0].removeprefix(f"{label}: ").split(", ")) == where[label]
    (ceiling,) = (label for label in drawing.labels if label.text.startswith("C51 alone"))
    beside = [label for label in drawing.labels if abs(label.top - ceiling.top) < 16]
    assert [label.text for label in beside if label.left > ceiling.right] == ["glass ceiling"]
    assert "third sector provision alone can breach glass ceiling (C51)" in drawing.description
    assert any(
        text.startswith("kollektives Handeln: ") for text in texts(draw(kg.store, "concepts", "de"))
    )


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
            "FILTER(ISIRI(?c)) "
            "MINUS { GRAPH <https://w3id.org/coproduction/graph/toolkit> { ?c a owl:Class } } } "
            "GROUP BY ?c ORDER BY ?c"
        )
    }
    assert {e.iri: e.number for e in entries if e.number} == counts
    defined = {
        str(row["c"])
        for row in cases.query("SELECT DISTINCT ?c WHERE { ?c owl:equivalentClass ?d } ORDER BY ?c")
    }
    assert {e.iri for e in entries if e.mark[2].startswith("defined")} == defined
    conditions = [e.label for e in entries if e.mark[0] == "diamond"]
    assert len(conditions) == 10
    twice = [label for label in set(conditions) if conditions.count(label) == 2]
    assert twice == ["co-production of enduring services"], "it stands under two"
    assert conditions[:2] == [
        "ceiling-breaching arrangement (by the text)",
        "ceiling-breaching arrangement (by the diagram)",
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
