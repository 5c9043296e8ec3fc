"""What is said of a verdict, read as a person would hear it."""

from __future__ import annotations

from typing import Any

import pytest

from coproduction import KnowledgeGraph
from coproduction.evidence.aloud import aloud
from coproduction.evidence.claims import claim_tests
from coproduction.evidence.judging import VERDICTS
from coproduction.messages import LANGUAGES, speaker

from .test_situations import SITUATIONS, judge


def test_a_paragraph_names_what_it_rests_on_and_what_would_change_it(
    cases: KnowledgeGraph,
) -> None:
    told = aloud(cases.evidence().of("C51"), speaker("en"))
    assert told == (
        "9 for it, 1 against it. One is enough against a claim without exceptions: School boards, "
        "Hvidovre. But each row against it rests on an interpreted value. A source that states "
        "such a value, another coding, or another rubric, would change it."
    )
    assert aloud(cases.evidence().of("C07"), speaker("en")).startswith("It defines")
    assert aloud(cases.evidence().of("C52"), speaker("en")).startswith("No field")


@pytest.mark.parametrize(
    "word", [word for word in VERDICTS if word not in ("no-data", "not-testable")]
)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_verdict_is_told_in_every_language(word: str, lang: str, tmp_path: Any) -> None:
    say = speaker(lang)
    told = set()
    kinds = {
        claim_tests()[each["claim"]].type: each for each in SITUATIONS if each["verdict"] == word
    }
    for situation in kinds.values():
        verdict = judge(tmp_path, situation, rows=True)
        words = aloud(verdict, say)
        assert "{" not in words and words.endswith((".", "!")), words
        told.add((verdict.type, words))
        if lang != "en":
            assert words != aloud(verdict, speaker("en")), words
    assert told


def test_many_names_are_cut_and_counted(tmp_path: Any) -> None:
    (situation,) = [each for each in SITUATIONS if "Fifty public" in each["words"]]
    many = situation | {"cases": ["9 sector=PublicSector rights=MajorityControl"]}
    told = aloud(judge(tmp_path, many, rows=True), speaker("en"))
    assert told.count(";") == 5 and "and 4 others" in told
