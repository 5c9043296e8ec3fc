"""Matching a user's labels to the terms of a vocabulary: candidates for a person to accept.

Labels are compared as words without case, accents, signs and plural endings: first for being the
same, by preferred and then by other labels of any language, then for being alike (rapidfuzz).
What the alignments know to be a false friend is never proposed.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import pyoxigraph as ox

from ..errors import DataError
from ..messages import ENGLISH
from ..names import OWL, RDFS, SKOS, SKOSXL
from ..store.embedded import EmbeddedStore
from ..syntax.rdf_files import FORMATS
from ..tables.table import TABLE_ENDINGS, Row, Table, is_error, of_formula, read_table
from ..version import __version__
from .alignments import all_links

LEAST: Final = 88.0
"""Likeness, of 100, below which two labels are not proposed to be one."""
_MOST_CANDIDATES: Final = 3
_KINDS: Final = {
    SKOS + "prefLabel": ("prefLabel", 0.95),
    RDFS + "label": ("label", 0.95),
    SKOS + "altLabel": ("altLabel", 0.85),
    SKOS + "hiddenLabel": ("hiddenLabel", 0.8),
}
_LABEL_HEADINGS: Final = ("label", "preflabel", "title", "name", "term", "tag", "description")
_SSSOM_HEADINGS: Final = ("subject_id", "subject_label", "predicate_id", "object_id")
"""Headings of a file of mappings, above which stands a block of metadata."""
_ID_HEADINGS: Final = ("iri", "uri", "id", "identifier", "code", "notation")
_SMALL_WORDS: Final = frozenset({"the", "of", "for", "and", "in", "a", "an", "by", "with", "to"})
_SAME: Final = {
    "organisation": "organization",
    "labour": "labor",
    "organised": "organized",
    "privatisation": "privatization",
    "programme": "program",
    "centre": "center",
    "neighbourhood": "neighborhood",
}


class Target(NamedTuple):
    """A label of a vocabulary: the term's IRI or code, the label, and what kind of label it is."""

    iri: str
    label: str
    kind: str
    confidence: float


class Candidate(NamedTuple):
    """A proposal: a label of the user's, the term, how sure, and by which of its labels."""

    label: str
    iri: str
    target_label: str
    confidence: float
    how: str


@cache
def words_of(text: str) -> str:
    """Give a label as it is compared.

    >>> words_of("Co-operatives, the"), words_of("Organisations (non-profit)")
    ('cooperative', 'nonprofit organization')
    """
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    plain = re.sub(r"\b(co|non|child|health|free|old|out|pre)-(?=\w)", r"\1", plain)
    words = re.findall(r"\w+", plain)
    kept = [_singular(word) for word in words if word not in _SMALL_WORDS] or words
    return " ".join(sorted(_SAME.get(word, word) for word in kept))


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


class Matcher:
    """Finds candidates in one vocabulary.

    Args:
        targets: the labels of its terms.
        least: likeness, of 100, from which labels are proposed.
    """

    def __init__(self, targets: Iterable[Target], least: float = LEAST) -> None:
        self._least = least
        self._same: dict[str, list[Target]] = defaultdict(list)
        self._compact: dict[str, list[Target]] = defaultdict(list)
        for target in targets:
            words = words_of(target.label)
            if words:
                self._same[words].append(target)
                self._compact[_joined(target.label)].append(target)
        self._texts = sorted(self._same, key=lambda text: (len(text), text))
        self._lengths = [len(text) for text in self._texts]

    def __len__(self) -> int:
        return len(self._texts)

    def candidates(self, label: str, most: int = _MOST_CANDIDATES) -> list[Candidate]:
        """Give the candidates for a label, the surest first.

        Args:
            label: as somebody wrote it.
            most: how many, at most.
        """
        words = words_of(label)
        if not words:
            return []
        found = [(target, target.confidence) for target in self._same.get(words, ())]
        if not found:
            joined = self._compact.get(_joined(label), ())
            found = [(target, target.confidence - 0.05) for target in joined]
        how = "same" if found else "alike"
        if not found:
            found = list(self._alike(words, most))
        best: dict[str, Candidate] = {}
        for target, confidence in sorted(found, key=lambda pair: (-pair[1], pair[0])):
            if not is_false_friend(label, target.iri):
                known = Candidate(label, target.iri, target.label, round(confidence, 2), how)
                best.setdefault(target.iri, known)
        return list(best.values())[:most]

    def _alike(self, words: str, most: int) -> Iterator[tuple[Target, float]]:
        from rapidfuzz import fuzz, process

        # Two texts as alike as asked for have lengths no further apart than this.
        share = self._least / (200 - self._least)
        first = bisect_left(self._lengths, len(words) * share)
        last = bisect_left(self._lengths, len(words) / share + 1)
        found = process.extract(
            words,
            self._texts[first:last],
            scorer=fuzz.ratio,
            processor=None,
            score_cutoff=self._least,
            limit=most,
        )
        for text, score, _ in found:
            for target in self._same[text]:
                yield target, target.confidence * 0.8 * score / 100


def _joined(label: str) -> str:
    """Give a label without spaces: child care is childcare."""
    return words_of(re.sub(r"[\s\W_]+", "", label))


@cache
def _false_friends() -> frozenset[tuple[str, str]]:
    return frozenset((words_of(link.label), link.target) for link in all_links() if link.negated)


def is_false_friend(label: str, iri: str) -> bool:
    """Tell whether a term is known not to be what a label says.

    >>> is_false_friend("Co-production", "http://eurovoc.europa.eu/5185")
    True
    """
    words = set(words_of(label).split())
    return any(iri == target and set(term.split()) <= words for term, target in _false_friends())


# -- reading -----------------------------------------------------------------------------------


def read_vocabulary(path: str | Path) -> list[Target]:
    """Read the labels of a vocabulary: SKOS or other RDF, or a table with codes and labels.

    Raises:
        DataError: the file cannot be read, or no label is in it.
    """
    path = Path(path)
    if path.suffix.lower() in FORMATS:
        targets = list(_rdf_labels(path))
    elif path.suffix.lower() in TABLE_ENDINGS:
        table = read_table(path)
        named = _position(table.headings, _LABEL_HEADINGS)
        coded = _position(table.headings, _ID_HEADINGS)
        if named is None or coded is None:
            raise DataError(
                f"{path}: a vocabulary in a table has a column of codes (one of "
                f"{', '.join(_ID_HEADINGS)}) and one of labels ({', '.join(_LABEL_HEADINGS)})"
            )
        targets = []
        for row in table.rows:
            if len(row.cells) > max(coded, named) and row.cells[coded] and row.cells[named]:
                _check_formula(path, table, row, (coded, named))
                targets.append(Target(row.cells[coded], row.cells[named], "label", 0.95))
    else:
        raise DataError(f"{path}: a vocabulary is RDF ({' '.join(FORMATS)}) or a table")
    if not targets:
        raise DataError(f"{path}: no term in it that is not deprecated has a label")
    return targets


def _rdf_labels(path: Path) -> Iterator[Target]:
    """Give the labels of terms that are in use, SKOS-XL's too."""
    store = EmbeddedStore()
    store.add_raw(path)
    seen = set()
    deprecated = {
        quad.subject
        for quad in store.statements(None, ox.NamedNode(OWL + "deprecated"), None)
        if getattr(quad.object, "value", "") in ("true", "1")
    }
    for name in ("prefLabel", "altLabel", "hiddenLabel"):
        label = ox.NamedNode(SKOS + name)
        by_label = list(store.statements(None, ox.NamedNode(SKOSXL + name)))
        store.add(
            ox.Quad(quad.subject, label, text)
            for quad in by_label
            if not isinstance(quad.object, ox.Literal)
            for text in store.values(quad.object, SKOSXL + "literalForm")
        )
    for prop, (kind, confidence) in _KINDS.items():
        for quad in store.statements(None, ox.NamedNode(prop), None):
            if (
                not isinstance(quad.subject, ox.NamedNode)
                or not isinstance(quad.object, ox.Literal)
                or quad.subject in deprecated
            ):
                continue
            key = (quad.subject.value, quad.object.value)
            if key not in seen:
                seen.add(key)
                yield Target(*key, kind, confidence)


def read_labels(path: str | Path, column: str | None = None) -> list[tuple[str, str]]:
    """Read the labels to be matched, each once, with where it first stands.

    Args:
        path: a table, or RDF whose labels are taken.
        column: heading of the column; by default one that is called like a label, else the first.

    Raises:
        DataError: the file cannot be read, or has no such column.
    """
    path = Path(path)
    found: dict[str, str] = {}
    if path.suffix.lower() in FORMATS:
        for target in _rdf_labels(path):
            found.setdefault(target.label, target.iri)
        return list(found.items())
    expected = (*_SSSOM_HEADINGS, *((column,) if column else _LABEL_HEADINGS))
    table = read_table(path, expected=expected)
    at = _position(table.headings, (column,) if column else _LABEL_HEADINGS)
    if at is None and column:
        known = ", ".join(filter(None, table.headings))
        raise DataError(f"{path}: there is no column {column!r}; it has {known}")
    at = at or 0
    for row in table.rows:
        if len(row.cells) > at and row.cells[at]:
            _check_formula(path, table, row, (at,))
            found.setdefault(row.cells[at], f"{path.name}#{table.address(at, row.number)}")
    return list(found.items())


def _check_formula(path: Path, table: Table, row: Row, columns: Sequence[int]) -> None:
    """Refuse the error of a formula where a label or a code should stand."""
    for column in columns:
        if is_error(row.cells[column]):
            fix = of_formula(row.cells[column], ENGLISH)
            raise DataError(f"{path}, {table.address(column, row.number)}: {fix}")


def _position(headings: Sequence[str], names: Sequence[str]) -> int | None:
    folded = [heading.strip().casefold() for heading in headings]
    for name in names:
        if name.casefold() in folded:
            return folded.index(name.casefold())
    return None


class Proposal(NamedTuple):
    """A candidate for a label, with where the label stands."""

    place: str
    label: str
    iri: str
    target_label: str
    confidence: float
    how: str


def propose(
    path: str | Path,
    vocabulary: str | Path,
    column: str | None = None,
    least: float = LEAST,
    progress: Callable[[int, float], object] = lambda done, share: None,
) -> list[Proposal]:
    """Propose terms of a vocabulary for the labels in a file.

    Args:
        path: a table, or RDF whose labels are taken.
        vocabulary: SKOS or other RDF, or a table with codes and labels.
        column: heading of the column with the labels.
        least: likeness, of 100, from which labels are proposed.
        progress: told how many labels were looked up, and which share of them that is.

    Raises:
        DataError: a file cannot be read.
    """
    labels = read_labels(path, column)
    matcher = Matcher(read_vocabulary(vocabulary), least)
    found = []
    for number, (label, place) in enumerate(labels, start=1):
        found += [Proposal(place, *candidate) for candidate in matcher.candidates(label)]
        if number % 100 == 0 or number == len(labels):
            progress(number, number / len(labels))
    return found


# -- writing -----------------------------------------------------------------------------------

_COLUMNS: Final = (
    "subject_id", "subject_label", "predicate_id", "object_id", "object_label",
    "mapping_justification", "confidence", "match_string", "comment",
)  # fmt: skip


def to_sssom(found: Iterable[Proposal], source: str, vocabulary: str) -> str:
    """Write proposals as an SSSOM file, to be gone through by a person.

    Args:
        found: the proposals.
        source, vocabulary: names of the two files.
    """
    lines = [
        "# curie_map:",
        "#   semapv: https://w3id.org/semapv/vocab/",
        "#   skos: http://www.w3.org/2004/02/skos/core#",
        f"# mapping_set_id: https://example.org/mappings/{Path(source).stem}",
        '# mapping_set_description: "Candidates by their labels; none was reviewed. '
        'Name your own identifier and licence before you publish."',
        "# license: https://w3id.org/sssom/license/unspecified",
        f'# subject_source: "{source}"',
        f'# object_source: "{vocabulary}"',
        "# mapping_tool: coproduction link",
        f'# mapping_tool_version: "{__version__}"',
    ]
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter="\t", lineterminator="\n")
    writer.writerow(_COLUMNS)
    for one in found:
        relation = "exactMatch" if one.how == "same" and one.confidence >= 0.9 else "closeMatch"
        writer.writerow(
            [
                one.place, one.label, f"skos:{relation}", one.iri, one.target_label,
                "semapv:LexicalMatching", one.confidence, words_of(one.label),
                f"The labels are {'the same' if one.how == 'same' else 'alike'}; not reviewed.",
            ]
        )  # fmt: skip
    return "\n".join(lines) + "\n" + buffer.getvalue()
