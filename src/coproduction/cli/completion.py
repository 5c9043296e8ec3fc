"""What the shell offers when Tab is pressed: names out of the packaged files, read with no graph.

Click makes the scripts for bash, zsh and fish.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from ..knowledge.claim_ids import claim_ids
from ..resources import data_dir

if TYPE_CHECKING:
    import click
    from click.shell_completion import CompletionItem


def _items(names: Iterable[str], begun: str) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem

    return [CompletionItem(name) for name in names if name.lower().startswith(begun.lower())]


def _questions() -> list[str]:
    return sorted(path.stem for path in data_dir("queries/questions").glob("*.rq"))


def questions(_: click.Context, __: click.Parameter, begun: str) -> Sequence[CompletionItem]:
    """Offer the names of questions."""
    return _items(_questions(), begun)


def claims(_: click.Context, __: click.Parameter, begun: str) -> Sequence[CompletionItem]:
    """Offer the ids of claims."""
    return _items(claim_ids(), begun)


def targets(_: click.Context, __: click.Parameter, begun: str) -> Sequence[CompletionItem]:
    """Offer what an arrangement can be explained by: claims and questions."""
    return _items([*claim_ids(), *_questions()], begun)


def cases(_: click.Context, __: click.Parameter, begun: str) -> Sequence[CompletionItem]:
    """Offer the ids of the shipped cases."""
    return _items(sorted(path.stem for path in data_dir("cases").glob("*.ttl")), begun)


def pictures(_: click.Context, __: click.Parameter, begun: str) -> Sequence[CompletionItem]:
    """Offer the names of pictures, and the ids of the claims that are drawn as a table."""
    from ..pictures import PICTURES, TABLED

    drawn = re.compile(rf"^#\+ type: ({'|'.join(TABLED)})$", re.MULTILINE)
    files = sorted(data_dir("queries/claims").glob("*.rq"))
    tables = [path.stem.upper() for path in files if drawn.search(path.read_text("utf-8"))]
    return _items([*PICTURES, *tables], begun)


def vocabularies(_: click.Context, __: click.Parameter, begun: str) -> Sequence[CompletionItem]:
    """Offer the vocabularies that there are links to."""
    files = data_dir("ontology/alignments").glob("*.sssom.tsv")
    return _items(sorted(path.name.removesuffix(".sssom.tsv") for path in files), begun)


def mappings(_: click.Context, __: click.Parameter, begun: str) -> Sequence[CompletionItem]:
    """Offer the packaged mappings; where none begins so, files."""
    from click.shell_completion import CompletionItem

    found = (p for ending in ("*.toml", "*.rq") for p in data_dir("loaders").glob(ending))
    offered = _items(sorted({path.stem for path in found}), begun)
    return offered or [CompletionItem(begun, type="file")]
