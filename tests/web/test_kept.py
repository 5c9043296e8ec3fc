"""Answers that are kept: none is old, none is another's, and they take no more than they may."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlencode

import pytest

import coproduction
from coproduction.web.answering import answered, opened
from coproduction.web.asked import Asked
from coproduction.web.kept import Kept, KeptOfQueries
from coproduction.web.orders import Limits, Open, Order, Scope, Sent

from .conftest import BEARER, Site

URL = "http://127.0.0.1/sparql"
CASES = "SELECT (COUNT(*) AS ?n) { ?case a cop:Case }"


def order(text: str, accept: str = "", rows: int = 1_000, url: str = URL) -> Order:
    return Order(Asked(text, None, (), url), accept, (), Limits(rows=rows))


@pytest.fixture(scope="module")
def graphs() -> Open:
    return opened(Scope())()


def test_answers_are_kept_up_to_a_number_of_bytes() -> None:
    kept = Kept(16_000)
    for number in range(20):
        kept.keep(str(number), Sent(200, "text/html", b"x" * 1_000))
        if number == 5:
            assert kept.again("0").body == b"x" * 1_000
    assert list(kept) == [str(number) for number in range(12, 20)]
    kept.keep("large", Sent(200, "text/html", b"x" * 1_001))
    assert "large" not in kept
    for number in range(100):  # small ones take their place too
        kept.keep(f"small {number}", Sent(200, "text/html", b""))
    assert len(kept) < 17


def test_an_answer_that_is_kept_is_the_answer(
    graphs: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = answered(graphs, order("SELECT ?s { ?s a cop:ServiceType } LIMIT 3"))
    monkeypatch.setattr(graphs.store, "query", lambda *_, **__: pytest.fail("asked again"))
    assert answered(graphs, order("SELECT ?s { ?s a cop:ServiceType } LIMIT 3")) is first


@pytest.mark.parametrize(
    "other",
    [
        order("ASK { }", "text/csv"),
        order("ASK { } "),
        order("ASK { }", rows=10),
        order("ASK { }", url="http://localhost/sparql"),
        Order(Asked("ASK { }", ("urn:g",), (), URL), "", (), Limits(rows=1_000)),
        Order(Asked("ASK { }", (), ("urn:g",), URL), "", (), Limits(rows=1_000)),
    ],
)
def test_what_is_asked_otherwise_has_an_answer_of_its_own(graphs: Open, other: Order) -> None:
    kept, one = KeptOfQueries(), order("ASK { }")
    assert isinstance(one.wanted, Asked) and isinstance(other.wanted, Asked)
    tags = {kept.tag(graphs, each.wanted, each) for each in (one, other)}  # type: ignore[arg-type]
    assert len(tags) == 2 and "" not in tags


@pytest.mark.parametrize(
    "text",
    [
        "SELECT (RAND() AS ?x) { }",
        "SELECT (now ( ) AS ?x) { }",
        "SELECT (NOW#\n() AS ?x) { }",
        "SELECT (StrUUID() AS ?x) { }",
        "SELECT (UUID() AS ?x) { }",
        "SELECT (NO\\u0057() AS ?x) { }",
        "SELECT ?x { SERVICE <http://127.0.0.1:9/> { ?x ?y ?z } }",
    ],
)
def test_what_may_be_another_the_next_time_is_not_kept(graphs: Open, text: str) -> None:
    one = order(text)
    assert isinstance(one.wanted, Asked)
    assert KeptOfQueries().tag(graphs, one.wanted, one) == ""


def test_chance_is_asked_anew(graphs: Open) -> None:
    bodies = {answered(graphs, order("SELECT (RAND() AS ?x) { }")).body for _ in range(3)}
    assert len(bodies) == 3


def test_graphs_that_are_others_have_answers_of_their_own(graphs: Open) -> None:
    with_cases = opened(Scope(cases=True))()
    few, many, again = (answered(each, order(CASES)) for each in (graphs, with_cases, graphs))
    assert few == again and few.body != many.body


def test_a_query_that_fails_is_told_each_time(graphs: Open) -> None:
    many = order("SELECT ?s { ?s ?p ?o }", rows=2)
    for _ in range(2):
        with pytest.raises(coproduction.CoproductionError, match="2 are given at most"):
            answered(graphs, many)


def test_what_is_written_is_in_the_next_answer(writable: Site, tmp_path: Path) -> None:
    """Each process has answered before, and answers again."""

    def numbers() -> set[int]:
        path = "/sparql?" + urlencode({"query": "SELECT (COUNT(*) AS ?n) { ?s <urn:kept> ?o }"})
        found = [json.loads(writable.ask(path).data) for _ in range(4)]
        return {int(each["results"]["bindings"][0]["n"]["value"]) for each in found}

    headers = {"Content-Type": "application/sparql-update"} | BEARER
    assert numbers() == {0}
    for number in (1, 2):
        text = f"INSERT DATA {{ GRAPH <urn:k> {{ <urn:s> <urn:kept> {number} }} }}"
        assert writable.ask("/sparql", "POST", text.encode(), headers).status == 204
        assert numbers() == {number}
