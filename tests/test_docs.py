"""The pages that hold real output say what is so."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from coproduction import KnowledgeGraph

from .test_catalogue import catalogue

ROOT = Path(__file__).parents[1]


def test_pages_are_those_that_would_be_written_now() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "docs" / "build.py"), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_the_table_in_the_readme_is_the_answer(kg: KnowledgeGraph) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = kg.ask("glass-ceiling").serialize("table", 120)
    for line in shown.splitlines():
        assert line in readme


@pytest.mark.parametrize(("page", "least"), [("README.md", 7), ("docs/guide.md", 35)])
def test_the_commands_of_the_pages_run_in_their_order(
    tmp_path: Path, page: str, least: int
) -> None:
    (tmp_path / "my-cases.ttl").write_bytes((ROOT / "cases" / "stil.ttl").read_bytes())
    (tmp_path / "my-terms.csv").write_text("label\nchild care\nelder care\n")
    (tmp_path / "my-thesaurus.ttl").write_text(
        "<https://example.org/1> <http://www.w3.org/2004/02/skos/core#prefLabel> 'Childcare'@en ."
    )
    (tmp_path / "catalogue.ttl").write_text(catalogue("https://example.org/other"))
    guide = (ROOT / "loaders" / "README.md").read_text(encoding="utf-8")
    for kind, name in (("csv", "register.csv"), ("toml", "my-mapping.toml")):
        block = re.search(rf"```{kind}\n(.*?)```", guide, re.DOTALL)
        assert block
        (tmp_path / name).write_text(block[1], encoding="utf-8")
    (tmp_path / "my-query.rq").write_text("SELECT ?s WHERE { ?s a cop:Claim }")
    text = (ROOT / page).read_text(encoding="utf-8")
    lines = re.findall(r"^coproduction \w+.*$", text, re.MULTILINE)
    assert len(lines) >= least
    for line in lines:
        words = re.sub(r"\s+#.*$", "", line).replace("coproduction", "-m coproduction", 1)
        done = subprocess.run(
            ["bash", "-c", f"'{sys.executable}' {words}"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert "Traceback" not in done.stderr
        # The table of the guide has a row that its mapping does not cover, to show the report.
        findings = 1 if "register.csv" in line else 0
        assert done.returncode == findings, f"{line}: {done.stderr}"
        if " template " in line:  # and a person fills it in
            book = openpyxl.load_workbook(tmp_path / "cases.xlsx")
            book["cases"]["A2"] = "my-nursery"
            book.save(tmp_path / "cases.xlsx")


def test_the_readme_is_short_and_its_links_lead_somewhere() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) < 150
    for page in (ROOT / "README.md", *(ROOT / "docs").glob("**/*.md")):
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
