"""The pages that hold real output say what is so."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from coproduction import KnowledgeGraph
from coproduction.evidence.claims import claim_tests
from coproduction.knowledge.case_record import case_record

from .cases.test_catalogue import catalogue

ROOT = Path(__file__).parents[1]


@pytest.mark.slow
def test_pages_are_those_that_would_be_written_now() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "docs" / "build.py"), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_the_page_of_verdicts_names_each_claim_that_its_rubric_leans_towards() -> None:
    leaning = {name for name, test in claim_tests().items() if "leans towards" in test.caution}
    page = (ROOT / "docs" / "evidence.md").read_text(encoding="utf-8")
    (told,) = re.findall("lean towards (.*?), as R0 was", page)
    assert told == "C46, C47 and the ceiling claims, C49 to C51"
    assert leaning == {"C46", "C47", "C49", "C50", "C51"}


def test_the_table_in_the_readme_is_the_answer(kg: KnowledgeGraph) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = kg.ask("glass-ceiling").serialize("table", 120)
    for line in shown.splitlines():
        assert line in readme


@pytest.mark.parametrize(("page", "least"), [("README.md", 7), ("docs/guide.md", 35)])
@pytest.mark.slow
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
        if " serve " in line:
            assert_serves(words.replace(" --open", " --port 0").split())
            continue
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
            own = {"id": "my-nursery", "source": "https://example.org/mine"}
            own |= dict.fromkeys(("title", "summary", "provider", "funder"), "Mine")
            keys = [field.key for field in case_record().fields]
            for key, text in own.items():
                book["cases"].cell(2, keys.index(key) + 1).value = text
            book.save(tmp_path / "cases.xlsx")


def assert_serves(words: list[str]) -> None:
    """Hold that a server starts; it runs until it is ended."""
    server = subprocess.Popen([sys.executable, *words], stderr=subprocess.PIPE, text=True)
    assert server.stderr is not None
    try:
        said = iter(server.stderr.readline, "")
        assert any("http://127.0.0.1:" in line for line in said)
    finally:
        server.terminate()
        server.communicate(timeout=20)


@pytest.mark.parametrize("folder", ["ontology", "shapes", "queries", "loaders", "cases"])
def test_the_readme_of_a_folder_names_what_is_there(folder: str) -> None:
    text = (ROOT / folder / "README.md").read_text(encoding="utf-8")
    for said in ("Copy: ", "Test: ") if folder != "loaders" else ("copy `", "test it with"):
        assert said in text
    named = set(re.findall(r"(?<![\w/*])[\w./-]+\.(?:ttl|rq|toml|tsv|xml|py|json)\b", text))
    named |= set(re.findall(r"`([\w/-]+/)`", text))
    examples = {"town.toml"} if folder == "loaders" else set()
    assert len(named - examples) >= 3
    for name in sorted(named - examples):
        if not re.search("NAME", name):
            assert (ROOT / folder / name).exists() or (ROOT / name).exists(), name


def test_the_readme_is_short_and_its_links_lead_somewhere() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) < 150
    for page in (ROOT / "README.md", *(ROOT / "docs").glob("**/*.md")):
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


@pytest.mark.slow
def test_the_notebook_runs_and_shows_what_it_says() -> None:
    book = json.loads((ROOT / "docs" / "notebook.ipynb").read_text(encoding="utf-8"))
    code = [cell for cell in book["cells"] if cell["cell_type"] == "code"]
    assert len(code) > 8 and sum(bool(cell["outputs"]) for cell in code) == len(code)
    done = subprocess.run(
        [sys.executable, "-c", "import notebook, json; print(json.dumps(notebook.run()))"],
        cwd=ROOT / "docs",
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout) == book["cells"]
    said = {
        "".join(cell["source"]).splitlines()[-1]: "".join(cell["outputs"][0]["data"]["text/plain"])
        for cell in code
    }
    (wrong,) = [text for source, text in said.items() if source.startswith("kg.validate(")]
    assert "tird sector" in wrong and "soon" in wrong and wrong.count("\n") == 2
    (loaded,) = [text for source, text in said.items() if "own.ask(" in source]
    assert loaded == "['My nursery']"


@pytest.mark.slow
def test_the_notebook_can_be_run_again_in_the_same_folder(tmp_path: Path) -> None:
    code = "import sys; sys.path.insert(0, sys.argv[1]); import notebook as n\n"
    code += "for _ in (1, 2):\n    names = {}\n    for i, c in enumerate(n.CELLS):\n"
    code += "        n._run_one(i, c, names)\n"
    done = subprocess.run(
        [sys.executable, "-c", code, str(ROOT / "docs")],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("page", ["README.md", "docs/guide.md"])
def test_the_number_of_questions_is_that_of_the_files(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    count = len(list((ROOT / "queries" / "questions").glob("*.rq")))
    assert f"{count} questions of researchers" in text, f"{page} has another number than {count}"
