"""The console script: starts to load the graphs, then reads the command line.

Both take as long as each other, and the parser of the graphs lets go of the interpreter.
"""

from __future__ import annotations

import os
import sys

_WITHOUT_GRAPHS = {"-h", "--help", "--version"}


def run() -> None:
    """Run a command and leave at once.

    Taking the interpreter down piece by piece costs a tenth of the time of a question, and
    nothing is left to do by then: what was opened is closed, what was written is flushed.
    """
    words = sys.argv[1:]
    if words and not _WITHOUT_GRAPHS.intersection(words):
        from .store import begin_loading

        begin_loading()
    from .cli import main
    from .stopping import work_is_left

    try:
        code = main(words)
    except SystemExit as stop:  # by a signal, while a reasoner runs
        code = int(stop.code or 0)
    if not work_is_left():  # else it may stand in the midst of a write, and be waited for
        sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
