"""Which language a request wants, by its header."""

from __future__ import annotations

import pytest

from coproduction.web.wanted_language import wanted_language


@pytest.mark.parametrize(
    ("header", "lang"),
    [
        ("sv", "sv"),
        ("SV-se", "sv"),
        ("en;q=0.5, sv;q=0.50", "en"),
        ("en;q=0.5, sv;q=0.501", "sv"),
        ("pt-BR, *;q=0.5, fr;q=0.1", "en"),
        ("en;q=0, de", "de"),
        ("sv-FI;q=0.2, de;q=0.5, sv;q=0.9", "sv"),
        ("de;q=2, fr", "fr"),
        ("de;q=, fr;q=0.1", "fr"),
        ("de; q=1.000 , fr", "de"),
        ("zh-Hant-TW, nb, sv-FI;q=0.2", "sv"),
        ("de;level=1, sv", "sv"),
        ("german, svenska", "en"),
        (",,;,q=1", "en"),
        ("*;q=0", "en"),
        ("x" * 60_000, "en"),
    ],
)
def test_the_language_that_is_wanted_best_is_found(header: str, lang: str) -> None:
    assert wanted_language(header) == lang
