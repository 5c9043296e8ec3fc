"""A SPARQL server by HTTP: what is sent to it, what comes back, and what is wrong with that.

Who asks is told by a header, by netrc or by the environment, never in an address or an argument,
which others can read in the list of processes and in logs.
"""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import urlencode, urlsplit

import urllib3

from ..errors import EndpointError, EndpointRefused
from ..version import __version__

_HEADERS: Final = "COPRODUCTION_ENDPOINT_HEADER"
_USER: Final = "COPRODUCTION_ENDPOINT_USER"
_PASSWORD: Final = "COPRODUCTION_ENDPOINT_PASSWORD"
_CONNECT: Final = 10.0
_SILENCE: Final = 600.0
"""Seconds that a server may take to answer a request, or to go on with its answer."""
_BUSY: Final = (429, 502, 503)
_NOT_GRANTED: Final = re.compile(rb"SR186|SECURITY: No permission")
"""How Virtuoso says that a role may not do what is asked."""
_TRIES: Final = 4
_WAIT: Final = 0.5
_LONGEST_WAIT: Final = 30
AT_ONCE: Final = 4
"""Requests that a server is sent at a time, where many small ones are to be made."""
_FORM: Final = "application/x-www-form-urlencoded"
_PLAIN_HEADER: Final = re.compile(r"([A-Za-z0-9!#$%&'*+.^_`|~-]+):[ \t]*([^\r\n]+)")
Parameters = Iterable[tuple[str, str]]


class Reply(NamedTuple):
    """What a server answered.

    Attributes:
        status: the code of HTTP.
        kind: the media type, in lower case and without parameters.
        headers: by name in lower case.
        body: all of it.
    """

    status: int
    kind: str
    headers: Mapping[str, str]
    body: bytes


class Connection:
    """Connections to one server, kept open between requests.

    Args:
        url: the address at which queries are asked.
        silence: seconds of no answer after which a request is given up.

    Raises:
        EndpointError: the address is none of HTTP, or holds a password.
    """

    def __init__(self, url: str, silence: float = _SILENCE) -> None:
        try:
            parts = urlsplit(url)
            host, _ = parts.hostname, parts.port
        except ValueError as error:
            raise EndpointRefused(f"{url!r} is no address: {error}") from None
        if parts.username is not None or parts.password is not None:
            raise EndpointRefused(
                "an address with a user and a password in it is refused, for others can read it: "
                f"set {_USER} and {_PASSWORD} in the environment, or write them into netrc"
            )
        if parts.scheme not in ("http", "https") or not host:
            raise EndpointRefused(
                f"{url!r} is no address of a SPARQL endpoint: write it whole, such as "
                "http://localhost:3030/ds/sparql"
            )
        self.url = url
        self._host = (parts.scheme, host, parts.port)
        self._own = _credentials(host)
        retries = urllib3.Retry(
            total=_TRIES,
            connect=1,
            redirect=False,
            read=False,  # a query that was not answered in time is not asked again
            status_forcelist=_BUSY,
            allowed_methods=None,
            backoff_factor=_WAIT,
            retry_after_max=_LONGEST_WAIT,
            raise_on_status=False,
        )
        self._pool = urllib3.PoolManager(
            maxsize=AT_ONCE,
            retries=retries,
            timeout=urllib3.Timeout(connect=_CONNECT, read=silence),
            headers={"User-Agent": f"coproduction/{__version__}"},
        )

    def ask(self, parameters: Parameters, accept: str, url: str | None = None) -> Reply:
        """Send a form, as a query or an update is sent; every server reads it, however long.

        Raises:
            EndpointError: no answer came, or none that can be used.
        """
        body = urlencode(list(parameters)).encode()
        return self.send("POST", url or self.url, body, {"Accept": accept, "Content-Type": _FORM})

    def send(
        self, method: str, url: str, body: bytes | None = None, headers: Mapping[str, str] = {}
    ) -> Reply:
        """Send a request, and again where the server is busy.

        Raises:
            EndpointError: no answer came, it broke off, or the server refuses.
        """
        parts = urlsplit(url)
        mine = self._own if (parts.scheme, parts.hostname, parts.port) == self._host else {}
        sent = {**self._pool.headers, **mine, **headers}
        try:
            answer = self._pool.request(method, url, body=body, headers=sent)
        except urllib3.exceptions.HTTPError as error:
            raise EndpointError(f"{url}: {_why(error)}") from None
        reply = Reply(
            answer.status,
            answer.headers.get("Content-Type", "").partition(";")[0].strip().lower(),
            {name.lower(): value for name, value in answer.headers.items()},
            answer.data,
        )
        if reply.status >= 300:
            raise _refusal(url, reply, bool(mine))
        return reply


def _credentials(host: str) -> dict[str, str]:
    """Give the headers that say who asks: as the environment has them, else netrc."""
    given: dict[str, str] = {}
    for line in os.environ.get(_HEADERS, "").splitlines():
        header = _PLAIN_HEADER.fullmatch(line.strip())
        if header is None:
            raise EndpointRefused(
                f"{_HEADERS} is no header: write it as 'Authorization: Bearer TOKEN'"
            )
        given[header[1]] = header[2].strip()
    if given:
        return given
    user, password = os.environ.get(_USER), os.environ.get(_PASSWORD)
    if user is None:
        user, password = _of_netrc(host)
    if user is None:
        return {}
    secret = base64.b64encode(f"{user}:{password or ''}".encode()).decode()
    return {"Authorization": f"Basic {secret}"}


def _of_netrc(host: str) -> tuple[str | None, str | None]:
    """Give user and password of a host, where ``$NETRC`` or ``~/.netrc`` has them."""
    import netrc

    path = Path(os.environ.get("NETRC") or Path.home() / ".netrc")
    if not path.is_file():
        return None, None
    try:
        found = netrc.netrc(str(path)).authenticators(host)
    except (OSError, UnicodeDecodeError) as error:
        raise EndpointRefused(f"{path}: cannot be read: {error}") from None
    except netrc.NetrcParseError as error:  # its message may quote what stands there
        raise EndpointRefused(f"{path}, line {error.lineno}: is no line of netrc") from None
    return (None, None) if found is None else (found[0], found[2])


def _why(error: urllib3.exceptions.HTTPError) -> str:
    """Say why no answer came, in words."""
    cause: BaseException = error
    if isinstance(error, urllib3.exceptions.MaxRetryError) and error.reason is not None:
        cause = error.reason
    if isinstance(cause, urllib3.exceptions.NameResolutionError):
        return "there is no host of this name"
    if isinstance(cause, urllib3.exceptions.SSLError):
        return f"no safe connection: {_short(str(cause))}"
    if isinstance(cause, urllib3.exceptions.NewConnectionError):
        return "nobody listens there: start the server, or give another address"
    if isinstance(cause, urllib3.exceptions.ConnectTimeoutError):
        return f"no connection within {_CONNECT:g} s: is it the right host and port?"
    if isinstance(cause, urllib3.exceptions.ReadTimeoutError):
        return "the server did not answer in time: ask for less, or ask it later"
    if isinstance(cause, urllib3.exceptions.ProtocolError):
        return "the server closed the connection before its answer was complete"
    return _short(str(cause))


def _refusal(url: str, reply: Reply, has_told_who: bool) -> EndpointError:
    """Say what a status other than success means."""
    said = said_in(reply)
    status = reply.status
    if _NOT_GRANTED.search(reply.body[:20_000]):
        return EndpointRefused(
            f"{url}: the server does not let this be written{said}; on Virtuoso an administrator "
            'grants it, by GRANT SPARQL_UPDATE TO "SPARQL" in isql',
            status=403,
        )
    if status == 401 and "digest" in reply.headers.get("www-authenticate", "").lower():
        return EndpointRefused(
            f"{url}: the server wants Digest authentication, which is not spoken here; take an "
            f"address that wants none or Basic, or set {_HEADERS}",
            status=status,
        )
    if status in (401, 403):
        who = (
            "what was said of who asks was not accepted"
            if has_told_who
            else f"set {_USER} and {_PASSWORD}, or {_HEADERS}, in the environment, or write "
            "them into netrc"
        )
        wanted = "wants a password" if status == 401 else "does not allow it"
        words = f"; it says{said}" if said else ""
        return EndpointRefused(
            f"{url}: the server {wanted} ({status}): {who}{words}", status=status
        )
    if 300 <= status < 400:
        return EndpointRefused(
            f"{url}: the server has moved to {reply.headers.get('location', 'elsewhere')}: give "
            "that address"
        )
    if status in (404, 405, 410):
        return EndpointRefused(
            f"{url}: there is no SPARQL endpoint at this address ({status}){said}"
        )
    if status in _BUSY:
        return EndpointError(f"{url}: the server is busy ({status}), after {_TRIES} more tries")
    if status >= 500:
        return EndpointError(f"{url}: the server failed ({status}){said}")
    return EndpointRefused(f"{url}: the server refuses the request ({status}){said}", status=status)


def said_in(reply: Reply) -> str:
    """Give the first words of what a server says, of a page the words that it shows."""
    text = reply.body[:20_000].decode("utf-8", "replace")
    if "html" in reply.kind or text.lstrip()[:1] == "<":
        text = re.sub(r"(?is)<(script|style|head)\b.*?</\1>|<[^>]*>", " ", text)
    shown = _short(text)
    return f": {shown}" if shown else ""


def _short(text: str) -> str:
    words = "".join(each if each.isprintable() else "?" for each in " ".join(text.split()))
    return words if len(words) <= 200 else f"{words[:200].rstrip()} ..."
