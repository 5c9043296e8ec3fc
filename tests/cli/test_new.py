"""`coproduction new`: what a question, a claim or a case begins with, and that nothing is lost."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest

from coproduction.cases.loading import check_cases
from coproduction.evidence.claims import claim_files_in
from coproduction.knowledge.case_record import case_record
from coproduction.knowledge.questions import all_questions, load_question
from coproduction.knowledge.skeletons import KINDS
from coproduction.names import COP, ID
from coproduction.resources import data_dir
from coproduction.store.embedded import EmbeddedStore
from coproduction.validation.finding import Finding
from coproduction.validation.house_rules import run_checks

from ..conftest import Run


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folders of a checkout, which the test is in and may change."""
    for part in ("ontology", "queries", "shapes"):
        shutil.copytree(data_dir(part), tmp_path / part)
    (tmp_path / "cases").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def findings(checkout: Path, store: ox.Store | None = None) -> list[Finding]:
    return run_checks(
        store or EmbeddedStore.packaged().inner,
        query_dir=checkout / "queries",
        shape_dir=checkout / "shapes",
        alignment_dir=checkout / "ontology" / "alignments",
    )


@pytest.mark.slow
def test_a_question_is_told_until_it_is_filled_in(run: Run, checkout: Path) -> None:
    done = run("new", "question", "cases-by-service")
    path = checkout / "queries/questions/cases-by-service.rq"
    assert (done.code, done.out) == (0, "")
    assert done.err.startswith(f"{path.relative_to(checkout)}\nfill it in: ")
    numbers = [int(question.id[2:].rstrip("ab")) for question in all_questions()]
    assert load_question(path).id == f"CQ{max(numbers) + 1}"
    told = [finding.message for finding in findings(checkout)]
    assert len(told) == 3
    for name, message in zip(("description", "summary", "tags"), told, strict=True):
        assert f"cases-by-service.rq: the header has no {name}" in message
    text = path.read_text(encoding="utf-8")
    for name in ("summary", "description"):
        text = re.sub(rf"(?m)^#\+ {name}: .*", f"#+ {name}: Which cases have which service?", text)
    path.write_text(text.replace("tags: []", "tags: [service]"), encoding="utf-8")
    assert findings(checkout) == []
    asked = run("query", "-f", str(path), "--cases", "--format", "csv")
    assert asked.out.splitlines()[0].startswith("case,")
    assert len(asked.out.splitlines()) == 21


def test_the_next_question_has_the_next_id(run: Run, tmp_path: Path) -> None:
    for name in ("one", "two"):
        assert run("new", "question", name, "--into", str(tmp_path)).code == 0
    one, two = (load_question(tmp_path / f"{name}.rq").id for name in ("one", "two"))
    assert int(two[2:]) == int(one[2:]) + 1


@pytest.mark.slow
def test_a_claim_is_told_until_it_is_filled_in(run: Run, checkout: Path) -> None:
    assert run("new", "claim", "c55").code == 0
    folder = checkout / "queries/claims"
    files = sorted(path.name for path in folder.glob("c55*"))
    assert files == ["c55.rq", "c55.ttl"]
    told = {(finding.check, finding.term) for finding in findings(checkout)}
    assert told >= {
        ("claim-unknown", f"{ID}claim/C55"),
        ("header-of-query", "c55.rq"),
    }
    path = folder / "c55.rq"
    text = re.sub(
        r"(?m)^#\+( +)(summary|wanted|support|counterexamples|undetermined): .*",
        r"#+\1\2: a case of the third sector",
        path.read_text(encoding="utf-8"),
    )
    text = re.sub(
        r"(?m)^#\+ rests_on: .*", "#+ rests_on: [cop:hasActType, cop:hasProviderSector]", text
    )
    path.write_text(text, encoding="utf-8")
    test = claim_files_in(folder).tests["C55"]
    assert (test.type, test.wanted) == ("tendency", "a case of the third sector")
    store = EmbeddedStore.packaged().inner
    graph = next(
        quad.graph_name
        for quad in store.quads_for_pattern(ox.NamedNode(f"{ID}claim/C51"), None, None)
    )
    store.load((folder / "c55.ttl").read_bytes(), format=ox.RdfFormat.TURTLE, to_graph=graph)
    said = [f.message for f in findings(checkout, store) if f.term == f"{ID}claim/C55"]
    for what in ("kind", "source", "section", "line", "testability", "English label"):
        assert any(f"has no {what} " in message for message in said), what
    block = (folder / "c55.ttl").read_text(encoding="utf-8")
    block = re.sub(r"cop:\.\.\.", "cop:Coproduction", block)
    _, _, block = block.partition("\n\n")
    filled = block.replace("    # ", "    ").encode()
    store.load(filled, format=ox.RdfFormat.TURTLE, to_graph=graph)
    left = [f for f in findings(checkout, store) if f.term == f"{ID}claim/C55"]
    assert left == []


@pytest.mark.parametrize("lang", ["en", "sv", "de", "fr"])
@pytest.mark.sampled
def test_a_case_names_every_field_in_the_language_and_can_be_read(
    run: Run, tmp_path: Path, lang: str
) -> None:
    done = run("new", "case", "my-nursery", "--into", str(tmp_path), "--lang", lang)
    assert done.code == 0
    path = tmp_path / "my-nursery.ttl"
    text = path.read_text(encoding="utf-8")
    for field in case_record().fields:
        if field.path:
            assert f"# {field.name(lang)} (" in text, field.key
    outcome = check_cases(path)
    assert (outcome.read, outcome.loaded) == (1, 0)
    told = {problem.rule for problem in outcome.problems}
    assert told >= {f"Case-{f.key}" for f in case_record().fields if f.required}


def test_a_case_filled_in_is_valid(run: Run, tmp_path: Path) -> None:
    run("new", "case", "my-nursery", "--into", str(tmp_path))
    path = tmp_path / "my-nursery.ttl"
    lines = path.read_text(encoding="utf-8").splitlines()
    # All blocks but that of the case stand in comments as wholes: those that are wanted come out.
    text = "\n".join(re.sub(r"^# (?=[<\s.]|$)", "", line) for line in lines)
    values = {
        "rdfs:label": '"My nursery"@en',
        "cop:summary": '"Parents run it."@en',
        "cop:countryCode": '"SE"',
        "cop:startYear": "1984",
        "cop:hasProvider": f"<{ID}organization/my-nursery>",
        "dcterms:source": "<https://example.org/mine>",
        "cop:hasServiceType": "cop:Childcare",
        "cop:hasDecisionRights": "cop:MajorityControl",
        "cop:hasParticipationLevel": "cop:HighParticipation",
        "cop:codingStatus": "cop:Interpreted",
        "cop:underRubric": "cop:RubricR0",
        "cop:hasSourceType": "cop:PressSource",
        "cop:hasOrganisationForm": "cop:ParentCoop",
        "cop:coder": '"AB"',
        "cop:codedOn": '"2026-11-23"',
    }
    for name, value in values.items():
        text = re.sub(rf"(?m)^    # {name} .* ;$", f"    {name} {value} ;", text)
    text = text.replace("    # cop:hasCoding", "    cop:hasCoding")
    for name in ("hasServiceType", "hasProvider", "hasDecisionRights"):
        text = re.sub(rf"cop:{name} ,\s*", "", text)
    text = text.replace('    rdfs:label ""@en ;', '    rdfs:label "Society"@en ;')
    path.write_text(text, encoding="utf-8")
    done = run("validate", str(path))
    assert (done.code, done.err) == (0, f"{path}: 1 case read, 1 without error\n")


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_exists_is_left_alone_and_so_are_the_others(
    run: Run, tmp_path: Path, kind: str
) -> None:
    name = "C55" if kind == "claim" else "mine"
    there = {"question": "mine.rq", "claim": "c55.rq", "case": "mine.ttl"}[kind]
    (tmp_path / there).write_text("of a person", encoding="utf-8")
    refused = run("new", kind, name, "--into", str(tmp_path))
    assert refused.code == 2
    assert f"{there}: exists already; --force replaces it" in refused.err
    assert [path.name for path in tmp_path.iterdir()] == [there]
    assert (tmp_path / there).read_text(encoding="utf-8") == "of a person"
    assert run("new", kind, name, "--into", str(tmp_path), "--force").code == 0
    assert (tmp_path / there).read_text(encoding="utf-8") != "of a person"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["question", "Cases By Service"], "en fråga namnges med små bokstäver"),
        (["question", "../escaped"], "en fråga namnges med små bokstäver"),
        (["claim", "ceiling"], "ett påstående namnges med sitt id"),
        (["claim", "C51"], "C51 finns redan"),
        (["case", "min förskola"], "Ange en identitet av bokstäverna a till z"),
        (["case", "../escaped"], "Ange en identitet av bokstäverna a till z"),
    ],
)
def test_a_name_that_cannot_be_is_refused_in_the_language(
    run: Run, tmp_path: Path, words: list[str], said: str
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    done = run("new", *words, "--into", str(folder), "--lang", "sv")
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert list(tmp_path.rglob("*")) == [folder]


def test_outside_a_checkout_a_folder_is_asked_for(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run("new", "case", "mine", "--lang", "fr")
    assert done.code == 2
    assert "indiquez un dossier avec --into DIR" in done.err
    done = run("new", "case", "mine", "--into", "not-there")
    assert done.code == 2
    assert "there is no folder" in done.err


def test_from_a_folder_of_the_checkout(
    run: Run, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(checkout / "ontology" / "alignments")
    assert run("new", "case", "mine").code == 0
    assert f"<{ID}case/mine>\n    a cop:Case ;" in (checkout / "cases/mine.ttl").read_text("utf-8")
    assert f"<{COP}>" in (checkout / "cases/mine.ttl").read_text("utf-8")
