"""Which values rows of a claim have, which of these are interpreted, and what they follow from."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

import pyoxigraph as ox

from ..knowledge.case_record import case_record
from ..knowledge.terms import labels_of
from ..messages import speaker
from ..names import COP
from ..store.protocol import Store
from .recorded import by_node, text_of, values_by_row
from .verdict import Interpreted

_CODING: Final = COP + "hasCoding"
_STATUS: Final = COP + "codingStatus"


def values_of_rows(
    store: Store, iris: Sequence[str], props: Collection[str], lang: str
) -> dict[str, dict[str, str]]:
    """Give the labels of rows' values of some properties, by the row and the name of the column.

    Args:
        store: where the rows stand.
        iris: the rows.
        props: IRIs of properties of a case or its provider; those of the case record are told.
        lang: language of labels and names.

    Returns:
        by the row and the column's name its values in one text, which is empty where it has none.
    """
    told: dict[str, dict[str, str]] = {iri: {} for iri in iris}
    both = speaker(lang)("; ")
    for field in case_record().fields:
        if field.path in props:
            found = values_by_row(store, iris, field.parent, field.path)
            iris_found = {value for of in found.values() for value in of if "://" in value}
            labels = labels_of(store, iris_found, lang)
            for iri in iris:
                values = found.get(iri, {})
                told[iri][field.name(lang)] = both.join(sorted(labels.get(v, v) for v in values))
    return told


def bases_of(
    store: Store, props: Mapping[str, Collection[str]], lang: str
) -> dict[str, dict[str, tuple[str, ...]]]:
    """Give the names of what interpreted values of rows follow from, as rights do from seats.

    Args:
        store: where the rows stand.
        props: the properties that are interpreted of each row, by its IRI.
        lang: language of the names.

    Returns:
        by the row, and the name of each of its properties, the names in order.
    """
    read = interpreted_values(store, props, lang)
    return {
        iri: {
            value.property_label: tuple(name for _, name in value.based_on)
            for value in read.get(iri, ())
        }
        for iri in props
    }


def interpreted_values(
    store: Store, props: Mapping[str, Collection[str]], lang: str
) -> dict[str, tuple[Interpreted, ...]]:
    """Give the interpreted values of rows, by the properties that are interpreted of each."""
    found = _values_read(store, {iri: each for iri, each in props.items() if each})
    iris = {iri for values in found.values() for pair in values for iri in pair}
    iris |= {iri for values in found.values() for bases in values.values() for iri in bases}
    label = labels_of(store, {iri for iri in iris if "://" in iri}, lang)
    # A column of the case itself comes last: its name goes before that of one about the provider.
    fields = sorted(case_record().fields, key=lambda field: not field.parent)
    label |= {field.path: field.name(lang) for field in fields}
    return {
        iri: tuple(
            Interpreted(
                prop,
                label[prop],
                value,
                label.get(value, value),
                tuple((basis, label[basis]) for basis in sorted(bases)),
            )
            for (prop, value), bases in sorted(values.items())
        )
        for iri, values in found.items()
    }


def _values_read(
    store: Store, props: Mapping[str, Collection[str]]
) -> dict[str, dict[tuple[str, str], set[str]]]:
    """Give the interpreted values of rows or their providers, and what each follows from.

    A value of which a coding says by itself that it is stated is left out. One property is looked
    up after the other, each of all rows at once: an engine that joins them takes far longer, and
    of a server each look-up is a request.
    """
    rows = {iri: ox.NamedNode(iri) for iri in props}
    codings = by_node(store, rows.values(), _CODING)
    about = [coding for found in codings.values() for coding in found]
    coded = by_node(store, about, COP + "codedProperty")
    status = by_node(store, about, _STATUS)
    based = by_node(store, about, COP + "basedOn")
    alone = by_node(store, about, COP + "codedValue")
    providers = by_node(store, rows.values(), COP + "hasProvider")
    nodes = {iri: [row, *providers.get(row, ())] for iri, row in rows.items()}
    values = {
        prop: by_node(store, [n for iri in rows if prop in props[iri] for n in nodes[iri]], prop)
        for prop in sorted({prop for each in props.values() for prop in each})
    }
    read: dict[str, dict[tuple[str, str], set[str]]] = {}
    for iri, row in rows.items():
        stated: set[tuple[str, str]] = set()
        bases: dict[str, set[str]] = {}
        for coding in codings.get(row, ()):
            for prop in map(text_of, coded.get(coding, ())):
                if ox.NamedNode(COP + "Interpreted") in status.get(coding, ()):
                    bases.setdefault(prop, set()).update(map(text_of, based.get(coding, ())))
                else:
                    stated |= {(prop, text_of(value)) for value in alone.get(coding, ())}
        read[iri] = {
            (prop, text_of(value)): bases.get(prop, set())
            for node in nodes[iri]
            for prop in props[iri]
            for value in values[prop].get(node, ())
            if (prop, text_of(value)) not in stated
        }
    return read
