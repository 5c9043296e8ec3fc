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
from coproduction.errors import UnknownName
from coproduction.pages.address import Address
from coproduction.pages.site import page_at
from coproduction.pictures import PAGES, PICTURES, draw
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
        (("regimes",), "(it is the page /regimes of 'coproduction serve --open'; as a table: "),
        (("claims", "--cases"), "as a table: 'coproduction evidence')"),
        (("taxonomy",), "the page /concepts?by=kind of"),
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


@pytest.mark.parametrize("name", PAGES)
def test_what_is_a_page_is_no_picture_and_its_page_is_there(
    kg: coproduction.KnowledgeGraph, name: str
) -> None:
    with pytest.raises(UnknownName) as refused:
        kg.picture(name)
    page, listing = PAGES[name]
    assert f"it is the page {page} of" in str(refused.value) and not refused.value.suggestion
    assert page_at(kg, Address.read(*page.partition("?")[::2])).tables
    assert eval(f"kg.{listing}", {"kg": kg})


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
