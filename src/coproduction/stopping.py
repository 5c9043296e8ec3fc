"""Work that can be stopped: it runs in a thread, and who waits for it can stop waiting.

pyoxigraph has no way to end a query, and Python acts on Ctrl-C only between its own steps. So a
query runs beside the main thread, which waits and hears the signal at once. The thread cannot be
ended: the command line leaves the process, a session goes on beside it until its query ends.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Final, TypeVar

from .errors import QueryTimeout

if TYPE_CHECKING:
    from typing import IO

T = TypeVar("T")

_STACK: Final = 256 << 20  # the engine recurses with the length of a query; unused it is free
_STEP: Final = 0.1  # on Windows a wait without end does not hear Ctrl-C
_left: list[_Work] = []
_starting: Final = threading.Lock()


class _Work(threading.Thread):
    """A thread that keeps what its work gave or raised."""

    def __init__(self, work: Callable[[], object]) -> None:
        super().__init__(daemon=True)
        self._work = work
        self.value: object = None
        self.error: BaseException | None = None
        self.seconds: float | None = None
        self.deadline: float | None = None
        self.store: object = None
        self.left = False

    def run(self) -> None:
        try:
            self.value = self._work()
        except BaseException as error:  # raised again where it is waited for
            self.error = error
            let_go(error)

    def limit(self, seconds: float | None) -> None:
        self.seconds = seconds
        self.deadline = time.monotonic() + seconds if seconds else None


def let_go(error: BaseException | None) -> None:
    """Drop what the frames of an error hold.

    The engine's iterators must end in their thread, and a database is open as long as anything
    refers to it.
    """
    while error is not None:
        trace = error.__traceback__
        while trace is not None:
            with contextlib.suppress(RuntimeError):  # the frame that runs now
                trace.tb_frame.clear()
            trace = trace.tb_next
        error = error.__context__


def interruptible(work: Callable[[], T], seconds: float | None = None) -> T:
    """Give what `work` gives; Ctrl-C and the end of the time are heard while it runs.

    Called from another thread than the main one, which hears no signals, and without a limit,
    it is a plain call.

    Args:
        work: what is to be done; objects of the engine that iterate must not leave it.
        seconds: the limit; None or 0 for none. :func:`limit` may set another from within.

    Raises:
        QueryTimeout: the time is over.
        KeyboardInterrupt: Ctrl-C. Then as after a timeout the thread goes on until it ends.
    """
    if not seconds and not in_main_thread():
        return work()
    thread = _Work(work)
    thread.limit(seconds)
    _start(thread)
    try:
        while thread.is_alive():
            rest = _STEP
            if thread.deadline is not None:
                rest = min(rest, thread.deadline - time.monotonic())
                if rest <= 0:
                    raise QueryTimeout(thread.seconds or 0, thread.store)
            thread.join(rest)
    except BaseException:
        thread.left = True
        _left.append(thread)
        raise
    if thread.error is not None:
        raise thread.error
    return thread.value  # type: ignore[return-value]


def in_main_thread() -> bool:
    """Tell whether this is the thread that hears signals."""
    return threading.current_thread() is threading.main_thread()


def limit(seconds: float | None) -> None:
    """Set a limit of time, from now, to the work that this is called in."""
    thread = threading.current_thread()
    if isinstance(thread, _Work):
        thread.limit(seconds)


def asks_store(folder: object) -> None:
    """Say which store on disk the work asks that this is called in: a timeout names it."""
    thread = threading.current_thread()
    if isinstance(thread, _Work):
        thread.store = folder


def while_wanted(items: Iterable[T]) -> Iterator[T]:
    """Give items until nobody waits for them any more; then end the thread."""
    thread = threading.current_thread()
    for item in items:
        if isinstance(thread, _Work) and thread.left:
            raise SystemExit
        yield item


def work_is_left() -> bool:
    """Tell whether work goes on that nobody waits for."""
    _left[:] = [thread for thread in _left if thread.is_alive()]
    return bool(_left)


class Stream:
    """A binary stream that work writes to until it is left; remembers what the stream raised."""

    def __init__(self, inner: IO[bytes]) -> None:
        self._inner = inner
        self.error: OSError | None = None

    def write(self, data: bytes) -> int:
        """Write; ends the thread where nobody waits for it any more."""
        thread = threading.current_thread()
        if isinstance(thread, _Work) and thread.left:
            raise SystemExit
        try:
            return self._inner.write(data)
        except OSError as error:
            self.error = error
            raise

    def flush(self) -> None:
        """Nothing: the stream is flushed when all is written."""


def with_deep_stack(work: Callable[[], None]) -> None:
    """Do work in a thread with a large stack, and wait until it is done."""
    thread = threading.Thread(target=work)
    _start(thread)
    thread.join()


def _start(thread: threading.Thread) -> None:
    """Start a thread with a large stack, or a usual one where the system refuses."""
    with _starting:
        before = threading.stack_size(_STACK)
        try:
            with contextlib.suppress(RuntimeError):
                thread.start()
                return
        finally:
            threading.stack_size(before)
        thread.start()
