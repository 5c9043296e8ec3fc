"""What the text of a SPARQL query says before it is run: its data set, its endpoints, its depth.

pyoxigraph has no parser of its own to ask. A lexer is enough, as FROM and SERVICE are words that
stand nowhere else in SPARQL; and it has to read as the engine's grammar does, which knows no
border of words: ``ASKFROM<g>{}``, ``1SERVICE<e>{}`` and ``SERVICEex:e{}`` are queries to it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from functools import cache, lru_cache
from typing import Final, NamedTuple

from ..names import PREFIXES

# A cheap look that has to be true of every text with such a clause; `?service` passes by. It looks
# at one sign behind the word: to look for a colon takes the square of a text of such words.
_MAY_NAME: Final = (
    r"(?<![?$])(?:service|from)(?:\s*(?:silent|named))?(?:\s*[#<?$]|\s*[^\s<>(){}\"'#])"
)
# In a name that has a prefix such a word is none: what stands behind a colon there is its own, and
# outside of texts, IRIs and comments a colon stands nowhere else.
_LOCAL_NAME: Final = ":[A-Za-z_][A-Za-z0-9_]*"
_COMMENT_LINE: Final = r"^[ \t]*#[^\n\r]*"
"""A line that is a comment, unless a text goes over several lines."""
_UPDATES: Final = frozenset(
    "insert delete load clear drop create add move copy with".split()  # noqa: SIM905
)
_MOST_READINGS: Final = 20_000


class Clauses(NamedTuple):
    """What was found in a query.

    Attributes:
        has_data_set: whether FROM or FROM NAMED stands in it.
        graphs: the IRIs of the graphs that they name, as far as they are written out.
        endpoints: what each SERVICE names: an IRI, a variable (``?e``), or an empty text where
            it cannot be told.
        is_update: whether it is an update.
    """

    has_data_set: bool
    graphs: tuple[str, ...]
    endpoints: tuple[str, ...]
    is_update: bool


_NOTHING: Final = Clauses(False, (), (), False)


@lru_cache(maxsize=256)  # a query is looked at by several steps, and a check goes over all
def clauses(text: str) -> Clauses:
    """Read a query; a text that can hold none of these clauses costs next to nothing.

    >>> clauses("SELECT * FROM cop:g { ?from ?service '''SERVICE <e> {}''' }").graphs
    ('https://w3id.org/coproduction#g',)
    >>> clauses("ASK { SERVICE SILENT <http://example.org/> { ?s ?p ?o } }").endpoints
    ('http://example.org/',)
    """
    looked_at = re.sub(_LOCAL_NAME, ":", text)
    if "'''" not in text and '"""' not in text:
        looked_at = re.sub(_COMMENT_LINE, "", looked_at, flags=re.MULTILINE)
    if not re.search(_MAY_NAME, looked_at, re.IGNORECASE):
        return _NOTHING
    return _Reader(text).read()


def is_update(text: str) -> bool:
    """Tell whether a text is an update, not a query."""
    return _Reader(text).read().is_update


@cache
def token() -> re.Pattern[str]:
    """Give the pattern of a token.

    Its groups: ``iri``, ``prefix`` and ``local`` of a prefixed name, ``variable``, ``literal``
    (string or language tag), ``blank`` node, ``word`` and ``space`` (comments too). Signs match
    none of them.
    """
    return re.compile(
        r'''
          (?P<space>[\x00-\x20]+|\#[^\n\r]*)
        | (?P<literal>"""(?:\\.|[^\\])*?""" | \'\'\'(?:\\.|[^\\])*?\'\'\'  # long strings
          | "(?:\\.|[^"\\\n\r])*" | '(?:\\.|[^'\\\n\r])*'                  # short strings
          | @[A-Za-z]+(?:-[A-Za-z0-9]+)*)                                  # language tags
        | <(?P<iri>(?:[^\x00-\x20<>"{}|^`\\]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*)>
        | (?P<variable>[?$]\w+)
        | (?P<blank>_:\w(?:[\w-]|\.+(?=[\w-]))*)
        | (?P<prefix>[^\W\d_][\w-]*(?:\.+[\w-]+)*)?:
          (?P<local>(?:[\w%:-]|\\[_~.!$&'()*+,;=/?\#@%-]|\.+(?=[\w%:\\-]))*)
        | (?P<word>\w+)
        ''',
        re.VERBOSE | re.DOTALL,
    )


def iris_named(text: str, prefixes: Mapping[str, str] = PREFIXES) -> Iterator[str]:
    """Give the IRIs that a query names, whole or by prefix; those of its prologue are left out."""
    reader = _Reader(text, prefixes)
    reader.read()
    yield from reader.named


def tokens(text: str) -> Iterator[re.Match[str]]:
    """Give the tokens of a text in order; what is none of :func:`token` is the group ``sign``.

    >>> [found[0] for found in tokens("ASK {?x a 'b'}") if not found["space"]]
    ['ASK', '{', '?x', 'a', "'b'", '}']
    """
    return _token_or_sign().finditer(text)


@cache
def _token_or_sign() -> re.Pattern[str]:
    return re.compile(rf"{token().pattern} | (?P<sign>.)", token().flags)


class InlineValues(NamedTuple):
    """A ``VALUES ?name { ... }`` of a query.

    Attributes:
        name: its variable.
        begin, end: where its terms begin and end.
        size: how many they are.
    """

    name: str
    begin: int
    end: int
    size: int


def inline_values(text: str) -> Iterator[InlineValues]:
    r"""Find the ``VALUES ?name { ... }`` of a query, those of one variable, however laid out.

    >>> [text[v.begin : v.end] for text in ["ASK { values ?a # {\n{ <x> } }"]
    ...  for v in inline_values(text)]
    [' <x> ']
    """
    if "values" not in text.casefold():
        return
    name = begin = None
    before, count = "", 0
    for found in tokens(text):
        if found["space"] is not None:
            continue
        if begin is not None:
            if found[0] == "}":
                assert name is not None
                yield InlineValues(name, begin, found.start(), count)
                name = begin = None
            # A literal may have its language or its datatype behind it.
            elif not found[0].startswith("@") and found[0] != "^" and before != "^":
                count += 1
        elif name is not None:
            name, begin = (name, found.end()) if found[0] == "{" else (None, None)
            count = 0
        elif before == "values" and found["variable"] is not None:
            name = found[0][1:]
        before = (found["word"] or found[0]).lower()


def lists_closed_up(text: str) -> str:
    r"""Put what stands between COALESCE or CONCAT and its bracket before the word.

    SPARQL allows space and comments there, and the engine's grammar does not. All that comes behind
    stays where it is, so that an error has its place.

    >>> lists_closed_up("ASK { BIND(Coalesce # first\n (?a, 'CONCAT (') AS ?b) }")
    "ASK { BIND( # first\n Coalesce(?a, 'CONCAT (') AS ?b) }"
    """
    pieces: list[str] = []
    gap = 0
    for found in tokens(text):
        if found["space"] is not None:
            gap += 1
        else:
            word = len(pieces) - gap - 1
            if found[0] == "(" and gap and pieces[word].lower() in ("coalesce", "concat"):
                pieces.append(pieces.pop(word))
            gap = 0
        pieces.append(found[0])
    return "".join(pieces)


def declared_prefixes(text: str) -> set[str]:
    """Give the prefixes that a query declares."""
    reader = _Reader(text, {})
    reader.read()
    return set(reader.prefixes)


def star_spelt_out(text: str, variables: Collection[str]) -> str:
    """Write the variables of ``SELECT *`` in the order of their first use, in place of the star.

    Args:
        text: a query.
        variables: those that its answer has.

    >>> star_spelt_out("SELECT * { ?b ?a [] }", ["a", "b"])
    'SELECT ?b ?a { ?b ?a [] }'
    """
    star = _star(text) if "*" in text and variables else None
    if star is None:
        return text
    used = dict.fromkeys(found[0][1:] for found in tokens(text) if found["variable"] is not None)
    ordered = [name for name in used if name in variables]
    if set(ordered) != set(variables):
        return text
    return f"{text[:star]} {' '.join(f'?{name}' for name in ordered)} {text[star + 1 :]}"


def _star(text: str) -> int | None:
    """Give the place of the star of a query that is ``SELECT *``."""
    selecting = False
    for found in tokens(text):
        word = (found["word"] or "").lower()
        if word == "select":
            selecting = True
        elif selecting and found["space"] is None and word not in ("distinct", "reduced"):
            return found.start() if found[0] == "*" else None
        elif word in ("construct", "describe", "ask"):
            return None
    return None


def terms_asked(text: str) -> list[str]:
    """Give the IRIs that a query asks for, each once; what it makes (CONSTRUCT) is left out."""
    graphs = clauses(text).graphs
    return [iri for iri in dict.fromkeys(iris_named(_without_template(text))) if iri not in graphs]


def _without_template(text: str) -> str:
    """Blank the template of a CONSTRUCT, in which a query names what it makes."""
    depth, begins = 0, None
    constructing = False
    for found in tokens(text):
        constructing = constructing or (found["word"] or "").lower() == "construct"
        if not constructing:
            continue
        if found[0] == "{":
            begins = found.start() if begins is None else begins
            depth += 1
        elif begins is None and (found["word"] or "").lower() in ("where", "from"):
            return text  # the short form: the pattern is the template
        elif found[0] == "}" and begins is not None:
            depth -= 1
            if not depth:
                return f"{text[:begins]} {{ }} {text[found.end() :]}"
    return text


class _Reader:
    """Reads a text; two ways where a ``<`` can begin an IRI or be less-than."""

    def __init__(self, text: str, prefixes: Mapping[str, str] = PREFIXES) -> None:
        self.text = text
        self.prefixes = dict(prefixes)
        self.named: list[str] = []
        self._graphs: list[str] = []
        self._endpoints: list[str] = []
        self._from = False
        self._first = ""
        self._states: list[tuple[int, int, bool]] = [(0, 0, False)]

    def read(self) -> Clauses:
        seen: set[tuple[int, int, bool]] = set()
        main = True
        while self._states:
            state = self._states.pop()
            while state[0] < len(self.text) and state not in seen:
                # Where readings do not end, what cannot be told is taken as an endpoint.
                if len(seen) > _MOST_READINGS + 2 * len(self.text):
                    self._endpoints.append("")
                    self._states.clear()
                    break
                seen.add(state)
                state = self._step(*state, main)
            main = False
        return Clauses(
            self._from,
            tuple(dict.fromkeys(self._graphs)),
            tuple(dict.fromkeys(self._endpoints)),
            self._first in _UPDATES,
        )

    def _step(self, at: int, depth: int, operand: bool, main: bool) -> tuple[int, int, bool]:
        """Read one token; give where the next begins, in how many brackets, and what this was."""
        found = token().match(self.text, at)
        if found is None:
            sign = self.text[at]
            depth += (sign in "([{") - (sign in ")]}")
            return at + 1, max(depth, 0), sign in ")]"
        end = found.end()
        if found["space"] is not None:
            return end, depth, operand
        if found["iri"] is not None:
            # In `(1<2)SERVICE#>` the engine reads less-than; in `(?x <e>)` an IRI.
            if depth and not re.match(r"<[A-Za-z][\w+.-]*://", found[0]):
                self._states.append((at + 1, depth, False))
            if main:
                self.named.append(found["iri"])
        elif found["word"] is not None:
            return (
                self._word(found, main),
                depth,
                found[0].lower() in ("true", "false") or (found[0][0].isdigit()),
            )
        elif found["local"] is not None:
            end = self._name(found, main)
        return end, depth, True

    def _word(self, found: re.Match[str], main: bool) -> int:
        word, end = found[0].lower(), found.end()
        if main and not self._first and word not in ("prefix", "base", "version"):
            self._first = word
        if word == "prefix":
            name = self._next(end)
            if name is not None and name["local"] == "":
                return self._declare(name["prefix"] or "", name.end())
        elif word == "base":
            iri = self._next(end)
            return iri.end() if iri is not None and iri["iri"] is not None else end
        if "service" in word:
            self._endpoints.append(
                self._term_after(end, "silent")
                if word.endswith(("service", "servicesilent"))
                else ""
            )
        if "from" in word:
            self._from = True
            graph = self._term_after(end, "named") if word.endswith(("from", "fromnamed")) else ""
            self._graphs += [graph] if ":" in graph else []
        return end

    def _name(self, found: re.Match[str], main: bool) -> int:
        """Read a prefixed name, in which a keyword may be stuck to the prefix."""
        prefix, end = found["prefix"] or "", found.end()
        if found["local"] == "" and prefix.lower().startswith("prefix"):
            declared = self._declare(prefix[len("prefix") :], end)
            if declared != end:
                return declared
        folded = prefix.lower()
        if "service" in folded:
            follows = self.text[self._skip(end) :][:1]
            if follows == "{" and not re.search(
                r"(?:GRAPH|FROM|NAMED|DESCRIBE)\s*$", self.text[: found.start()][-300:], re.I
            ):
                self._endpoints.append("")
        if "from" in folded and prefix not in self.prefixes:
            self._from = True
        if main:
            iri = self._iri(found)
            self.named += [iri] if iri and found["local"] else []
        return end

    def _declare(self, prefix: str, at: int) -> int:
        iri = self._next(at)
        if iri is None or iri["iri"] is None:
            return at
        self.prefixes[prefix] = _unescaped(iri["iri"])
        return iri.end()

    def _term_after(self, at: int, may_stand_between: str) -> str:
        """Give the IRI or variable at a place, behind a word that may stand there."""
        found = self._next(at)
        if found is not None and found["word"] and found[0].lower() == may_stand_between:
            found = self._next(found.end())
        if found is None:
            return ""
        if found["iri"] is not None:
            return _unescaped(found["iri"])
        return found["variable"] or self._iri(found)

    def _iri(self, name: re.Match[str]) -> str:
        """Give the IRI of a prefixed name, or an empty text."""
        namespace = self.prefixes.get(name["prefix"] or "") if name["local"] is not None else None
        if namespace is None:
            return ""
        return namespace + re.sub(r"\\(.)", r"\1", name["local"])

    def _next(self, at: int) -> re.Match[str] | None:
        return token().match(self.text, self._skip(at))

    def _skip(self, at: int) -> int:
        """Give the place behind blanks and comments."""
        while (found := token().match(self.text, at)) and found["space"] is not None:
            at = found.end()
        return at


def _unescaped(iri: str) -> str:
    return re.sub(
        r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})",
        lambda found: chr(min(int(found[1] or found[2], 16), 0x10FFFF)),
        iri,
    )
