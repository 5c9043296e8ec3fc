"""One question: what it asks, what it can be given, its rows and its SPARQL."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from ..errors import UnknownName
from ..knowledge.questions import Parameter, Question, find_question
from ..knowledge.terms import labels_of
from ..messages import Speaker, speaker
from ..names import COP, ID, RDF, RDFS, expand
from ..results.fetching import QueryOptions
from ..syntax.sparql import inline_values
from .address import Address
from .judged import Control, Option
from .page import NoPage, Page

if TYPE_CHECKING:
    from ..asked_graph import AskedGraph
    from ..store.protocol import Store

SHOWN: Final = 200
"""Rows that are shown; the files have as many as the server gives."""
_LISTED: Final = 300
"""Values of a parameter up to which they are listed; of more one is written."""


def page(graph: AskedGraph, address: Address, name: str, rows: int | None = None) -> Page:
    """Give the page on a question.

    Args:
        graph: what is in scope.
        address: its state may have what the question can be given, by name.
        name: of the question, or its id.
        rows: how many may be given.

    Raises:
        NoPage: there is no such question.
        UnknownName: a parameter is given a term that there is not.
        DataError: a value is not of the parameter's kind.
    """
    say = speaker(address.lang)
    try:
        question = find_question(name)
    except UnknownName as error:
        raise NoPage(str(error)) from None
    given: dict[str, str | int] = {
        each: address.get(each)
        for each in question.parameters
        if each != "lang" and address.get(each)
    }
    most = rows if address.form in ("csv", "json") else min(SHOWN, rows or SHOWN)
    options = QueryOptions(most=most, wanted="rows")
    answer = graph.answer(question, options, say.lang, given)
    text = graph.question_text(question, say.lang, given)
    return Page(
        address,
        question.summary,
        "question.html",
        {
            "question": question,
            "controls": list(_controls(graph.store, question, address, say)),
            "defaults": _defaults(question),
            "given": given,
            "count": len(answer),
            "is_cut": answer.truncated,
            "notes": [line for line in (answer.note, say.again(answer.cut)) if line],
            "text": text,
            "needs_cases": question.about_cases and not graph.has_cases(),
            "readings": [(each, f"/id/ambiguity/{each}") for each in question.readings],
        },
        {"rows": answer},
        data={"question": question.name, "id": question.id, "query": text},
        lead=" ".join(question.description.split()),
    )


def _controls(
    store: Store, question: Question, address: Address, say: Speaker
) -> Iterator[Control]:
    """Give the parameters as controls: a list of the values where the header has their class."""
    for parameter in question.parameters.values():
        if parameter.name == "lang":
            continue
        value = address.get(parameter.name)
        names = _members(store, parameter, say)
        listed = [Option("", say("as the question has it"), not value)]
        listed += [Option(own, label, own == value) for own, label in names.items()]
        if value and names and value not in names:
            listed.append(Option(value, value, True))
        yield Control(parameter.name, parameter.name, tuple(listed) if names else (), value)


def _members(store: Store, parameter: Parameter, say: Speaker) -> dict[str, str]:
    kind = expand(parameter.of_class) if parameter.of_class else None
    if parameter.type != "iri" or kind is None or kind == RDFS + "Resource":
        return {}
    found = store.statements(None, ox.NamedNode(RDF + "type"), ox.NamedNode(kind))
    iris = {
        quad.subject.value
        for quad in islice(found, _LISTED + 1)
        if isinstance(quad.subject, ox.NamedNode)
    }
    if len(iris) > _LISTED:
        return {}
    labels = labels_of(store, iris, say.lang)
    names = {iri: _short(iri) for iri in iris}
    told = {
        names[iri]: say("{name}: {told}", name=names[iri], told=label)
        if kind == COP + "Claim"
        else label
        for iri, label in labels.items()
    }
    return dict(sorted(told.items(), key=lambda item: item[1].casefold()))


def _short(iri: str) -> str:
    """Give the name by which a term of ours is found, or the IRI of another."""
    if iri.startswith(COP):
        return iri.removeprefix(COP)
    return iri.rpartition("/")[2] if iri.startswith(ID) else iri


def _defaults(question: Question) -> dict[str, str]:
    """Give what the text has for each parameter where nothing is given."""
    found = {}
    for place in inline_values(question.text):
        if place.name in question.parameters and place.name != "lang":
            found[place.name] = question.text[place.begin : place.end].strip()
    return found
