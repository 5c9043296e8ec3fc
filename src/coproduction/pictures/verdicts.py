"""What the pictures of claims share: what is held against what, and a mark for each verdict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

from ..errors import UnknownName
from ..evidence.ledger import Evidence
from ..evidence.verdict import SUCCESS_STORIES, Verdict
from ..messages import ENGLISH, Sentence, Speaker, speaker
from ..validation.spoilt import Spoilt, spoilt_in
from .svg import Drawing, legend
from .views import rows

if TYPE_CHECKING:
    from ..store.protocol import Store

BY_INTERPRETED: Final = "supported-by-interpreted-only"
"""The mark of a claim, or a part, that interpreted rows alone support; no word of its own."""
MARKS: Final = {
    "supported": ("circle", "green", Sentence("what is in scope speaks for it")),
    BY_INTERPRETED: (
        "target", "green", Sentence("but each row for it rests on an interpreted value"),
    ),
    "mixed": ("half", "purple", Sentence("enough is in scope, and leaves both open")),
    "contradicted": ("cross", "orange", Sentence("what is in scope speaks against it")),
    "contradicted-by-interpreted-only": (
        "crossed", "orange", Sentence("each row against it rests on an interpreted value"),
    ),
    "too-few": ("dotted", "blue", Sentence("too little is in scope to decide it")),
    "not-tested": ("ring", "blue", Sentence("nothing in scope is for it or against it")),
    "no-data": ("triangle", "yellow", Sentence("a record has no field for it")),
    "not-testable": ("square", "grey", Sentence("a definition or a norm")),
    "failed": ("diamond", "alarm", Sentence("a query failed")),
}  # fmt: skip
"""Shape and colour of each verdict, and what it means."""
_WORDS: Final = {BY_INTERPRETED: "supported"}
"""The word of a mark where it is not the verdict's."""


class Held(NamedTuple):
    """Claims held against what is in scope.

    Attributes:
        ledger: what judges them.
        say: the language of the words.
        scope: what they are held against, and what is left out, in sentences.
        caution: what to keep in mind of cases, where there are some.
    """

    ledger: Evidence
    say: Speaker
    scope: str
    caution: str


class Meaning(NamedTuple):
    """A verdict in a legend.

    Attributes:
        mark: a key of :data:`MARKS`.
        word: the verdict.
        told: what it means.
        number: claims that have it.
    """

    mark: str
    word: str
    told: str
    number: int


def held(store: Store, lang: str, rubric: str = "R0", ceiling: str = "diagram") -> Held:
    """Hold the claims against the cases in scope, but for what is at fault in them.

    Args:
        store: what is in scope.
        lang: a language tag; words are English in a language that the package does not speak.
        rubric, ceiling: by which levels are, and where the glass ceiling is.

    Raises:
        UnknownName: there is no such rubric or ceiling.
        QueryFailed: the store cannot tell the claims.
    """
    try:
        say = speaker(lang)
    except UnknownName:
        say = ENGLISH
    spoilt = spoilt_in(store)
    scope, cases = scope_told(store, spoilt, say)
    ledger = Evidence(store, rubric=rubric, ceiling=ceiling, spoilt=spoilt.by_case, lang=say.lang)
    return Held(ledger, say, " ".join(scope), say.again(SUCCESS_STORIES) if cases else "")


def scope_told(store: Store, spoilt: Spoilt, say: Speaker) -> tuple[list[str], int]:
    """Say what claims are held against, and what is left out of it.

    Args:
        store: what is in scope.
        spoilt: what breaks the shapes.
        say: the language.

    Returns:
        sentences, and the number of cases in scope.
    """
    (cases,) = (int(row["cases"]) for row in rows(store, "cases-off-grid"))
    scope = []
    if cases:
        scope.append(say.plural("Held against one case.", "Held against {count:,} cases.", cases))
    else:
        scope.append(
            say("No case is in scope, and a claim is not tested by the source that makes it.")
        )
    if spoilt.by_case:
        scope.append(
            say.plural(
                "One of them breaks the shapes, and is left out where a claim rests on its fault.",
                "{count:,} of them break the shapes, and are left out where a claim rests on "
                "their faults.",
                len(spoilt.by_case),
            )
        )
    if spoilt.unasked:
        scope.append(say("So many were not held against the shapes here."))
    return scope, cases


def marked(verdict: Verdict, part: str | None = None) -> str:
    """Give what :data:`MARKS` has for a claim, or for a part of it that has a verdict.

    Args:
        verdict: of the claim.
        part: the part, by its IRIs; the claim as a whole by default.
    """
    word, read = verdict.verdict, bool(verdict.by_interpreted)
    if part is not None:
        word = next(each.verdict for each in verdict.parts if each.part == part)
        read = part in verdict.by_interpreted
    return BY_INTERPRETED if word == "supported" and read else word


def mark_of(drawing: Drawing, verdict: str, x: float, y: float, size: float = 12) -> None:
    """Draw the mark of a verdict, one of :data:`MARKS`, around a middle."""
    shape, colour, _ = MARKS[verdict]
    drawing.mark(shape, x, y, size, colour)


def meanings(numbers: Mapping[str, int], say: Speaker) -> Iterator[Meaning]:
    """Tell what verdicts mean, in the order of :data:`MARKS`.

    Args:
        numbers: claims by verdict, of those that are told; a failure is, where there is one.
        say: the language of the words.
    """
    for name, (_, _, meaning) in MARKS.items():
        if name in numbers and (numbers[name] or name != "failed"):
            word = say(_WORDS.get(name, name))
            yield Meaning(name, word, say.again(meaning), numbers[name])


def legend_of(
    drawing: Drawing, x: float, y: float, numbers: Mapping[str, int], say: Speaker, room: float
) -> float:
    """Draw the legend of verdicts, with the number of claims that have each.

    Args:
        drawing: the picture.
        x, y: left top corner.
        numbers: claims by verdict, of those that are told; a failure is, where there is one.
        say: the language of the words.
        room: width in pixels.

    Returns:
        the bottom of the last line.
    """
    entries = []
    for each in meanings(numbers, say):
        shape, colour, _ = MARKS[each.mark]
        told = say("{name}: {told}", name=each.word, told=each.told)
        entries.append((shape, colour, f"{each.number:,} {told}"))
    return legend(drawing, x, y, entries, room)
