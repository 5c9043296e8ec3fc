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
from ..names import PREFIXES
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
        emptied = _emptied(text, begin, words)
        found.append(Operation(before + own, emptied, words[0] == "drop"))
    return found


def _emptied(text: str, begin: int, words: Sequence[str]) -> str:
    """Tell whether an operation empties all graphs; the engine knows no border of words.

    Raises:
        QueryError: it empties (CLEAR, DROP) something that is not written apart.
    """
    if words[0] not in ("clear", "drop"):
        return ""
    what = [word for word in words[1:] if word != "silent"]
    if what not in (["all"], ["named"], ["default"], ["graph"]):
        raise QueryError(
            f"update, {_place(text, begin)}: {words[0].upper()} is followed by SILENT or not, and "
            "by ALL, NAMED, DEFAULT or GRAPH and its IRI, each written apart"
        )
    return what[0] if what[0] in ("all", "named") else ""


def written_graphs(operation: str, namespace: str) -> frozenset[str] | None:
    """Give the graphs below a namespace that an operation may write to, or None for any of them.

    Each IRI of the namespace is taken for one that stands where an operation names what it
    writes: in a template, behind WITH and TO, and anywhere else than in its WHERE. It may be any
    where a variable names a graph there, or an IRI is not written whole.

    Args:
        operation: its text, with the prologue.
        namespace: what the IRIs of the graphs begin with.

    >>> ours = "urn:ours:"
    >>> written_graphs("INSERT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }", ours)
    frozenset()
    >>> written_graphs("PREFIX o: <urn:o> CLEAR GRAPH o:urs:x", ours)
    frozenset({'urn:ours:x'})
    >>> written_graphs("DELETE WHERE { GRAPH ?g { ?s ?p ?o } }", ours) is None
    True
    """
    found: set[str] = set()
    prefixes = dict(PREFIXES)
    before, begun = "", ""
    for each in _of_target(operation):
        word = (each["word"] or "").lower()
        begun = begun or (word if word in _BEGIN else "")
        iri = _unescaped(each["iri"]) if each["iri"] is not None else None
        if iri is not None and not begun:  # of the prologue
            prefixes[before.removesuffix(":")] = iri
        if each["local"] is not None and begun:
            prefix = each["prefix"] or ""
            iri = prefixes.get(prefix, "//") + re.sub(r"\\(.)", r"\1", each["local"])
        if word == "base" or ("graph" in word and word != "graph"):
            return None
        if each["variable"] is not None and before == "graph":
            return None
        if iri is not None and (iri.startswith("//") or "/." in iri):
            return None
        if iri is not None and iri.startswith(namespace) and begun:
            found.add(iri)
        before = word or each[0]
    return frozenset(found)


def _of_target(text: str) -> Iterator[re.Match[str]]:
    """Give the tokens of an operation that may name what it writes to, and of its prologue."""
    depth, before, begun = 0, "", ""
    is_read = False
    for found in tokens(text):
        if found["space"] is not None:
            continue
        word, sign = (found["word"] or "").lower(), found[0]
        begun = begun or (word if word in _BEGIN else "")
        if not depth and word == "where" and before != "delete":
            return
        if begun in ("copy", "add") and word in ("copy", "add", "to"):
            is_read = word != "to"
        is_used = not depth and (before == "using" or before == "named")
        if word == begun or not (is_read or is_used):
            yield found
        depth = max(0, depth + (sign == "{") - (sign == "}"))
        before = word or sign


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
