"""The chain of an explanation: recorded values, conclusions, and what would change them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ..explanation.explain import Explanation, called, effects, in_words
from ..messages import speaker
from .svg import LINE, Drawing, wrap

if TYPE_CHECKING:
    from ..explanation.explain import Conclusion
    from ..explanation.recorded_values import Fact
    from ..messages import Speaker

_MARKS: Final = {
    "yes": ("circle", "green"),
    "support": ("circle", "green"),
    "no": ("cross", "orange"),
    "counterexamples": ("cross", "orange"),
}
_OTHER: Final = ("ring", "grey")
_LEFT, _WIDE, _GAP, _PAD, _EDGE = 16.0, 380.0, 130.0, 12.0, 20.0
_RIGHT: Final = _LEFT + _WIDE + _GAP
_ALL: Final = _RIGHT + 480.0


class DrawnExplanation(Explanation):
    """An explanation that a notebook shows as a picture."""

    @classmethod
    def of(cls, explanation: Explanation) -> DrawnExplanation:
        """Give an explanation as one that is drawn."""
        return cls(**vars(explanation))

    def _repr_svg_(self) -> str:
        return build(self).svg()


def build(explanation: Explanation) -> Drawing:
    """Draw an explanation: values at the left, conclusions at the right, changes below.

    Args:
        explanation: as :func:`coproduction.explanation.explain.explain` gives it.
    """
    say = speaker(explanation.lang)
    said = "; ".join(f"{called(c.test, say)}: {c.words}" for c in explanation.conclusions)
    drawing = Drawing(
        "explanation",
        f"{explanation.label}: {explanation.title}",
        f"{said}. " + " ".join(_facts_in_words(explanation)),
    )
    numbers: dict[str, int] = {}
    y = drawing.text(_LEFT, 14, explanation.label, _ALL - _LEFT, size=18, bold=True)
    y = drawing.text(_LEFT, y + 2, explanation.title, _ALL - _LEFT, size=15, colour="soft") + 14
    drawing.text(_LEFT, y, say("What is recorded"), _WIDE, bold=True)
    drawing.text(_RIGHT, y, say("What follows"), 300, bold=True)
    y += 26
    starts, bottom = _values(drawing, explanation, y, numbers)
    ends, other = _conclusions(drawing, explanation, y, bottom)
    for test, end in ends.items():
        for prop, start in starts.items():
            if any(test in f.decides for f in explanation.facts if f.property == prop):
                drawing.arrow(_LEFT + _WIDE, start, _RIGHT - 3, end, "soft")
    y = _changes(drawing, explanation, max(bottom, other) + 18)
    y += 8
    for iri, number in numbers.items():
        y = drawing.text(_LEFT, y, f"[{number}] {iri}", _ALL - _LEFT, size=12, colour="soft")
    return drawing


def _values(
    drawing: Drawing, explanation: Explanation, y: float, numbers: dict[str, int]
) -> tuple[dict[str, float], float]:
    """Draw a box for each property; give the middle of each, and the bottom of all."""
    middles: dict[str, float] = {}
    gives: dict[str, list[Fact]] = {}
    for link in explanation.links:
        gives.setdefault(link.subject, []).append(link)
    facts: dict[str, list[Fact]] = {}
    for fact in explanation.facts:
        facts.setdefault(fact.property, []).append(fact)
    room = _WIDE - 2 * _PAD
    say = speaker(explanation.lang)
    for prop, members in facts.items():
        lines = [(members[0].property_label.removeprefix("has "), 12.0, False, "soft")]
        for fact in members:
            lines.append((fact.value_label, 14.0, True, "ink" if fact.value else "soft"))
            lines += [
                (f"{link.property_label} {link.value_label}", 12.5, False, "ink")
                for link in gives.get(fact.value, ())
            ]
        marks = [
            str(numbers.setdefault(iri, len(numbers) + 1))
            for iri in dict.fromkeys(iri for fact in members for iri in fact.sources)
        ]
        status = say(" and ").join(
            dict.fromkeys(say(fact.status) for fact in members if fact.status)
        )
        where = ", ".join(dict.fromkeys(place for fact in members for place in fact.locators))
        cited = f"[{', '.join(marks)}]" if marks else say("no source is given")
        lines.append((", ".join(filter(None, (status, where, cited))), 12.0, False, "soft"))
        tall = _tall(lines, room) + 2 * 8
        decides = any(fact.decides for fact in members)
        drawing.box(
            _LEFT, y, _WIDE, tall, "filled" if decides else "cell", round_by=6, dashed=not decides
        )
        _write(drawing, _LEFT + _PAD, y + 8, room, lines)
        middles[prop] = y + tall / 2
        y += tall + 8
    return middles, y


def _conclusions(
    drawing: Drawing, explanation: Explanation, top: float, bottom: float
) -> tuple[dict[str, float], float]:
    """Draw a box for each conclusion with its rule, spread over the height of the values."""
    room = _ALL - _RIGHT - 2 * _PAD - _EDGE
    rules = dict(explanation.rules)
    say = speaker(explanation.lang)
    boxes = []
    for said in explanation.conclusions:
        lines = [
            (_title(said, say), 12.0, False, "soft"),
            (f"{_capital(said.words)}.", 15.0, True, "ink"),
        ]
        rule = rules.get(called(said.test, say))
        lines += [(rule, 12.0, False, "soft")] if rule is not None else []
        boxes.append((said, lines, _tall(lines, room) + 2 * 10))
    ends: dict[str, float] = {}
    free = max(0.0, bottom - top - sum(tall for *_, tall in boxes))
    y, gap = top, max(12.0, free / (len(boxes) + 1))
    for said, lines, tall in boxes:
        y += gap if len(boxes) > 1 or free else 0
        drawing.box(_RIGHT, y, _ALL - _RIGHT, tall, "band", round_by=6)
        shape, colour = _MARKS.get(said.verdict, _OTHER)
        drawing.mark(shape, _RIGHT + _PAD + 6, y + 10 + 12 * LINE + 15 * LINE / 2, 14, colour)
        _write(drawing, _RIGHT + _PAD + _EDGE, y + 10, room, lines)
        ends[said.test] = y + tall / 2
        y += tall
    return ends, y


def _changes(drawing: Drawing, explanation: Explanation, y: float) -> float:
    if not explanation.changes:
        return y
    say = speaker(explanation.lang)
    y = drawing.text(_LEFT, y, say("What would change it"), 400, bold=True) + 8
    room = _RIGHT - _LEFT - 2 * _PAD
    for change in explanation.changes:
        lines = [(in_words(change, say), 13.0, False, "ink")]
        outcomes = list(effects(explanation, change))
        tall = max(_tall(lines, room), len(outcomes) * 13 * LINE + 2) + 2 * 7
        drawing.box(_LEFT, y, _ALL - _LEFT, tall, "panel", edge="", round_by=6)
        _write(drawing, _LEFT + _PAD, y + 7, room, lines)
        line = y + 7
        for test, words in outcomes:
            shape, colour = _MARKS.get(change.outcomes[test].verdict, _OTHER)
            drawing.mark(shape, _RIGHT + _PAD + 6, line + 13 * LINE / 2, 11, colour)
            said = f"{called(test, say)}: {words}"
            wide = _ALL - _RIGHT - 2 * _PAD - _EDGE
            line = drawing.text(_RIGHT + _PAD + _EDGE, line, said, wide, size=13)
        y += max(tall, line + 7 - y) + 6
    return y


Line = tuple[str, float, bool, str]
"""A text, its size, whether it is bold, and its colour."""


def _tall(lines: list[Line], room: float) -> float:
    return sum(len(wrap(text, room, size, bold)) * size * LINE for text, size, bold, _ in lines)


def _write(drawing: Drawing, x: float, y: float, room: float, lines: list[Line]) -> None:
    for text, size, bold, colour in lines:
        y = drawing.text(x, y, text, room, size=size, bold=bold, colour=colour)


def _title(said: Conclusion, say: Speaker) -> str:
    if said.test.startswith("rubric "):
        return say("under rubric {name}", name=said.test.removeprefix("rubric "))
    return said.test


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _facts_in_words(explanation: Explanation) -> list[str]:
    return [f"{fact.property_label}: {fact.value_label}." for fact in explanation.facts]
