"""The quick forms of the trials in this folder."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

from coproduction.cases.loading import load

from . import kill, readers
from .sheets import content, write_sheet

pytestmark = pytest.mark.slow


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_kill_leaves_the_store_before_or_after(tmp_path: Path) -> None:
    ground = kill.prepare(tmp_path, 20)
    seconds, calls, after = kill.measure(ground, "replace")
    assert after != ground.before and calls > 20
    chance = random.Random(5)
    seen = set()
    for call, when in ((calls // 2, "before"), (calls, "after")):
        assert kill.kill_at(ground, "replace", call, when)
        state, wrong = kill.judge(ground, after)
        assert not wrong, (call, when)
        seen.add(state)
    assert kill.kill_after(ground, "load", chance.uniform(0.3, 0.6) * seconds)
    assert kill.judge(ground, {}) == ("before", [])
    assert seen == {"before", "after"}


def test_readers_beside_a_writer_meet_whole_states(tmp_path: Path) -> None:
    met = readers.trial(tmp_path, opens=150, readers=3, writes=10, rows=60)
    assert not [what for what in met if what.startswith("fault")], met
    assert met["opened"] == 150 and met["written"] == 10
    assert met["opened during a write"] > 0 and met["read whole"] > 0


def test_the_trials_see_what_is_wrong(tmp_path: Path) -> None:
    ground = kill.prepare(tmp_path, 3)
    ground.refresh()
    load(write_sheet(tmp_path / "stray.csv", 1, "stray"), ground.store)
    assert content(ground.store) != ground.before
    state, wrong = kill.judge(ground, {})
    assert state == "other" and "neither as before nor as after" in wrong[0]
