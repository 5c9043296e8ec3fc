"""Axioms in sentences, with labels in place of IRIs."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from ..names import OWL, RDFS, XSD, compact
from .functional_syntax import Expression, Iri, Literal, Part, functional

_THING: Final = Iri(OWL + "Thing")


_NOTHING: Final = Iri(OWL + "Nothing")


_VALUES: Final = {
    XSD + "integer": "a whole number",
    XSD + "nonNegativeInteger": "a whole number that is not negative",
    XSD + "decimal": "a number",
    XSD + "double": "a number",
    XSD + "string": "a text",
    XSD + "boolean": "true or false",
    XSD + "dateTime": "a date with a time",
    XSD + "anyURI": "a web address",
    RDFS + "Literal": "a value",
}


_COUNTS: Final = {"Min": "at least", "Max": "at most", "Exact": "exactly"}


_CHARACTERISTICS: Final = {
    "Functional": "Nothing {p} more than one thing.",
    "InverseFunctional": "No two things {p} the same thing.",
    "Asymmetric": "If one thing {p} another, then not the other way round.",
    "Symmetric": "If one thing {p} another, then also the other way round.",
    "Transitive": "If one thing {p} a second and the second {p} a third, the first {p} the third.",
    "Reflexive": "Everything {p} itself.",
    "Irreflexive": "Nothing {p} itself.",
}


class Words:
    """Puts axioms into English.

    Args:
        label: gives the label of an IRI.

    >>> from coproduction.reasoning.functional_syntax import parse
    >>> words = Words(lambda iri: iri.rpartition(":")[2])
    >>> words.sentence(parse("SubClassOf(<urn:x:case> <urn:x:arrangement>)"))
    'Every case is an arrangement.'
    >>> words.sentence(parse("DisjointClasses(<urn:x:tree> <urn:x:office>)"))
    'Nothing is both a tree and an office.'
    """

    def __init__(self, label: Callable[[str], str]) -> None:
        self.label = label

    def sentence(self, axiom: Expression) -> str:
        """Give an axiom as a sentence; a rare kind of axiom stays in functional syntax."""
        match axiom.name, axiom.parts:
            case "ClassAssertion", (kind, individual):
                return f"{self.one(individual)} {self.says(kind)}."
            case "ObjectPropertyAssertion", (prop, one, other):
                return f"{self.one(one)} {self.verb(prop)} {self.one(other)}."
            case "NegativeObjectPropertyAssertion", (prop, one, other):
                return f"It is not so that {self.one(one)} {self.verb(prop)} {self.one(other)}."
            case "DataPropertyAssertion", (prop, one, value):
                return f"{self.one(one)} has {self.one(value)} for '{self.verb(prop)}'."
            case "NegativeDataPropertyAssertion", (prop, one, value):
                return f"{self.one(one)} does not have {self.one(value)} for '{self.verb(prop)}'."
            case "SameIndividual", parts:
                return f"{self.list(parts)} are one and the same."
            case "DifferentIndividuals", parts:
                return f"{self.list(parts)} are {'all ' if len(parts) > 2 else ''}different."
            case "SubClassOf", (below, above):
                return self._subclass(below, above)
            case "EquivalentClasses", (Iri() as kind, Expression("ObjectOneOf", parts)):
                return f"Only {self.list(parts)} can be {self.a(kind)}."
            case "EquivalentClasses", (Iri() as kind, definition):
                return f"By definition, {self.a(kind)} is whatever {self.says(definition)}."
            case "EquivalentClasses", (one, other):
                return f"Whatever {self.says(one)} {self.says(other)}, and the other way round."
            case "DisjointClasses", (Iri() as one, Iri() as other):
                return f"Nothing is both {self.a(one)} and {self.a(other)}."
            case "DisjointClasses", (one, other):
                return f"Nothing {self.says(one)} and {self.says(other)}."
            case "DisjointClasses", parts:
                return f"Nothing is two of these: {', '.join(map(self.a, parts))}."
            case "DisjointUnion", (kind, *parts):
                return (
                    f"{_capital(self.a(kind))} is exactly one of these: "
                    f"{', '.join(map(self.a, parts))}."
                )
            case "ObjectPropertyDomain", (prop, kind):
                return f"Whatever {self.verb(prop)} something {self.says(kind)}."
            case "DataPropertyDomain", (prop, kind):
                return f"Whatever has a value for '{self.verb(prop)}' {self.says(kind)}."
            case "ObjectPropertyRange", (prop, kind):
                return f"If something {self.verb(prop)} a thing, that thing {self.says(kind)}."
            case "DataPropertyRange", (prop, kind):
                return f"A value for '{self.verb(prop)}' is {self.value(kind)}."
            case "FunctionalDataProperty", (prop,):
                return f"Nothing has more than one value for '{self.verb(prop)}'."
            case "InverseObjectProperties", (one, other):
                return f"'{self.verb(one)}' is '{self.verb(other)}' the other way round."
            case "SubObjectPropertyOf", (Iri() as below, above):
                return f"Whatever {self.verb(below)} a thing also {self.verb(above)} it."
            case "SubDataPropertyOf", (below, above):
                return f"A value for '{self.verb(below)}' is also one for '{self.verb(above)}'."
            case name, (prop,) if name.removesuffix("ObjectProperty") in _CHARACTERISTICS:
                return _CHARACTERISTICS[name.removesuffix("ObjectProperty")].format(
                    p=self.verb(prop)
                )
        return self._as_it_is(axiom)

    def _subclass(self, below: Part, above: Part) -> str:
        subject = f"Every {self.noun(below)}" if isinstance(below, Iri) else ""
        subject = subject or f"Whatever {self.says(below)}"
        if above == _NOTHING:
            return f"Nothing {self.says(below)}."
        return f"{subject} {self.says(above)}."

    def says(self, kind: Part) -> str:
        """Give a class as what can be said of a thing: "is a case", "is below 'high'"."""
        if isinstance(kind, Iri):
            return {_THING: "is a thing", _NOTHING: "cannot exist"}.get(kind, f"is {self.a(kind)}")
        if not isinstance(kind, Expression):
            return f"is {functional(kind)}"
        match kind.name, kind.parts:
            case "ObjectIntersectionOf", parts:
                return " and ".join(map(self.says, parts))
            case "ObjectUnionOf", parts:
                return f"either {' or '.join(map(self.says, parts))}"
            case "ObjectComplementOf", (Iri() as other,):
                return f"is not {self.a(other)}"
            case "ObjectComplementOf", (other,):
                return f"is not a thing that {self.says(other)}"
            case "ObjectOneOf", (one,):
                return f"is {self.one(one)}"
            case "ObjectOneOf", parts:
                return f"is one of these: {self.list(parts, 'or')}"
            case "ObjectSomeValuesFrom", (prop, other):
                return f"{self.verb(prop)} something{self._that(other)}"
            case "ObjectAllValuesFrom", (prop, other):
                return f"{self.verb(prop)} only what {self.says(other)}"
            case "ObjectHasValue", (prop, one):
                return f"{self.verb(prop)} {self.one(one)}"
            case "ObjectHasSelf", (prop,):
                return f"{self.verb(prop)} itself"
            case "DataSomeValuesFrom", (prop, other):
                return f"has {self.value(other)} for '{self.verb(prop)}'"
            case "DataAllValuesFrom", (prop, other):
                return f"has only {self.value(other)} for '{self.verb(prop)}'"
            case "DataHasValue", (prop, one):
                return f"has {self.one(one)} for '{self.verb(prop)}'"
            case name, (int() as count, prop, *rest) if name.startswith("Object"):
                how_many = _COUNTS[name.removeprefix("Object").removesuffix("Cardinality")]
                noun = "thing" if count == 1 else "things"
                that = self._that(rest[0]) if rest else ""
                return f"{self.verb(prop)} {how_many} {count} {noun}{that}"
            case name, (int() as count, prop, *_) if name.startswith("Data"):
                how_many = _COUNTS[name.removeprefix("Data").removesuffix("Cardinality")]
                noun = "value" if count == 1 else "values"
                return f"has {how_many} {count} {noun} for '{self.verb(prop)}'"
        return f"is {self._as_it_is(kind)}"

    def _that(self, kind: Part) -> str:
        return "" if kind == _THING else f" that {self.says(kind)}"

    def one(self, part: Part) -> str:
        """Give an individual or a value: 'high participation', 3, "three"."""
        if isinstance(part, Iri):
            label = self.label(part.value)
            return label if label.startswith("<") else f"'{label}'"
        if isinstance(part, Literal):
            is_text = part.datatype == XSD + "string"
            return f'the text "{part.text}"' if is_text else part.text
        return self._as_it_is(part)

    def list(self, parts: tuple[Part, ...], last: str = "and") -> str:
        """Give individuals, one after the other."""
        *first, end = map(self.one, parts)
        return f"{', '.join(first)} {last} {end}" if first else end

    def noun(self, kind: Part) -> str:
        """Give the name of a class."""
        return self.label(kind.value) if isinstance(kind, Iri) else f"thing{self._that(kind)}"

    def a(self, kind: Part) -> str:
        """Give the name of a class with its article."""
        noun = self.noun(kind)
        vowel = re.match(r"[aeiou]", noun, re.IGNORECASE)
        spoken_as_you = re.match(r"(uni|use|usu|eu|one\b)", noun, re.IGNORECASE)
        return f"{'an' if vowel and not spoken_as_you else 'a'} {noun}"

    def verb(self, prop: Part) -> str:
        """Give a property as what stands between two things: "is below"."""
        if isinstance(prop, Iri):
            return self.label(prop.value)
        if isinstance(prop, Expression) and prop.name in ("ObjectInverseOf", "InverseOf"):
            return f"(the other way round) {self.verb(prop.parts[0])}"
        return self._as_it_is(prop)

    def value(self, kind: Part) -> str:
        """Give a datatype: "a whole number"."""
        if isinstance(kind, Iri):
            return _VALUES.get(kind.value, f"of the datatype {compact(kind.value)}")
        if isinstance(kind, Expression) and kind.name == "DataOneOf":
            return self.list(kind.parts, "or")
        return f"in {self._as_it_is(kind)}"

    def _as_it_is(self, part: Part) -> str:
        """Give what no sentence is known for in functional syntax, with labels."""
        return re.sub(r"<([^>]*)>", lambda found: f"'{self.label(found[1])}'", functional(part))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
