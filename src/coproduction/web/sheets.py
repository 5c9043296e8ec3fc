"""A sheet that is sent to be checked: the form that it came in, and what is answered."""

from __future__ import annotations

import base64
import binascii
import email.policy
from email.parser import BytesParser
from typing import Final

from ..errors import CoproductionError
from ..messages import Sentence
from ..pages.address import Address
from ..pages.rendering import written
from ..pages.sheet import File, Sheet, checked, corrected, marked, template_file
from .asked import RequestError
from .orders import Limits, Open, Sent, SheetSent, told
from .paging import GUARDS, form_of, guards_of, page_of_problem

_MOST_PARTS: Final = 10
_ACTS: Final = {"corrected": corrected, "marked": marked}


def sheet_sent(graphs: Open, asked: SheetSent, accept: str, limits: Limits) -> Sent:
    """Answer with what is wrong with a sheet, or with the sheet itself, corrected or marked.

    Args:
        graphs: what is in scope.
        asked: what came.
        accept: the header that says in which form an answer is wanted.
        limits: what it may take.

    Raises:
        RequestError: no sheet came, or an answer is wanted in no form that there is.
    """
    address = Address.read(asked.path, asked.query)
    address = address.in_form(form_of(address, accept))
    try:
        sheet, act = _read(asked)
        if act in _ACTS:
            return file_sent(_ACTS[act](address, sheet))
        page = checked(address, sheet)
        kind, body = written(page, graphs.store)
    except CoproductionError as error:
        status = told(error).status
        if address.form == "html":
            return page_of_problem(address, error, status)
        return Sent(status, told(error).kind, f"{error}\n".encode(), guards_of(address.path, ""))
    if len(body) > limits.largest:
        raise RequestError(400, f"the answer is larger than {limits.largest:,} bytes")
    guards = guards_of(address.path, address.form)
    return Sent(page.status, kind, body, (*guards, ("Cache-Control", "no-store")))


def template_sent(path: str, query: str) -> Sent:
    """Answer with the empty sheet, in the language of the address."""
    try:
        lang = Address.read(path, query).lang
        return file_sent(template_file(f".{path.rpartition('.')[2]}", lang))
    except CoproductionError as error:
        return told(error)


def file_sent(file: File) -> Sent:
    """Answer with a file that a browser saves."""
    headers = (
        ("Content-Disposition", f'attachment; filename="{file.name}"'),
        ("Cache-Control", "no-store"),
    )
    return Sent(200, file.kind, file.content, (*GUARDS, *headers))


def _read(asked: SheetSent) -> tuple[Sheet, str]:
    """Read the form; nothing of it is written anywhere.

    Raises:
        RequestError: it is no form, or has no sheet.
    """
    head = f"Content-Type: {asked.header}\r\n\r\n".encode("latin-1", "replace")
    try:
        message = BytesParser(policy=email.policy.HTTP).parsebytes(head + asked.body)
        parts = list(message.iter_parts()) if message.is_multipart() else []
    except (RecursionError, ValueError, LookupError):
        parts = []
    if not parts or len(parts) > _MOST_PARTS:
        told = Sentence("no sheet came: send it as 'file' of a form (multipart/form-data)")
        raise RequestError(400, told)
    fields: dict[str, bytes] = {}
    name = ""
    for part in parts:
        content = part.get_payload(decode=True)
        key = str(part.get_param("name", "", header="content-disposition"))
        fields[key] = content if isinstance(content, bytes) else b""
        if key == "file":
            name = part.get_filename() or ""
    act, encoding = (
        fields.get(key, b"").decode("utf-8", "replace").strip() for key in ("act", "encoding")
    )
    if "file" in fields:
        return Sheet(_clean(name), fields["file"], encoding), act
    try:
        content = base64.b64decode(fields.get("content", b""), validate=True)
    except binascii.Error:
        content = b""
    if not content:
        raise RequestError(400, Sentence("no sheet came: choose a file"))
    name = _clean(fields.get("name", b"").decode("utf-8", "replace"))
    return Sheet(name, content, encoding), act


def _clean(name: str) -> str:
    """Give the name of a file without its folder, and without signs that cannot be seen."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in last if sign.isprintable())[:200]
