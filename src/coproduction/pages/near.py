"""What a page says of a name that nothing has, and where what may be meant is found."""

from __future__ import annotations

from ..errors import Advice, CoproductionError, UnknownName
from ..messages import Speaker
from .address import Address
from .facets import NOT
from .page import NoPage, Words


def told_of(error: CoproductionError, say: Speaker) -> str:
    """Give what a page says of an error, without the commands that the error advises.

    Args:
        error: what is wrong.
        say: the language; what is no sentence of the catalogues stays as it is.
    """
    if isinstance(error, UnknownName):
        words = say("nothing in scope has the name {name}", name=error.given)
        if error.numbered:
            first, last = error.numbered
            there = say("there are {first} to {last}", first=first, last=last)
            return say("{name}: {told}", name=words, told=there)
        more = error.args[1:]
        known = "" if any(isinstance(each, Advice) for each in more) else "".join(map(str, more))
        return f"{words} {known}".strip()
    return "".join(say.again(each) if isinstance(each, str) else str(each) for each in error.args)


def near_of(address: Address, error: CoproductionError) -> tuple[Words, ...]:
    """Give links to what may be meant: other pages, or this one with another value.

    Args:
        address: what was asked.
        error: what is wrong with it.
    """
    if isinstance(error, NoPage):
        return error.near
    if not isinstance(error, UnknownName) or error.suggestion is None:
        return ()
    found = []
    for name, value in address.in_form("").state:
        sign = NOT if value.startswith(NOT) else ""
        if value.removeprefix(NOT).strip().casefold() == error.given.casefold():
            there = address.in_form("").with_state(**{name: sign + error.suggestion})
            found.append(Words(error.suggestion, "", there.url))
    return tuple(found)


def no_page(path: str, error: UnknownName, told: str, listed: str) -> NoPage:
    """Give what is raised where no page is on a name.

    Args:
        path: what the addresses of such pages begin with.
        error: that there is no such name; it may have the nearest.
        told: that there is none, as a sentence of the catalogues.
        listed: what the link to all of them is called.
    """
    near = [Words(error.suggestion, "", f"{path}{error.suggestion}")] if error.suggestion else []
    return NoPage(told, near, Words(listed, "", f"{path.rstrip('/')}s"))
