"""Questions, claims and views may be laid out in any way: what they say is all that counts."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from coproduction import KnowledgeGraph
from coproduction.evidence.claims import CEILINGS, claim_files_in, claim_tests
from coproduction.evidence.sides import Sides, sides_of
from coproduction.knowledge.answers import answer
from coproduction.knowledge.portable import parts_of, with_labels
from coproduction.knowledge.questions import Question, all_questions
from coproduction.names import COP
from coproduction.results.fetching import QueryOptions
from coproduction.store.lookup import rows_of
from coproduction.syntax.sparql import token

WORDS = frozenset(
    [
        "prefix",
        "select",
        "distinct",
        "where",
        "values",
        "optional",
        "union",
        "minus",
        "bind",
        "as",
        "filter",
        "group",
        "by",
        "having",
        "order",
        "asc",
        "desc",
        "limit",
        "concat",
        "count",
        "sum",
        "min",
        "max",
        "str",
        "coalesce",
        "if",
        "iri",
        "bound",
        "lang",
        "exists",
        "not",
        "in",
        "undef",
        "construct",
    ]
)
COMMENT = (
    "# SELECT DISTINCT ?row WHERE { ?row a cop:Case } VALUES ?rubric { cop:levelUnderR1 } "
    "GROUP BY ?row ORDER BY ?row CONSTRUCT { ?x a cop:Case } levels {"
)
UNTOLD = ("C16", "C38")
"""Claims on which no shipped case says anything."""


def laid_out_anew(text: str) -> str:
    """Write a query with other line breaks, comments, prefixes, and keywords in small letters."""
    head = "".join(line for line in text.splitlines(True) if line.startswith("#+"))
    return head + "PREFIX c: <" + COP + ">\n" + "\n".join(_tokens(text)) + "\n"


def _tokens(text: str) -> Iterator[str]:
    body = "".join(line for line in text.splitlines(True) if not line.startswith("#+"))
    sign = re.compile(rf"{token().pattern} | (?P<sign>[|&<>=!]{{2}}|\^\^|.)", token().flags)
    pieces: list[str] = []
    for number, found in enumerate(sign.finditer(body)):
        if found["space"] is not None:
            continue
        piece = found[0]
        if found["prefix"] == "cop" and found["local"]:
            piece = f"c:{found['local']}"
        elif (found["word"] or "").lower() in WORDS:
            piece = piece.lower() if number % 2 else piece.capitalize()
        with_last = piece == "^^" or piece.startswith("@")
        joined = pieces and (with_last or pieces[-1].endswith("^^"))
        if joined:
            pieces[-1] += piece
        else:
            pieces.append(piece)
        if piece in "{.":
            pieces.append(COMMENT)
    yield from pieces


def again(question: Question) -> Question:
    return Question(question.name, question.path, laid_out_anew(question.text))


def test_a_query_is_really_laid_out_anew() -> None:
    (claim,) = [q for q in all_questions("queries/claims") if q.name == "c51"]
    text = laid_out_anew(claim.text)
    assert "WHERE {" not in re.sub(r"#.*", "", text) and "c:ThirdSector" in text
    assert re.search(r"(?i)values\n\?rubric\n\{", text) and text.count(COMMENT) > 5


@pytest.mark.parametrize("question", all_questions(), ids=lambda q: q.name)
def test_a_question_answers_as_before(cases: KnowledgeGraph, question: Question) -> None:
    options = QueryOptions(wanted="rows")
    given = {
        name: value
        for name, value in {"claim": "C51", "like": "kultingen", "lang": "sv"}.items()
        if name in question.parameters
    }
    other = again(question)
    first, second = (answer(cases.store, q, options, "sv", given) for q in (question, other))
    assert (second.variables, second.rows) == (first.variables, first.rows)
    text = with_labels(other.text, other.iris, "sv")
    assert [*parts_of(text).variables][:1] == [*parts_of(question.text).variables][:1]


@pytest.mark.parametrize("claim", claim_tests())
def test_a_claim_judges_as_before(cases: KnowledgeGraph, claim: str) -> None:
    test = claim_tests()[claim]
    other = test._replace(query=again(test.query))

    def sides(test, level: str, ceiling: str) -> Sides:
        above, below = CEILINGS[ceiling]
        text = test.text(rubric=[COP + level], above=above, below=below)
        return sides_of(test, rows_of(cases.store, text))

    for level, ceiling in (("levelUnderR0", "diagram"), ("levelUnderR1", "text")):
        found = sides(test, level, ceiling)
        assert sides(other, level, ceiling) == found
        assert any(found.on.values()) or claim in UNTOLD


def test_a_claim_laid_out_anew_is_read_as_a_claim(tmp_path) -> None:
    for test in claim_tests().values():
        path = tmp_path / test.query.path.name
        path.write_text(laid_out_anew(test.query.text), encoding="utf-8")
    files = claim_files_in(tmp_path)
    assert not files.broken and not files.strays
    assert {c: (t.type, t.columns) for c, t in files.tests.items()} == {
        c: (t.type, t.columns) for c, t in claim_tests().items()
    }
