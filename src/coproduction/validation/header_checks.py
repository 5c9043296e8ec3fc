"""Checks of the headers of queries: whole, without an entry that nothing reads, and true.

An entry that is left out or misspelt makes no error where the query is used: a question asks the
source in place of the cases, a rule is never run. Here it is told, with the line to write.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from ..errors import DataError, UnknownName, nearest
from ..knowledge.parameters import Parameter
from ..knowledge.portable import parts_of
from ..knowledge.questions import Question, load_question
from ..messages import Sentence
from ..names import COP, OWL, RDF, compact, expand
from ..syntax.sparql import inline_values, iris_named
from .finding import Finding

_TYPES: Final = ("iri", "string", "integer", "language", "limit")
_REQUIRED: Final = {
    "questions": ("summary", "description", "id", "tags"),
    "views": ("summary", "description"),
    "rules": ("summary", "description"),
    "claims": ("summary", "rests_on"),
    # That of a check is asked for its summary, severity and message when it is run.
    "checks": ("description", "id", "fix"),
}
"""What a header has, by folder."""
_READ: Final = {
    "questions": "summary description id tags iris row scope links readings caution parameters "
    "profiled",
    "views": "summary description id iris readings parameters",
    "rules": "summary description readings stage",
    "claims": "summary claim type sides wanted readings rests_on needs opposites within "
    "held_against_placements sets caution parameters cube terms",
    "checks": "summary description id severity message fix",
}
"""The entries of a header that something reads, by folder."""
_ASKING: Final = ("questions", "views", "checks")
"""The folders whose summaries are questions."""
_VALUES: Final = {"scope": ("cases",), "stage": ("classify", "load", "record")}
"""Entries that say one of few things, or are left out."""

_Wrong = tuple[str, str]
"""What is wrong, and what to do."""


def header_findings(store: ox.Store, queries: Path) -> Iterator[Finding]:
    """Give what is wrong with the headers of a folder of queries.

    Args:
        store: the graphs, with the ambiguities and the rubrics that headers and rules name.
        queries: folder with ``questions``, ``views``, ``rules``, ``claims`` and ``checks``.
    """
    known = _texts(store, "ambiguityId")
    properties = properties_in(store)
    for folder in _READ:
        for path in sorted((queries / folder).glob("*.rq")):
            for why, fix in _wrong(path, known, properties):
                told = Sentence("{file}: {words}.", file=path.name, words=why)
                yield Finding("header-of-query", "error", path.name, told, fix, str(path))


def _wrong(path: Path, ambiguities: set[str], properties: set[str]) -> Iterator[_Wrong]:
    """Say what is wrong with the header of a file."""
    folder = path.parent.name
    try:
        question = load_question(path)
        header = question.header_of(set())
        yield from _entries(header, _REQUIRED[folder], _READ[folder].split())
        if header.get("summary"):
            yield from _unknown_readings(question, ambiguities)
            yield from _unknown_properties(header.get("rests_on"), properties)
            yield from _parameters(question)
            yield from _columns(question)
            yield from _of_checks(question) if folder == "checks" else ()
            yield from _of_questions(question) if folder == "questions" else ()
            yield from _summary(str(header["summary"])) if folder in _ASKING else ()
    except DataError as error:
        fix = Sentence("Put the header right: lines that begin with '#+ ' and are YAML.")
        if folder != "checks":  # of which it is told when it is run
            yield str(error).removeprefix(f"{path}: "), fix


def _entries(
    header: Mapping[str, Any], required: tuple[str, ...], read: list[str]
) -> Iterator[_Wrong]:
    """Say which entries lack, which nothing reads, and which say nothing, or what they cannot."""
    unread = [str(name) for name in header if name not in read]
    for name in required:
        if not header.get(name):
            misspelt = nearest(name, unread)
            unread = [each for each in unread if each != misspelt]
            yield (
                Sentence("the header has no {name} (a line '#+ {name}: ...')", name=name),
                Sentence("Write {name} in place of {other}.", name=name, other=misspelt)
                if misspelt
                else Sentence("Add the line '#+ {name}: ...'.", name=name),
            )
    for name, value in header.items():
        if name in unread:
            near = nearest(str(name), [each for each in read if each not in header])
            yield (
                Sentence("nothing reads the entry {name} of the header", name=name),
                Sentence("Write {near}.", near=near) if near else Sentence("Take it out."),
            )
        elif value is None and name not in required:
            yield (
                Sentence("the entry {name} of the header is empty", name=name),
                Sentence("Say behind '#+ {name}:' what is meant, or take it out.", name=name),
            )
        elif name in _VALUES and value not in (None, *_VALUES[name]):
            right = "' / '".join(f"#+ {name}: {known}" for known in _VALUES[name])
            yield (
                Sentence("{name} in the header is {value!r}", name=name, value=value),
                Sentence("Write '{right}', or leave the line out.", right=right),
            )


def _summary(summary: str) -> Iterator[_Wrong]:
    """Say that a summary, which stands in lists of questions, does not ask."""
    if not summary.rstrip().endswith("?"):
        yield (
            Sentence("the summary in the header does not end with a question mark"),
            Sentence("Write it as a question: '#+ summary: ...?'."),
        )


def _unknown_readings(question: Question, known: set[str]) -> Iterator[_Wrong]:
    """Say which readings are of no ambiguity, where the graphs have any."""
    for name in question.readings if known else ():
        if name not in known:
            near = nearest(name, known) or min(known)
            yield (
                Sentence("readings in the header names {name}, which is no ambiguity", name=name),
                Sentence("Name one that is there, such as {near}.", near=near),
            )


def _unknown_properties(named: object, known: set[str]) -> Iterator[_Wrong]:
    """Say what a claim is said to rest on and is no property, where the graphs have any."""
    for name in named if isinstance(named, list) and known else ():
        if name not in known:
            near = nearest(str(name), known) or min(known)
            yield (
                Sentence("rests_on in the header names {name}, which is no property", name=name),
                Sentence("Name one that is there, such as {near}.", near=near),
            )


# -- parameters and columns ---------------------------------------------------------------------


def _parameters(question: Question) -> Iterator[_Wrong]:
    """Say what is wrong with the parameters that a header declares, or does not."""
    for name, parameter in question.parameters.items():
        yield from _parameter(name, parameter, question)
        try:
            question.fill({name: ""})
        except UnknownName:
            if parameter.type == "limit":
                yield (
                    Sentence("the parameter {name} has no LIMIT in a sub-select", name=name),
                    Sentence("Write ORDER BY and LIMIT there, or drop the entry."),
                )
                continue
            yield (
                Sentence(
                    "the parameter {name} has no line VALUES ?{name} {{ ... }} in the query",
                    name=name,
                ),
                Sentence(
                    "Add the line VALUES ?{name} {{ ... }} with its default, or drop the entry.",
                    name=name,
                ),
            )
    for name in _of_one_value(question):
        if name not in question.parameters:
            entry = f"{name}: {{type: iri, class: rdfs:Resource, description: ...}}"
            yield (
                Sentence("{name} is no parameter in the header, and has one value in VALUES",
                         name=name),
                Sentence("Add, under '#+ parameters:', the line '#+   {entry}'.", entry=entry),
            )  # fmt: skip


def _parameter(name: str, parameter: Parameter, question: Question) -> Iterator[_Wrong]:
    """Say what the entry of a parameter lacks; a view is filled by code, which knows the class."""
    asked_by_name = question.path.parent.name == "questions"
    types, near = ", ".join(_TYPES), nearest(str(parameter.type), _TYPES)
    fix = Sentence("Write {entry} in its entry.", entry="type: iri, class: cop:...")
    if "type" not in question.header["parameters"][name]:
        yield (
            Sentence(
                "the parameter {name} has no type, which is one of {types}", name=name, types=types
            ),
            fix,
        )
    elif parameter.type not in _TYPES:
        yield (
            Sentence(
                "the parameter {name} is of the type {type}, not one of {types}",
                name=name,
                type=parameter.type,
                types=types,
            ),
            Sentence("Write {entry} in its entry.", entry=f"type: {near}") if near else fix,
        )
    elif asked_by_name and parameter.type == "iri" and not parameter.of_class:
        yield (
            Sentence("the parameter {name} has no class, of which its values are", name=name),
            Sentence("Write {entry} in its entry.", entry="class: cop:... (rdfs:Resource for any)"),
        )
    if parameter.of_property and expand(parameter.of_property) is None:
        yield (
            Sentence(
                "the parameter {name} names {value}, which is no property",
                name=name,
                value=parameter.of_property,
            ),
            Sentence("Write {entry} in its entry.", entry="property: cop:..."),
        )
    if parameter.beside and parameter.beside not in question.parameters:
        yield (
            Sentence(
                "the parameter {name} names {value}, which is no parameter",
                name=name,
                value=parameter.beside,
            ),
            Sentence("Name another parameter behind 'beside', or take it out."),
        )
    if not parameter.description:
        yield (
            Sentence("the parameter {name} has no description", name=name),
            Sentence("Write {entry} in its entry.", entry="description: ..."),
        )


def _of_one_value(question: Question) -> list[str]:
    """Give the variables of a question to which VALUES gives one value, as to a parameter."""
    if question.path.parent.name != "questions":
        return []
    found = inline_values(question.text)
    return [each.name for each in found if each.size == 1]


def _columns(question: Question) -> Iterator[_Wrong]:
    """Say which columns that a header names the query has not."""
    columns = parts_of(question.text).variables
    for entry, name in [*(("iris", each) for each in question.iris), ("row", question.row)]:
        if name and name not in columns:
            yield (
                Sentence("{name} is no column of the query ({entry})", name=name, entry=entry),
                _of_these(columns),
            )


def _of_these(columns: Sequence[str]) -> str:
    """Say which columns can be named; SELECT * tells none."""
    if not columns:
        return Sentence("Write the columns behind SELECT, in place of *.")
    return Sentence("Name one of its columns: {columns}.", columns=", ".join(columns))


# -- questions ----------------------------------------------------------------------------------


def _of_questions(question: Question) -> Iterator[_Wrong]:
    """Say whether a question hides that it asks for cases.

    One for arrangements of the source too (cop:Placement) has no scope of its own.
    """
    asked = set(iris_named(question.text))
    if COP + "Case" in asked and COP + "Placement" not in asked and not question.about_cases:
        yield (
            Sentence("it asks for cases, and the header does not say so"),
            Sentence("Write '{right}'.", right="#+ scope: cases"),
        )


# -- checks and rules ---------------------------------------------------------------------------


def _of_checks(question: Question) -> Iterator[_Wrong]:
    """Say which columns the sentences of a check name that its query has not."""
    columns = parts_of(question.text).variables
    if "term" not in columns:
        yield (
            Sentence("the query of a check has a column ?term, what is at fault"),
            Sentence("Select ?term."),
        )
    for entry in ("message", "fix"):
        for name in re.findall(r"\{(\w+)\}", str(question.header.get(entry) or "")):
            if name not in columns:
                yield (
                    Sentence("{name} is no column of the query ({entry})", name=name, entry=entry),
                    _of_these(columns),
                )


def properties_in(store: ox.Store) -> set[str]:
    """Give the properties that the graphs describe, as prefixed names."""
    kinds = (OWL + "ObjectProperty", OWL + "DatatypeProperty")
    return {
        compact(quad.subject.value)
        for kind in kinds
        for quad in store.quads_for_pattern(None, ox.NamedNode(RDF + "type"), ox.NamedNode(kind))
        if isinstance(quad.subject, ox.NamedNode)
    }


def _texts(store: ox.Store, prop: str) -> set[str]:
    """Give the texts that a property of ours has anywhere."""
    quads = store.quads_for_pattern(None, ox.NamedNode(COP + prop), None)
    return {quad.object.value for quad in quads if isinstance(quad.object, ox.Literal)}
