"""Checks of the claims: what a claim says of itself in the graph, and the query that tests it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox

from ..evidence.claims import UNNAMED, ClaimFiles, Test, claim_files_in
from ..messages import Sentence, speaker
from ..names import COP, GRAPH, ID, LANGUAGES, PACKAGED_GRAPHS, compact
from .finding import Finding
from .header_checks import properties_in
from .rest_checks import wrong_rests

_PART = f"{ID}claim-part/"
_Wrong = tuple[str, str]
"""What is wrong, and what to do."""


class _Claim(NamedTuple):
    """What the graphs say of a claim, by the local names of terms of ours."""

    kinds: frozenset[str]
    testability: frozenset[str]
    lacks_field: bool
    readings: frozenset[str]

    @property
    def is_testable(self) -> bool:
        return bool(self.testability & {"TestableWithCases", "PartlyTestable"})


def claim_findings(store: ox.Store, folder: Path) -> Iterator[Finding]:
    """Give what is wrong with the claims and the queries that test them.

    Args:
        store: the graphs, with the claims and the ambiguities.
        folder: the queries, ``queries/claims``.
    """
    files = claim_files_in(folder)
    claims, properties = _claims(store), properties_in(store)
    yield from _of_no_test(files, folder)
    told: str
    fix: str
    for claim in sorted({*files.tests, *files.broken} - claims.keys()):
        told = Sentence(
            "{claim} has a query, and the graphs have no claim with this id.", claim=claim
        )
        fix = Sentence("Describe the claim, or correct its id.")
        yield _finding("claim-unknown", claim, told, fix, _query_of(folder, claim))
    for claim, said in sorted(claims.items()):
        if claim in files.broken:
            continue
        tested = claim in files.tests
        path = _query_of(folder, claim) if tested else folder
        for told, fix in _half(claim, said, path.name if tested else ""):
            yield _finding("half-claim", claim, told, fix, path)
        if tested:
            for told, fix in _readings(claim, said, files.tests[claim].readings, path.name, store):
                yield _finding("readings-differ", claim, told, fix, path)
            named = files.tests[claim].query.header.get("rests_on") or ()
            # One that is misspelt is told of the header.
            spelt = not properties or properties.issuperset(map(str, named))
            for told, fix in wrong_rests(files.tests[claim]) if spelt else ():
                yield _finding("rests-differ", claim, told, fix, path)
            for told, fix in _header(files.tests[claim], path.name):
                yield _finding("half-claim", claim, told, fix, path)
            if said.lacks_field:
                yield _finding(
                    "half-claim",
                    claim,
                    Sentence("{claim} has a query, and is said to lack a field.", claim=claim),
                    Sentence("Take cop:lacksField out of it, or {file} away.", file=path.name),
                    path,
                )
    yield from _parts_alone(store)
    yield from _untranslated(files)
    yield from _fields_untranslated(store)


def _claims(store: ox.Store) -> dict[str, _Claim]:
    """Give what the graphs say of each claim, by its id."""

    def values(claim: ox.NamedNode, prop: str) -> frozenset[str]:
        found = store.quads_for_pattern(claim, ox.NamedNode(COP + prop), None)
        return frozenset(
            quad.object.value.removeprefix(COP)
            for quad in found
            if isinstance(quad.object, (ox.NamedNode, ox.Literal))
        )

    return {
        str(quad.object.value): _Claim(
            kinds=values(quad.subject, "claimKind") | values(quad.subject, "secondaryClaimKind"),
            testability=values(quad.subject, "hasTestability"),
            lacks_field=bool(values(quad.subject, "lacksField")),
            readings=frozenset(
                each
                for node in values(quad.subject, "dependsOnAmbiguity")
                for each in values(ox.NamedNode(node), "ambiguityId")
            ),
        )
        for quad in store.quads_for_pattern(None, ox.NamedNode(COP + "claimId"), None)
        if isinstance(quad.object, ox.Literal) and isinstance(quad.subject, ox.NamedNode)
    }


def _of_no_test(files: ClaimFiles, folder: Path) -> Iterator[Finding]:
    """Tell which files make no test, but for those whose header cannot be read (told of it)."""
    broken = [*files.broken.items(), *(("", why) for why in files.strays)]
    for claim, why in broken:
        if why in files.fixes:
            told = Sentence("{words}.", words=why.removeprefix(f"{folder}{os.sep}"))
            path = _query_of(folder, claim) if claim else folder
            yield _finding("broken-claim", claim, told, files.fixes[why], path)


def _query_of(folder: Path, claim: str) -> Path:
    """Give the file of a claim's query, or the folder where it has none of its name."""
    path = folder / f"{claim.lower()}.rq"
    return path if path.exists() else folder


def _half(claim: str, said: _Claim, file: str) -> Iterator[_Wrong]:
    """Say how what a claim says of its kind and testability and its test do not agree."""
    empirical = "EmpiricalClaim" in said.kinds
    if file and "NotTestableWithCases" in said.testability:
        yield (
            Sentence("{claim} is said not to be testable with cases, and has a test.", claim=claim),
            Sentence(
                "Write cop:TestableWithCases or cop:PartlyTestable as its cop:hasTestability, or "
                "take {file} away.",
                file=file,
            ),
        )
    if said.kinds and not empirical and (file or said.is_testable):
        kind = compact(COP + min(said.kinds))
        make = Sentence(
            "Make it a cop:EmpiricalClaim too (cop:secondaryClaimKind), or write "
            "cop:NotTestableWithCases as its cop:hasTestability."
        )
        take = Sentence(
            "Make it a cop:EmpiricalClaim too (cop:secondaryClaimKind), or take {file} away.",
            file=file,
        )
        if said.is_testable:
            yield (
                Sentence(
                    "{claim} is a {kind}, which no case can decide, and is said to be testable.",
                    claim=claim,
                    kind=kind,
                ),
                make,
            )
        if file:
            yield (
                Sentence(
                    "{claim} is a {kind}, which no case can decide, and has a test.",
                    claim=claim,
                    kind=kind,
                ),
                take,
            )
    if empirical and said.is_testable and not file and not said.lacks_field:
        yield (
            Sentence("{claim} is said to be testable with cases, and has no test.", claim=claim),
            Sentence(
                "Write its query, queries/claims/{file}; or say by cop:lacksField what no case "
                "records yet; or write cop:NotTestableWithCases as its cop:hasTestability.",
                file=f"{claim.lower()}.rq",
            ),
        )


def _header(test: Test, file: str) -> Iterator[_Wrong]:
    """Say how the header of a claim's query and its columns do not agree."""
    for key, column, named in (
        ("needs", "part", test.needs),
        ("opposites", "opposite", test.opposites),
    ):
        if named and column not in test.columns:
            yield (
                Sentence(
                    "{file} names {key}, and gives no ?{column}.", file=file, key=key, column=column
                ),
                Sentence("Select ?{column}, which says of which a row is.", column=column),
            )
        if column in test.columns and not named:
            yield (
                Sentence(
                    "{file} gives ?{column}, and does not name {key}.",
                    file=file,
                    key=key,
                    column=column,
                ),
                Sentence("Write '{line}', with each of them.", line=f"#+ {key}: [...]"),
            )
    if not test.wanted.startswith(("a ", "an ")):
        yield (
            Sentence("{file}: wanted does not begin with a or an.", file=file),
            Sentence("Say the kind of case that is wanted: 'a case of ...'."),
        )


def _parts_alone(store: ox.Store) -> Iterator[Finding]:
    """Tell of parts of claims that no claim has."""
    has_part = ox.NamedNode(COP + "hasClaimPart")
    parts = {
        quad.subject.value
        for quad in store.quads_for_pattern(None, ox.NamedNode(COP + "claimObject"), None)
        if isinstance(quad.subject, ox.NamedNode) and quad.subject.value.startswith(_PART)
    }
    for iri in sorted(parts):
        if not any(store.quads_for_pattern(None, has_part, ox.NamedNode(iri))):
            yield Finding(
                "half-claim",
                "error",
                iri,
                Sentence("{part} is a part of no claim.", part=compact(iri)),
                Sentence("Name it in cop:hasClaimPart of its claim, or take it away."),
                "ontology/source.ttl",
            )


def _readings(
    claim: str, said: _Claim, named: tuple[str, ...], file: str, store: ox.Store
) -> Iterator[_Wrong]:
    """Say which ambiguities the header of a claim's query and the graph do not both name."""
    known = {
        quad.object.value
        for quad in store.quads_for_pattern(None, ox.NamedNode(COP + "ambiguityId"), None)
        if isinstance(quad.object, ox.Literal)
    }
    lacking = sorted(said.readings - set(named), key=_natural)
    if lacking:
        both = ", ".join(sorted({*named, *lacking}, key=_natural))
        yield (
            Sentence(
                "{file} does not name {names} in readings, on which {claim} depends "
                "(cop:dependsOnAmbiguity).",
                file=file,
                names=", ".join(lacking),
                claim=claim,
            ),
            Sentence(
                "Write '{right}', or take the statement out of the graph.",
                right=f"#+ readings: [{both}]",
            ),
        )
    beyond = sorted(set(named) & known - said.readings, key=_natural)
    if beyond:
        nodes = " , ".join(f"ambiguity:{name}" for name in beyond)
        yield (
            Sentence(
                "{file} names {names} in readings, and the graph does not say that {claim} depends "
                "on it (cop:dependsOnAmbiguity).",
                file=file,
                names=", ".join(beyond),
                claim=claim,
            ),
            Sentence(
                "Add '{statement}' to ontology/interpretation.ttl, or take it out of readings.",
                statement=f"claim:{claim} cop:dependsOnAmbiguity {nodes} .",
            ),
        )


def _natural(name: str) -> tuple[int, str]:
    return len(name), name


def _untranslated(files: ClaimFiles) -> Iterator[Finding]:
    """Tell which sentences of claims are not told in each language."""
    for test in files.tests.values():
        path = test.query.path
        told = [("sets", words) for name, words in test.sets if (name, words) not in UNNAMED]
        told += [("sides", words) for words in test.sides.values()]
        for name, text in (("wanted", test.wanted), ("caution", test.caution), *told):
            yield from _not_told(text, name, path.name, path.name, str(path))


def _fields_untranslated(store: ox.Store) -> Iterator[Finding]:
    """Tell what packaged claims lack (cop:lacksField) that is not told in each language."""
    for quad in store.quads_for_pattern(None, ox.NamedNode(COP + "lacksField"), None):
        graph = quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else ""
        file = PACKAGED_GRAPHS.get(graph.removeprefix(GRAPH))
        if file and isinstance(quad.object, ox.Literal) and isinstance(quad.subject, ox.NamedNode):
            term = quad.subject.value
            yield from _not_told(quad.object.value, "lacksField", term, file, f"ontology/{file}")


def _not_told(text: str, name: str, term: str, file: str, path: str) -> Iterator[Finding]:
    """Tell that a sentence lacks in a catalogue of what the package says."""
    spoken = [lang for lang in LANGUAGES if lang != "en"]
    lacking = [lang for lang in spoken if text and speaker(lang)(text) == text]
    if lacking:
        yield Finding(
            "claim-not-translated",
            "error",
            term,
            Sentence(
                "{file}: {name} is not translated into {languages}.",
                file=file,
                name=name,
                languages=", ".join(lacking),
            ),
            Sentence("Run 'make messages', and translate it in the catalogues."),
            path,
        )


def _finding(check: str, claim: str, told: str, fix: str, path: Path) -> Finding:
    term = f"{ID}claim/{claim}" if claim else path.name
    return Finding(check, "error", term, told, fix, str(path))
