"""Words that sentences about a verdict share: its word as it is said, names, a beginning."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ..evidence.judging import Judged
from ..evidence.verdict import Verdict
from ..messages import Sentence, Speaker

_NAMED: Final = 5
"""Cases that are named in a sentence; of more there is a number."""
_PHRASES: Final = {
    "not-testable": Sentence("not testable"),
    "no-data": Sentence("no data"),
    "not-tested": Sentence("not tested"),
    "too-few": Sentence("too few rows"),
    "contradicted-by-interpreted-only": Sentence("contradicted, by interpreted values only"),
}
"""Words of verdicts as they stand in a sentence; the others stand there as they are."""


RESERVED: Final = Sentence("supported (interpreted rows alone)")
"""The word of a verdict with its reserve, for people; a program reads a column of its own."""


def phrase(word: str, say: Speaker, *, is_reserved: bool = False) -> str:
    """Give the word of a verdict as it stands in a sentence.

    Args:
        word: one of :data:`~coproduction.evidence.judging.VERDICTS`, or ``failed``.
        say: the language.
        is_reserved: whether interpreted rows alone support it, or a part of it.

    >>> from coproduction.messages import ENGLISH
    >>> phrase("too-few", ENGLISH), phrase("mixed", ENGLISH)
    ('too few rows', 'mixed')
    """
    return say(RESERVED) if is_reserved else say(_PHRASES.get(word, word))


def numbers_told(each: Judged, verdict: Verdict, say: Speaker) -> str:
    """Tell how many rows, or pairs, are for a claim or a part of it, and against it.

    Args:
        each: the claim as a whole, or the part.
        verdict: on the claim.
        say: the language.
    """
    k, against = each.share.k, each.share.n - each.share.k
    is_of_pairs = verdict.type == "comparison"
    if not each.share.n and not each.ties:
        return say("no pair") if is_of_pairs else say("nothing for it or against it")
    if is_of_pairs:
        return say(
            "{won:,} pairs won, {lost:,} lost, {ties:,} tied", won=k, lost=against, ties=each.ties
        )
    return say("{k:,} for it, {against:,} against it", k=k, against=against)


def named_rows(verdict: Verdict, iris: Sequence[str], say: Speaker) -> list[str]:
    """Give the labels of arrangements, of those that are known, as they stand in a sentence."""
    named = {row.iri: row.label for side in verdict.rows.values() for row in side}
    labels = (named.get(iri) or verdict.named.get(iri) for iri in iris)
    return [quoted(label, say) for label in labels if label]


def quoted(name: str, say: Speaker) -> str:
    """Give the name of an arrangement in quotation marks, as it may have commas of its own."""
    return say('"{name}"', name=name)


def cut(names: Sequence[str], say: Speaker, most: int = _NAMED, count: int = 0) -> str:
    """Give some names in a row, and how many others there are.

    Args:
        names: those that are known.
        say: the language.
        most: how many are named.
        count: how many there are of all, where not each of them has its name here.

    >>> from coproduction.messages import ENGLISH
    >>> cut([*"abcdefg"], ENGLISH), cut([*"ab"], ENGLISH, count=4_000)
    ('a; b; c; d; e; and 2 others', 'a; b; and 3,998 others')
    """
    told = list(names[:most])
    others = max(count, len(names)) - len(told)
    if others:
        told.append(say.plural("and {count:,} other", "and {count:,} others", others))
    return say("; ").join(told)


def begun(text: str) -> str:
    """Give a text as the beginning of a sentence, with a capital.

    >>> begun("third sector: 9 for it")
    'Third sector: 9 for it'
    """
    return text[:1].upper() + text[1:]
