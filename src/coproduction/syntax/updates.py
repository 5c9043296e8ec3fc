"""What the text of SPARQL Update says before it is run: its operations, and the graphs they name.

pyoxigraph runs a text as a whole and knows no data set of the protocol, so a text is parted here
into its operations, each in its own place: an error has the line and column that it has there.

Source: SPARQL 1.1 Update and SPARQL 1.1 Protocol (W3C Recommendations, 21 March 2013).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from ..errors import QueryError
from .sparql import tokens

_BEGIN: Final = frozenset(
    ("insert", "delete", "with", "clear", "drop", "create", "add", "move", "copy")
)
_PROLOGUE: Final = frozenset(("prefix", "base", "version"))
_ESCAPE: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


class Operation(NamedTuple):
    """One operation of an update.

    Attributes:
        text: of the operation with the prologue before it; all else of the whole is blank.
        emptied: ``all`` or ``named`` where it empties (CLEAR, DROP) all graphs, or all with a
            name; else nothing.
        is_dropped: whether these graphs are dropped.
    """

    text: str
    emptied: str = ""
    is_dropped: bool = False


def operations(text: str, using: Sequence[str] = (), named: Sequence[str] = ()) -> list[Operation]:
    """Part an update into its operations.

    Args:
        text: the update.
        using: IRIs of the graphs that are the default graph of each WHERE.
        named: IRIs of the graphs that GRAPH asks there.

    Raises:
        QueryError: it loads from an address, or names graphs by USING or WITH beside those given.

    >>> [each.text.strip() for each in operations("CLEAR DEFAULT ; DELETE WHERE { ?s ?p ';' }")]
    ['CLEAR DEFAULT', "DELETE WHERE { ?s ?p ';' }"]
    >>> operations("DROP SILENT ALL")[0].emptied
    'all'
    """
    found = []
    prologue: list[tuple[int, int]] = []
    for first, begin, end, words in _parts(text):
        prologue.append((first, begin))
        if not words:
            continue
        own = _with_data_set(text[begin:end], using, named) if using or named else text[begin:end]
        before, last = "", 0
        for start, stop in prologue:
            before += _blank(text[last:start]) + text[start:stop]
            last = stop
        kind = [word for word in words[:3] if word != "silent"]
        is_whole = kind[0] in ("clear", "drop") and kind[-1] in ("all", "named")
        found.append(Operation(before + own, kind[-1] if is_whole else "", kind[0] == "drop"))
    return found


def may_name(text: str, namespace: str) -> bool:
    r"""Tell whether an update may write to a graph whose IRI begins with a namespace.

    It may where it names one, an IRI that one can be made of, or a graph by a variable.

    >>> may_name("INSERT DATA { GRAPH <urn:mine> { <urn:a> <urn:b> 'urn:ours:x' } }", "urn:ours:")
    False
    >>> may_name("PREFIX o: <urn:o> CLEAR GRAPH o:urs\\:x", "urn:ours:")
    True
    """
    text = _unescaped(text)
    before = ""
    for found in tokens(text):
        if found["space"] is not None:
            continue
        word = (found["word"] or "").lower()
        iri = found["iri"]
        if iri is not None and (
            iri.startswith((namespace, "//")) or namespace.startswith(iri) or "/." in iri
        ):
            return True
        if word == "base" or ("graph" in word and word != "graph"):
            return True
        if found["variable"] is not None and before == "graph":
            return True
        before = word
    return False


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda one: chr(min(int(one[1] or one[2], 16), 0x10FFFF)), text)


def _parts(text: str) -> Iterator[tuple[int, int, int, list[str]]]:
    """Part a text at each semicolon outside of brackets.

    Yields:
        where its prologue begins, where its operation does, where that ends, and its words outside
        of brackets in small letters; none where there is no operation.
    """
    depth, start, begin = 0, 0, -1
    words: list[str] = []
    for found in tokens(text):
        word, sign = (found["word"] or "").lower(), found[0]
        if found["space"] is not None:
            continue
        if "load" in word or (found["prefix"] or "").lower().startswith("load"):
            _refuse_load(text, found)
        if depth == 0 and sign == ";":
            yield start, begin if begin >= 0 else found.start(), found.start(), words
            start, begin, words = found.end(), -1, []
            continue
        depth = max(0, depth + (sign == "{") - (sign == "}"))
        if depth or not word:
            continue
        if begin < 0 and word not in _PROLOGUE:
            if word not in _BEGIN:
                raise QueryError(
                    f"update, {_place(text, found.start())}: no operation of SPARQL Update begins "
                    f"with {found[0]!r}"
                )
            begin = found.start()
        if begin >= 0:
            words.append(word)
    yield start, begin if begin >= 0 else len(text), len(text), words


def _refuse_load(text: str, found: re.Match[str]) -> None:
    """Refuse LOAD; a declared prefix may begin with its letters."""
    prefix = found["prefix"]
    if prefix is not None and re.search(rf"prefix\s+{re.escape(prefix)}:", text, re.IGNORECASE):
        return
    raise QueryError(
        f"update, {_place(text, found.start())}: LOAD is not carried out, as nothing is fetched "
        "from elsewhere: send the statements themselves"
    )


def _place(text: str, at: int) -> str:
    return f"line {text.count(chr(10), 0, at) + 1}, column {at - text.rfind(chr(10), 0, at)}"


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


def _with_data_set(text: str, using: Sequence[str], named: Sequence[str]) -> str:
    """Write the data set of a request into an operation that has a WHERE."""
    clause = "".join(f" USING <{iri}>" for iri in using)
    clause += "".join(f" USING NAMED <{iri}>" for iri in named) + " "
    depth, before = 0, ""
    for found in tokens(text):
        word, sign = (found["word"] or "").lower(), found[0]
        if found["space"] is not None:
            continue
        if not depth and word in ("using", "with"):
            raise QueryError(
                "update: it names graphs by USING or WITH, and the request names others: do one"
            )
        if not depth and word == "where":
            at, end = found.start(), found.end()
            if before == "delete":  # the short form: what is matched is taken out
                return f"{text[:at]}{text[end:]}{clause}WHERE{text[end:]}"
            return f"{text[:at]}{clause}{text[at:]}"
        depth = max(0, depth + (sign == "{") - (sign == "}"))
        before = word or sign
    return text
