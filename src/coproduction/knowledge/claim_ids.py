"""The ids of the claims, read off the text of their file: no graph is opened for a Tab."""

from __future__ import annotations

import re

from ..resources import data_dir


def claim_ids() -> list[str]:
    """Give the ids, such as C51, sorted as texts.

    >>> "C51" in claim_ids()
    True
    """
    text = (data_dir("ontology") / "source.ttl").read_text(encoding="utf-8")
    return sorted(set(re.findall(r'cop:claimId "(C\d+)"', text)))
