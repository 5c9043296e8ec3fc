"""Writes the pages of docs/ that hold real output, so that they never say what is not so.

And ``headers.json`` in the package, the headers of the queries as YAML reads them, and
``ontology/skos/value-lists.ttl``, the value lists as SKOS.

Run: `python docs/build.py`; with `--check` it writes nothing and exits 1 where a page is old.
"""

from __future__ import annotations

import inspect
import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path

import click
import fair
from notebook import notebook

import coproduction
from coproduction.cli import COMMANDS
from coproduction.cli.parser import commands
from coproduction.evidence.claims import CEILINGS, claim_tests
from coproduction.evidence.comparison import against_alone, elsewhere
from coproduction.knowledge.questions import HEADERS, read_headers
from coproduction.messages import ENGLISH, counted
from coproduction.pictures import OF_A_CLAIM, PICTURES, draw
from coproduction.validation.checkout_checks import BUILT, digest_of
from coproduction.wording.aloud import aloud
from coproduction.wording.moved_aloud import elsewhere_told
from coproduction.wording.shown import ShownEvidence
from coproduction.wording.words import PARTS, told_of_one_row, verdict_in_table

HERE = Path(__file__).parent
ROOT = HERE.parent
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
        parts += [
            "",
            f"{counted(rows, 'row')}." if rows <= LONG else f"The first {LONG} of {rows} rows.",
            "",
        ]
        if question.caution:
            parts += [question.caution, ""]
    return "\n".join(parts)


def evidence() -> str:
    """The verdicts on the claims, one claim with its rows, one case explained, and the gaps."""
    cases = coproduction.open(cases=True)
    ledgers = [cases.evidence(rubric=name) for name in ("R0", "R1", "R2")]
    parts = [
        "# The claims, and what the cases say of them",
        "",
        "Of each claim of the source the verdict that the twenty shipped cases give under each of "
        "the three rubrics, with the rows for and against it and the share of rows for it (a claim "
        "without exceptions does not rest on it, nor one judged in parts), with its exact 95% "
        "interval (`coproduction evidence --cases`, `--rubric R1`). What the words mean stands in "
        "[verdicts.md](verdicts.md); the source's own placements do not count. A blank "
        "under R1 and R2 means that the claim rests on no rubric.",
        "",
        "Rubrics R0 and R1 read decision rights (R1 what users do too), and lean towards C46, C47 "
        "and the ceiling claims, C49 to C51, as R0 was read off the last column of Diagram 1; R2 reads "
        "what users do. "
        "The cases were picked because they bear on the claims, and collections of cases favour "
        "success stories: the verdicts are no measure of a field.",
        "",
        "This page is written by `docs/build.py`.",
        "",
        "| claim | text | type | R0 | for | against | share | R1 | R2 | wanting |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for zero, one, two in zip(*(ledger.all() for ledger in ledgers), strict=True):
        counts = [str(zero.counts.get(part, "")) for part in ("support", "counterexamples")]
        speaks = zero.fit is not None and zero.fit.consistency.n and len(zero.parts) < 2
        share = zero.fit.consistency.text if speaks else ""
        others = [verdict_in_table(v, ENGLISH) if zero.rubric else "" for v in (one, two)]
        word = verdict_in_table(zero, ENGLISH)
        cells = (zero.claim, zero.label, zero.type, word, *counts, share)
        parts.append(f"| {' | '.join((*cells, *others, zero.missing))} |")
    parts += [*_notes(ledgers), *_by_one_row(ledgers[0])]
    parts += ["", "## What each verdict rests on, and what would change it", ""]
    parts += ["As `coproduction evidence CLAIM --cases` tells it, under R0.", ""]
    for each in (ledgers[0].of(claim) for claim in claim_tests()):
        word = verdict_in_table(each, ENGLISH)
        parts += [f"- **{each.claim}**, {word}. {aloud(each, ENGLISH)}"]
    verdict = ledgers[0].of("C51")
    parts += ["", f"## C51: {verdict.label}", "", "`coproduction evidence C51 --cases`", ""]
    parts += ["\n\n".join(str(verdict).splitlines()), ""]
    heads = ["side", "arrangement", "status", "sector", "decision rights", "level", "intensity"]
    heads += ["note", "interpreted"]
    parts += [f"| {' | '.join(heads)} |", "| --- " * len(heads) + "|"]
    for part, word in PARTS.items():
        for row in verdict.rows[part]:
            values = [row.values.get(name, "") for name in ("sector", "decision_rights")]
            values += [row.values.get(name, "") for name in ("level", "intensity")]
            values.append(row.note)
            values.append("; ".join(value.told(ENGLISH) for value in row.interpreted))
            parts.append(f"| {' | '.join((word, row.label, row.status, *values))} |")
    parts += ["", "## One case explained", ""]
    parts += ["`coproduction explain ryhov-self-dialysis --cases`", "", "```text"]
    parts += [str(cases.explain("ryhov-self-dialysis")).rstrip(), "```"]
    parts += ["", "## What the cases leave open", "", "The claims in `coproduction gaps --cases`:"]
    parts += ["", "| claim | wanted |", "| --- | --- |"]
    parts += [f"| {gap.name} | {gap.wanted} |" for gap in cases.gaps() if gap.kind == "claim"]
    return "\n".join([*parts, ""])


def _notes(ledgers: list[ShownEvidence]) -> list[str]:
    """Tell of each claim under which rubrics interpreted rows alone support it, or a part of it."""
    told: dict[tuple[str, str], list[str]] = {}
    for ledger in ledgers:
        for each in ledger.all():
            if each.by_interpreted:
                told.setdefault((each.claim, each.doubt), []).append(each.rubric)
    lines = []
    for (claim, doubt), rubrics in sorted(told.items()):
        under = f" under {' and '.join(rubrics)}" if rubrics[0] else ""
        lines += ["", f"{claim}{under}: {doubt}"]
    return lines


def _by_one_row(ledger: ShownEvidence) -> list[str]:
    """Tell which claims have one same row against them, and which the other ceiling turns."""
    alone = against_alone(ledger, ledger.all())
    told = told_of_one_row(alone, ledger.labels(alone), ENGLISH)
    told = [each.replace("claims", "claims under R0", 1) for each in told]
    found = [each for each in elsewhere(ledger, ledger.all()) if each.under[0] in CEILINGS]
    return [line for each in (*told, *elsewhere_told(found, ENGLISH)) for line in ("", each)]


DRAWN = {
    "diagram-1.svg": (
        "diagram",
        "",
        "A grid of three levels by three intensities of relations, with the services that the "
        "source places in each cell; four cells hold a question mark, and the glass ceiling runs "
        "between medium and high.",
    ),
    "diagram-cases.svg": (
        "diagram",
        "--cases",
        "The same grid with the shipped cases in the cells where they fall, marked by their "
        "provider sector.",
    ),
    "concepts.svg": (
        "concepts",
        "",
        "The terms of the source in boxes, with arrows from what a claim is about to what it says "
        "of it.",
    ),
    "intervals.svg": (
        "intervals",
        "--cases",
        "A line for each claim that cases can test, and for each of its parts: its verdict, and on "
        "a scale from 0 to 1 the share of rows for it as a dot on a bar, which is its interval.",
    ),
    "claim-c51.svg": (
        "C51",
        "--cases",
        "A table of two by two: condition and outcome each found or not, with the names of the "
        "cases in each cell; below it the cases of which one is not told, the figures and the "
        "verdict.",
    ),
}
"""Each picture by its file: its name, the options of its command, and what it looks like."""


def pictures() -> str:
    """The pictures, each with the command that draws it."""
    parts = [
        "# The pictures",
        "",
        "Each is drawn from the graph that is in scope. The command writes SVG to standard output; "
        "with `-o FILE` what the ending of the file says: `.svg`, `.png` or `.pdf`. `--lang` gives "
        "the language of the labels, `--store` and `--data` add cases of yours. Each has a title, "
        "and a description that says in words what it shows; the colours are told apart by "
        "colour-blind readers and follow a light or a dark screen.",
        "",
        "What is a table or a tree is a page (`coproduction serve --cases --open`, "
        "[serving.md](serving.md)): the regimes side by side, the claims with their verdicts, the "
        "classes with the number of their individuals (concepts, by kind).",
        "",
        "This page is written by `docs/build.py`.",
        "",
    ]
    for file, (name, options, alt) in DRAWN.items():
        with_cases = ", with the shipped cases" if options else ""
        parts += [f"## {name}{with_cases}", "", PICTURES.get(name, OF_A_CLAIM), ""]
        parts += [f"`coproduction picture {f'{name} {options}'.strip()} -o {file}`", ""]
        parts += [f"[![{alt}]({file})]({file})", ""]
    return "\n".join(parts)


def command_line() -> str:
    """Every command with its options; laid out here, since versions of Click do it each its way."""
    parts = [
        "# The command line",
        "",
        "Every command with its options, as `coproduction COMMAND --help` tells them. "
        "[guide.md](guide.md) tells what people do with them. Exit codes: 0 done, 1 findings, "
        "2 wrong use or bad input, 3 failure.",
        "",
        "This page is written by `docs/build.py`.",
        "",
    ]
    parts += ["| command | what it does |", "| --- | --- |"]
    parts += [f"| [`{name}`](#{name}) | {line} |" for name, line in COMMANDS.items()]
    for name in COMMANDS:
        command = commands.get_command(click.Context(commands), name)
        assert command is not None
        arguments = [each for each in command.params if isinstance(each, click.Argument)]
        options = [each for each in command.params if isinstance(each, click.Option)]
        usage = ["coproduction", name, "[OPTIONS]", *map(_argument, arguments)]
        parts += ["", f"## {name}", "", f"`{' '.join(usage)}`", ""]
        parts += [inspect.cleandoc(command.help or ""), ""]
        parts += map(_option, options)
    return "\n".join([*parts, ""])


def _argument(argument: click.Argument) -> str:
    """Give how an argument stands in the usage."""
    if argument.metavar:
        return argument.metavar
    kind = argument.type
    name = "|".join(kind.choices) if isinstance(kind, click.Choice) else str(argument.name).upper()
    return name if argument.required else f"[{name}]"


def _option(option: click.Option) -> str:
    """Give an option with its value, its help and its default."""
    value = "" if option.is_flag else option.metavar or option.type.name.upper()
    if isinstance(option.type, click.Choice) and not option.is_flag:
        value = "|".join(map(str, option.type.choices))
    names = f"{', '.join(option.opts)} {value}".strip()
    needed = " Required." if option.required else ""
    default = f" Default: {option.default}." if option.show_default else ""
    return f"- `{names}`: {option.help}{needed}{default}"


def pages() -> dict[str, str]:
    """The pages by file name."""
    scopes = {"": coproduction.open(), "--cases": coproduction.open(cases=True)}
    headers = json.dumps(read_headers(), ensure_ascii=False, indent=0)
    return {
        os.path.relpath(HEADERS, HERE): headers + "\n",
        "../ontology/skos/value-lists.ttl": coproduction.open(links=True).export("skos").decode(),
        "notebook.ipynb": notebook(),
        "cli.md": command_line(),
        "questions.md": questions(),
        "evidence.md": evidence(),
        "pictures.md": pictures(),
        "fair.md": fair.page(),
        "terms.md": coproduction.open().export("md").decode(),
        **{file: draw(scopes[options].store, name) for file, (name, options, _) in DRAWN.items()},
    }


def built_from(names: Iterable[str]) -> str:
    """Say what the pages as they are were written from, so that `check` sees when they are old."""
    paths = sorted(os.path.normpath(f"docs/{name}").replace(os.sep, "/") for name in names)
    return json.dumps({"digest": digest_of(ROOT, paths), "pages": paths}, indent=1) + "\n"


def main() -> int:
    """Write or check the pages; give the exit code."""
    made = pages()
    checking = "--check" in sys.argv[1:]
    old = [name for name, text in made.items() if not _holds(HERE / name, text)]
    for name in [] if checking else old:
        (HERE / name).write_text(made[name], encoding="utf-8", newline="\n")
    if not _holds(ROOT / BUILT, built := built_from(made)):
        if not checking:
            (ROOT / BUILT).write_text(built, encoding="utf-8", newline="\n")
        old.append(Path(BUILT).name)
    for name in old if checking else []:
        print(f"docs/{name} is old: run 'python docs/build.py'", file=sys.stderr)
    return 1 if checking and old else 0


def _holds(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == text


if __name__ == "__main__":
    sys.exit(main())
