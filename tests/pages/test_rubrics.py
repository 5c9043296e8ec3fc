"""What the rubrics read, told where one of them is chosen."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

import coproduction
from coproduction.messages import speaker
from coproduction.names import COP, LANGUAGES, PREFIXES
from coproduction.pages.rendering import html
from coproduction.pages.site import page_at

from .test_pages import at, body, graph

CHOSEN = (
    "/diagram",
    "/claims",
    "/claim/C51?rubric=R1",
    "/cases",
    "/case/hvidovre-school-boards",
    "/case/hvidovre-school-boards?turned=1&sector=ThirdSector",
)
OWN = f"""@prefix cop: <{COP}> .
@prefix skos: <{PREFIXES["skos"]}> .
@prefix e: <https://example.org/> .
e:mine a cop:Rubric ; cop:levelProperty e:level ; skos:altLabel "R9"@en ;
    skos:definition "Rule that reads the weather."@en .
"""


def rules(text: str) -> dict[str, str]:
    """Give what a page says that each rubric reads, with its mark of language."""
    (told,) = re.findall(r'<details class="rules">.*?</details>', text, re.S)
    found = re.findall(r"<dt>(.*?)</dt>\n<dd>(.*?)</dd>", told)
    return {re.sub("<.*?>", "", name): unescape(words) for name, words in found}


@pytest.mark.parametrize("url", CHOSEN)
def test_what_a_rubric_reads_stands_beside_the_choice(url: str) -> None:
    told = rules(body(url))
    defined = graph().query(
        "SELECT ?name ?words { ?r a cop:Rubric ; skos:altLabel ?name ; skos:definition ?words }"
    )
    assert told == {str(row["name"]): str(row["words"]) for row in defined} and len(told) == 3


@pytest.mark.parametrize("lang", [lang for lang in LANGUAGES if lang != "en"])
def test_what_a_rubric_reads_is_told_in_each_language(lang: str) -> None:
    english, told = rules(body("/diagram")), rules(body(f"/diagram?lang={lang}"))
    for name, words in told.items():
        assert words == speaker(lang)(english[name]) != english[name]
    explained = dict(graph().explain("hvidovre-school-boards", lang=lang).rules)
    assert set(told.values()) < set(explained.values())
    case = body(f"/case/hvidovre-school-boards?lang={lang}")
    decides = case[case.index('id="decides"') :]
    assert decides.count('<dd><span lang="en">') == 1, "of what decides the definition alone"


def test_a_claim_without_levels_says_nothing_of_rubrics() -> None:
    assert 'class="rules"' not in body("/claim/C10")


def test_a_rubric_of_yours_is_told_in_its_own_words(tmp_path: Path) -> None:
    path = tmp_path / "mine.ttl"
    path.write_text(OWN, encoding="utf-8")
    page = page_at(coproduction.open(path, cases=True), at("/cases?lang=sv"))
    told = rules(html(page))
    assert list(told) == ["R0", "R1", "R2", "R9"]
    assert told["R9"] == '<span lang="en">Rule that reads the weather.</span>'
