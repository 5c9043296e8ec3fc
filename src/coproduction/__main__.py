"""The console script, and `python -m coproduction`: loads the graphs while it reads the line.

Both take as long as each other, and the parser of the graphs lets go of the interpreter.
"""

from __future__ import annotations

import contextlib
import os
import sys

_WITHOUT_GRAPHS = {"-h", "--help", "--version"}


def run() -> None:
    """Run a command and leave at once.

    Taking the interpreter down piece by piece costs a tenth of the time of a question, and
    nothing is left to do by then: what was opened is closed, what was written is flushed.
    """
    if sys.stdout is None:  # closed by the caller: whoever writes to it gets an error, as in C
        sys.stdout = os.fdopen(os.open(os.devnull, os.O_RDONLY), "w")
    words = sys.argv[1:]
    if words and not _WITHOUT_GRAPHS.intersection(words):
        from .store.begun import begin_loading

        begin_loading()
    from .cli import main
    from .stopping import work_is_left

    try:
        code = main(words)
    except SystemExit as stop:  # by a signal, while a reasoner runs
        code = int(stop.code or 0)
    if work_is_left():
        from .files.output import abandon

        abandon()
    # What is left may stand in the midst of a write, and be waited for.
    for stream in (sys.stderr,) if work_is_left() else (sys.stdout, sys.stderr):
        # What could not be written was told, and has its exit code; the rest of it goes.
        with contextlib.suppress(OSError, AttributeError):
            stream.flush()
    os._exit(code)


if __name__ == "__main__":
    run()
