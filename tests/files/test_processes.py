"""A process beside this one is sent messages, answers them, and is ended."""

from __future__ import annotations

import pickle
import time

import pytest

from coproduction.files import processes
from coproduction.files.processes import Process

ECHO = """
import json, sys; sys.path[:] = json.loads(sys.argv[1])
from coproduction.files.pipes import message, packed
print("heard", "{module}", file=sys.stderr, flush=True)
while (data := message(sys.stdin.buffer)) is not None:
    sys.stdout.buffer.write(packed(len(data)))
    sys.stdout.buffer.flush()
"""


@pytest.fixture
def echo(monkeypatch: pytest.MonkeyPatch) -> Process:
    monkeypatch.setattr(processes, "_START", ECHO)
    return Process("some.module", is_heard=True)


def test_what_is_sent_is_answered_in_order(echo: Process) -> None:
    sent = [b"x" * size for size in (1, 1_000_000, 10)]  # more than a pipe takes at once
    for each in sent:
        echo.send(each)
    found = [echo.received(30) for _ in sent]
    assert [pickle.loads(each) for each in found if each] == [
        len(pickle.dumps(each, -1)) for each in sent
    ]
    assert not echo.has_ended
    with pytest.raises(TimeoutError):
        echo.received(0.01)
    echo.end()
    assert echo.has_ended


def test_a_process_that_is_gone_is_told_however_often_it_is_asked(echo: Process) -> None:
    echo.send(b"x")
    assert echo.received(30) is not None
    echo.end()
    for _ in range(3):
        assert echo.received(30) is None
    code, words = echo.words()
    assert code and words == "heard some.module"
    echo.send(b"x")  # nothing takes it, and nothing breaks
    time.sleep(0.05)
    echo.end()
