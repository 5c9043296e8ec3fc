"""Checks of the expected rows of questions, ``tests/expected``, where a checkout has them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from ..errors import DataError
from ..files.encodings import read_text
from ..knowledge.portable import parts_of
from ..knowledge.questions import load_question
from ..messages import Sentence
from ..results.result import Result
from .answered import Answers
from .finding import Finding

_DIFFER: Final = "rows-differ"
_FOLLOW: Final = ("", _DIFFER, "pages-old")
"""What comes of any other fault, in the order in which it is told, behind all else."""
_TOLD: Final = 5
"""How many rows of a file are told one by one, on each side."""


def expected_findings(queries: Path, answers: Answers) -> Iterator[Finding]:
    """Give what is wrong with the rows that are expected of questions.

    Args:
        queries: folder with ``questions``; ``tests/expected`` stands beside it in a checkout.
        answers: what the questions answer.
    """
    folder, rows = queries / "questions", queries.parent / "tests" / "expected"
    for path in sorted(folder.glob("*.rq")) if rows.is_dir() else ():
        expected = rows / f"{path.stem}.csv"
        file = f"tests/expected/{path.stem}.csv"
        wrong = list(_of_file(path, expected, file))
        for why, fix in wrong:
            yield Finding("rows-not-expected", "error", path.name, why, fix, str(path))
        result = answers.results.get(path.stem)
        if result is not None and not wrong:
            yield from _differing(result, path, expected, file)
    for expected in sorted(rows.glob("*.csv")):
        if not (folder / f"{expected.stem}.rq").exists():
            why = Sentence("{file} is of no question.", file=f"tests/expected/{expected.name}")
            fix = Sentence("Call it as the question is called, or take it away.")
            yield Finding("rows-of-no-question", "error", expected.name, why, fix, str(expected))


def in_order_of_cause(findings: Iterable[Finding]) -> list[Finding]:
    """Put rows that differ behind all else, as what comes of it, and old pages last; say so.

    Who added the line of a wrong answer would have it expected from then on.
    """
    ordered = sorted(
        findings,
        key=lambda one: (
            _FOLLOW.index(one.check) if one.check in _FOLLOW else 0,
            *(one.check, one.term, one.message, one.file or ""),
        ),
    )
    if all(one.check in _FOLLOW or one.severity != "error" for one in ordered):
        return ordered
    return [
        replace(one, fix=Sentence("Once the other findings are mended: {advice}", advice=one.fix))
        if one.check == _DIFFER
        else one
        for one in ordered
    ]


def _of_file(path: Path, expected: Path, file: str) -> Iterator[tuple[str, str]]:
    """Say what is wrong with the expected rows of a question, and what to do."""
    if not expected.exists():
        yield (
            Sentence("{file} has no file of expected rows.", file=path.name),
            Sentence("Write {file} before you look at the answer.", file=file),
        )
        return
    try:
        lines = _lines(expected)
        columns = parts_of(load_question(path).text).variables
    except DataError as error:
        yield (
            Sentence("{file}: {words}.", file=file, words=str(error).removeprefix(f"{expected}: ")),
            Sentence("Put the file right; what it says was left out here."),
        )
        return
    known = {*columns, *(f"{name}Label" for name in columns)}
    for name in lines[0] if lines and columns else ():
        if name not in known:
            yield (
                Sentence("{name!r} is the heading of no column of {file}.", name=name, file=file),
                Sentence("Name one of its columns: {columns}.", columns=", ".join(columns)),
            )
    if len(lines) < 2:
        yield (
            Sentence("{file} has no row.", file=file),
            Sentence("Write a heading for each column and the rows; of none a row says 'none'."),
        )


def _lines(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(read_text(path), newline="")))


def _differing(result: Result, path: Path, expected: Path, file: str) -> Iterator[Finding]:
    """Tell which rows a question answers that are not expected, and the other way round."""
    heading, *lines = _lines(expected)
    answered = list(csv.reader(io.StringIO(result.serialize("csv"), newline="")))
    if not set(heading) <= set(answered[0]):
        return  # a column that the header of the question does not name: told there
    at = [answered[0].index(name) for name in heading]
    given = list(dict.fromkeys(tuple(row[number] for number in at) for row in answered[1:]))
    if not given:
        why = Sentence("{file} answers nothing.", file=path.name)
        fix = Sentence("Let it say in a row that there is none, as third-sector-below-high does.")
        yield Finding(_DIFFER, "error", path.name, why, fix, str(path))
        return
    wanted = {tuple(line): number for number, line in enumerate(lines, 2) if line}
    lacking = [row for row in given if row not in wanted]
    beyond = [(number, row) for row, number in wanted.items() if row not in set(given)]
    told = [
        (
            Sentence("{file} lacks a row that {query} answers.", file=file, query=path.name),
            Sentence(
                "Add the line '{line}', if the answer is right; else correct what it comes of.",
                line=_written(row),
            ),
        )
        for row in lacking
    ]
    untold = [
        (
            Sentence(
                "{file}, line {line}: {query} does not answer the row '{row}'.",
                file=file,
                line=number,
                query=path.name,
                row=_written(row),
            ),
            Sentence("Take the line out, if the answer is right; else correct what it comes of."),
        )
        for number, row in beyond
    ]
    for side in (told, untold):
        for why, fix in side[:_TOLD]:
            yield Finding(_DIFFER, "error", path.name, why, fix, str(expected))
        if len(side) > _TOLD:
            why = Sentence("{file}: {count} rows more differ.", file=file, count=len(side) - _TOLD)
            fix = Sentence("Put these right, and check again.")
            yield Finding(_DIFFER, "error", path.name, why, fix, str(expected))


def _written(row: Sequence[str]) -> str:
    """Give a row as it stands in a file."""
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(row)
    return line.getvalue()
