"""Gaps of a store on disk, found once for each state of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from typing import Final

from ..messages import speaker
from ..store.kept_answers import KeptAnswer
from ..store.protocol import Store
from .claims import claim_tests
from .gaps import Gap, gaps

_LEAST: Final = 1.0
"""Seconds of processor from which on the answer is kept; what takes less is found again."""


def kept_gaps(
    store: Store, lang: str, spoilt: Callable[[], Mapping[str, Collection[str]]]
) -> list[Gap]:
    """Tell what the cases in scope leave open: as it was found in this state of a store, or anew.

    What failed is not kept.

    Args:
        store: what is in scope.
        lang: as in :func:`.gaps.gaps`.
        spoilt: gives IRIs of cases that break the shapes, with the properties that do.

    Raises:
        UnknownName: another language.
    """
    # A process goes on with the claims that it read, also where their files change.
    texts = (test.query.text for test in claim_tests().values())
    answer = KeptAnswer(store, "\n".join((f"gaps in {speaker(lang).lang}", *texts)))
    kept = answer.read()
    if kept is not None:
        return [Gap(*row) for row in kept]
    began = time.process_time()
    found = gaps(store, lang, spoilt())
    took = time.process_time() - began
    if took >= _LEAST and all(gap.kind != "failed" for gap in found):
        answer.keep(found)
    return found
