"""The rooms of the package: what the contracts of import-linter do not hold, and that they can."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from coproduction.cli import COMMANDS
from coproduction.cli.plain import COMMANDS as PLAIN

from .tools import require_module

ROOT = Path(__file__).parents[1]
HOUSE = ROOT / "src" / "coproduction"
ROOMS = sorted(path.parent for path in HOUSE.glob("*/__init__.py"))
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


def test_the_top_holds_a_dozen_modules_at_most() -> None:
    top = [path.name for path in HOUSE.glob("*.py") if not path.name.startswith("__")]
    assert len(top) <= 12, top


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_a_room_says_what_it_is_for_and_stands_on_the_page(room: Path) -> None:
    tree = ast.parse((room / "__init__.py").read_text(encoding="utf-8"))
    assert ast.get_docstring(tree)
    assert f"{room.name}/" in PAGE
    if room.name not in (
        "cli",
        "pictures",
    ):  # these two have a door of their own: main() and draw()
        assert len(tree.body) == 1, "nothing is imported or done when a room is entered"


def test_no_module_has_a_name_that_says_nothing() -> None:
    empty = {"utils", "util", "helpers", "common", "misc", "details", "records", "facts"}
    assert not [path for path in HOUSE.rglob("*.py") if path.stem in empty]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_is_a_module(command: str) -> None:
    tree = ast.parse((HOUSE / "cli" / f"{command}.py").read_text(encoding="utf-8"))
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    decorated = [
        node.name
        for node in functions
        if any(ast.unparse(each).startswith("click.command") for each in node.decorator_list)
    ]
    if command in PLAIN:  # made where the line is parsed, of the function of its name
        assert not decorated and {command, "command"} <= {node.name for node in functions}
    else:
        assert decorated == [command]


def test_no_module_has_more_than_450_lines() -> None:
    length = {
        str(path.relative_to(HOUSE)): len(path.read_text(encoding="utf-8").splitlines())
        for path in HOUSE.rglob("*.py")
    }
    assert not {name: count for name, count in length.items() if count > 450}


def test_no_function_is_longer_than_a_screen() -> None:
    long = [
        f"{path.relative_to(HOUSE)}: {node.name} has {length} lines"
        for path in HOUSE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or 0) - node.lineno + 1) > 60
    ]
    assert not long


def test_the_page_names_no_module_that_is_not_there() -> None:
    rooms = "|".join(room.name for room in ROOMS)
    for room, name in re.findall(rf"`({rooms})[./]([a-z_]+)(?:\.py)?`", PAGE):
        path = HOUSE / room / f"{name}.py"
        shared = HOUSE / room / "__init__.py"
        assert path.is_file() or f"def {name}" in shared.read_text(encoding="utf-8"), path


def test_the_page_names_no_function_that_is_not_there() -> None:
    named = re.findall(r"`(\w+)` in `([\w/]+\.py)`", PAGE)
    assert named
    for name, module in named:
        text = (ROOT / "src" / "coproduction" / module).read_text(encoding="utf-8")
        assert re.search(rf"^ *(?:def|class) {name}\b|^{name}\b", text, re.MULTILINE), name


def test_each_room_has_its_place_in_the_contract() -> None:
    content = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = content["tool"]["importlinter"]["contracts"][0]["layers"]
    placed = {name.strip() for layer in layers for name in layer.split("|")}
    there = {path.stem for path in HOUSE.glob("*.py")} | {room.name for room in ROOMS}
    assert placed == {name for name in there if name != "__init__"}


EMBEDDED = {"store", "cases", "validation"}
"""The rooms that may know of the engine's own store; the page says why."""


def names_the_engine(path: Path) -> list[int]:
    """Give the lines of a module that say ``pyoxigraph.Store``, or reach into a store for one."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (
            isinstance(node, ast.Attribute)
            and (node.attr == "inner" or (node.attr == "Store" and ast.unparse(node) == "ox.Store"))
        )
        or (
            isinstance(node, ast.ImportFrom)
            and node.module == "pyoxigraph"
            and any(alias.name == "Store" for alias in node.names)
        )
    ]


def test_two_rooms_above_the_store_know_of_the_engine() -> None:
    said = {path.relative_to(HOUSE): names_the_engine(path) for path in HOUSE.rglob("*.py")}
    said = {path: lines for path, lines in said.items() if lines}
    assert {path.parts[0] for path in said} == EMBEDDED, said
    assert all(f"`{room}/`" in PAGE for room in EMBEDDED - {"store"})


def test_the_engine_has_one_name_in_every_module() -> None:
    """Else the test above would pass over it."""
    for path in HOUSE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for alias in node.names if isinstance(node, ast.Import) else ():
                assert alias.name != "pyoxigraph" or alias.asname == "ox", path


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("store/disk_layout.py", "from ..knowledge import terms", "Imports run down"),
        ("results/layout.py", "def f() -> None:\n    from . import result", "No circle"),
        ("evidence/rows.py", "import click", "Only the command line"),
    ],
)
def test_an_arrow_that_must_not_be_is_told(
    tmp_path: Path, module: str, line: str, contract: str
) -> None:
    require_module("importlinter", "pip install import-linter")
    house = tmp_path / "coproduction"
    for path in HOUSE.rglob("*.py"):
        copy = house / path.relative_to(HOUSE)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    with (house / module).open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")
    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    path = os.pathsep.join(filter(None, (str(tmp_path), os.environ.get("PYTHONPATH"))))
    command = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    done = subprocess.run(
        [sys.executable, "-c", command, "--no-cache"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 1, done.stderr
    assert re.search(rf"{contract}.* BROKEN", done.stdout)
