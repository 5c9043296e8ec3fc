"""The description of what is answered: it is true, and what is made of it by a fuzzer meets no fault."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from starlette.routing import Mount, Route

from coproduction.cases.loading import load
from coproduction.pages import site as pages
from coproduction.resources import data_dir
from coproduction.web.application import Settings, application
from coproduction.web.openapi import OF_PAGES, PATH
from coproduction.web.workers import Pool

from ..tools import require_module
from .conftest import BEARER, Site, serving

BAD = (
    "9" * 5_000,
    "\0",
    "'\"\\) } DROP ALL #",
)
BAD_BY_NIGHT = (
    "-1",
    "1e999",
    "\u0663\u00b2",
    "\u202e\ufffe",
    "http://[",
    "a b",
    "{{7*7}}%s${x}",
    "x" * 20_000,
)
"""What a parameter is given that wants none of it."""


@pytest.fixture(scope="module")
def described(site: Site) -> dict[str, Any]:
    reply = site.ask(PATH)
    assert reply.headers["Content-Type"] == "application/json"
    found: dict[str, Any] = json.loads(reply.data)
    assert found["servers"] == [{"url": site.url}]
    return found


@pytest.fixture(scope="module")
def with_cases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A store that is written to, with a case in it."""
    store = tmp_path_factory.mktemp("fuzzed") / "store"
    load(data_dir("cases") / "hvidovre-school-boards.ttl", store)
    with serving("--store", str(store), "--writable", "--timeout", "60") as running:
        yield running


def test_it_keeps_to_the_rules_of_openapi(described: dict[str, Any]) -> None:
    assert described["openapi"].startswith("3.1.")
    for path, methods in described["paths"].items():
        within = set(re.findall(r"\{(\w+)\}", path))
        for method, one in methods.items():
            assert one["summary"] and one["responses"], path
            given = [(each["in"], each["name"]) for each in one.get("parameters", [])]
            assert len(set(given)) == len(given), path
            assert {name for place, name in given if place == "path"} == within, path
            assert ("requestBody" in one) <= (method in ("post", "put")), path


def test_every_address_of_the_server_is_in_it_and_no_other(described: dict[str, Any]) -> None:
    class Idle(Pool):
        def __init__(self) -> None:
            pass

    found = set()
    for route in application(Idle(), Settings()).routes:
        assert isinstance(route, Route | Mount)
        if isinstance(route, Route) and "{" not in route.path:
            methods = {each.lower() for each in route.methods or ()} - {"head"}
            if route.path != "/graphs":  # those that write are there to say that they are refused
                assert methods <= set(described["paths"][route.path]), route.path
        found.add(route.path)
    rooms = {room.path.replace("*}", "}") for room in pages.ROOMS}
    assert rooms <= set(described["paths"])
    for path in described["paths"]:
        root = path.removesuffix(".{form}").replace("/index", "/")
        is_room = root in rooms or path in ("/llms.txt", "/template.xlsx", "/template.csv")
        assert is_room or any(
            path.startswith(each.partition("{")[0]) for each in found - {"/{path:path}"}
        ), path


def test_what_pages_read_of_their_address_is_in_it() -> None:
    """Each name that a page's module reads stands with the page; what it names, it reads."""
    folder = Path(pages.__file__).parent
    by_module: dict[str, set[str]] = {}
    for room in pages.ROOMS:
        names = OF_PAGES.get(room.path.replace("*}", "}"), {})
        by_module.setdefault(room.module, set()).update(names)
    for module, names in by_module.items():
        tree = ast.parse((folder / f"{module}.py").read_text(encoding="utf-8"))
        read = {
            node.args[0].value
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in ("get", "whole")
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "address"
            and isinstance(node.args[0], ast.Constant)
        }
        assert read - {"lang"} <= names, module
    assert set(OF_PAGES) <= {room.path.replace("*}", "}") for room in pages.ROOMS}


def cells(described: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give each page and its parameters, with names that there are in its path."""
    for path, methods in described["paths"].items():
        if "get" not in methods or path == "/query" or path.endswith(".{form}"):
            continue
        given = {each["name"]: each for each in methods["get"].get("parameters", [])}
        for name in re.findall(r"\{(\w+)\}", path):
            one = given.pop(name)
            path = path.replace(f"{{{name}}}", str(one["example"]))
        yield path, given


@pytest.mark.slow
def test_values_that_are_named_are_answered(described: dict[str, Any]) -> None:
    asked = 0
    with serving("--cases", "--timeout", "120") as patient:
        for path, given in cells(described):
            for name, one in given.items():
                for value in one["schema"].get("anyOf", [{}])[0].get("enum", [])[:1]:
                    reply = patient.ask(f"{path}?{urlencode({name: value})}")
                    asked += 1
                    assert reply.status == 200, (path, name, value)
    assert asked > 30


@pytest.mark.slow
@pytest.mark.parametrize(
    "bad",
    [*BAD, *(pytest.param(each, marks=pytest.mark.nightly) for each in BAD_BY_NIGHT)],
    ids=lambda bad: repr(bad)[:20],
)
def test_no_value_of_a_parameter_is_a_fault(
    bad: str, site: Site, described: dict[str, Any]
) -> None:
    chosen = {"level": "HighParticipation", "intensity": "IntensiveOrEnduring", "turned": "1"}
    for path, given in cells(described):
        kept = {name: value for name, value in chosen.items() if name in given}
        for name in given:
            reply = site.ask(f"{path}?{urlencode(kept | {name: bad})}")
            assert reply.status < 500, (path, name, reply.data[-300:])
            assert b"Traceback" not in reply.data
    for root in (
        "/term/",
        "/case/",
        "/claim/",
        "/question/",
        "/id/claim/",
        "/graphs/",
        "/reconcile/",
    ):
        assert site.ask(root + quote(bad[:6_000], safe="")).status < 500, root


def fuzzed(site: Site, folder: Path, *words: str) -> str:
    """Run schemathesis; give what it says, of which a fault is a failure."""
    require_module("schemathesis")
    checks = (
        "not_a_server_error,status_code_conformance,content_type_conformance,"
        "response_schema_conformance,unsupported_method"
    )
    done = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "run", site.url + PATH),
            *("--checks", checks, "--continue-on-failure", "--seed", "1", "--no-color"),
            *("--request-timeout", "60", "--header", f"Authorization: {BEARER['Authorization']}"),
            *("--warnings", "off", "--generation-database", "none", *words),
        ],
        cwd=folder,  # it keeps what it found there
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6_000:] + done.stderr[-2_000:]
    return done.stdout


@pytest.mark.slow
def test_a_fuzzer_finds_no_fault_in_what_programs_ask(with_cases: Site, tmp_path: Path) -> None:
    told = fuzzed(
        with_cases, tmp_path, "--phases", "examples,coverage", "--include-path-regex",
        "^/(sparql|graphs|reconcile|openapi.json)$",
    )  # fmt: skip
    assert re.search(r"(\d+) generated, \1 passed", told), told[-1_000:]


@pytest.mark.slow
@pytest.mark.nightly
def test_a_fuzzer_finds_no_fault_anywhere(with_cases: Site, tmp_path: Path) -> None:
    told = fuzzed(
        with_cases, tmp_path, "--phases", "examples,coverage,fuzzing", "-n", "50", "--workers", "2"
    )
    found = re.search(r"([\d,]+) generated", told)
    assert found and int(found[1].replace(",", "")) > 2_000, told[-1_000:]
