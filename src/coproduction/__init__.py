"""A knowledge graph of the co-production of public services, and the tools to use it.

>>> import coproduction as cop
>>> kg = cop.open()
>>> sorted(row["serviceLabel"] for row in kg.ask("glass-ceiling"))[:2]
['basic education', 'childcare']
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .version import __version__

if TYPE_CHECKING:
    from .errors import CoproductionError
    from .knowledge_graph import KnowledgeGraph
    from .opening import open
    from .results.result import Result

__all__ = ["CoproductionError", "KnowledgeGraph", "Result", "__version__", "open"]

_HOME = {
    "CoproductionError": "errors",
    "KnowledgeGraph": "knowledge_graph",
    "Result": "results.result",
    "open": "opening",
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first used, so that the command line starts at once."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f".{_HOME[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
