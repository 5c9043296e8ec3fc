"""What is advised can be done: every option and command that a message names exists."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest

import coproduction
from coproduction import KnowledgeGraph, errors
from coproduction.cli.parser import commands
from coproduction.errors import DataError, NoStore, UnknownName, command, option, spoken_by
from coproduction.opening import open as open_graph

HOUSE = Path(coproduction.__file__).parent
METHODS = dict(inspect.getmembers(KnowledgeGraph, callable)) | {"open": open_graph}
ARGUMENTS = {
    name for method in METHODS.values() if inspect.isfunction(method)
    for name in inspect.signature(method).parameters
}  # fmt: skip
NAMED = {name: commands.get_command(None, name) for name in commands.list_commands(None)}  # type: ignore[arg-type]
OPTIONS = {flag for each in NAMED.values() if each for p in each.params for flag in p.opts}


def calls(name: str) -> Iterator[tuple[str, str, set[str]]]:
    """Give where the library advises, what, and which keywords it says beside."""
    for path in sorted(HOUSE.rglob("*.py")):
        if path.parent.name == "cli":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                first = node.args[0] if node.func.id == name and node.args else None
                if isinstance(first, ast.Constant):
                    yield path.name, first.value, {str(word.arg) for word in node.keywords}


@pytest.mark.slow
def test_every_option_that_is_advised_exists_in_both_faces() -> None:
    found = list(calls("option"))
    assert len(found) > 15
    for where, name, words in found:
        assert f"--{name.replace('_', '-')}" in OPTIONS, f"{where}: --{name}"
        # What a form is, Python says by the method; so `format` is the command line's alone.
        assert name in ARGUMENTS or "python" in words or name == "format", f"{where}: {name}="


@pytest.mark.slow
def test_every_command_that_is_advised_exists_in_both_faces() -> None:
    found = list(calls("command"))
    assert len(found) > 15
    for where, name, words in found:
        assert name in NAMED, f"{where}: {name}"
        known = {flag for p in NAMED[name].params for flag in p.opts}  # type: ignore[union-attr]
        for word in words - {"python", "None"}:
            assert f"--{word.rstrip('_').replace('_', '-')}" in known, f"{where}: {name} --{word}"
        assert name in METHODS or "python" in words, f"{where}: {name}()"
        if name in METHODS and "python" not in words:
            taken = inspect.signature(METHODS[name]).parameters
            assert words - {"None", *errors._FILES} <= set(taken), f"{where}: {name}"


def test_what_stands_for_a_value_is_bare_and_a_value_is_quoted() -> None:
    assert str(option("largest", "BYTES")) == "largest=BYTES"
    assert str(command("validate", "DATA.CSV")) == "validate('DATA.CSV')"
    assert str(command("ask", "CQ15")) == "ask('CQ15')"
    with spoken_by(errors.on_command_line):
        assert str(command("validate", "DATA.CSV")) == "'coproduction validate DATA.CSV'"
    assert str(command("ask", "CQ15")) == "ask('CQ15')", "only for the while"


def test_an_error_carries_its_advice_as_data(tmp_path: Path) -> None:
    error = NoStore(tmp_path)
    assert [advice.name for advice in error.advice] == ["load"]
    assert f"open(store={str(tmp_path)!r}, create=True)" in str(error)
    with spoken_by(errors.on_command_line):
        assert f"'coproduction load FILE --store {tmp_path}'" in str(error)


@pytest.mark.slow
def test_advice_in_python_is_done_as_it_stands(tmp_path: Path) -> None:
    kg = coproduction.open()
    with pytest.raises(NoStore) as lacking:
        coproduction.open(store=tmp_path / "s")
    call = str(lacking.value).rpartition("make one with ")[2]
    assert eval(call, {"open": coproduction.open}).loads().rows == []
    for ask, words in (
        (lambda: kg.explain("high-housing", "C40"), "evidence().of('C40')"),
        (lambda: kg.ask("no-such-thing"), "questions()"),
    ):
        with pytest.raises((DataError, UnknownName)) as told:
            ask()
        assert words in str(told.value)
        assert eval(f"kg.{words}", {"kg": kg})
