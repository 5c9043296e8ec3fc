"""The levels that follow from statements that stand in no store, found once for each profile.

A profile is all that is said of an arrangement, and of the codings that it has, by properties that
a rule of levels names. Arrangements with equal profiles have equal levels, and a registry of a
million rows has some hundreds of profiles.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import pyoxigraph as ox

from ..names import GRAPH
from ..store.embedded import EmbeddedStore
from ..syntax.by_subject import statements_by_subject
from .levels import bearing_on_levels, levels_in

_ROWS: Final = GRAPH + "rows"
_MOST_KEPT: Final = 50_000
"""Profiles that are remembered; a registry has far fewer."""
Levels = dict[bytes, tuple[bytes, ...]]
"""The levels of each subject that has some: of each line what stands behind the subject."""


class ProfiledLevels:
    """Finds the levels that follow from lines, and remembers those of each profile.

    Args:
        terms: the statements of the packaged graphs of terms
            (:func:`~coproduction.knowledge.levels.terms_in`).
    """

    def __init__(self, terms: Iterable[ox.Quad]) -> None:
        self._terms = tuple(terms)
        self._read = frozenset(f"<{iri}>".encode() for iri in bearing_on_levels())
        self._found: dict[bytes, tuple[bytes, ...]] = {}

    @property
    def properties(self) -> frozenset[bytes]:
        """The properties of the lines that are read, in angle brackets."""
        return self._read

    def lines_of(self, lines: bytes) -> bytes:
        """Give the levels that follow from lines, as lines in order.

        Args:
            lines: N-Triples that this package wrote, with all that is said of each arrangement
                among them.

        Raises:
            DataError: a rule fails.
        """
        return lines_of_levels(self.of(statements_by_subject(lines, self._read)))

    def of(self, told: Mapping[bytes, list[bytes]]) -> Levels:
        """Give the levels that follow from what lines say.

        Args:
            told: what they say by :attr:`properties`, and by whatever else; all that is said of
                each arrangement.

        Raises:
            DataError: a rule fails.
        """
        profiles = self._profiles(told)
        if profiles is None:
            return self._concluded(told, told)
        if len(self._found) > _MOST_KEPT:
            self._found.clear()
        new = {
            profile: subject for subject, profile in profiles.items() if profile not in self._found
        }
        concluded = self._concluded(new.values(), told)
        if not concluded.keys() <= set(new.values()):  # of another than what has the profile
            return self._concluded(told, told)
        for profile, subject in new.items():
            self._found[profile] = concluded.get(subject, ())
        found = ((subject, self._found[profile]) for subject, profile in profiles.items())
        return {subject: levels for subject, levels in found if levels}

    def _profiles(self, told: Mapping[bytes, list[bytes]]) -> dict[bytes, bytes] | None:
        """Give the profile of each subject that has one.

        Returns:
            None where what a subject leads to leads on: no profile tells all of it then.
        """
        plain: set[bytes] = set()
        passed: set[bytes] = set()
        profiles: dict[bytes, bytes] = {}
        for subject, rests in told.items():
            own = []
            for rest in rests:
                if rest in plain:
                    own.append(rest)
                elif rest not in passed:
                    predicate, term = rest[:-2].split(b" ", 1)
                    if predicate not in self._read:
                        passed.add(rest)
                        continue
                    beyond = told.get(term)
                    if beyond is not None:
                        beyond = [each for each in beyond if each.split(b" ", 1)[0] in self._read]
                    if not beyond and term.startswith(subject[:-1] + b"/"):
                        # A node of its own, named by it, of which nothing is said that counts.
                        own.append(predicate + b" ~" + term[len(subject) :])
                    elif not beyond:
                        plain.add(rest)
                        own.append(rest)
                    elif any(each[:-2].split(b" ", 1)[1] in told for each in beyond):
                        return None
                    else:
                        own.append(b"%b [%b]" % (predicate, b" ".join(sorted(beyond))))
            if own:
                profiles[subject] = b"\n".join(sorted(own))
        return profiles

    def _concluded(self, subjects: Iterable[bytes], told: Mapping[bytes, list[bytes]]) -> Levels:
        """Have the rules conclude of some subjects, from what is said of them and what they have.

        Raises:
            DataError: a rule fails.
        """
        wanted = set(subjects)
        if not wanted:
            return {}
        beyond = {rest[:-2].split(b" ", 1)[1] for each in wanted for rest in told[each]}
        lines = (
            b"%b %b\n" % (subject, rest)
            for subject in sorted(wanted | (beyond & told.keys()))
            for rest in told[subject]
            if rest.split(b" ", 1)[0] in self._read
        )
        store = EmbeddedStore()
        store.add(self._terms)
        store.add_lines(b"".join(lines), _ROWS)
        levels: dict[bytes, tuple[bytes, ...]] = {}
        for line in sorted({f"{triple} ." for triple in levels_in(store, within=_ROWS)}):
            subject, rest = line.encode().split(b" ", 1)
            levels[subject] = (*levels.get(subject, ()), rest)
        return levels


def lines_of_levels(levels: Levels) -> bytes:
    """Give levels as lines of N-Triples, in order of their subjects."""
    return b"".join(
        b"%b %b\n" % (subject, rest) for subject, rests in sorted(levels.items()) for rest in rests
    )
