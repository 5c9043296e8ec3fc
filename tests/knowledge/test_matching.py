"""Candidates by label: true on labels judged by hand, silent on false friends and garbage."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import pytest
import yaml

from coproduction.errors import DataError
from coproduction.knowledge.alignments import read_links
from coproduction.knowledge.matching import (
    Matcher,
    Proposal,
    Target,
    is_false_friend,
    read_labels,
    read_vocabulary,
    to_sssom,
)

from ..conftest import Run
from ..tools import require_data

TRUTH = Path(__file__).parents[1] / "data" / "labels-in-stw.csv"


def scores(matcher: Matcher) -> tuple[float, float]:
    """Give precision and recall of the surest candidates on the labels judged by hand."""
    right = proposed = known = 0
    with TRUTH.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found = matcher.candidates(row["label"])
            proposed += bool(found)
            known += bool(row["concept"])
            right += bool(found) and found[0].iri == row["concept"]
    return right / proposed, right / known


@pytest.mark.slow
def test_precision_and_recall_on_the_labels_judged_by_hand() -> None:
    matcher = Matcher(read_vocabulary(require_data("stw/stw-9.06.ttl")))
    precision, recall = scores(matcher)
    assert precision >= 0.95
    assert recall >= 0.85


@pytest.mark.slow
def test_the_truth_is_of_the_thesaurus_and_has_labels_without_a_concept() -> None:
    known = {
        (target.iri, target.label) for target in read_vocabulary(require_data("stw/stw-9.06.ttl"))
    }
    with TRUTH.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) >= 100 and sum(not row["concept"] for row in rows) >= 8
    for row in rows:
        assert not row["concept"] or (row["concept"], row["conceptLabel"]) in known


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Child care", "childcare"),
        ("Co-operatives", "cooperative"),
        ("Care of the elderly", "elderly care"),
        ("Förskola", "forskola"),
        ("non-profit organisations", "Nonprofit organization"),
    ],
)
def test_labels_that_people_hold_for_the_same(one: str, other: str) -> None:
    matcher = Matcher([Target("urn:x", other, "prefLabel", 0.95)])
    assert [candidate.iri for candidate in matcher.candidates(one)] == ["urn:x"]


@pytest.mark.parametrize("label", ["", " ", "?!", "zzzz qqqq", "glass ceiling"])
def test_nothing_is_proposed_where_nothing_is_alike(label: str) -> None:
    assert Matcher([Target("urn:x", "child care", "prefLabel", 0.95)]).candidates(label) == []


def test_a_false_friend_is_never_proposed() -> None:
    film = Target("http://eurovoc.europa.eu/5185", "co-production", "altLabel", 0.9)
    for label in ("Co-production", "coproduction", "co-production of services"):
        assert is_false_friend(label, film.iri)
        assert Matcher([film]).candidates(label) == []
    assert not is_false_friend("audiovisual works", film.iri)


@pytest.mark.slow
def test_garbage_gives_little_and_takes_no_harm() -> None:
    matcher = Matcher(read_vocabulary(require_data("stw/stw-9.06.ttl")))
    chance = random.Random(1)
    letters = "abcdefghijklmnopqrstuvwxyzåß漢🙂 -0123"
    garbage = ["".join(chance.choices(letters, k=chance.randrange(1, 40))) for _ in range(300)]
    assert sum(bool(matcher.candidates(text)) for text in garbage) <= 15


def test_the_file_written_is_sssom_that_says_it_is_not_reviewed(tmp_path: Path) -> None:
    one = Proposal("a.csv#A2", "Child\tcare", "https://example.org/1", "Childcare", 0.95, "same")
    text = to_sssom([one], "a.csv", "v.ttl")
    lines = text.splitlines()
    front = yaml.safe_load("\n".join(line[1:] for line in lines if line.startswith("#")))
    assert front["mapping_set_id"] and front["license"] and front["object_source"] == "v.ttl"
    (row,) = csv.DictReader([line for line in lines if line[:1] != "#"], delimiter="\t")
    assert row["subject_label"] == "Child\tcare" and row["object_id"] == one.iri
    assert row["mapping_justification"] == "semapv:LexicalMatching"
    assert "not reviewed" in row["comment"]


def test_the_command(run: Run, tmp_path: Path) -> None:
    table = tmp_path / "mine.csv"
    table.write_text("no,service\n1,Child care\n2,Street art\n3,Child care\n", encoding="utf-8")
    codes = tmp_path / "codes.csv"
    codes.write_text("Code,tag\nCC,Childcare\n,Nothing\n", encoding="utf-8")
    out = tmp_path / "c.tsv"
    done = run("link", str(table), "--to", str(codes), "--column", "service", "-o", str(out))
    assert "2 labels: 1 with candidates, 1 without" in done.err
    assert "mine.csv#B2\tChild care\tskos:exactMatch\tCC\tChildcare" in out.read_text()
    assert run("link", str(table), "--to", str(table)).err.startswith("coproduction:")
    assert (
        "no column 'x'; it has no, service"
        in run("link", str(table), "--to", str(codes), "--column", "x").err
    )
    assert run("link", str(table), "--to", "none.ttl").code == 2


def test_files_that_are_no_vocabulary(tmp_path: Path) -> None:
    empty = tmp_path / "a.ttl"
    empty.write_text("", encoding="utf-8")
    with pytest.raises(DataError, match="no term in it that is not deprecated has a label"):
        read_vocabulary(empty)
    with pytest.raises(DataError, match="a vocabulary is RDF"):
        read_vocabulary(tmp_path / "a.docx")
    with pytest.raises(DataError, match="no such file"):
        read_labels(tmp_path / "none.csv")
    with pytest.raises(DataError, match="curie_map"):
        read_links(empty)
