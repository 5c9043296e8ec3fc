"""Later literature: what was read, on what kind of page, and that every answer says so."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from coproduction import KnowledgeGraph
from coproduction.names import COP, ID

from ..conftest import Run

ROOT = Path(__file__).parents[2]
WEAK = ("AbstractPage", "AggregatorPage", "SecondaryPage")
KINDS = {*WEAK, "PublishersText", "RepositoryCopy", "OrganisationPage"}


def rows(kg: KnowledgeGraph, pattern: str) -> list[dict[str, object]]:
    return kg.query(f"SELECT DISTINCT * WHERE {{ {pattern} }}").rows


def finding(name: str) -> str:
    return f"{ID}finding/{name}"


def test_whatever_was_read_has_one_page_and_one_kind_of_page(kg: KnowledgeGraph) -> None:
    read = rows(kg, "?read cop:pageRead ?page OPTIONAL { ?read cop:pageKind ?kind }")
    assert len({row["read"] for row in read}) == len(read) > 112
    assert {str(row["kind"]).removeprefix(COP) for row in read} <= KINDS
    findings = {row["f"] for row in rows(kg, "?f a cop:LiteratureFinding")}
    assert findings <= {row["read"] for row in read}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("three-governance-models", "AbstractPage"),
        ("no-inter-organisational-working", "PublishersText"),
        ("nine-indicators", "OrganisationPage"),
        ("three-eras", "AggregatorPage"),
        ("parental-majority-chicago", "SecondaryPage"),
        # A record of a repository that gives the abstract alone is no copy of the text.
        ("intrinsic-to-service", "AbstractPage"),
    ],
)
def test_the_kind_is_that_of_what_was_read(kg: KnowledgeGraph, name: str, kind: str) -> None:
    assert rows(kg, f"<{finding(name)}> cop:pageKind ?kind") == [{"kind": COP + kind}]


def test_one_page_is_of_one_kind(kg: KnowledgeGraph) -> None:
    kinds: dict[object, set[object]] = {}
    for row in rows(kg, "?read cop:pageRead ?page ; cop:pageKind ?kind"):
        kinds.setdefault(row["page"], set()).add(row["kind"])
    assert {page: found for page, found in kinds.items() if len(found) > 1} == {}


def test_each_row_of_the_question_says_on_what_kind_of_page(kg: KnowledgeGraph) -> None:
    answer = kg.ask("literature-relations").rows
    assert answer and all(row["page"] and row["pageKindLabel"] for row in answer)
    pestoff = [row for row in answer if str(row["publication"]).endswith("/pestoff-2021")]
    assert pestoff and {row["pageKindLabel"] for row in pestoff} == {"abstract only"}
    regimes = kg.ask("regimes-beyond-source").rows
    assert regimes and all(row["pageKindLabel"] for row in regimes)


def test_a_conflict_with_the_source_and_between_findings_is_shown_from_both_ends(
    kg: KnowledgeGraph,
) -> None:
    answer = kg.ask("literature-relations", concept="co-production").rows
    told = {row["finding"]: row for row in answer}
    intrinsic = told[finding("intrinsic-to-service")]
    assert intrinsic["relation"] == COP + "ConflictsWith"
    assert intrinsic["disagreesWith"] == finding("active-part-in-delivery")
    other = told[finding("active-part-in-delivery")]
    assert other["disagreesWith"] == finding("intrinsic-to-service")
    assert told[finding("assets")]["disagreesWith"] is None


def test_what_a_finding_introduces_is_read_where_its_publication_is(kg: KnowledgeGraph) -> None:
    models = {row["term"] for row in rows(kg, "?term a cop:GovernanceModel")}
    assert {str(term).removeprefix(COP) for term in models} == {
        "CommandAndControl",
        "Stewardship",
        "ParticipatoryGovernance",
    }
    introduced = rows(kg, f"<{finding('three-governance-models')}> cop:introducesTerm ?term")
    assert models <= {row["term"] for row in introduced}
    assert len(rows(kg, "?term a cop:CoproductionEvil")) == 7
    for scheme in ("governance-models", "coproduction-approaches", "coproduction-evils"):
        (row,) = rows(kg, f"?class a owl:Class ; cop:ofScheme <{ID}scheme/{scheme}>")
        assert rows(kg, f"?finding cop:introducesTerm <{row['class']}>"), scheme


def test_a_card_says_beside_each_finding_on_what_kind_of_page(kg: KnowledgeGraph) -> None:
    card = kg.show("C51")
    kinds = {use.value: use.page_kind for use in card.uses if use.property == COP + "bearsOn"}
    assert kinds[finding("imitation")] == "abstract only"
    assert kinds[finding("parental-majority-chicago")] == "account by others"
    assert all(kinds.values())
    assert "imitation (abstract only)" in {row["valueLabel"] for row in card.table.rows}
    others = [use for use in card.uses if use.property != COP + "bearsOn"]
    assert all(use.page_kind == "" and use.told() == use.value_label for use in others)
    regime = kg.show("public administration regime")
    assert "Communitarian regime (abstract only)" in {use.told() for use in regime.uses}


def test_the_command_line_says_it_too_in_the_language_asked_for(run: Run) -> None:
    shown = run("show", "co-production")
    assert "intrinsic to any service experience (abstract only)" in " ".join(shown.out.split())
    assert "endast sammandrag" in run("show", "C51", "--lang", "sv").out
    uses = json.loads(run("show", "C51", "--format", "json").out)["uses"]
    assert {use["page_kind"] for use in uses if use["property"].endswith("#bearsOn")} == {
        "abstract only",
        "account by others",
        "aggregator's page",
    }


def test_the_page_of_limits_counts_the_findings_that_rest_on_less_than_the_text(
    kg: KnowledgeGraph,
) -> None:
    text = " ".join((ROOT / "docs" / "limits.md").read_text(encoding="utf-8").split())
    told = re.search(r"(\d+) of the (\d+) findings of later literature", text)
    assert told
    kinds = [row["kind"] for row in rows(kg, "?f a cop:LiteratureFinding ; cop:pageKind ?kind")]
    weak = [kind for kind in kinds if str(kind).removeprefix(COP) in WEAK]
    assert (int(told[1]), int(told[2])) == (len(weak), len(kinds))
