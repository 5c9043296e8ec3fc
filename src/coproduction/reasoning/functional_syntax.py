"""The functional syntax of OWL, as OWLAPI writes axioms: read into a tree, and written again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from ..names import XSD, expand


@dataclass(frozen=True)
class Literal:
    """A value: its text, the IRI of its datatype, its language."""

    text: str
    datatype: str = XSD + "string"
    language: str = ""


@dataclass(frozen=True)
class Iri:
    """A name."""

    value: str


@dataclass(frozen=True)
class Expression:
    """An axiom or a part of one: what OWL calls it, and what it is made of."""

    name: str
    parts: tuple[Part, ...]


Part: TypeAlias = Expression | Iri | Literal | int


_TOKEN: Final = re.compile(
    r'\s*(?:<(?P<iri>[^>]*)>|"(?P<text>(?:\\.|[^"\\])*)"|\^\^|@(?P<language>[\w-]+)'
    r"|(?P<bracket>[()])|(?P<word>[^\s()<>\"@^]+))",
    re.DOTALL,
)


def parse(text: str) -> Expression:
    """Read an axiom in functional syntax, as OWLAPI writes it.

    >>> parse("SubClassOf(<urn:x:A> owl:Nothing)").parts[1]
    Iri(value='http://www.w3.org/2002/07/owl#Nothing')
    """
    root: list[Part] = []
    stack: list[tuple[str, list[Part]]] = [("", root)]
    name = ""
    datatype_next = False
    for token in _TOKEN.finditer(text):
        parts = stack[-1][1]
        if token["bracket"] == "(":
            stack.append((name, []))
            name = ""
        elif token["bracket"] == ")":
            done, inside = stack.pop()
            stack[-1][1].append(Expression(done, tuple(inside)))
        elif token["text"] is not None:
            parts.append(Literal(re.sub(r"\\(.)", r"\1", token["text"])))
        elif token["language"]:
            value = parts.pop()
            assert isinstance(value, Literal)
            parts.append(Literal(value.text, language=token["language"]))
        elif token["iri"] is not None or ":" in (token["word"] or ""):
            iri = token["iri"] if token["iri"] is not None else expand(token["word"])
            if datatype_next:
                value = parts.pop()
                assert isinstance(value, Literal)
                parts.append(Literal(value.text, iri or ""))
            else:
                parts.append(Iri(iri or token["word"]))
        elif (token["word"] or "").isdigit():
            parts.append(int(token["word"]))
        else:
            name = token["word"] or ""
        datatype_next = token[0].strip() == "^^"
    found = root[0]
    assert isinstance(found, Expression)
    # Annotations on an axiom say nothing of what follows from it.
    bare = [part for part in found.parts if getattr(part, "name", "") != "Annotation"]
    return Expression(found.name, tuple(bare))


def functional(part: Part) -> str:
    """Write an axiom, or a part of one, in functional syntax.

    >>> functional(parse('DataPropertyAssertion(<urn:x:p> <urn:x:a> "three"@en )'))
    'DataPropertyAssertion(<urn:x:p> <urn:x:a> "three"@en)'
    """
    if isinstance(part, Expression):
        return f"{part.name}({' '.join(map(functional, part.parts))})"
    if isinstance(part, Iri):
        return f"<{part.value}>"
    if isinstance(part, int):
        return str(part)
    quoted = '"' + part.text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if part.language:
        return f"{quoted}@{part.language}"
    return quoted if part.datatype == XSD + "string" else f"{quoted}^^<{part.datatype}>"


def iris_in(part: Part) -> Iterator[str]:
    """Give the IRIs in an axiom, in order."""
    if isinstance(part, Iri):
        yield part.value
    elif isinstance(part, Expression):
        for each in part.parts:
            yield from iris_in(each)
