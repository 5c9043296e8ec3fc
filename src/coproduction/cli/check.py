"""`coproduction check`: the house rules of the ontology, and what HermiT says of the graphs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..errors import DataError, ReasonerUnavailable, UnknownName
from ..messages import Sentence, Speaker, speaker
from ..names import LANGUAGES, compact
from ..results.listing import Listing
from ..results.result import Result
from .answers import Answer
from .options import answer_options, limit_options, scope_options
from .progress import working
from .scope import Scope, open_graph
from .telling import note as say
from .telling import tell

if TYPE_CHECKING:
    import rdflib

    from ..reasoning.justification import Judgement
    from ..validation.finding import Finding


_SHOWN = (
    Sentence("check"), Sentence("severity"), Sentence("file"), Sentence("term"),
    Sentence("message"), Sentence("fix"),
)  # fmt: skip
"""Columns for a person, whose headings are told in a language."""


@click.command()
@answer_options(has_lang=False)
@scope_options
@click.option(
    "--reasoner",
    metavar="hermit",
    help="Ask HermiT (needs Java) for contradictions and empty classes instead.",
)
@limit_options
def check(
    to: Answer,
    scope: Scope,
    reasoner: str | None,
    seconds: float | None,
    memory: int | None,
) -> int:
    """Check the ontology, and what --data adds to it, against the house rules.

    Exits 1 where there are findings: a missing label or definition, a term without its place
    in the source, a term that is used and not defined, and the like.

    With --reasoner hermit: whether the graphs contradict themselves or have a class that can
    have no member, and which statements do it. Exits 1 where they have.
    """
    limits = {"seconds": seconds, "memory": memory}
    given = {name: limit for name, limit in limits.items() if limit is not None}
    if reasoner == "hermit":
        return _check_by_hermit(to, scope, given)
    if reasoner is not None:
        raise UnknownName("reasoner", reasoner, ["hermit"], "(there is one: hermit)")
    if given:
        raise DataError(f"the limit --{min(given)} is for HermiT: add --reasoner hermit")
    kg = open_graph(scope, levels=False)
    speak = speaker(to.lang if to.lang in LANGUAGES else "en")
    with working("checking"):
        findings = kg.check(speak.lang)
    if findings or to.to_file or (to.forms and not to.for_people):
        if to.for_people:
            shown = [_for_people(one, speak) for one in findings]
            to.write(Listing(shown, _SHOWN).table.told(speak))
        else:
            to.write(findings.table)
    if not findings:
        tell(speak("no findings"))
        return 0
    tell(speak.plural("{count:,} finding", "{count:,} findings", len(findings)))
    return 1


def _for_people(finding: Finding, say: Speaker) -> Finding:
    """Give a finding with its file as it is called from here, and its term by its short name."""
    file, short = finding.file or "", compact(finding.term)
    if file and Path(file).is_relative_to(Path.cwd()):
        file = str(Path(file).relative_to(Path.cwd()))
    term = short if not short.startswith("<") else finding.term
    return replace(
        finding,
        severity=say(finding.severity),
        term="" if term == Path(file).name else term,
        file=file,
    )


def _check_by_hermit(to: Answer, scope: Scope, limits: dict[str, Any]) -> int:
    from ..reasoning.inference import for_hermit

    store = open_graph(scope).store
    graph = for_hermit(store, "check a part of them with --data", disjoint=True)
    judgement, note = _judge(graph, limits)
    columns = ["about", "aboutLabel", "reason", "axiom", "axiomLabel"]
    if judgement.consistent and not judgement.unsatisfiable:
        if to.to_file:
            to.write(Result.of_rows(columns, [], ""))
        tell("consistent, and every class can have members")
        return 0
    rows = [
        (
            each.of or each.individual or "",
            each.label if each.of else each.individual_label or each.label,
            str(number),
            axiom.functional,
            axiom.sentence,
        )
        for number, each in enumerate(judgement.justifications, 1)
        for axiom in each.axioms
    ]
    explained = {each.of for each in judgement.justifications}
    rows += [
        (iri, judgement.labels[iri], "", "", "can have no member")
        for iri in judgement.unsatisfiable
        if iri not in explained
    ]
    if not judgement.consistent and not rows:
        rows = [("", "the graphs", "", "", "contradict themselves")]
    to.write(Result.of_rows(columns, rows, ""))
    if judgement.consistent:
        names = ", ".join(judgement.labels[iri] for iri in judgement.unsatisfiable)
        tell(f"consistent, but these classes can have no member: {names}")
    else:
        tell("the graphs contradict themselves")
    if explained:
        tell("of the statements of each reason, one has to go")
    if note:
        say(note)
    return 1


def _judge(graph: rdflib.Graph, limits: dict[str, Any]) -> tuple[Judgement, str]:
    """Give what HermiT says, with reasons where OWLAPI is there, and a note on what is missing."""
    from ..reasoning import justification, owlapi
    from ..reasoning.hermit import check_consistency

    try:
        owlapi.require()
    except ReasonerUnavailable as missing:
        verdict = check_consistency(graph, **limits)
        label = justification.labeller(graph)
        labels = {iri: label(iri) for iri in verdict.unsatisfiable}
        return (
            justification.Judgement(verdict.consistent, verdict.unsatisfiable, labels, []),
            f"the reasons are not told: {missing}",
        )
    judgement = justification.justify(graph, **limits)
    return judgement, judgement.note
