"""What a question can be given, as its header has it."""

from __future__ import annotations

from typing import NamedTuple


class Parameter(NamedTuple):
    """What a question can be given: a language, an IRI, a string, an integer, or a limit.

    A limit is the number behind the LIMIT of a sub-select, and 0 lifts it.

    Attributes:
        name, type, description: as the header has them.
        optional: whether all are asked about where nothing is given.
        of_class: the class of which its values are, where they are IRIs.
        of_property: the property of which its values are, where they are strings.
        beside: another parameter, whose value the same things have.
        is_begin: whether it takes the begin of a value too.
    """

    name: str
    type: str
    description: str
    optional: bool
    of_class: str | None
    of_property: str | None = None
    beside: str = ""
    is_begin: bool = False
