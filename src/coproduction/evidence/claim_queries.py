"""The query of a claim made over: without its order, or with its rows counted."""

from __future__ import annotations

import re

from ..syntax.sparql import tokens


def unordered(text: str) -> str:
    """Leave the order out: a store sorts many IRIs ten times slower than it finds them."""
    return re.sub(r"\nORDER BY [^\n]*\s*$", "\n", text)


def aggregated(text: str, head: str) -> str:
    """Make a query of rows one that tells something of all of them, such as their number."""
    text = unordered(text)
    plain = r"\nSELECT DISTINCT \?row(?: \?part)?\nWHERE"
    if re.search(plain, text):
        return re.sub(plain, lambda _: f"\nSELECT {head}\nWHERE", text)
    # Written in another way; a query around it is slower and tells the same.
    begins = next(t.start() for t in tokens(text) if (t["word"] or "").lower() == "select")
    return f"{text[:begins]}SELECT {head}\nWHERE {{ {{\n{text[begins:]}\n}} }}"


def counting(text: str) -> str:
    """Make a query of rows one that counts them; one that groups them stays as it is."""
    if "GROUP BY" in text and not re.search(r"\nSELECT DISTINCT \?row(?: \?part)?\nWHERE", text):
        return unordered(text)
    return aggregated(text, "(COUNT(DISTINCT ?row) AS ?n)")
