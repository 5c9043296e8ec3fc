"""Writes the pages of docs/ that hold real output, so that they never say what is not so.

Run: `python docs/build.py`; with `--check` it writes nothing and exits 1 where a page is old.
"""

from __future__ import annotations

import sys
from pathlib import Path

import coproduction
from coproduction.pictures import draw

HERE = Path(__file__).parent
LONG = 30


def questions() -> str:
    """Every question with what it says of itself and its answer on the packaged graph."""
    source, cases = coproduction.open(), coproduction.open(cases=True)
    parts = [
        "# The questions, and their answers",
        "",
        "Each is a file in `queries/questions/`. Ask one with `coproduction ask NAME` or "
        "`coproduction ask ID`; `--sparql` prints its query. Labels stand for IRIs here; "
        "`--format csv` has both. Of an answer of more than "
        f"{LONG} rows the first {LONG} are shown.",
        "",
        "This page is written by `docs/build.py`.",
        "",
    ]
    for question in source.questions():
        kg = cases if question.about_cases else source
        table = kg.ask(question.name).serialize("md").splitlines()
        rows = len(table) - 2
        parts += [f"## {question.id} {question.summary}", "", f"`{question.name}`", ""]
        parts += [question.description, ""]
        if question.about_cases:
            parts += ["About cases; answered here on the shipped ones (`--cases`).", ""]
        if question.readings:
            parts += [f"Rests on a reading of: {', '.join(question.readings)}.", ""]
        for parameter in question.parameters.values():
            if parameter.name != "lang":
                parts += [f"Parameter `{parameter.name}`: {parameter.description}", ""]
        parts += table[: LONG + 2]
        parts += ["", f"{rows} rows." if rows <= LONG else f"The first {LONG} of {rows} rows.", ""]
        if question.caution:
            parts += [question.caution, ""]
    return "\n".join(parts)


def pages() -> dict[str, str]:
    """The pages by file name."""
    return {"questions.md": questions(), "diagram-1.svg": draw(coproduction.open(), "diagram")}


def main() -> int:
    """Write or check the pages; give the exit code."""
    old = [
        name
        for name, text in pages().items()
        if not (HERE / name).is_file() or (HERE / name).read_text(encoding="utf-8") != text
    ]
    if "--check" in sys.argv[1:]:
        for name in old:
            print(f"docs/{name} is old: run 'python docs/build.py'", file=sys.stderr)
        return 1 if old else 0
    for name, text in pages().items():
        (HERE / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
