"""The command line: one module a command, no logic of its own.

Exit codes: 0 done, 1 findings, 2 wrong use or bad input, 3 failure.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any, Final

from ..errors import CoproductionError, damage_in, on_command_line, spoken_by
from ..stopping import interruptible
from .plain import plainly_asked
from .telling import tell

COMMANDS: Final[dict[str, str]] = {
    "ask": "Answer a question of the graph, or list the questions.",
    "evidence": "Hold the claims against the cases.",
    "explain": "Explain why an arrangement breaches the ceiling, or not.",
    "gaps": "Tell what the cases leave open.",
    "picture": "Draw the diagram, the concepts, or what cases say of claims.",
    "query": "Answer a SPARQL query of your own.",
    "show": "Show everything known of a term.",
    "links": "List links to other vocabularies.",
    "link": "Propose terms of a vocabulary for your labels.",
    "info": "Count what is in scope.",
    "serve": "Serve pages for people, and SPARQL for programs.",
    "site": "Write the explorer's pages as files for a web host.",
    "export": "Write all graphs in scope as one file.",
    "migrate": "Write a file with the new names of renamed terms.",
    "template": "Write an empty case sheet.",
    "load": "Load cases from a sheet into a store.",
    "convert": "Convert a register to parts for a bulk loader.",
    "code": "Write uncoded cases to a sheet to be coded.",
    "loads": "List the loads of a store.",
    "rebuild": "Build a store again from its loads.",
    "unload": "Take a load out of a store.",
    "classify": "Write what follows from the definitions into a store.",
    "validate": "Check cases against the case record.",
    "new": "Begin a question, a claim or a case, to be filled in.",
    "check": "Check an ontology against the house rules.",
}
"""Each command, of the module of its name, with the line that `--help` prints: to list them imports
nothing."""

_READING: Final = frozenset(
    {"ask", "evidence", "explain", "gaps", "info", "links", "query", "show"}
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command.

    Returns:
        the exit code; an error is one line on standard error, never a traceback.
    """
    try:
        words = sys.argv[1:] if argv is None else argv
        odd = next((word for word in words if "\0" in word), None)
        if odd is not None:
            return _fail(f"{odd!r}: no name and no value holds a zero byte", 2)
        # These only read; the others clear up after themselves, so they run where Ctrl-C is heard.
        run = interruptible if words and words[0] in _READING else _here
        with spoken_by(on_command_line):
            code: Any = run(plainly_asked(words) or (lambda: _parsed(words)))
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except CoproductionError as error:
        return _fail(_worded(error), error.exit_code)
    except KeyboardInterrupt:
        return _fail("stopped", 130)
    except BrokenPipeError:
        # The reader went away (`| head`): no error, but Python must not flush to it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if isinstance(error, OSError) and error.filename is None and error.errno in _UNWRITABLE:
            from ..files.output import write_error

            return _fail(str(write_error("standard output", error)), 3)
        if isinstance(error, OSError) and isinstance(error.filename, str | bytes | os.PathLike):
            return _fail(f"{os.fsdecode(error.filename)}: cannot be used: {error.strerror}", 2)
        damage = damage_in(error)
        if damage:
            return _fail(_worded(damage), damage.exit_code)
        if os.environ.get("COPRODUCTION_DEBUG"):
            raise
        return _fail(
            f"unexpected {type(error).__name__}: {error} "
            "(a fault in coproduction; COPRODUCTION_DEBUG=1 shows where)",
            3,
        )


def _worded(error: CoproductionError) -> str:
    with spoken_by(on_command_line):
        return str(error)


def _parsed(words: Sequence[str]) -> Any:
    from .parser import run_command

    return run_command(words)


def _here(work: Callable[[], Any]) -> Any:
    return work()


_UNWRITABLE = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EBADF)
"""What writing to standard output says where it is full, gone or closed."""


def _fail(message: str, code: int) -> int:
    # Where standard error cannot be written either, the exit code is all that can be told.
    with contextlib.suppress(OSError):
        tell(f"coproduction: {message}")
    return code
