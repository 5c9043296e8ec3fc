"""What the cases in scope leave open: cells of the grid, services, claims that are not tested."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from types import MappingProxyType
from typing import Final, NamedTuple

from ..errors import DataError, QueryError, UnknownName
from ..knowledge.case_record import case_record
from ..knowledge.terms import labels_of
from ..knowledge.views import rows_of_view
from ..messages import Sentence, Speaker, speaker
from ..store.protocol import Store
from .by_profiles import counts_by_profiles
from .claims import Test, claim_tests
from .in_scope import packaged_alone
from .ledger import Evidence
from .undetermined import UndeterminedRows, rows_waiting, undetermined_rows
from .verdict import Verdict

_WORDS: Final = (
    Sentence("cell"), Sentence("question mark"), Sentence("service"), Sentence("kind"),
    Sentence("name"), Sentence("wanted"),
)  # fmt: skip
"""Kinds of gaps and headings of their table, which a person is told in a language."""


_AT_ONCE: Final = 2
"""Claims at a time, as in :mod:`.ledger`; more would cost memory."""


class Gap(NamedTuple):
    """Something that the cases in scope leave open, or fill.

    Attributes:
        kind: ``cell`` without a case, by sector; ``question mark`` of Diagram 1 that cases fill;
            ``service`` without a case; ``claim`` that is not tested; ``failed`` where the store
            could not tell, with which query failed and why in `wanted`.
        name: what it is.
        wanted: what would fill it, or what does.
    """

    kind: str
    name: str
    wanted: str


def gaps(
    store: Store, lang: str = "en", spoilt: Mapping[str, Collection[str]] = MappingProxyType({})
) -> list[Gap]:
    """Tell what the cases in scope leave open: cells, services and claims.

    A claim is among them where it is not tested, or by too few: cases of the kind named give it a
    verdict, as many as are named, or show the parts that are named as not shown yet. Beside it
    stands how many cases in scope lack what has to be recorded, or want a match; none of which
    nothing is missing, and that fits neither side.

    Args:
        store: what is in scope.
        lang: language of labels and of what is wanted: en, sv, de or fr.
        spoilt: IRIs of cases that break the shapes, with the properties that do.

    Raises:
        UnknownName: another language.
    """
    say = speaker(lang)
    found = []

    def view(name: str) -> list[dict[str, str]]:
        try:
            return list(rows_of_view(store, name))
        except (DataError, QueryError, UnknownName) as error:
            found.append(Gap("failed", name, f"queries/views/{name}.rq: {error}"))
            return []

    ledger = Evidence(store, spoilt=spoilt, lang=lang)
    packaged_alone()  # Made once, before threads would each make their own.
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        of_claims = pool.map(lambda claim: _of_claim(ledger, claim, say), sorted(ledger.claims))
        found += [gap for gap in of_claims if gap]
    cells = _cells(store, say.lang)
    for row in view("question-marks"):
        found.append(Gap("question mark", cells[row["cell"]], _filled(int(row["cases"]), say)))
    services = [row["service"] for row in view("services-without-case")]
    label_of = labels_of(store, services, say.lang)
    found += [Gap("service", label_of[iri], say("a case of this service")) for iri in services]
    sectors: dict[str, list[str]] = {}
    for row in view("empty-cells"):
        sectors.setdefault(cells[row["cell"]], []).append(row["sector"])
    label_of = labels_of(store, {iri for of in sectors.values() for iri in of}, say.lang)
    found += [
        Gap(
            "cell",
            cell,
            say("a case of: {sectors}", sectors=", ".join(label_of[iri] for iri in of)),
        )
        for cell, of in sectors.items()
    ]
    return found


def _of_claim(ledger: Evidence, claim: str, say: Speaker) -> Gap | None:
    """Give what a claim wants that is not tested, or too little; None of any other."""
    test = claim_tests().get(claim)
    is_seen = test is not None and _is_looked_through(ledger.store, test)
    verdict = ledger.with_rows_found(claim) if is_seen else ledger.attempt(claim)
    name = f"{claim}: {verdict.label}"
    if test is not None and verdict.verdict in ("not-tested", "too-few"):
        told = None if is_seen else undetermined_rows(ledger, test, verdict)
        if told is None and not is_seen:
            verdict = ledger.with_rows_found(claim)
        return Gap("claim", name, _wanted(ledger, test, verdict, say, told))
    return Gap("failed", name, verdict.missing) if verdict.verdict == "failed" else None


def _is_looked_through(store: Store, test: Test) -> bool:
    """Tell whether a claim is judged by its rows at once, which are asked for by one query.

    To count them first takes as long, but where a summary has the counts, or they are soon had: of
    rows that can be compared, or that show a part. A server gives a count far sooner than rows.
    """
    has_counts = test.type in ("existence", "comparison") or counts_by_profiles(store, test)
    return store.folder is not None and not has_counts


def _cells(store: Store, lang: str) -> dict[str, str]:
    """Give the names of the cells of the grid: level and intensity, in a language."""
    rows = list(rows_of_view(store, "cells"))
    if lang == "en":
        return {row["cell"]: row["label"].removeprefix("cell ") for row in rows}
    label_of = labels_of(store, {row[key] for row in rows for key in ("level", "intensity")}, lang)
    return {row["cell"]: f"{label_of[row['level']]}, {label_of[row['intensity']]}" for row in rows}


def _wanted(
    ledger: Evidence, test: Test, verdict: Verdict, say: Speaker, told: UndeterminedRows | None
) -> str:
    """Give the kind of case that a claim wants, and the cases there that lack what it takes."""
    words = say(test.wanted)
    if verdict.missing:
        lacks = (
            say("(not shown yet: {parts})", parts=verdict.missing)
            if test.type == "existence"
            else f"({verdict.missing})"
        )
        words += f" {lacks}"
    if told is None:
        waiting = verdict.unmatched or _waiting(ledger, test, verdict)
        told = UndeterminedRows(len(waiting), min(waiting, default=""))
    if told.number:
        label = ledger.labels([told.first])[told.first]
        words += say("; ") + _there(bool(verdict.unmatched), told.number, label, say)
    if verdict.unmatched and (others := _waiting(ledger, test, verdict) - verdict.unmatched):
        words += say("; ") + _unrecorded(ledger, test, others, say)
    return words


def _unrecorded(ledger: Evidence, test: Test, waiting: Collection[str], say: Speaker) -> str:
    """Tell what is not recorded of cases that could be matched if it were, of one by its names."""
    lacking = ledger.statuses_of(test).lacking(waiting)
    told = sorted(
        (iri for iri, props in lacking.items() if props), key=lambda i: (len(lacking[i]), i)
    )
    if not told:
        return ""
    names = {field.path: field.name(say.lang) for field in case_record().fields}
    words = say.plural(
        "or record of the case here, {label}: {names}",
        "or record of one of {count:,} cases here, such as {label}: {names}",
        len(told),
        label=ledger.labels(told[:1])[told[0]],
        names=", ".join(names.get(prop, prop) for prop in lacking[told[0]]),
    )
    stratum = ledger.lone_stratum(test, told[0])
    if stratum is None:
        return words
    # What is recorded alone would make no pair.
    if re.fullmatch("[A-Z]{2}", stratum):
        return say("{told}, and a match in {country}", told=words, country=stratum)
    return say("{told}, and a match", told=words)


def _waiting(ledger: Evidence, test: Test, verdict: Verdict) -> set[str]:
    """Give the cases of which a value is missing that decides: not those that fit neither side."""
    return rows_waiting(test, verdict.found, verdict.cells, ledger.statuses_of(test))


def _there(lacks_match: bool, count: int, label: str, say: Speaker) -> str:
    """Tell what the cases that are there lack: a match, or what has to be recorded."""
    if lacks_match:
        return say.plural(
            "or match the case here, {label}",
            "or match one of the {count:,} cases here, such as {label}",
            count,
            label=label,
        )
    return say.plural(
        "or record it of the case here, {label}",
        "or record it of one of the {count:,} cases here, such as {label}",
        count,
        label=label,
    )


def _filled(count: int, say: Speaker) -> str:
    if not count:
        return say("a case of any sector")
    return say.plural("filled by {count} case", "filled by {count} cases", count)
