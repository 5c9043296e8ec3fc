"""Who may write: whoever has the token, and no page of another place.

Source: RFC 6750 (Bearer Tokens), section 2.1; RFC 6454 (Origin).
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from ..errors import DataError
from .asked import RequestError

VARIABLE: Final = "COPRODUCTION_TOKEN"
_SHORTEST: Final = 16
_FORM: Final = re.compile(r"[A-Za-z0-9._~+/-]+=*")
_LARGEST_FILE: Final = 10_000
_FOREIGN: Final = "a page of another origin may not write here, unless --allow-origin names it"
_HOW: Final = (
    "make one with: python -c 'import secrets; print(secrets.token_urlsafe(32))' and put it into "
    f"{VARIABLE}, or into a file that nobody else reads, named by --token-file"
)


class Token:
    """A word that only those know who may write; it is never shown."""

    def __init__(self, word: str) -> None:
        self._sum = _sum_of(word)

    def __repr__(self) -> str:
        return "Token(...)"

    def fits(self, word: str) -> bool:
        """Tell whether a word is the token, in a time that tells nothing of it."""
        return hmac.compare_digest(self._sum, _sum_of(word))


def _sum_of(word: str) -> bytes:
    return hashlib.sha256(word.encode("utf-8", "surrogateescape")).digest()


def read_token(file: str | Path | None, environment: Mapping[str, str]) -> Token:
    """Give the token that writing asks for.

    Args:
        file: has it, and nothing else; it comes before the environment.
        environment: has it as ``COPRODUCTION_TOKEN``.

    Raises:
        DataError: there is none, or none that is hard to guess.
    """
    if file is None:
        word, where = environment.get(VARIABLE, ""), VARIABLE
    else:
        where = str(file)
        try:
            with Path(file).open("rb") as opened:
                word = opened.read(_LARGEST_FILE).decode("ascii", "replace").strip()
        except OSError as error:
            raise DataError(f"{file}: cannot be read: {error.strerror}") from None
    if not word:
        raise DataError(f"writing asks for a token, and there is none in {where}: {_HOW}")
    if len(word) < _SHORTEST or not _FORM.fullmatch(word):
        raise DataError(
            f"{where}: a token has {_SHORTEST} signs or more, letters, digits and - . _ ~ + /: "
            f"{_HOW}"
        )
    return Token(word)


def check_writer(
    token: Token, given: Sequence[str], origin: str | None, host: str, origins: Sequence[str]
) -> None:
    """Refuse a request to write that comes from a page of another place, or without the token.

    Args:
        token: the one that is asked for.
        given: the headers ``Authorization`` of the request.
        origin: its header ``Origin``, None where it has none.
        host: its header ``Host``.
        origins: of pages elsewhere that may write, by name; ``*`` lets them read alone.

    Raises:
        RequestError: 403 or 401.
    """
    check_origin(origin, host, origins)
    scheme, _, word = given[0].partition(" ") if len(given) == 1 else ("", "", "")
    if scheme.lower() != "bearer" or not word.strip():
        raise RequestError(
            401,
            "writing asks for the token, in the header 'Authorization: Bearer TOKEN'",
            {"WWW-Authenticate": 'Bearer realm="coproduction"'},
        )
    if not token.fits(word.strip()):
        raise RequestError(
            401,
            "this is not the token of this server",
            {"WWW-Authenticate": 'Bearer realm="coproduction", error="invalid_token"'},
        )


def check_origin(
    origin: str | None, host: str, origins: Sequence[str], words: str = _FOREIGN
) -> None:
    """Refuse a request that comes from a page of another place.

    Args:
        origin: its header ``Origin``, None where it has none.
        host: its header ``Host``.
        origins: of pages elsewhere that may send it, by name.
        words: what it is told.

    Raises:
        RequestError: 403.
    """
    if origin is not None and origin not in origins and _host_of(origin) != host.lower():
        raise RequestError(403, words)


def _host_of(origin: str) -> str:
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""
