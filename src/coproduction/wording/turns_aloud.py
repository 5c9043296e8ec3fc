"""What would turn a verdict, in sentences: rows for it, rows against it, and the row less."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..evidence.claims import claim_tests
from ..evidence.turning import ANY, More, Turn
from ..evidence.verdict import Verdict
from ..messages import Speaker
from .phrases import begun, cut, named_rows, phrase


def turns_told(verdict: Verdict, say: Speaker) -> Iterator[str]:
    """Tell each smallest change of rows that gives another verdict, a sentence each.

    Args:
        verdict: with its turns, which are known where its rows were asked for.
        say: the language.
    """
    for turn in verdict.turns:
        given = phrase(turn.verdict, say, is_reserved=turn.is_reserved)
        if turn.recoded == 1 and verdict.recoded and turn.more[0][1] == "for":
            continue  # it is told of the values that would make it so
        if turn.recoded:
            yield _recoded(turn, verdict, say)
        elif turn.without:
            names = cut(named_rows(verdict, turn.without, say), say, count=len(turn.without))
            told = {"names": names, "verdict": given}
            if turn.more:
                told["change"] = _change(turn, verdict, say)
                yield _once_gone(told, turn, say)
                continue
            if len(turn.without) == 1:
                yield say('Without {names} the verdict would be "{verdict}".', **told)
            elif turn.is_any:
                yield _without_any(turn, verdict, told, say)
            else:
                yield say('Without all of these it would be "{verdict}": {names}.', **told)
        else:
            change = _change(turn, verdict, say)
            if turn.unstated:
                other = phrase(turn.unstated, say, is_reserved=turn.unstated == "supported")
                yield say.plural(
                    'With {change} the verdict would be "{verdict}", and otherwise "{other}".',
                    'With {change} the verdict would be "{verdict}", and otherwise "{other}".',
                    sum(number for _, _, number in turn.more),
                    change=change,
                    verdict=given,
                    other=other,
                )
                continue
            yield say.plural(
                'With {change} the verdict would be "{verdict}".',
                'With {change} the verdict would be "{verdict}".',
                sum(number for _, _, number in turn.more),
                change=change,
                verdict=given,
            )


def _without_any(turn: Turn, verdict: Verdict, told: Mapping[str, str], say: Speaker) -> str:
    """Tell what the verdict is without any one of some rows; by their side where these are all."""
    for_it = verdict.number("support")
    if len(turn.without) == for_it and not {*turn.without} & {*verdict.deviant}:
        return say(
            'If any one of the {number:,} rows for it were left out it would be "{verdict}".',
            number=for_it,
            **told,
        )
    return say('If any one of these were left out it would be "{verdict}": {names}.', **told)


def _once_gone(told: Mapping[str, str], turn: Turn, say: Speaker) -> str:
    """Tell what would support a claim once what stands against it were gone."""
    number = sum(more for _, _, more in turn.more)
    if len(turn.without) == 1:
        return say.plural(
            "No further row can support it while {names} stands; if that were left out, with "
            '{change} it would be "{verdict}".',
            "No further row can support it while {names} stands; if that were left out, with "
            '{change} it would be "{verdict}".',
            number,
            **told,
        )
    return say.plural(
        "No further row can support it while one against it stands; without all of these, with "
        '{change} it would be "{verdict}".',
        "No further row can support it while one against it stands; without all of these, with "
        '{change} it would be "{verdict}".',
        number,
        **told,
    )


def _recoded_part(turn: Turn, verdict: Verdict, say: Speaker) -> str:
    return say(
        "If the one case that shows a part ({parts}) were coded as showing another, it would be "
        '"{verdict}".',
        verdict=phrase(turn.verdict, say, is_reserved=turn.is_reserved),
        parts=", ".join(verdict.named.get(part, part) for part, _, _ in turn.more),
    )


def _recoded(turn: Turn, verdict: Verdict, say: Speaker) -> str:
    """Tell how many rows of those on one side would be enough on the other."""
    if verdict.type == "existence":
        return _recoded_part(turn, verdict, say)
    ((part, kind, number),) = turn.more
    word = phrase(turn.verdict, say, is_reserved=turn.is_reserved)
    given = {"all": turn.recoded, "verdict": word}
    if verdict.type == "comparison":
        told = {
            "against": say.plural(
                'If one of the {all:,} pairs won were coded as lost, it would be "{verdict}".',
                "If {count:,} of the {all:,} pairs won were coded as lost, it would be "
                '"{verdict}".',
                number,
                **given,
            ),
            "for": say.plural(
                'If one of the {all:,} pairs lost were coded as won, it would be "{verdict}".',
                "If {count:,} of the {all:,} pairs lost were coded as won, it would be "
                '"{verdict}".',
                number,
                **given,
            ),
        }[kind]
    elif turn.recoded == 1:
        told = {
            "against": say(
                'If the one row for it were coded as against it, it would be "{verdict}".', **given
            ),
            "for": say(
                'If the one row against it were coded as for it, it would be "{verdict}".', **given
            ),
        }[kind]
    else:
        told = {
            "against": say.plural(
                "If one of the {all:,} rows for it were coded as against it, it would be "
                '"{verdict}".',
                "If {count:,} of the {all:,} rows for it were coded as against it, it would be "
                '"{verdict}".',
                number,
                **given,
            ),
            "for": say.plural(
                "If one of the {all:,} rows against it were coded as for it, it would be "
                '"{verdict}".',
                "If {count:,} of the {all:,} rows against it were coded as for it, it would be "
                '"{verdict}".',
                number,
                **given,
            ),
        }[kind]
    if not part:
        return told
    named = _named(part, verdict)
    return begun(say("{name}: {told}", name=named, told=told[:1].lower() + told[1:]))


def _change(turn: Turn, verdict: Verdict, say: Speaker) -> str:
    if verdict.type == "existence":
        parts = ", ".join(verdict.named.get(part, part) for part, _, _ in turn.more)
        change = say.plural(
            "one case of {parts}", "one case of each ({parts})", len(turn.more), parts=parts
        )
        if not turn.is_stated:
            return change
        return say.plural(
            "{change}, all of it on stated values alone,",
            "{change}, each on stated values alone,",
            len(turn.more),
            change=change,
        )
    told = [_more(each, verdict, say) for each in turn.more]
    change = told[0]
    if len(told) > 1:
        change = say("{first} and {last}", first=", ".join(told[:-1]), last=told[-1])
    if turn.is_stated:
        n = sum(number for _, _, number in turn.more)
        added = {part for part, kind, _ in turn.more if kind == "for"}
        if len(turn.more) > 1 and len({*turn.stated_in}) == len(turn.more):
            return say("{change}, at least one of each on stated values alone,", change=change)
        if turn.stated_in and added != {*turn.stated_in}:
            parts = ", ".join(_named(part, verdict) for part in turn.stated_in)
            return say(
                "{change}, at least one of those for it ({parts}) on stated values alone,",
                change=change,
                parts=parts,
            )
        if len(turn.more) > 1:
            return say(
                "{change}, at least one of those for it on stated values alone,", change=change
            )
        if verdict.type == "comparison":
            change = say.plural(
                "{change}, the pair on stated values alone,",
                "{change}, at least one of these pairs on stated values alone,",
                n,
                change=change,
            )
        else:
            change = say.plural(
                "{change}, on stated values alone,",
                "{change}, at least one of them on stated values alone,",
                n,
                change=change,
            )
    return change


def _more(more: More, verdict: Verdict, say: Speaker) -> str:
    """Tell how many more rows, or pairs, of a kind there would be."""
    part, kind, number = more
    if verdict.type == "comparison" and verdict.counts.get("pairs"):
        told = {
            "for": say.plural("{count:,} more pair won", "{count:,} more pairs won", number),
            "against": say.plural("{count:,} more pair lost", "{count:,} more pairs lost", number),
        }[kind]
    elif verdict.type == "comparison":
        told = {
            "for": say.plural("{count:,} pair won", "{count:,} pairs won", number),
            "against": say.plural("{count:,} pair lost", "{count:,} pairs lost", number),
        }[kind]
    elif kind == "neither":
        (_, condition), (_, outcome) = claim_tests()[verdict.claim].sets
        told = say.plural(
            '{count:,} more row with neither "{condition}" nor "{outcome}"',
            '{count:,} more rows with neither "{condition}" nor "{outcome}"',
            number,
            condition=say(condition),
            outcome=say(outcome),
        )
    elif claim_tests()[verdict.claim].is_of_services:
        told = {
            "for": say.plural("{count:,} service for it", "{count:,} services for it", number),
            "against": say.plural(
                "{count:,} service against it", "{count:,} services against it", number
            ),
        }[kind]
    else:
        told = {
            "for": say.plural("{count:,} more row for it", "{count:,} more rows for it", number),
            "against": say.plural(
                "{count:,} more row against it", "{count:,} more rows against it", number
            ),
        }[kind]
    if not part:
        return told
    if part == ANY:
        return say("{told} in any one part", told=told)
    return say("{told} ({part})", told=told, part=_named(part, verdict))


def _named(part: str, verdict: Verdict) -> str:
    return " / ".join(verdict.named.get(iri, iri) for iri in part.split())
