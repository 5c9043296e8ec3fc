"""Checks of the shapes that a form is made from: each field whole, in every language.

What a field lacks makes no error where it is used: the sheet just has no help, or RDF is not held
against it. Here it is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from ..messages import Sentence
from ..names import COP, COPSH, LANGUAGES, RDF, RDFS, SH, compact
from .finding import Finding

_NAMED: Final = {
    "name": Sentence("heading"),
    "description": Sentence("help"),
    "message": Sentence("message"),
}
"""What a field has in each language, by the property of its shape."""
_ORGANISATION: Final = COP + "Organisation"
_SH_PROPERTY: Final = ox.NamedNode(SH + "property")
_OF_A_FIELD: Final = (
    (COPSH + "key", "has no key, the fixed heading of its column", 'Add copsh:key "...".'),
    (SH + "path", "has no path", "Add sh:path with the property that holds the value."),
    (SH + "order", "has no place in the form", "Add sh:order with a free number."),
    (SH + "group", "is in no group", "Add sh:group, such as copsh:Optional."),
)
"""What each field has, what is said where it lacks it, and what to do."""


def form_findings(store: ox.Store, path: Path) -> Iterator[Finding]:
    """Give what is missing in the shapes of a file.

    Args:
        store: the graphs, with the values of the form.
        path: the file.
    """
    shapes = ox.Store()
    try:
        shapes.load(path=path, format=ox.RdfFormat.TURTLE)
    except (OSError, SyntaxError):
        return  # told where the names in files are looked up
    yield from _half_shapes(shapes, path)
    yield from _half_fields(shapes, path)
    yield from _used_twice(shapes, path)
    yield from _languages(store, shapes, path)


def _half_shapes(shapes: ox.Store, path: Path) -> Iterator[Finding]:
    """Tell which shapes do not say how grave a breach is, or what a user is told of it."""
    said = (("severity", "sh:severity sh:Violation"), ("message", 'sh:message "..."@en'))
    for node in sorted({*_named(shapes, SH + "path"), *_named(shapes, SH + "sparql")}):
        for prop, statement in said:
            of_field = prop == "message" and _has(shapes, node, COPSH + "key")  # told by language
            if not _has(shapes, node, SH + prop) and not of_field:
                yield _half(node, f"has no sh:{prop}", f"Add {statement}.", path)


def _half_fields(shapes: ox.Store, path: Path) -> Iterator[Finding]:
    """Tell which fields of the form are there by half, so that one way in knows less of them."""
    in_groups = _named(shapes, SH + "group")  # groups have a place too, and are in no group
    for node in sorted({*in_groups, *_named(shapes, COPSH + "key")}):
        if _has(shapes, node, SH + "targetClass"):
            continue  # the id, whose field is the IRI of the case
        for prop, why, fix in _OF_A_FIELD:
            if not _has(shapes, node, prop):
                yield _half(node, why, fix, path)
        kinds = ("datatype", "class", "in", "or", "nodeKind", "xone")
        if not any(_has(shapes, node, SH + kind) for kind in kinds):
            fix = "Add sh:datatype, sh:class or sh:in."
            yield _half(node, "does not say what its values are", fix, path)
        if not any(shapes.quads_for_pattern(None, _SH_PROPERTY, ox.NamedNode(node))):
            why = "is a field of no shape: RDF is not held against it"
            yield _half(node, why, "Name it in sh:property of the shape of its node.", path)


def _used_twice(shapes: ox.Store, path: Path) -> Iterator[Finding]:
    """Tell which fields have one key, or one place in the form."""
    for prop, what in ((COPSH + "key", "key"), (SH + "order", "place (sh:order)")):
        seen: dict[str, str] = {}
        for node in sorted(_named(shapes, COPSH + "key")):
            for quad in shapes.quads_for_pattern(ox.NamedNode(node), ox.NamedNode(prop), None):
                value = _text(quad.object)
                if value in seen:
                    other = compact(seen[value])
                    why = f"has the {what} {value}, which is that of {other}"
                    yield _half(node, why, "Give the newer one a free one.", path)
                seen.setdefault(value, node)


def _half(node: str, why: str, fix: str, path: Path) -> Finding:
    return Finding("half-shape", "error", node, f"{compact(node)} {why}.", fix, str(path))


def _named(shapes: ox.Store, prop: str) -> set[str]:
    """Give the IRIs of what has a property."""
    quads = shapes.quads_for_pattern(None, ox.NamedNode(prop), None)
    return {quad.subject.value for quad in quads if isinstance(quad.subject, ox.NamedNode)}


def _has(store: ox.Store, node: str, prop: str) -> bool:
    return any(store.quads_for_pattern(ox.NamedNode(node), ox.NamedNode(prop), None))


def _languages(store: ox.Store, shapes: ox.Store, path: Path) -> Iterator[Finding]:
    """Tell which fields and values of the form have no name in one of its languages."""
    offered = {COP + "Unknown"}
    for quad in shapes.quads_for_pattern(None, ox.NamedNode(COPSH + "key"), None):
        assert not isinstance(quad.subject, ox.Literal | ox.Triple)
        for prop, what in _NAMED.items():
            for lang in _lacking(shapes, quad.subject, SH + prop):
                term = getattr(quad.subject, "value", "")
                words = Sentence(
                    "The field {field} has no {what} in {lang} ({prop}).",
                    field=_text(quad.object),
                    what=what,
                    lang=lang,
                    prop="sh:" + prop,
                )
                fix = Sentence('Add {prop} "..."@{lang}.', prop="sh:" + prop, lang=lang)
                yield Finding("field-not-translated", "error", term, words, fix, str(path))
        of_class = shapes.quads_for_pattern(quad.subject, ox.NamedNode(SH + "class"), None)
        for each in of_class:
            offered |= _individuals(store, _text(each.object))
    for iri in sorted(offered):
        if not any(shapes.quads_for_pattern(None, ox.NamedNode(COPSH + "key"), None)):
            break
        lacking = _lacking(store, ox.NamedNode(iri), RDFS + "label")
        for lang in lacking if "en" not in lacking else ():  # without English it is told elsewhere
            words = Sentence(
                "The form offers {value}, which has no label in {lang}.",
                value=iri.removeprefix(COP),
                lang=lang,
            )
            fix = Sentence('Add {prop} "..."@{lang}.', prop="rdfs:label", lang=lang)
            yield Finding("value-not-translated", "error", iri, words, fix, str(path))


def _individuals(store: ox.Store, kind: str) -> set[str]:
    """Give the individuals of a class that are ours; organisations are named by users."""
    if kind == _ORGANISATION:
        return set()
    members = store.quads_for_pattern(None, ox.NamedNode(RDF + "type"), ox.NamedNode(kind))
    return {name for quad in members if (name := _text(quad.subject)).startswith(COP)}


def _lacking(store: ox.Store, node: ox.NamedNode | ox.BlankNode, prop: str) -> list[str]:
    quads = store.quads_for_pattern(node, ox.NamedNode(prop), None)
    there = {quad.object.language for quad in quads if isinstance(quad.object, ox.Literal)}
    return [lang for lang in LANGUAGES if lang not in there]


def _text(node: object) -> str:
    return str(getattr(node, "value", ""))
