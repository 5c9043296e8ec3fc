"""The DOCTYPE of XML files, looked at before any parser unfolds what it declares.

Protégé writes short entities for namespaces, which are harmless. Entities that hold others grow
without end (620 bytes become gigabytes), and external ones name files of the machine; office files
have none at all.
"""

from __future__ import annotations

from pathlib import Path
from typing import IO, Final
from xml.parsers import expat

from ..errors import DataError

_LONGEST: Final = 256
"""Characters of an entity's value."""
_MOST: Final = 100
_PROLOG: Final = 1_000_000
"""Bytes before the first element."""
_GROWTH: Final = 10_000_000
"""Bytes to which entities may make a file grow, beside four times its own size."""
_DECLARED: Final = b"<!ENTITY"
_ADVICE: Final = (
    'only short entities, as in <!ENTITY owl "http://www.w3.org/2002/07/owl#">, are read: '
    "write the values out, or save the file as Turtle"
)


class Refused(Exception):
    """A prolog that is not read; `line` is where, the message says what is wrong."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


class _Begun(Exception):
    """The first element: all that a DOCTYPE may declare was seen."""


def check_rdf_xml(path: Path) -> None:
    """Refuse RDF/XML whose DOCTYPE holds more than short entities.

    A file that is missing or cannot be opened is left to the parser's own words.

    Raises:
        DataError: the DOCTYPE is not harmless, or the file is no XML in UTF-8, with the line.
    """
    try:
        with path.open("rb") as file:
            values = read_prolog(file)
            _check_uses(file, values)
    except OSError:
        return
    except Refused as error:
        raise DataError(f"{path}, line {error.line}: {error}") from None


def read_prolog(
    file: IO[bytes], *, entities: bool = True, encoding: str | None = "utf-8"
) -> list[int]:
    """Read a file up to its first element.

    Args:
        file: open at its beginning.
        entities: whether short entities are allowed; else no DOCTYPE is.
        encoding: what the parser that reads it next takes for granted; by default what the file
            says.

    Returns:
        the length of each entity, in characters.

    Raises:
        Refused: the prolog is not harmless, or cannot be read.
    """
    prolog = _Prolog(entities, encoding)
    parser = prolog.parser
    read = 0
    try:
        while block := file.read(16_384):
            parser.Parse(block)
            read += len(block)
            if read > _PROLOG:
                raise prolog.refused(f"no element begins within the first {_PROLOG:,} bytes")
        parser.Parse(b"", True)
    except _Begun:
        return prolog.values
    except LookupError as error:  # an encoding that Python does not know
        raise prolog.refused(f"this is not valid {prolog.kind}: {error}") from None
    except expat.ExpatError as error:
        if error.code == expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS]:
            return prolog.values  # the parser that comes next tells it better
        raise Refused(
            error.lineno,
            f"this is not valid {prolog.kind}: {expat.ErrorString(error.code)} (it is read as "
            "UTF-8)",
        ) from None
    return prolog.values


class _Prolog:
    """Follows what a file declares before its first element, and refuses what is not harmless.

    Args:
        entities, encoding: as of :func:`read_prolog`.

    Attributes:
        values: the length of each entity so far, in characters.
    """

    def __init__(self, entities: bool, encoding: str | None) -> None:
        self.values: list[int] = []
        self.kind = "RDF/XML" if entities else "XML"
        self._entities = entities
        self.parser = expat.ParserCreate(encoding)
        self.parser.StartElementHandler = self._element
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.EntityDeclHandler = self._entity

    def refused(self, what: str) -> Refused:
        """Give the refusal of what stands where the parser is."""
        return Refused(self.parser.CurrentLineNumber, what)

    def _element(self, name: str, attributes: dict[str, str]) -> None:
        raise _Begun

    def _doctype(self, name: str, system: str | None, public: str | None, inner: bool) -> None:
        if not self._entities:
            raise self.refused("it has a DOCTYPE, which no spreadsheet program writes")

    def _entity(
        self,
        name: str,
        is_parameter: bool,
        value: str | None,
        base: str | None,
        system: str | None,
        public: str | None,
        notation: str | None,
    ) -> None:
        what = f"entity {name[:40]!r}"
        if is_parameter:
            raise self.refused(f"the DOCTYPE has the parameter {what}; {_ADVICE}")
        if value is None:
            raise self.refused(f"the DOCTYPE has the external {what}; {_ADVICE}")
        if "&" in value or "%" in value:
            raise self.refused(f"the DOCTYPE has the {what}, which holds others; {_ADVICE}")
        if len(value) > _LONGEST:
            raise self.refused(
                f"the DOCTYPE has the {what} of {len(value):,} characters, more than {_LONGEST}; "
                f"{_ADVICE}"
            )
        self.values.append(len(value))
        if len(self.values) > _MOST:
            raise self.refused(f"the DOCTYPE has more than {_MOST} entities; {_ADVICE}")


def _check_uses(file: IO[bytes], values: list[int]) -> None:
    """Refuse entities that are used too often, or declared where only a lax parser sees them.

    pyoxigraph takes a DOCTYPE anywhere, and a declaration in a comment of it for one.
    """
    file.seek(0)
    size = references = declared = 0
    tail = b""
    while block := file.read(1 << 20):
        size += len(block)
        references += block.count(b"&") if values else 0
        declared += (tail + block).count(_DECLARED)
        tail = block[1 - len(_DECLARED) :]
        if references * max(values, default=0) > 4 * size + _GROWTH:
            raise Refused(1, f"its entities would make it many times as large; {_ADVICE}")
    if declared > len(values):
        raise Refused(1, f"it declares an entity in a comment or below its DOCTYPE; {_ADVICE}")
