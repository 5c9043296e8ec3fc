"""Sets the version wherever it is repeated: ``src/coproduction/version.py`` has it.

The ontology's files, the shapes, the alignments and CITATION.cff have to name it, since each is
also read without the package.

Run: `python docs/version.py` brings all of them to the version of the package;
`python docs/version.py 0.3.0` changes that first, and with it the day of release, in CITATION.cff and
in the header of the ontology (issued, modified), and the version before (`owl:priorVersion`);
`--check` writes nothing, and exits 1 where a file names another version or day. Who changes the
ontology between two releases sets `dcterms:modified` by hand.
"""

from __future__ import annotations

import datetime
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCE = "src/coproduction/version.py"
NUMBER = r"\d+\.\d+\.\d+"
DAY = r"\d{4}-\d\d-\d\d"
ASSIGNED = rf'(?m)^__version__ = "({NUMBER})"$'

HEADER = "ontology/coproduction.ttl"
CITATION = "CITATION.cff"
RELEASED = rf"(?m)^date-released: ({DAY})$"
ISSUED = rf'dcterms:issued "({DAY})"'
MODIFIED = rf'dcterms:modified "({DAY})"'
PRIOR = r"(?m)^ +owl:priorVersion <([^>\s]*)> ;$"

IRI = r"owl:versionIRI <[^>\s]*/([^/>]*)>"
INFO = r'owl:versionInfo "([^"]*)"'
PLACES = (
    ("ontology/*.ttl", IRI),
    ("ontology/*.ttl", INFO),
    (HEADER, r'dcterms:bibliographicCitation "[^"]* version (\S*)\."'),
    ("ontology/alignments/*.sssom.tsv", r"(?m)^# mapping_set_version: (.*)$"),
    ("shapes/*.ttl", IRI),
    (CITATION, r"(?m)^version: (.*)$"),
)
"""The files that repeat the version, each with the pattern of the one place where it does."""


def version_of(root: Path) -> str:
    """Give the version that the package says."""
    found = re.search(ASSIGNED, (root / SOURCE).read_text(encoding="utf-8"))
    if found is None:
        sys.exit(f'{SOURCE}: has no line __version__ = "1.2.3"')
    return found[1]


def with_group(text: str, found: re.Match[str], value: str) -> str:
    """Give the text with the first group of a match replaced."""
    return text[: found.start(1)] + value + text[found.end(1) :]


def old_places(root: Path, version: str) -> Iterator[tuple[Path, re.Match[str]]]:
    """Give each place that names another version.

    A file that names none, or twice, is refused: it would be passed over at each release.
    """
    for pattern, place in PLACES:
        files = sorted(root.glob(pattern))
        if not files:
            sys.exit(f"{pattern}: there is no such file; docs/version.py names it")
        for path in files:
            text = path.read_text(encoding="utf-8")
            found = list(re.finditer(place, text))
            if not found and path.suffix == ".ttl" and "a owl:Ontology" not in text:
                continue  # a SKOS scheme, such as the roles
            if len(found) != 1:
                name = path.relative_to(root).as_posix()
                sys.exit(f"{name}: names its version {len(found)} times, once is due: {place}")
            if found[0][1] != version:
                yield path, found[0]


def bring(root: Path, version: str) -> None:
    """Bring all places to a version."""
    # Each is looked for again once the one before is written: a file may have several.
    while (old := next(old_places(root, version), None)) is not None:
        path, found = old
        path.write_text(with_group(found.string, found, version), encoding="utf-8", newline="")


def replace(path: Path, place: str, value: str) -> None:
    """Replace the group of a pattern in a file that has it."""
    text = path.read_text(encoding="utf-8")
    found = re.search(place, text)
    if found is None:
        sys.exit(f"{path}: has no {place}")
    path.write_text(with_group(text, found, value), encoding="utf-8", newline="")


def value(path: Path, place: str) -> str:
    """Give the group of a pattern in a file that has it."""
    found = re.search(place, path.read_text(encoding="utf-8"))
    if found is None:
        sys.exit(f"{path}: has no {place}")
    return found[1]


def false_days(root: Path) -> Iterator[str]:
    """Tell what is wrong with the days of the ontology's header."""
    released, issued = value(root / CITATION, RELEASED), value(root / HEADER, ISSUED)
    if issued != released:
        yield f"{HEADER} is issued on {issued}, {CITATION} says {released}"
    if value(root / HEADER, MODIFIED) < issued:
        yield f"{HEADER} is modified before it is issued, on {issued}"


def release(root: Path, old: str) -> None:
    """Set the day of release, today, and the version before in the header of the ontology."""
    today = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
    replace(root / CITATION, RELEASED, today)
    for place in (ISSUED, MODIFIED):
        replace(root / HEADER, place, today)
    path, prior = root / HEADER, f"https://w3id.org/coproduction/{old}"
    text = path.read_text(encoding="utf-8")
    if re.search(PRIOR, text):
        replace(path, PRIOR, prior)
    else:
        place = re.search(r'(?m)^ +owl:versionInfo "[^"]*" ;\n', text)
        assert place is not None, f"{HEADER} has a line owl:versionInfo"
        line = f"    owl:priorVersion <{prior}> ;\n"
        new = text[: place.end()] + line + text[place.end() :]
        path.write_text(new, encoding="utf-8", newline="")


def main(arguments: list[str], root: Path = ROOT) -> int:
    """Set or check the version; give the exit code."""
    if arguments == ["--check"]:
        old = list(old_places(root, version_of(root)))
        for path, found in old:
            print(
                f"{path.relative_to(root).as_posix()} names version {found[1]}, the package "
                f"{version_of(root)}: run 'python docs/version.py'",
                file=sys.stderr,
            )
        days = list(false_days(root))
        for day in days:
            print(f"{day}: run 'python docs/version.py VERSION' or mend it", file=sys.stderr)
        return 1 if old or days else 0
    if arguments:
        if len(arguments) > 1 or not re.fullmatch(NUMBER, arguments[0]):
            print(f"not a version such as 0.3.0: {' '.join(arguments)}", file=sys.stderr)
            return 2
        before = version_of(root)
        if arguments[0] != before:
            replace(root / SOURCE, ASSIGNED, arguments[0])
            release(root, before)
    bring(root, version_of(root))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
