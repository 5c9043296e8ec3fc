"""The notebook of docs/: its cells, run here so that the outputs in it are true.

Text and code in turn; the value of a cell's last line is its output, as Jupyter has it.
"""

from __future__ import annotations

import ast
import json
import os
import tempfile
from pathlib import Path
from typing import Any

CELLS = (
    "# Co-production of public services: a first look\n\n"
    "The graph holds what V. Pestoff's slides *New Public Governance, Co-production & Third Sector "
    "Social Services* say, statement by statement, and twenty documented cases. Everything here "
    "runs offline. In a checkout `.venv/bin/pip install -e '.[notebook]'` brings JupyterLab and "
    "data frames.",
    "import coproduction as cop\n\nkg = cop.open(cases=True)\nkg",
    "## Ask\n\n`kg.questions()` lists what can be asked; an answer is a table.",
    'kg.ask("glass-ceiling")[:2]',
    'kg.ask("glass-ceiling").to_pandas()[["kind", "serviceLabel", "sectorLabel"]]',
    "SPARQL of your own:",
    'kg.query("SELECT ?s (COUNT(?p) AS ?n) { ?p a cop:Placement ; cop:hasProviderSector ?s }'
    ' GROUP BY ?s ORDER BY ?s")',
    "## Look up\n\nA term by any of its names, with the place in the source.",
    'kg.show("glass ceiling")',
    "## Test a claim\n\nThe verdict, what it rests on, and the rows for and against it.",
    'kg.evidence().of("C51")',
    "## Ask why\n\nFrom the recorded values to the conclusion, and what would change it.",
    'kg.explain("ryhov-self-dialysis")',
    "## Describe a case of your own\n\nA sheet with two wrong cells comes back with the fix beside "
    "each.",
    'import csv\n\nkg.template("cases.csv", force=True)\n'
    'with open("cases.csv", encoding="utf-8-sig") as sheet:\n'
    "    headings = next(csv.reader(sheet))\n"
    'mine = {"id": "my-nursery", "title": "My nursery", "summary": "Run by its parents.",\n'
    '        "service": "childcare", "country": "SE", "start year": "soon",\n'
    '        "provider": "A co-op", "sector": "tird sector", "participants": "client in person",\n'
    '        "contributions": "core work", "decision rights": "majority",\n'
    '        "intensity": "intensive/enduring", "source": "https://example.org"}\n\n\n'
    "def write(row):\n"
    "    assert set(row) <= set(headings)\n"
    '    with open("cases.csv", "w", newline="", encoding="utf-8") as sheet:\n'
    "        rows = csv.DictWriter(sheet, headings)\n"
    "        rows.writeheader()\n"
    "        rows.writerow(row)\n\n\n"
    "write(mine)\n"
    'kg.validate("cases.csv").to_pandas()[["column", "value", "fix"]]',
    "Put right, it goes into a store, and is asked beside the source.",
    'write(mine | {"start year": "1994", "sector": "third sector"})\n'
    'own = cop.open(store="my-store", create=True)\n'
    'own.load("cases.csv").counts',
    '[row["arrangementLabel"] for row in own.ask("glass-ceiling") if row["kind"] == "case"]',
    "## Draw\n\n`save` writes SVG, PNG or PDF.",
    'kg.picture("diagram")',
)
"""Texts and code; a cell of code is one that parses as such and is no heading."""


def is_code(cell: str) -> bool:
    """Tell whether a cell is code."""
    try:
        ast.parse(cell)
    except SyntaxError:
        return False
    return not cell.startswith("#")


def output_of(value: Any) -> dict[str, list[str]]:
    """Give what Jupyter shows of a value."""
    shown = {"text/plain": repr(value)}
    for name, kind in (("_repr_html_", "text/html"), ("_repr_svg_", "image/svg+xml")):
        if hasattr(value, name):
            shown[kind] = getattr(value, name)()
    return {kind: text.splitlines(keepends=True) for kind, text in shown.items()}


def run(cells: tuple[str, ...] = CELLS) -> list[dict[str, Any]]:
    """Run the cells in a folder that is deleted again; give them as Jupyter keeps them."""
    names: dict[str, Any] = {}
    kept: list[dict[str, Any]] = []
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            for number, cell in enumerate(cells):
                kept.append(_run_one(number, cell, names))
        finally:
            names.clear()
            os.chdir(before)
    return kept


def _run_one(number: int, cell: str, names: dict[str, Any]) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "id": f"cell-{number}",
        "metadata": {},
        "source": cell.splitlines(keepends=True),
    }
    if not is_code(cell):
        return {"cell_type": "markdown"} | entry
    body = ast.parse(cell)
    last = body.body.pop() if isinstance(body.body[-1], ast.Expr) else None
    exec(compile(body, f"cell {number}", "exec"), names)
    outputs = []
    if isinstance(last, ast.Expr):
        value = eval(compile(ast.Expression(last.value), f"cell {number}", "eval"), names)
        if value is not None:
            data = output_of(value)
            outputs = [
                {
                    "output_type": "execute_result",
                    "execution_count": number,
                    "metadata": {},
                    "data": data,
                }
            ]
    return {"cell_type": "code", "execution_count": number, "outputs": outputs} | entry


def notebook() -> str:
    """Give the notebook as a file."""
    content = {
        "cells": run(),
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"
