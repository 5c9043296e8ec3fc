"""A server that runs as a user's does, and what is asked of it."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

import pytest
import urllib3

import coproduction

Served = Callable[..., contextlib.AbstractContextManager["Site"]]


class Site(NamedTuple):
    """A server, and a client of it that changes nothing of what comes."""

    url: str
    pool: urllib3.PoolManager
    process: int

    def ask(
        self,
        path: str = "/sparql",
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] | Sequence[tuple[str, str]] = (),
    ) -> urllib3.BaseHTTPResponse:
        return self.pool.request(
            method,
            self.url + path,
            body=body,
            headers=dict(headers),
            retries=False,
            timeout=60.0,
            redirect=False,
        )


TOKEN = secrets.token_urlsafe(32)
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@contextlib.contextmanager
def serving(*words: str, token: str = TOKEN) -> Iterator[Site]:
    """Run ``coproduction serve`` until the block is left."""
    server = subprocess.Popen(
        [sys.executable, "-m", "coproduction", "serve", "--port", "0", *words],
        stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONUNBUFFERED": "1", "COPRODUCTION_TOKEN": token},
        text=True,
    )
    assert server.stderr is not None
    try:
        said = ""
        for line in server.stderr:
            said += line
            if found := re.search(r"(http://\S+)/sparql", line):
                yield Site(found[1], urllib3.PoolManager(), server.pid)
                break
        else:
            pytest.fail(said)
    finally:
        server.terminate()
        with server.stderr:
            rest = server.stderr.read()
            assert "Traceback" not in rest and token not in rest
        server.wait(20)


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with serving("--cases", "--timeout", "5", "--max-rows", "3000") as running:
        yield running


@pytest.fixture(scope="module")
def writable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server of a store that is written to."""
    store = tmp_path_factory.mktemp("writable") / "store"
    coproduction.open(store=store, create=True)
    with serving("--store", str(store), "--writable", "--timeout", "30") as running:
        yield running
