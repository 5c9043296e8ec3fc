"""A progress bar on standard error, for work that takes more than a second."""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections.abc import Callable, Iterator

from ..spelling import visible

_SILENT_FOR = 1.0


@contextlib.contextmanager
def progress_bar(
    what: str, unit: str = "rows", doing: tuple[str, str] = ("reading", "storing")
) -> Iterator[Callable[[int, float], None]]:
    """Give a function to be told the number of records read and the share of the file.

    Args:
        what: the file, or what is gone through.
        unit: what is counted.
        doing: what is done with it, and what when all of it was gone through.

    Nothing is shown in the first second, nor where standard error is no terminal; the bar is
    gone when the block ends.
    """
    if not sys.stderr.isatty():
        yield lambda rows, share: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

    bar = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn(f"{{task.fields[rows]:,}} {unit}"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    task: list[TaskID] = []
    what = visible(what)
    begun = time.monotonic()

    def tell(rows: int, share: float) -> None:
        if not task:
            if time.monotonic() - begun < _SILENT_FOR:
                return
            task.append(bar.add_task(what, total=1.0, rows=rows))
            bar.start()
        done = share >= 1.0
        bar.update(
            task[0],
            rows=rows,
            completed=share,
            description=f"{doing[done]} {what}".strip(),
        )

    try:
        yield tell
    finally:
        bar.stop()


@contextlib.contextmanager
def working(what: str) -> Iterator[None]:
    """Show that something goes on, and for how long, where nobody can tell how far it is.

    As :func:`progress_bar`: nothing in the first second, nothing where there is no terminal.
    """
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    bar = Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    bar.add_task(what, total=None)
    one_at_a_time = threading.Lock()
    over = threading.Event()

    def start() -> None:
        with one_at_a_time:
            if not over.is_set():
                bar.start()

    timer = threading.Timer(_SILENT_FOR, start)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        with one_at_a_time:
            over.set()
            bar.stop()
