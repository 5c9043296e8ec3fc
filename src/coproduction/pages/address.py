"""What is asked of the explorer, as an address: a path, the state of the page, and a form.

All that a page depends on stands in its address, so that it can be sent to others. Links are
written relative to the page that they stand on: the pages work below any path.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import parse_qsl, quote, unquote, urlencode

from ..errors import DataError
from ..messages import spoken
from ..names import COP, ID

FORMS: Final = {
    "html": "text/html; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "ttl": "text/turtle; charset=utf-8",
    "jsonld": "application/ld+json",
    "rdf": "application/rdf+xml",
    "svg": "image/svg+xml",
}
"""The forms of every page by the ending of its address, with their media types."""
RDF_FORMS: Final = ("ttl", "jsonld", "rdf")
_INDEX: Final = "/index"
_MOST: Final = 100
"""Parameters that an address may have."""
_OF_THEIR_OWN: Final = ("case", "claim")
"""Kinds of things whose page shows more than what the graphs say of them."""
_NOT_HERE: Final = ("icnptso", "participedia")
"""Kinds of things below our addresses that stand in files of others, and are never in scope."""


@dataclass(frozen=True)
class Address:
    """An address of the explorer.

    Attributes:
        path: without an ending, decoded; ``/`` is the first page.
        state: names and values, as they stand behind the question mark.
        form: a key of :data:`FORMS`, or an empty text where the address does not say.

    >>> here = Address.read("/term/Complementary.csv", "lang=sv")
    >>> here.path, here.form, here.lang
    ('/term/Complementary', 'csv', 'sv')
    >>> here.to(Address("/diagram", (("lang", "sv"),)))
    '../diagram?lang=sv'
    """

    path: str
    state: tuple[tuple[str, str], ...] = ()
    form: str = ""

    @classmethod
    def read(cls, path: str, query: str = "") -> Address:
        """Read an address.

        Args:
            path: as it came, with its escapes.
            query: what stands behind the question mark.

        Raises:
            DataError: it is not in UTF-8, or has too many parameters.
        """
        try:
            path = unquote(path, errors="strict")
            state = parse_qsl(query, keep_blank_values=True, errors="strict", max_num_fields=_MOST)
        except UnicodeDecodeError:
            raise DataError("the address is not in UTF-8: send it so") from None
        except ValueError:
            raise DataError(f"more than {_MOST} parameters came") from None
        stem, dot, ending = path.rpartition(".")
        form = ending if dot and ending in FORMS else ""
        path = (stem if form else path).rstrip("/")
        return cls("/" if path in ("", _INDEX) else path, tuple(state), form)

    @property
    def lang(self) -> str:
        """The language that is asked for; English where none is.

        Raises:
            UnknownName: it is none of those that the package speaks.
        """
        return spoken(self.get("lang") or "en")

    def get(self, name: str) -> str:
        """Give the last value of a parameter, or an empty text."""
        return next((value for each, value in reversed(self.state) if each == name), "")

    def whole(self, name: str) -> int | None:
        """Give a parameter as a whole number, or None where it is none of up to 11 digits."""
        text = self.get(name).strip()
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 12 else None

    def with_state(self, **changed: str | int | None) -> Address:
        """Give the same page with other values of parameters; None or "" takes one out."""
        kept = [(name, value) for name, value in self.state if name not in changed]
        new = [(name, str(value)) for name, value in changed.items() if value not in (None, "")]
        return replace(self, state=tuple(kept + new))

    def in_form(self, form: str) -> Address:
        """Give the same page in another form."""
        return replace(self, form=form)

    def page(self, path: str, **state: str | int | None) -> Address:
        """Give another page in the same language."""
        return Address(path).with_state(lang=self.get("lang"), **state)

    @property
    def url(self) -> str:
        """The address as it is written, from the root of the explorer on."""
        path = self.path
        if self.form and self.form != "html":
            path = f"{_INDEX if path == '/' else path}.{self.form}"
        query = f"?{urlencode(self.state)}" if self.state else ""
        return quote(path, safe="/@!$&'()*+,;=~") + query

    @property
    def canonical(self) -> Address:
        """The one address of a page: in English that which names no language."""
        return self.with_state(lang=None) if self.get("lang") == "en" else self

    def to(self, other: Address | str) -> str:
        """Give the reference that leads from this page to another, or to a file."""
        target = other if isinstance(other, str) else other.url
        path, mark, query = target.partition("?")
        folder, _, name = path.rpartition("/")
        # By the folder that it stands in: ".." alone would lead into a folder.
        found = posixpath.relpath(folder or "/", posixpath.dirname(self.path))
        if found == ".":
            return (name or "./") + mark + query
        return f"{found}/{name}{mark}{query}"


def place_of(iri: str) -> str | None:
    """Give the path of the page on a thing of ours, or None where it has none.

    >>> place_of("https://w3id.org/coproduction#Complementary")
    '/term/Complementary'
    >>> place_of("https://w3id.org/coproduction/id/claim/C51")
    '/claim/C51'
    >>> place_of("https://w3id.org/coproduction/id/ambiguity/A9")
    '/id/ambiguity/A9'
    >>> place_of("https://example.org/") is None
    True
    """
    if iri.startswith(COP) and len(iri) > len(COP):
        return "/term/" + iri[len(COP) :]
    kind, _, name = iri.removeprefix(ID).partition("/")
    if iri.startswith(ID) and name and kind not in _NOT_HERE:
        is_apart = kind in _OF_THEIR_OWN and "/" not in name
        return f"/{kind}/{name}" if is_apart else f"/id/{kind}/{name}"
    return None


def thing_at(path: str) -> str | None:
    """Give the IRI of the thing below ``id/`` whose page stands at a path, or None.

    >>> thing_at("/claim/C51"), thing_at("/claims")
    ('https://w3id.org/coproduction/id/claim/C51', None)
    """
    iri = ID + path.removeprefix("/id").removeprefix("/")
    return iri if place_of(iri) == path else None
