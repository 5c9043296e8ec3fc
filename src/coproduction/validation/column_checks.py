"""Checks of the columns of questions: which are of IRIs, what a row is about, who adds labels."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple

import pyoxigraph as ox

from ..knowledge.portable import parts_of
from ..knowledge.questions import Question
from ..messages import Sentence
from ..names import OWL, RDF
from ..results.result import Result
from ..syntax.sparql import iris_named, tokens
from .answered import Answers
from .finding import Finding

_ARRANGEMENTS: Final = ("case", "placement", "arrangement")
"""The columns of arrangements, as ``explain`` looks for them."""
_IN_PATHS: Final = ("/", "|", "^", "(", "!")
"""What stands before a property that goes on a path."""
_Wrong = tuple[str, str]
"""What is wrong, and what to do."""


def column_findings(store: ox.Store, answers: Answers) -> Iterator[Finding]:
    """Give what is wrong with what headers say of columns, and with columns that none should write.

    Args:
        store: the graphs, with the properties that lead to things.
        answers: the questions, and what they answer.
    """
    leading = _leading(store)
    for name, question in answers.questions.items():
        wrong = [
            *_unnamed(question, leading, answers.results.get(name)),
            *_ties(question, answers.results.get(name)),
            *_row(question),
            *_labels(question),
        ]
        for why, fix in wrong:
            file = question.path.name
            told = Sentence("{file}: {words}.", file=file, words=why)
            yield Finding("header-of-query", "error", file, told, fix, str(question.path))


class _Pattern(NamedTuple):
    """A property of a variable, and the variable for its value, where one stands there."""

    subject: str
    prop: str
    variable: str


def _unnamed(question: Question, leading: set[str], result: Result | None) -> Iterator[_Wrong]:
    """Say which columns of IRIs a question does not name.

    A column is of IRIs whose variable is the subject of a pattern, a parameter that is an IRI, the
    value of a property that leads to things, or where one stands in the answer.
    """
    columns = parts_of(question.text).variables
    patterns = list(_patterns(question.text))
    found = [
        *(each.subject for each in patterns),
        *(each.name for each in question.parameters.values() if each.type == "iri"),
        *(each.variable for each in patterns if each.prop in leading),
        *(_of_iris(result) if result is not None else ()),
    ]
    lacking = [
        name for name in dict.fromkeys(found) if name in columns and name not in question.iris
    ]
    if lacking:
        listed = ", ".join(name for name in columns if name in (*question.iris, *lacking))
        yield (
            Sentence("iris in the header does not name {columns}", columns=", ".join(lacking)),
            Sentence("Write '{right}'.", right=f"#+ iris: [{listed}]"),
        )


def _of_iris(result: Result) -> Iterator[str]:
    """Give the columns of an answer in which an IRI stands."""
    for at, name in enumerate(result.variables):
        if any(isinstance(row[at], ox.NamedNode) for row in result.terms):
            yield name


def _ties(question: Question, result: Result | None) -> Iterator[_Wrong]:
    """Say that rows can come in any order, as they tie in what they are sorted by."""
    order = parts_of(question.text).order
    names = [found[0][1:] for found in tokens(order) if found["variable"] is not None]
    if result is None or not names or not set(names) <= set(result.variables):
        return
    more = [name for name in parts_of(question.text).variables if name not in names]
    if not more:
        return  # rows that are alike in all are the same, in any order
    at = [result.variables.index(name) for name in names]
    seen: set[tuple[object, ...]] = set()
    for row in result.terms:
        key = tuple(row[each] for each in at)
        if key in seen:
            yield (
                Sentence(
                    "two rows are alike in all that ORDER BY names ({names}): any may come first",
                    names=", ".join(names),
                ),
                Sentence("Sort by {more} too.", more=", ".join(more)),
            )
            return
        seen.add(key)


def _row(question: Question) -> Iterator[_Wrong]:
    """Say that a question does not name what a row is about, where one can have several.

    It can where each other column is a value of the arrangement's own: two values are two rows.
    """
    columns = parts_of(question.text).variables
    patterns = list(_patterns(question.text))
    said = "row" in question.header  # also where it is empty, which is told of the entry
    for name in (name for name in _ARRANGEMENTS if name in columns and not said):
        own = {each.variable for each in patterns if each.subject == name}
        others = set(columns) - {name}
        if others and others <= own:
            yield (
                Sentence("{name} has a row for each of its values, and row is not said", name=name),
                Sentence("Write '{right}'.", right=f"#+ row: {name}"),
            )


def _labels(question: Question) -> Iterator[_Wrong]:
    """Say which columns are labels, which whoever asks adds by himself."""
    columns = parts_of(question.text).variables
    for name in columns:
        base = name.removesuffix("Label")
        if base and base != name:
            yield (
                Sentence("?{name} is a column of labels, which the engine adds", name=name),
                Sentence(
                    "Select ?{base}, name it in iris, and take ?{name} and what finds it out.",
                    base=base,
                    name=name,
                ),
            )


# -- patterns -----------------------------------------------------------------------------------


def _leading(store: ox.Store) -> set[str]:
    """Give the properties whose values are things: object properties, and ``a``."""
    kind = ox.NamedNode(OWL + "ObjectProperty")
    found = store.quads_for_pattern(None, ox.NamedNode(RDF + "type"), kind)
    ours = {quad.subject.value for quad in found if isinstance(quad.subject, ox.NamedNode)}
    return ours | {RDF + "type"}


def _patterns(text: str) -> Iterator[_Pattern]:
    """Give the properties of variables, each as it is named, and again with that of its value.

    >>> text = "select ?a { ?a a cop:Case ; cop:inCell/cop:atLevel+ cop:Low , ?l . }"
    >>> [(each.prop.rpartition("#")[2], each.variable) for each in _patterns(text)]
    [('type', ''), ('inCell', ''), ('atLevel', ''), ('atLevel', 'l')]
    """
    parts = parts_of(text)
    subject = prop = before = ""
    begins, depth = False, 0  # where a subject can stand, and the brackets of a path
    for found in (found for found in tokens(parts.body) if found["space"] is None):
        sign, is_name = found[0], found["local"] is not None or found["iri"] is not None
        if is_name or sign == "a":
            if subject and (not prop or before in _IN_PATHS):
                prop = RDF + "type" if sign == "a" else _iri(sign, parts.prologue)
                yield _Pattern(subject, prop, "")
            begins = False
        elif found["variable"] is not None:
            if begins:
                subject, prop, begins = sign[1:], "", False
            elif subject and prop:
                yield _Pattern(subject, prop, sign[1:])
        elif sign == "(" and subject and (not prop or before in _IN_PATHS):
            depth += 1
        elif sign == ")" and depth:
            depth -= 1
        elif sign == ";":
            prop = ""
        elif sign in ("{", "}", ".", ")") or found["word"] is not None:
            subject, prop, begins, depth = "", "", found["word"] is None, 0
        before = sign


@cache
def _iri(name: str, prologue: str) -> str:
    """Give the IRI of a name as it stands in a query."""
    return next(iris_named(f"{prologue} ASK {{ ?s ?p {name} }}"), "")
