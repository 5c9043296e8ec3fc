"""Checks of the shapes that a form is made from: each field whole, in every language.

What a field lacks makes no error where it is used: the sheet just has no help, or RDF is not held
against it. Here it is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
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


_REACHED: Final = ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")
"""What says of which nodes a shape is, unless another shape names it."""
_ASKS_NOTHING: Final = frozenset(
    SH + name
    for name in (*_REACHED, *_NAMED, "path", "severity", "order", "group", "deactivated", "flags")
)
"""The properties of a shape that are no constraint."""

Locate = Callable[[str], str | None]
"""Tells in which file a term is described."""


def form_findings(
    store: ox.Store, path: Path, locate: Locate = lambda iri: None
) -> Iterator[Finding]:
    """Give what is missing in the shapes of a file.

    Args:
        store: the graphs, with the values of the form.
        path: the file.
        locate: tells in which file a value of the form is described.
    """
    shapes = ox.Store()
    try:
        shapes.load(path=path, format=ox.RdfFormat.TURTLE)
    except (OSError, SyntaxError):
        return  # told where the names in files are looked up
    yield from _half_shapes(shapes, path)
    yield from _idle_shapes(shapes, path)
    yield from _half_fields(shapes, path)
    yield from _used_twice(shapes, path)
    yield from _languages(store, shapes, path, locate)


def _half_shapes(shapes: ox.Store, path: Path) -> Iterator[Finding]:
    """Tell which shapes do not say how grave a breach is, or what a user is told of it."""
    said = (
        ("severity", "sh:severity sh:Violation"),
        ("message", 'sh:message "..."@en'),
        ("name", 'sh:name "..."@en'),
        ("description", 'sh:description "..."@en: what to do'),
    )
    for node in sorted({*_named(shapes, SH + "path"), *_named(shapes, SH + "sparql")}):
        by_language = _has(shapes, node, COPSH + "key")  # told below
        for prop, statement in said:
            if not _has(shapes, node, SH + prop) and not (by_language and prop in _NAMED):
                yield _half(
                    node,
                    Sentence("{shape} has no sh:{prop}", shape=compact(node), prop=prop),
                    Sentence("Add {statement}.", statement=statement),
                    path,
                )


def _idle_shapes(shapes: ox.Store, path: Path) -> Iterator[Finding]:
    """Tell which shapes judge nothing: they are of no node, ask nothing, or are no shape."""
    for node in sorted({*_named(shapes, SH + "path"), *_named(shapes, SH + "message")}):
        shape = compact(node)
        kind = "sh:PropertyShape" if _has(shapes, node, SH + "path") else "sh:NodeShape"
        named = any(shapes.quads_for_pattern(None, None, ox.NamedNode(node)))
        if not _has(shapes, node, RDF + "type"):
            why = Sentence("{shape} does not say that it is a shape", shape=shape)
            yield _half(node, why, Sentence("Add {statement}.", statement=f"a {kind}"), path)
        aimed = named or any(_has(shapes, node, SH + name) for name in _REACHED)
        field = _has(shapes, node, COPSH + "key")  # of which more is told below
        if not aimed and not field:
            why = Sentence("{shape} is of no node: nothing is held against it", shape=shape)
            fix = Sentence("Name it in sh:property of a shape, or add sh:targetClass.")
            yield _half(node, why, fix, path)
        quads = shapes.quads_for_pattern(ox.NamedNode(node), None, None)
        asked = {quad.predicate.value for quad in quads} - _ASKS_NOTHING
        if not any(name.startswith(SH) for name in asked) and not field:
            why = Sentence("{shape} asks nothing of its nodes", shape=shape)
            yield _half(node, why, Sentence("Add what it asks, such as sh:minCount."), path)


def _of_form(shapes: ox.Store, node: str) -> bool:
    """Tell whether users meet a shape, in their language: a field, or a rule of the form."""
    of_rule = _has(shapes, node, SH + "targetClass") and any(_named(shapes, COPSH + "key"))
    return of_rule or _has(shapes, node, COPSH + "key")


def _half_fields(shapes: ox.Store, path: Path) -> Iterator[Finding]:
    """Tell which fields of the form are there by half, so that one way in knows less of them."""
    in_groups = _named(shapes, SH + "group")  # groups have a place too, and are in no group
    for node in sorted({*in_groups, *_named(shapes, COPSH + "key")}):
        if _has(shapes, node, SH + "targetClass"):
            continue  # the id, whose field is the IRI of the case
        for prop, why, fix in _OF_A_FIELD:
            if not _has(shapes, node, prop):
                yield _half(node, f"{compact(node)} {why}", fix, path)
        kinds = ("datatype", "class", "in", "or", "nodeKind", "xone")
        if not any(_has(shapes, node, SH + kind) for kind in kinds):
            fix = "Add sh:datatype, sh:class or sh:in."
            why = "does not say what its values are"
            yield _half(node, f"{compact(node)} {why}", fix, path)
        if not any(shapes.quads_for_pattern(None, _SH_PROPERTY, ox.NamedNode(node))):
            why = "is a field of no shape: RDF is not held against it"
            fix = "Name it in sh:property of the shape of its node."
            yield _half(node, f"{compact(node)} {why}", fix, path)


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
                    told = f"{compact(node)} {why}"
                    yield _half(node, told, "Give the newer one a free one.", path)
                seen.setdefault(value, node)


def _half(node: str, why: str, fix: str, path: Path) -> Finding:
    told = Sentence("{words}.", words=why)
    return Finding("half-shape", "error", node, told, fix, str(path))


def _named(shapes: ox.Store, prop: str) -> set[str]:
    """Give the IRIs of what has a property."""
    quads = shapes.quads_for_pattern(None, ox.NamedNode(prop), None)
    return {quad.subject.value for quad in quads if isinstance(quad.subject, ox.NamedNode)}


def _has(store: ox.Store, node: str, prop: str) -> bool:
    return any(store.quads_for_pattern(ox.NamedNode(node), ox.NamedNode(prop), None))


def _languages(store: ox.Store, shapes: ox.Store, path: Path, locate: Locate) -> Iterator[Finding]:
    """Tell which fields, rules, values and properties of the form lack a name in a language."""
    if not _named(shapes, COPSH + "key"):
        return
    for node in sorted({*_named(shapes, COPSH + "key"), *_named(shapes, SH + "sparql")}):
        if _of_form(shapes, node):
            yield from _untranslated(shapes, node, path)
    offered = {COP + "Unknown"}
    for field in _named(shapes, COPSH + "key"):
        for each in shapes.quads_for_pattern(ox.NamedNode(field), ox.NamedNode(SH + "class"), None):
            offered |= _individuals(store, _text(each.object))
    for iri in sorted(offered):
        for lang in _lacking_label(store, iri):
            words = Sentence(
                "The form offers {value}, which has no label in {lang}.",
                value=iri.removeprefix(COP),
                lang=lang,
            )
            fix = Sentence('Add {prop} "..."@{lang}.', prop="rdfs:label", lang=lang)
            file = locate(iri) or str(path)
            yield Finding("value-not-translated", "error", iri, words, fix, file)
    for iri in sorted(_properties(shapes)):
        for lang in _lacking_label(store, iri):
            words = Sentence(
                "The form has a field for {property}, which has no label in {lang}.",
                property=compact(iri),
                lang=lang,
            )
            fix = Sentence('Add {prop} "..."@{lang}.', prop="rdfs:label", lang=lang)
            file = locate(iri) or str(path)
            yield Finding("property-not-translated", "error", iri, words, fix, file)


def _properties(shapes: ox.Store) -> set[str]:
    """Give the properties of ours that fields hold the values of."""
    paths = (
        _text(quad.object)
        for field in _named(shapes, COPSH + "key")
        for quad in shapes.quads_for_pattern(ox.NamedNode(field), ox.NamedNode(SH + "path"), None)
    )
    return {iri for iri in paths if iri.startswith(COP)}


def _untranslated(shapes: ox.Store, node: str, path: Path) -> Iterator[Finding]:
    """Tell what a field or a rule of the form lacks in one of its languages."""
    keys = shapes.quads_for_pattern(ox.NamedNode(node), ox.NamedNode(COPSH + "key"), None)
    key = next((_text(quad.object) for quad in keys), "")
    for prop, what in _NAMED.items():
        if not key and not _has(shapes, node, SH + prop):
            continue  # told above
        for lang in _lacking(shapes, ox.NamedNode(node), SH + prop):
            told = {"what": what, "lang": lang, "prop": "sh:" + prop}
            words = (
                Sentence("The field {field} has no {what} in {lang} ({prop}).", field=key, **told)
                if key
                else Sentence(
                    "The rule {rule} has no {what} in {lang} ({prop}).", rule=compact(node), **told
                )
            )
            fix = Sentence('Add {prop} "..."@{lang}.', prop="sh:" + prop, lang=lang)
            yield Finding("field-not-translated", "error", node, words, fix, str(path))


def _lacking_label(store: ox.Store, iri: str) -> list[str]:
    """Give the languages in which a term has no label; without English it is told elsewhere."""
    lacking = _lacking(store, ox.NamedNode(iri), RDFS + "label")
    return [] if "en" in lacking else lacking


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
