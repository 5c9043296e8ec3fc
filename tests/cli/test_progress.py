"""Long work shows that it goes on, on a terminal alone, and not in the first second."""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Callable

import pytest
import rich.console

import coproduction
from coproduction.cli import progress

from ..tools import CLAIMS

Terminal = Callable[[float], io.StringIO]


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Let standard error be a terminal, on which something is shown after some seconds."""

    def begin(silent_for: float) -> io.StringIO:
        shown = io.StringIO()
        console = rich.console.Console(file=shown, force_terminal=True, width=80)
        monkeypatch.setattr(rich.console, "Console", lambda **_: console)
        monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
        monkeypatch.setattr(progress, "_SILENT_FOR", silent_for)
        return shown

    return begin


def until(shown: io.StringIO, words: str) -> bool:
    end = time.monotonic() + 5
    while words not in shown.getvalue() and time.monotonic() < end:
        time.sleep(0.01)
    return words in shown.getvalue()


def test_judging_the_claims_tells_how_many_are_done(terminal: Terminal) -> None:
    shown = terminal(0)
    told: list[tuple[int, float]] = []
    with progress.progress_bar("claims", "claims", ("judging", "judging")) as bar:

        def tell(done: int, share: float) -> None:
            told.append((done, share))
            bar(done, share)

        coproduction.open().evidence().all(progress=tell)
    assert [done for done, _ in told] == list(range(1, 55))
    assert told[-1] == (CLAIMS, 1.0)
    assert "judging claims" in shown.getvalue() and f"{CLAIMS} claims" in shown.getvalue()


def test_work_of_unknown_length_is_shown_after_a_while(terminal: Terminal) -> None:
    shown = terminal(0)
    with progress.working("checking the store"):
        assert until(shown, "checking the store")


def test_nothing_is_shown_of_short_work(terminal: Terminal) -> None:
    shown = terminal(60)
    with progress.working("checking the store"):
        pass
    with progress.progress_bar("cases.csv") as bar:
        bar(1, 0.5)
    assert shown.getvalue() == ""


def test_an_error_ends_the_showing(terminal: Terminal) -> None:
    shown = terminal(0)
    with pytest.raises(ValueError, match="no"), progress.working("checking the store"):
        assert until(shown, "checking the store")
        raise ValueError("no")
    length = len(shown.getvalue())
    time.sleep(0.3)
    assert len(shown.getvalue()) == length


def test_nothing_is_shown_where_there_is_no_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    with progress.working("checking"), progress.progress_bar("x") as bar:
        bar(1, 0.5)
    assert capfd.readouterr().err == ""
