"""ROBOT, which ontologies are released with: report, profile, reasoning, difference, our checks."""

from __future__ import annotations

import csv
import re
import subprocess
from collections import Counter
from pathlib import Path

import pytest

import coproduction
from coproduction.resources import data_dir

from ..tools import require_from_maven, require_java

pytestmark = pytest.mark.slow

ROBOT = "org.obolibrary.robot:robot-command:1.9.8"
PROFILE = Path(__file__).with_name("robot-profile.tsv")
TOLD = {"missing_definition", "missing_obsolete_label", "missing_superclass", "multiple_labels"}
"""The rules that do not apply here; the profile says why, and has them at the level INFO."""
CHECKS = sorted(data_dir("queries/checks").glob("*.rq"))
FAULT = Path(__file__).parents[1] / "faults" / "label-used-twice.ttl"


class Robot:
    """ROBOT as a command in a folder."""

    def __init__(self, jars: Path, folder: Path) -> None:
        self.jars, self.folder = jars, folder

    def run(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        main = "org.obolibrary.robot.CommandLineInterface"
        command = [require_java(), "-cp", f"{self.jars}/*", main, *map(str, words)]
        return subprocess.run(
            command, cwd=self.folder, capture_output=True, text=True, check=False, timeout=120
        )

    def report(self, file: str) -> dict[str, Counter[str]]:
        """Give how often each rule found something, by level."""
        rows = self.folder / "report.tsv"
        self.run("report", "-i", file, "--profile", PROFILE, "--output", rows, "--print", "0")
        found: dict[str, Counter[str]] = {}
        with rows.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
                found.setdefault(row["Level"], Counter())[row["Rule Name"]] += 1
        return found


@pytest.fixture(scope="module")
def robot(tmp_path_factory: pytest.TempPathFactory) -> Robot:
    """ROBOT beside the merged file in two forms, and with a fault of the house rules."""
    jars = require_from_maven(tmp_path_factory.mktemp("robot"), ROBOT)
    folder = tmp_path_factory.mktemp("merged")
    for form in ("owl", "ttl"):
        (folder / f"merged.{form}").write_bytes(coproduction.open().export(form))
    (folder / "faulty.owl").write_bytes(coproduction.open(data=FAULT).export("owl"))
    return Robot(jars, folder)


def test_the_report_has_no_error_and_no_warning(robot: Robot) -> None:
    found = robot.report("merged.owl")
    assert set(found) == {"INFO"}, found
    assert set(found["INFO"]) == TOLD


def test_the_report_sees_two_things_with_one_label(robot: Robot) -> None:
    toy = robot.folder / "faulty.owl"
    toy.write_bytes(toy.read_bytes().replace(b">Street meeting<", b">street meeting<"))
    assert robot.report("faulty.owl")["ERROR"] == {"duplicate_label": 2}


def test_the_profile_names_each_rule_and_why_it_does_not_apply(robot: Robot) -> None:
    lines = [line.split("\t") for line in PROFILE.read_text(encoding="utf-8").splitlines()]
    reasons = {rule: (level, *reason) for level, rule, *reason in lines}
    assert {rule for rule, (level, *_) in reasons.items() if level != "ERROR"} == TOLD
    for rule in TOLD:
        assert len(reasons[rule]) == 2 and reasons[rule][1], rule
    named = re.findall(r"CK ([\w-]+)", PROFILE.read_text(encoding="utf-8"))
    assert {f"{name}.rq" for name in named} <= {path.name for path in CHECKS}
    default = robot.run("report", "-i", "merged.owl", "--output", "default.tsv", "--print", "0")
    assert default.returncode == 1, "without the profile, labels in four languages are errors"


def test_it_is_in_the_profile_dl(robot: Robot) -> None:
    done = robot.run("validate-profile", "--profile", "DL", "-i", "merged.owl", "-o", "dl.txt")
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("reasoner", ["HermiT", "ELK"])
def test_a_reasoner_finds_nothing_wrong(robot: Robot, reasoner: str) -> None:
    done = robot.run("reason", "--reasoner", reasoner, "-i", "merged.owl", "-o", "inferred.owl")
    assert (done.returncode, done.stdout) == (0, "")
    assert (robot.folder / "inferred.owl").stat().st_size > 100_000


def test_both_forms_are_identical(robot: Robot) -> None:
    done = robot.run("diff", "--left", "merged.owl", "--right", "merged.ttl")
    assert done.stdout.strip() == "Ontologies are identical"
    done = robot.run("diff", "--left", "merged.owl", "--right", "faulty.owl")
    assert "Toy" in done.stdout, "and a difference is seen"


def test_our_checks_verify_it(robot: Robot) -> None:
    words = ["--queries", *CHECKS, "--output-dir", robot.folder]
    done = robot.run("verify", "-i", "merged.owl", *words)
    assert done.returncode == 0 and done.stdout.count("PASS Rule") == len(CHECKS), done.stdout
    done = robot.run("verify", "-i", "faulty.owl", *words)
    assert done.returncode == 1 and "label-used-twice" in done.stdout
