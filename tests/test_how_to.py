"""docs/how-to: each page ends with the command that proves it, and names what is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from coproduction.cli import COMMANDS

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "how-to"
PAGES = sorted(path for path in FOLDER.glob("*.md") if path.name != "README.md")
MADE = {"cases-with-volunteers", "c55.ttl"}
"""What a page itself makes, as an example."""


def test_every_page_is_listed() -> None:
    listed = re.findall(r"\]\(([\w-]+\.md)\)", (FOLDER / "README.md").read_text(encoding="utf-8"))
    assert sorted(listed) == [path.name for path in PAGES]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_ends_with_the_command_that_proves_it(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert len(text.splitlines()) < 40
    blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    assert len(blocks) == 1
    lines = blocks[0].splitlines()
    assert any(line.startswith("python -m pytest tests/") for line in lines)
    for name in re.findall(r"\bcoproduction (\w+)", text):
        assert name in COMMANDS
    for line in lines:
        assert line.startswith(("coproduction ", "python -m pytest "))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_names_files_that_are_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    folders = "ontology|queries|shapes|loaders|tests|src|docs|cases"
    named = set(re.findall(rf"(?<![\w./-])(?:{folders})/[\w./-]*\w", text))
    assert named
    for name in named:
        if not re.search(r"NAME|KEY|TAG", name) and not any(made in name for made in MADE):
            assert (ROOT / name).exists(), name
    for module, name in re.findall(r"`(_?[A-Z_]+)` (?:of|in)\s+`(src/[\w/.]+)`", text):
        assert module in (ROOT / name).read_text(encoding="utf-8")
