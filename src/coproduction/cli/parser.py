"""The line as click reads it: the commands and their options, and what is wrong with a line."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from ..errors import UnknownName, WrongUse
from . import COMMANDS

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


class _Commands(click.Group):
    """A group that imports a command's module when it is run."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f".{cmd_name}", __package__)
        made = getattr(module, cmd_name)
        command: click.Command = made if isinstance(made, click.Command) else module.command()
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
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


def run_command(words: Sequence[str]) -> Any:
    """Read a line and run its command; give what the command gives.

    Raises:
        WrongUse: the line is none of this program's.
        KeyboardInterrupt: the user ended a prompt.
    """
    try:
        return commands.main(args=list(words), prog_name="coproduction", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return 0
    except click.exceptions.Abort:
        raise KeyboardInterrupt from None
    except click.ClickException as error:
        context = getattr(error, "ctx", None)
        hint = f" (see '{context.command_path} --help')" if context else ""
        raise WrongUse(error.format_message().replace("\n", " ") + hint) from None
