"""The command line: one module a command, no logic of its own.

Exit codes: 0 done, 1 findings, 2 wrong use or bad input, 3 failure.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

import click

from ..errors import CoproductionError, damage_in, on_command_line, spoken_by
from ..stopping import interruptible
from .telling import tell

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

COMMANDS: Final[dict[str, str]] = {
    "ask": "Answer a question of the graph, or list the questions.",
    "evidence": "Hold the claims against the cases.",
    "explain": "Explain why an arrangement breaches the ceiling, or not.",
    "gaps": "Tell what the cases leave open.",
    "picture": "Draw the diagram, the regimes, concepts, claims or classes.",
    "query": "Answer a SPARQL query of your own.",
    "show": "Show everything known of a term.",
    "links": "List links to other vocabularies.",
    "link": "Propose terms of a vocabulary for your labels.",
    "info": "Count what is in scope.",
    "export": "Write all graphs in scope as one file.",
    "migrate": "Write a file with the new names of renamed terms.",
    "template": "Write an empty case sheet.",
    "load": "Load cases from a sheet into a store.",
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


class _Commands(click.Group):
    """A group that imports a command's module when it is run."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f".{cmd_name}", __package__)
        command: click.Command = getattr(module, cmd_name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            from ..errors import UnknownName

            raise UnknownName("command", args[0], COMMANDS, "('coproduction --help' lists them)")
        return super().resolve_command(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Offer the commands with their lines, for which none has to be imported."""
        from click.shell_completion import CompletionItem

        offered = [
            CompletionItem(name, help=line)
            for name, line in COMMANDS.items()
            if name.startswith(incomplete)
        ]
        return offered + (super().shell_complete(ctx, incomplete) if incomplete[:1] == "-" else [])

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="coproduction", prog_name="coproduction")
def commands() -> None:
    """A knowledge graph of the co-production of public services.

    Try 'coproduction ask glass-ceiling', or 'coproduction ask' for all questions.

    Tab completes names after: eval "$(_COPRODUCTION_COMPLETE=bash_source coproduction)" (or
    zsh_source; fish_source in fish).
    """


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
            code: Any = run(
                lambda: commands.main(args=words, prog_name="coproduction", standalone_mode=False)
            )
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except CoproductionError as error:
        return _fail(_worded(error), error.exit_code)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return 0
    except (click.exceptions.Abort, KeyboardInterrupt):
        return _fail("stopped", 130)
    except click.ClickException as error:
        context = getattr(error, "ctx", None)
        hint = f" (see '{context.command_path} --help')" if context else ""
        return _fail(error.format_message().replace("\n", " ") + hint, 2)
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


def _here(work: Callable[[], Any]) -> Any:
    return work()


_UNWRITABLE = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EBADF)
"""What writing to standard output says where it is full, gone or closed."""


def _fail(message: str, code: int) -> int:
    # Where standard error cannot be written either, the exit code is all that can be told.
    with contextlib.suppress(OSError):
        tell(f"coproduction: {message}")
    return code
