"""Endpoints of SERVICE: which a query may ask.

Only a query of the user's own, and only the hosts that were allowed with it: what comes in a
file (a mapping, a question, a rule, a check, a shape) sends nothing anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from ..errors import DataError, QueryError, command, option
from .sparql import clauses

# As narrow as an address can be: nothing that two readers of it could take for two hosts.
_ADDRESS: Final = re.compile(
    r"https?://([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?(?:[/?#].*)?", re.IGNORECASE
)


def check_endpoints(endpoints: Collection[str], allowed: Collection[str] | None) -> None:
    """Refuse endpoints that may not be asked.

    Args:
        endpoints: as :class:`~coproduction.syntax.sparql.Clauses` has them.
        allowed: hosts, each ``host`` (any port) or ``host:port``; None where it is no query of the
            user's own.

    Raises:
        QueryError: one of them is not allowed.
    """
    for endpoint in endpoints:
        if allowed is None:
            raise QueryError(
                f"SERVICE{_shown(endpoint)}: only a query of your own may ask an endpoint, with ",
                option("allow_service", ["HOST"]),
            )
        if endpoint.startswith("?") or endpoint.startswith("$"):
            raise QueryError(
                f"SERVICE {endpoint}: a variable may stand for any endpoint; write its address"
            )
        host = _host(endpoint)
        if not host:
            raise QueryError(
                f"SERVICE{_shown(endpoint)}: write SERVICE and a whole address, such as "
                "SERVICE <https://example.org/sparql>"
            )
        if not {host, _without_port(host)} & {name.lower() for name in allowed}:
            raise QueryError(
                f"SERVICE{_shown(endpoint)}: this endpoint is not allowed; if you trust it, add ",
                option("allow_service", [host]),
            )


def refuse_service(text: str, where: object) -> None:
    """Refuse the text of a file that names SERVICE.

    Raises:
        DataError: it does.
    """
    for endpoint in clauses(text).endpoints:
        raise DataError(
            f"{where}: SERVICE{_shown(endpoint)} is not allowed in a file that is read; only a "
            "query of your own may ask an endpoint (",
            command("query", "SPARQL", allow_service=["HOST"]),
            ")",
        )


def _host(endpoint: str) -> str:
    """Give ``host`` or ``host:port`` of an address in lower case, or an empty text."""
    found = _ADDRESS.fullmatch(endpoint)
    return (found[1] + (found[2] or "")).lower() if found else ""


def _without_port(host: str) -> str:
    return host if host.endswith("]") else re.sub(r":\d+$", "", host)


def _shown(endpoint: str) -> str:
    if not endpoint:
        return ""
    return f" {endpoint}" if endpoint[0] in "?$" else f" <{endpoint}>"
