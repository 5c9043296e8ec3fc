"""A progress bar on standard error, for work that takes more than a second."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterator

from ..spelling import visible

_SILENT_FOR = 1.0


@contextlib.contextmanager
def progress_bar(what: str) -> Iterator[Callable[[int, float], None]]:
    """Give a function to be told the number of records read and the share of the file.

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
        TextColumn("{task.fields[rows]:,} rows"),
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
            description=f"storing {what}" if done else f"reading {what}",
        )

    try:
        yield tell
    finally:
        bar.stop()
