"""Checks of the rubrics: a name, a property and a rule for each, and claims that ask for any.

A rubric that is there by half makes no error either: another rubric's levels stand for its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from ..errors import DataError
from ..knowledge.questions import Question, load_question
from ..messages import Sentence
from ..names import COP, RDF, SKOS, compact
from ..store.protocol import Term
from ..syntax.sparql import inline_values, iris_named, tokens
from .finding import Finding
from .form_checks import Locate

_PROPERTY: Final = ox.NamedNode(COP + "levelProperty")
_NAME: Final = ox.NamedNode(SKOS + "altLabel")
_RUBRIC: Final = ox.NamedNode(COP + "Rubric")


def rubric_findings(
    store: ox.Store, queries: Path, locate: Locate = lambda iri: None
) -> Iterator[Finding]:
    """Give what is wrong with the rubrics, their rules, and the claims that rest on levels.

    Args:
        store: the graphs, with the rubrics.
        queries: folder with ``rules`` and ``claims``.
        locate: tells in which file a term is described.
    """
    yield from _shared(store, locate)
    yield from _without_rule(store, queries / "rules")
    yield from _of_no_rubric(store, queries / "rules")
    yield from _of_one_rubric(store, queries / "claims")


def _shared(store: ox.Store, locate: Locate) -> Iterator[Finding]:
    """Tell which rubrics share a name, or a property."""
    for prop, fix in (
        (_NAME, Sentence("Give each rubric a name of its own, as skos:altLabel.")),
        (_PROPERTY, Sentence("Give each rubric a property of its own, as cop:levelProperty.")),
    ):
        seen: dict[Term, str] = {}
        for rubric in sorted(_rubrics(store)):
            for quad in store.quads_for_pattern(ox.NamedNode(rubric), prop, None):
                other = seen.setdefault(quad.object, rubric)
                if other != rubric:
                    told = Sentence(
                        "{rubric} and {other} share {value}: one answers in place of the other.",
                        rubric=compact(rubric),
                        other=compact(other),
                        value=_words(quad.object),
                    )
                    yield Finding("rubric-shared", "error", rubric, told, fix, locate(rubric))


def _without_rule(store: ox.Store, folder: Path) -> Iterator[Finding]:
    """Tell which rubrics give no levels: no rule that is run with every load concludes them."""
    run: set[str] = set()
    idle: dict[str, Path] = {}
    for rule in queries_in(folder):
        concluded = _concluded(rule)
        if is_run_with_loads(rule):
            run |= concluded
        else:
            idle |= dict.fromkeys(concluded, rule.path)
    for prop, rubric in sorted(level_properties(store).items()):
        if prop not in run:
            told = Sentence(
                "{rubric} gives no level: no rule in queries/rules with 'stage: load' in its "
                "header concludes {property}.",
                rubric=compact(rubric),
                property=compact(prop),
            )
            fix = Sentence("Write the rule, such as levels.rq, or add '#+ stage: load' to it.")
            place = str(idle.get(prop, folder))
            yield Finding("rubric-without-rule", "error", rubric, told, fix, place)


def _of_no_rubric(store: ox.Store, folder: Path) -> Iterator[Finding]:
    """Tell which rules that are run with every load conclude what is no rubric's level."""
    known = level_properties(store)
    for rule in queries_in(folder):
        for prop in sorted(_concluded(rule) - known.keys()) if is_run_with_loads(rule) else ():
            told = Sentence(
                "{file} concludes {property}, which is the level under no rubric.",
                file=rule.path.name,
                property=compact(prop),
            )
            fix = Sentence(
                "Describe the rubric, with {property} as its cop:levelProperty; or take the rule "
                "away.",
                property=compact(prop),
            )
            yield Finding("rule-without-rubric", "error", rule.path.name, told, fix, str(rule.path))


def _of_one_rubric(store: ox.Store, folder: Path) -> Iterator[Finding]:
    """Tell which claims ask for the level under one rubric, whichever is asked for."""
    known = level_properties(store)
    for claim in queries_in(folder):
        text = claim.text
        for place in reversed(list(inline_values(text))):
            if place.name in _parameters(claim):
                text = text[: place.begin] + text[place.end :]
        for prop in sorted(known.keys() & set(iris_named(text))):
            told = Sentence(
                "{file} asks for {property} under whichever rubric its verdict is wanted.",
                file=claim.path.name,
                property=compact(prop),
            )
            fix = Sentence(
                "Ask for it by 'VALUES ?rubric {{ {property} }}', with rubric among the parameters "
                "of the header, as in c51.rq.",
                property=compact(prop),
            )
            yield Finding(
                "claim-of-one-rubric", "error", claim.path.name, told, fix, str(claim.path)
            )


def _rubrics(store: ox.Store) -> set[str]:
    found = store.quads_for_pattern(None, ox.NamedNode(RDF + "type"), _RUBRIC)
    return {quad.subject.value for quad in found if isinstance(quad.subject, ox.NamedNode)}


def level_properties(store: ox.Store) -> dict[str, str]:
    """Give the property of each rubric's levels, with the rubric."""
    return {
        quad.object.value: quad.subject.value
        for quad in store.quads_for_pattern(None, _PROPERTY, None)
        if isinstance(quad.object, ox.NamedNode) and isinstance(quad.subject, ox.NamedNode)
    }


def queries_in(folder: Path) -> Iterator[Question]:
    """Give the queries of a folder that can be read; of the others, others tell."""
    for path in sorted(folder.glob("*.rq")):
        try:
            yield load_question(path)
        except DataError:
            continue


def is_run_with_loads(rule: Question) -> bool:
    """Tell whether a rule is run with every load: whether it concludes levels."""
    try:
        return rule.header_of(set()).get("stage") == "load"
    except DataError:
        return False


def _parameters(query: Question) -> set[str]:
    try:
        return set(query.header_of(set()).get("parameters") or ())
    except (DataError, TypeError):
        return set()


def _concluded(rule: Question) -> set[str]:
    """Give the IRIs that the template of a rule names, of what it says of ``?row``."""
    begin = end = None
    for found in tokens(rule.text):
        if (found["word"] or "").lower() == "construct":
            begin = found.end()
        elif begin is not None and found[0] == "}":
            end = found.end()
            break
    if begin is None or end is None:
        return set()
    prologue = rule.text[:begin].rstrip()[: -len("construct")]
    return set(iris_named(f"{prologue} ASK {rule.text[begin:end]}"))


def _words(term: Term) -> str:
    return compact(term.value) if isinstance(term, ox.NamedNode) else str(term)
