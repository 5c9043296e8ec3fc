"""The answer to a question: asked of a store, with its labels."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING

from ..errors import QueryError, QueryTimeout
from ..messages import Sentence, language_of
from ..results.asking import ask, stream
from ..results.columns import uncollected
from ..results.fetching import QueryOptions
from ..results.labels import labelled
from ..results.result import Result
from ..results.rows import Rows, first_of
from ..results.sorting import in_order
from ..results.streaming import Streamed
from ..results.written import Written, as_rows
from ..stopping import interruptible
from ..syntax.ordering import plain_order, without_order
from .counts import counted
from .parameter_values import unfound
from .questions import Question, question_text

if TYPE_CHECKING:
    from ..store.protocol import Store


def answer(
    store: Store,
    question: Question,
    options: QueryOptions,
    lang: str = "en",
    parameters: Mapping[str, str | int] | None = None,
) -> Result:
    """Answer a question, with a label column beside each column of IRIs.

    One that only counts is asked of the summary of a store that has one.

    Args:
        store: what is in scope.
        question: the question.
        options: how it is asked; where they do not say what a row is about, the question does.
        lang: language of the labels.
        parameters: name to value.

    Raises:
        UnknownName: no such parameter or term.
        DataError: a value is not of the parameter's kind; the header names a column that is none.
        QueryError: the query cannot be read or run.
        QueryTimeout: the time is over.
    """
    text = question_text(store, question, lang, dict(parameters or {}))
    instead = None if parameters else counted(store, question)
    if options.by is None:
        options = options._replace(by=question.row)
    try:
        given, cut = (options, question.summary if parameters else ""), ""
        if question.limit and not instead:
            from .limited import limited

            text, cut = limited(store, question, text, options)
        with uncollected():
            rows = None if instead else _by_profile(store, question, text, options)
            asked = _asked(*(instead or (store, text)), *given, rows)
            result = asked.with_labels(labels_in(store, lang, question.iris)).labelled()
    except QueryTimeout:
        raise
    except QueryError as error:
        raise QueryError(f"{question.path}: {error}") from None
    question.check_columns(result.variables)
    result.cut = cut
    if parameters:
        told = _renamed(store, question, parameters)
        lacking = [] if len(result) else _lacking(store, question, parameters)
        result.note = "\n".join(filter(None, (*told, *lacking, result.note)))
    return result


def streamed(
    store: Store,
    question: Question,
    options: QueryOptions,
    lang: str = "en",
    parameters: Mapping[str, str | int] | None = None,
) -> tuple[Streamed, Sentence | str]:
    """Answer a question in no order, a row for each combination of values as it is found.

    Args:
        store, question, options, lang, parameters: as of :func:`answer`.

    Returns:
        the rows, with their labels; and which of all they are, where they are the first of many.

    Raises:
        CoproductionError: as of :func:`answer`.
    """
    text, cut = question_text(store, question, lang, dict(parameters or {})), ""
    instead = None if parameters else counted(store, question)
    try:
        if question.limit and not instead:
            from .limited import limited

            text, cut = limited(store, question, text, options)
        asked, text = instead or (store, text)
        told = None
        if "#+ profiled:" in question.text:
            from .profiled_answers import by_profile

            told = interruptible(lambda: by_profile(store, question, text))
        rows = (
            Streamed(told.solutions(), options.most)
            if told
            else stream(asked, without_order(text), options)
        )
    except QueryTimeout:
        raise
    except QueryError as error:
        raise QueryError(f"{question.path}: {error}") from None
    language_of(lang)
    rows.with_labels(store, lang, question.iris)
    if parameters:
        rows.note = "\n".join(filter(None, (*_renamed(store, question, parameters), rows.note)))
    return rows, cut


def _renamed(
    store: Store, question: Question, parameters: Mapping[str, str | int]
) -> list[Sentence]:
    """Say of each parameter that is given a term by its old name what is asked in its place."""
    from ..store.renamed_terms import asked_instead, renames_in
    from .terms import find_term

    names = renames_in(store)
    given = [
        find_term(store, str(value))
        for name, value in parameters.items()
        if names and question.parameters[name].type == "iri"
    ]
    return [asked_instead(iri, names[iri]) for iri in given if iri in names]


def _lacking(
    store: Store, question: Question, parameters: Mapping[str, str | int]
) -> list[Sentence]:
    """Say of an answer without rows that nothing in scope has what a parameter is given."""
    found = []
    for each in unfound(store, question, parameters):
        near = ", ".join(f"{name}={value}" for name, value in each.near)
        told = Sentence("{told}; did you mean {near}?", told=each.told, near=near)
        found.append(told if near else each.told)
    return found


def _by_profile(
    store: Store, question: Question, text: str, options: QueryOptions
) -> Result | None:
    """Give the rows of a question that is asked of profiles, in no order, where it can be."""
    if "#+ profiled:" not in question.text or options.seconds:
        return None
    from .profiled_answers import by_profile

    told = interruptible(lambda: by_profile(store, question, text))
    return told and Result.of_terms(told.rows(), by=options.by or "")


def _asked(
    store: Store, text: str, options: QueryOptions, title: str, told: Result | None
) -> Result:
    """Ask, and sort here where that gives the same; else the engine sorts.

    Args:
        store, text, options, title: what is asked, and how.
        told: its rows in no order, where they are had already.
    """
    order = plain_order(text)
    if order is not None:
        found = told or ask(store, order.unsorted, options._replace(most=None), title)
        assert isinstance(found, Result)
        rows = in_order(found.fetched, order.names, order.down)
        if rows is not None:
            if options.most is not None:
                rows = first_of(as_rows(rows), options.most, found.by)
            return Result.of_terms(rows, title, found.note, found.by)
    asked = ask(store, text, options, title)
    assert isinstance(asked, Result)
    return asked


def portable_text(
    store: Store,
    question: Question,
    lang: str = "en",
    parameters: Mapping[str, str | int] | None = None,
) -> str:
    """Give a question as one SPARQL text that any engine can run, labels and all.

    Which columns have labels is said in the header (``iris``); where it is not, the question is
    asked, and its columns with an IRI have them.
    """
    from .portable import with_labels

    iris: Collection[str] = question.iris
    if not iris:
        rows = answer(store, question, QueryOptions(wanted="rows", by=""), lang, parameters)
        iris = [name for name in rows.variables if f"{name}Label" in rows.variables]
    return with_labels(question_text(store, question, lang, dict(parameters or {})), iris, lang)


def labels_in(
    store: Store, lang: str, declared: Collection[str] = ()
) -> Callable[[Rows | Written], Rows | Written]:
    """Give what puts the labels of a store beside IRIs, in a language.

    Raises:
        DataError: it is no language tag.
    """
    language_of(lang)
    return lambda rows: labelled(store, rows, lang, declared)
