"""One question: what it asks, what it can be given, its rows and its SPARQL."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

import pyoxigraph as ox

from ..errors import CoproductionError, DataError, UnknownName
from ..knowledge.parameter_values import unfound, values_of
from ..knowledge.parameters import Parameter
from ..knowledge.questions import Question, find_question, question_text
from ..knowledge.terms import labels_of
from ..messages import Sentence, Speaker, speaker
from ..names import COP, ID, RDF, RDFS, expand
from ..results.fetching import QueryOptions
from ..syntax.sparql import inline_values
from .address import Address
from .judged import Control, Option
from .near import near_of, no_page, told_of
from .page import Page, Words

if TYPE_CHECKING:
    from ..asked_graph import AskedGraph
    from ..store.protocol import Store

SHOWN: Final = 200
"""Rows that are shown; the files have as many as the server gives."""
_PREFIX: Final = re.compile(r"^PREFIX (\w*): <([^>]*)>", re.M)
_VALUE: Final = re.compile(r'"[^"]*"|<[^>]*>|[^\s()]+')
"""A value as it stands in a VALUES."""
_LISTED: Final = 300
"""Values of a parameter up to which they are listed; of more one is written."""


class Wrong(NamedTuple):
    """What is wrong with a value that a question is given, and links to what may be meant."""

    told: str = ""
    near: tuple[Words, ...] = ()


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
        told = Sentence("there is no question {name}", name=name)
        raise no_page("/question/", error, told, Sentence("all questions")) from None
    given: dict[str, str | int] = {
        each: address.get(each)
        for each in question.parameters
        if each != "lang" and address.get(each)
    }
    wrong = _wrong(graph, question, given, say.lang)
    if wrong and address.form in ("", "html", "md"):
        return _asked_wrong(graph, question, address, wrong)
    most = rows if address.form in ("csv", "json") else min(SHOWN, rows or SHOWN)
    options = QueryOptions(most=most, wanted="rows")
    answer = graph.answer(question, options, say.lang, given)
    lacking = {} if len(answer) else _lacking(graph, question, given, address)
    text = graph.question_text(question, say.lang, given)
    return Page(
        address,
        question.summary,
        "question.html",
        {
            **_of_question(graph, question, address, lacking),
            "count": len(answer),
            "is_cut": answer.truncated,
            "notes": [
                line for line in ("" if lacking else answer.note, say.again(answer.cut)) if line
            ],
            "text": text,
            "needs_cases": question.about_cases and not graph.has_cases(),
        },
        {"rows": answer},
        data={"question": question.name, "id": question.id, "query": text},
        lead=" ".join(question.description.split()),
    )


def _wrong(
    graph: AskedGraph, question: Question, given: Mapping[str, str | int], lang: str
) -> dict[str, CoproductionError]:
    """Give what is wrong with each value by itself, by the name of its parameter."""
    wrong: dict[str, CoproductionError] = {}
    store = graph.asked_by(question).store
    for name, value in given.items():
        try:
            question_text(store, question, lang, {name: value})
        except (UnknownName, DataError) as error:
            wrong[name] = error
    return wrong


def _lacking(
    graph: AskedGraph, question: Question, given: Mapping[str, str | int], address: Address
) -> dict[str, Wrong]:
    """Give which value nothing in scope has, by the parameter, with links to what may be meant."""
    say, here = speaker(address.lang), address.in_form("")
    return {
        each.name: Wrong(
            say.again(each.told),
            tuple(
                Words(
                    say("{name}: {told}", name=name, told=value),
                    "",
                    here.with_state(**{name: value}).url,
                )
                for name, value in each.near
            ),
        )
        for each in unfound(graph.asked_by(question).store, question, given)
    }


def _asked_wrong(
    graph: AskedGraph, question: Question, address: Address, wrong: Mapping[str, CoproductionError]
) -> Page:
    """Give the page with its form as it was filled in, and what is wrong with it."""
    say = speaker(address.lang)
    told = {
        name: Wrong(told_of(error, say), near_of(address, error)) for name, error in wrong.items()
    }
    return Page(
        address,
        question.summary,
        "question.html",
        {
            **_of_question(graph, question, address, told),
            "count": None,
            "needs_cases": False,
        },
        lead=" ".join(question.description.split()),
        status=400,
    )


def _of_question(
    graph: AskedGraph, question: Question, address: Address, wrong: Mapping[str, Wrong]
) -> dict[str, object]:
    """Give what the page says before the rows."""
    return {
        "question": question,
        "controls": list(_controls(graph, question, address, wrong)),
        "defaults": _defaults(graph.store, question, address.lang),
        "readings": [(each, f"/id/ambiguity/{each}") for each in question.readings],
    }


def _controls(
    graph: AskedGraph, question: Question, address: Address, wrong: Mapping[str, Wrong]
) -> Iterator[Control]:
    """Give the parameters as controls: a list where the header has the class or the property."""
    say = speaker(address.lang)
    given = {name: address.get(name) for name in question.parameters if address.get(name)}
    for parameter in question.parameters.values():
        if parameter.name == "lang":
            continue
        value = address.get(parameter.name)
        if parameter.of_property:
            known = values_of(graph.asked_by(question).store, question, parameter, given)
            names = {each: each for each in known[: _LISTED + 1]}
            names = {} if len(names) > _LISTED else names
        else:
            names = _members(graph.store, parameter, say)
        listed = [Option("", say("as the question has it"), not value)]
        listed += [Option(own, label, own == value) for own, label in names.items()]
        if value and names and value not in names:
            listed.append(Option(value, value, True))
        told, near = wrong.get(parameter.name, Wrong())
        made = Control(parameter.name, parameter.name, (), value, wrong=told, near=near)
        if parameter.is_begin:
            yield made._replace(known=tuple(names))
        else:
            yield made._replace(options=tuple(listed) if names else ())


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


def _defaults(store: Store, question: Question, lang: str) -> dict[str, tuple[Words, ...]]:
    """Give what the text has for each parameter where nothing is given; nothing stands for all."""
    found: dict[str, tuple[Words, ...]] = {}
    for place in inline_values(question.text):
        if place.name in question.parameters and place.name != "lang":
            text = question.text[place.begin : place.end].strip()
            found[place.name] = tuple(_values(store, question, text, lang))
    return found


def _values(store: Store, question: Question, text: str, lang: str) -> Iterator[Words]:
    """Give the values of a VALUES as a person reads them: things by their labels."""
    prefixes = dict(_PREFIX.findall(question.text))
    parts = _VALUE.findall(text)
    iris = {
        each: each[1:-1]
        if each.startswith("<")
        else prefixes[each.partition(":")[0]] + each.partition(":")[2]
        for each in parts
        if each.startswith("<") or each.partition(":")[0] in prefixes
    }
    labels = labels_of(store, iris.values(), lang)
    for each in parts:
        if each == "UNDEF":
            continue
        iri = iris.get(each, "")
        yield Words(labels.get(iri, each.strip('"')), "", iri if iri in labels else "")
