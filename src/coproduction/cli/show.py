"""`coproduction show`: what is known of a term."""

from __future__ import annotations

import json
from itertools import groupby
from typing import TYPE_CHECKING

from ..names import compact
from ..spelling import visible
from .answers import Answer
from .scope import Scope, open_graph
from .telling import note

if TYPE_CHECKING:
    import click

    from ..knowledge.terms import Fact, TermCard

_MOST_USES = 12
_LONGEST = 2_000
_WIDTH = 100


def show(
    term: str,
    *,
    to: Answer,
    scope: Scope,
    lang: str = "en",
    everything: bool = False,
) -> None:
    """Show everything known of TERM: an IRI, cop:Name, a name such as C51 or A9, or a label."""
    from ..knowledge.alignments import sound_links
    from ..knowledge.terms import describe

    kg = open_graph(scope)
    card = describe(kg.store, kg.find(term), lang)
    for why in sound_links()[1]:
        note(why)
    if to.forms == ("json",):
        to.write(json.dumps(card.as_dict(), ensure_ascii=False, indent=2) + "\n")
    else:
        width = min(to.width or _WIDTH, _WIDTH)
        to.write(visible(_text(card, None if everything else _MOST_USES, width)))


def command() -> click.Command:
    """Give the command with its options, for the parser of the line."""
    import click

    from .options import answer_options, command_of, lang_option, scope_options

    return command_of(
        show,
        click.argument("term"),
        click.option(
            "--all", "everything", is_flag=True, help="List every use, and texts in full."
        ),
        answer_options(
            "text", "json", help="Text (the default) or JSON, which always has everything."
        ),
        lang_option,
        scope_options,
    )


def _text(card: TermCard, most: int | None, width: int) -> str:
    lines = [_cut(card.label) if most else card.label, compact(card.iri)]
    if card.types:
        lines.append(", ".join(card.types))
    if card.definition:
        lines += ["", *_wrap(_cut(card.definition) if most else card.definition, width, "")]
    others = {tag: text for tag, text in card.labels.items() if text != card.label}
    if most:
        others = {tag: _cut(text) for tag, text in others.items()}
    head = [("source", card.source), ("labels", _tagged(others))]
    lines += ["", *(line for name, text in head if text for line in _row(name, text, width))]
    if card.facts:
        lines += ["", "What it says", *_groups(card.facts, width, most and len(card.facts))]
    if card.uses:
        lines += ["", "What says it", *_groups(card.uses, width, most)]
    if card.links:
        lines += ["", "Links to other vocabularies", *_links(card, width)]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _links(card: TermCard, width: int) -> list[str]:
    lines: list[str] = []
    for link in card.links:
        relation = ("not " if link.negated else "") + compact(link.predicate).rpartition(":")[2]
        if link.subject == card.iri:
            target = link.target_label or "(no term found)"
            code = f" {link.code}" if link.is_statement else ""
            text = f"{target} ({link.vocabulary}{code})"
        else:
            text = f"of {link.label}"
        lines += _row(relation, text, width)
    return lines


def _tagged(labels: dict[str, str]) -> str:
    return "; ".join(f"{text} ({tag})" if tag else text for tag, text in sorted(labels.items()))


def _groups(facts: tuple[Fact, ...], width: int, most: int | None) -> list[str]:
    lines: list[str] = []
    for name, group in groupby(facts, key=lambda fact: fact.property_label):
        values = [_cut(fact.told()) if most else fact.told() for fact in group]
        shown = values if most is None else values[:most]
        more = len(values) - len(shown)
        text = "; ".join(shown) + (f"; and {more} more (--all)" if more else "")
        lines += _row(name, text, width)
    return lines


def _cut(text: str) -> str:
    """Cut a text that fills screens, and say how long it is."""
    if len(text) <= _LONGEST:
        return text
    return f"{text[:_LONGEST].rstrip()} ... (of {len(text):,} characters; --all shows them)"


def _row(name: str, text: str, width: int) -> list[str]:
    first, *rest = _wrap(text, width, " " * 26)
    if len(name) > 23:
        return [f"  {name}", first, *rest]
    return [f"  {name:<24}{first.strip()}", *rest]


def _wrap(text: str, width: int, indent: str) -> list[str]:
    import textwrap

    return textwrap.wrap(
        text,
        width,
        initial_indent=indent,
        subsequent_indent=indent,
        break_on_hyphens=False,
        break_long_words=False,
    ) or [indent]
