"""Checks of the files that editors add: questions, claims, and the form (``form_checks``).

The commands go on without a broken file; here it is told before anybody meets it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from ..errors import CoproductionError, DataError, QueryError, UnknownName, command
from ..evidence.claims import claim_files_in
from ..knowledge.portable import parts_of
from ..knowledge.questions import Question, load_question
from ..messages import Sentence, speaker
from ..names import COP, ID, PREFIXES
from ..store.embedded import EmbeddedStore
from ..syntax.sparql import declared_prefixes, inline_values, lists_closed_up, tokens
from .finding import Finding
from .form_checks import form_findings

_SPOKEN: Final = ("sv", "de", "fr")
_TYPES: Final = ("iri", "string", "integer", "language")
_REQUIRED: Final = {
    "questions": ("summary", "description", "id", "tags"),
    "views": ("summary", "description"),
    "rules": ("summary", "description"),
    "claims": ("summary",),
}
"""What a header has, by folder."""


def file_findings(store: ox.Store, queries: Path, shapes: Path) -> Iterator[Finding]:
    """Give what is wrong with the files of a folder of queries and of one of shapes.

    Args:
        store: the graphs, with the claims and the values of the form.
        queries: folder with ``questions``, ``views``, ``rules`` and ``claims``.
        shapes: folder with the case record.
    """
    for folder, required in _REQUIRED.items():
        yield from _headers(queries / folder, required)
    yield from _ids(queries / "questions")
    yield from _portable(queries / "questions")
    for path in sorted(queries.rglob("*.rq")):
        yield from _syntax(path)
    yield from _expected(queries / "questions")
    if (queries / "claims").is_dir():
        yield from _claims(store, queries / "claims")
        yield from _left_over(queries / "claims")
        yield from _untranslated(queries / "claims")
    for path in sorted(shapes.glob("*.ttl")):
        yield from form_findings(store, path)


# -- queries -----------------------------------------------------------------------------------


def _headers(folder: Path, required: tuple[str, ...]) -> Iterator[Finding]:
    """Tell which headers cannot be read, or lack a part or a line of the query."""
    for path in sorted(folder.glob("*.rq")):
        try:
            question = load_question(path)
            header = question.header_of(set())
            lacking = [name for name in required if not header.get(name)]
            wrong: list[str] = [
                Sentence("the header has no {name} (a line '#+ {name}: ...')", name=name)
                for name in lacking
            ]
            wrong += _parameters(question) if header.get("summary") else []
        except DataError as error:
            wrong = [str(error).removeprefix(f"{path}: ")]
        for words in wrong:
            yield Finding(
                "header-of-query",
                "error",
                path.name,
                Sentence("{file}: {words}.", file=path.name, words=words),
                Sentence("Put the header right: lines that begin with '#+ ' and are YAML."),
                str(path),
            )


def _parameters(question: Question) -> list[str]:
    """Say what is wrong with the parameters that a header declares."""
    wrong: list[str] = []
    for name, parameter in question.parameters.items():
        if "type" not in question.header["parameters"][name]:
            wrong.append(
                Sentence(
                    "the parameter {name} has no type, which is one of {types}",
                    name=name,
                    types=", ".join(_TYPES),
                )
            )
        elif parameter.type not in _TYPES:
            told = Sentence(
                "the parameter {name} is of the type {type}, not one of {types}",
                name=name,
                type=parameter.type,
                types=", ".join(_TYPES),
            )
            wrong.append(told)
        if not parameter.description:
            wrong.append(Sentence("the parameter {name} has no description", name=name))
        try:
            question.fill({name: ""})
        except UnknownName:
            told = Sentence(
                "the parameter {name} has no line VALUES ?{name} {{ ... }} in the query", name=name
            )
            wrong.append(told)
    wrong += [
        Sentence("{name} is no parameter in the header, and has one value in VALUES", name=name)
        for name in _of_one_value(question)
        if name not in question.parameters
    ]
    columns = parts_of(question.text).variables
    wrong += [
        Sentence("{name} is no column of the query ({entry})", name=name, entry=entry)
        for entry, name in [*(("iris", each) for each in question.iris), ("row", question.row)]
        if name and name not in columns
    ]
    return wrong


def _of_one_value(question: Question) -> list[str]:
    """Give the variables of a question to which VALUES gives one value, as to a parameter."""
    if question.path.parent.name != "questions":
        return []
    found = inline_values(question.text)
    return [each.name for each in found if each.size == 1]


def _ids(folder: Path) -> Iterator[Finding]:
    """Tell which questions have one id."""
    seen: dict[str, Path] = {}
    for path in sorted(folder.glob("*.rq")):
        try:
            name = load_question(path).id
        except DataError:
            continue  # told above
        if name and name in seen:
            yield Finding(
                "question-id-used-twice",
                "error",
                path.name,
                Sentence(
                    "{file} has the id {name}, which is that of {other}.",
                    file=path.name,
                    name=name,
                    other=seen[name].name,
                ),
                Sentence("Give the newer one an id of its own."),
                str(path),
            )
        seen.setdefault(name, path)


def _portable(folder: Path) -> Iterator[Finding]:
    """Tell which questions another engine would not read, or would answer in any order."""
    for path in sorted(folder.glob("*.rq")):
        try:
            text = load_question(path).text
            EmbeddedStore().query(text)
        except (DataError, QueryError):
            continue  # told elsewhere
        wrong = []
        try:
            ox.Store().query(lists_closed_up(text))  # with no prefix declared beforehand
        except SyntaxError as error:
            wrong.append(_undeclared(text, error))
        parts = parts_of(text)
        if parts.variables and not parts.order:
            wrong.append(("has no ORDER BY", "Sort by the columns, so that answers compare."))
        for why, fix in wrong:
            words = f"{path.name} {why}."
            yield Finding("question-not-portable", "error", path.name, words, fix, str(path))


def _undeclared(text: str, error: SyntaxError) -> tuple[str, str]:
    """Say which prefixes a query uses and does not declare, and the lines that do."""
    declared = declared_prefixes(text)
    used = {found["prefix"] or "" for found in tokens(text) if found["local"] is not None}
    lacking = sorted(used - declared)
    if not lacking:
        return f"cannot be read without the usual prefixes: {error.msg}", "Declare its prefixes."
    lines = " ".join(f"PREFIX {name}: <{PREFIXES.get(name, '...')}>" for name in lacking)
    names = ", ".join(f"{name}:" for name in lacking)
    return f"does not declare {names}", f"Add the line {lines}."


def _syntax(path: Path) -> Iterator[Finding]:
    """Tell whether the engine can read a query."""
    try:
        text = load_question(path).text
        EmbeddedStore().query(text)
    except DataError:
        return  # told above
    except QueryError as error:
        words = str(error).removeprefix("query, ")
        yield Finding(
            "broken-query",
            "error",
            path.name,
            Sentence("{file}, {words}.", file=path.name, words=words),
            Sentence(
                "Correct the query; {query} tries it.",
                query=command("query", file="FILE", python="query(SPARQL)"),
            ),
            str(path),
        )


# -- claims ------------------------------------------------------------------------------------


def _claims(store: ox.Store, folder: Path) -> Iterator[Finding]:
    """Tell which claims are tested by half, or are there by half."""
    files = claim_files_in(folder)
    claims = {
        str(quad.object.value): quad.subject
        for quad in store.quads_for_pattern(None, ox.NamedNode(COP + "claimId"), None)
        if isinstance(quad.object, ox.Literal) and isinstance(quad.subject, ox.NamedNode)
    }
    for claim, why in files.broken.items():
        fix = Sentence("Complete the query of the claim.")
        path = folder / f"{claim.lower()}.rq"
        told = Sentence("{words}.", words=why)
        yield _of_claim("broken-claim", claim, told, fix, path if path.exists() else folder)
    for why in files.strays:
        fix = Sentence("Complete the file, or take it away.")
        yield _of_claim("broken-claim", "", Sentence("{words}.", words=why), fix, folder)
    for claim in sorted({*files.tests, *files.broken} - claims.keys()):
        told = Sentence(
            "{claim} has a query, and the graphs have no claim with this id.", claim=claim
        )
        fix = Sentence("Describe the claim, or correct its id.")
        yield _of_claim("claim-unknown", claim, told, fix, folder)
    for claim, node in sorted(claims.items()):
        if claim in files.broken:
            continue
        wrong = _half(store, node, claim, claim in files.tests)
        if wrong is not None:
            fix = Sentence(
                "Add its query to queries/claims, or cop:lacksField; or correct its testability."
            )
            yield _of_claim("half-claim", claim, wrong, fix, folder)


def _expected(folder: Path) -> Iterator[Finding]:
    """Tell which questions have no expected rows, where the folder stands in a checkout."""
    rows = folder.parent.parent / "tests" / "expected"
    for path in sorted(folder.glob("*.rq")) if rows.is_dir() else ():
        if not (rows / f"{path.stem}.csv").exists():
            yield Finding(
                "rows-not-expected",
                "error",
                path.name,
                Sentence("{file} has no file of expected rows.", file=path.name),
                Sentence(
                    "Write tests/expected/{name}.csv before you look at the answer.",
                    name=path.stem,
                ),
                str(path),
            )


def _left_over(folder: Path) -> Iterator[Finding]:
    """Tell which blocks of claims were not moved to the others."""
    for path in sorted(folder.glob("*.ttl")):
        yield Finding(
            "claim-not-moved",
            "error",
            path.name,
            Sentence("{file} stands among the queries, where nothing reads it.", file=path.name),
            Sentence("Move its block into ontology/source.ttl, and delete the file."),
            str(path),
        )


def _untranslated(folder: Path) -> Iterator[Finding]:
    """Tell which sentences of claims are not told in each language."""
    for test in claim_files_in(folder).tests.values():
        for name, text in (("wanted", test.wanted), ("caution", test.caution)):
            lacking = [lang for lang in _SPOKEN if text and speaker(lang)(text) == text]
            if lacking:
                yield Finding(
                    "claim-not-translated",
                    "error",
                    test.query.path.name,
                    Sentence(
                        "{file}: {name} is not translated into {languages}.",
                        file=test.query.path.name,
                        name=name,
                        languages=", ".join(lacking),
                    ),
                    Sentence("Run 'make messages', and translate it in the catalogues."),
                    str(test.query.path),
                )


def _half(store: ox.Store, claim: ox.NamedNode, name: str, tested: bool) -> Sentence | None:
    """Say how what a claim says of its testability and its test do not agree, or nothing."""

    def has(prop: str, value: str = "") -> bool:
        target = ox.NamedNode(COP + value) if value else None
        return any(store.quads_for_pattern(claim, ox.NamedNode(COP + prop), target))

    if tested and has("hasTestability", "NotTestableWithCases"):
        return Sentence(
            "{claim} is said not to be testable with cases, and has a test.", claim=name
        )
    testable = has("hasTestability", "TestableWithCases") or has("hasTestability", "PartlyTestable")
    if testable and not tested and has("claimKind", "EmpiricalClaim") and not has("lacksField"):
        return Sentence("{claim} is said to be testable with cases, and has no test.", claim=name)
    return None


def _of_claim(check: str, claim: str, why: Sentence, fix: Sentence, folder: Path) -> Finding:
    term = f"{ID}claim/{claim}" if claim else folder.name
    return Finding(check, "error", term, why, fix, str(folder))


def broken_file(path: Path, error: CoproductionError) -> Finding:
    """Give the finding that a file cannot be read, or that a rule in it cannot be used."""
    words = str(error).removeprefix(f"{path}: ")
    return Finding(
        "broken-file",
        "error",
        path.name,
        Sentence("{file}: {words}.", file=path.name, words=words),
        Sentence("Put the file right; what it says was left out here."),
        str(path),
    )
