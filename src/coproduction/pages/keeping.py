"""What is worked out once for a store as it is: it is another object when it has changed."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, Final, TypeVar
from weakref import WeakKeyDictionary

from ..store.protocol import Store

Made = TypeVar("Made")
_MOST: Final = 500
"""Things that are kept of a store; of more all are made anew."""
_kept: Final[WeakKeyDictionary[Store, dict[Hashable, Any]]] = WeakKeyDictionary()


def kept(store: Store, key: Hashable, make: Callable[[], Made]) -> Made:
    """Give what was made of a store before, or make it.

    Args:
        store: what it is made of.
        key: names it among all that is made of stores.
        make: makes it; what it gives is not to be changed.
    """
    of_store = _kept.setdefault(store, {})
    if key not in of_store:
        made = make()
        if len(of_store) >= _MOST:
            of_store.clear()
        of_store[key] = made
    found: Made = of_store[key]
    return found


def forget(store: Store) -> None:
    """Forget what was made of a store, which has been changed."""
    _kept.pop(store, None)
