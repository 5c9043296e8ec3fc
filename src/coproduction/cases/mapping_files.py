"""Files of mappings: found by their names, read, and refused with the line that is wrong."""

from __future__ import annotations

import collections.abc
import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Final

from ..errors import DataError, UnknownName
from ..files.encodings import read_text
from ..knowledge.case_record import case_record
from ..resources import data_dir
from .mappings import Join, Mapping, RdfMapping, values_from_links
from .reading import Reading

_PARTS: Final = frozenset(
    {"title", "description", "lacks", "columns", "constants", "templates", "values", "links"}
    | {"defaults", "separators", "leave_out", "form", "join"}
)


_PARTS_OF_JOIN: Final = frozenset({"file", "column", "key", "take"})


def reading_of(
    mapping: str | Path | None,
    defaults: collections.abc.Mapping[str, str] | None,
    base: str | None,
    sheet: str | None,
    encoding: str | None,
    largest: int | None,
) -> Reading:
    """Give how a file is read, by the name of a mapping; what is None was not said.

    Raises:
        UnknownName: there is no such mapping.
        DataError: it cannot be read.
    """
    given: dict[str, Any] = {
        "mapping": None if mapping is None else find_mapping(str(mapping)),
        "defaults": None if defaults is None else dict(defaults),
        "base": base,
        "sheet": sheet,
        "encoding": encoding,
        "largest": largest,
    }
    return Reading(**{name: value for name, value in given.items() if value is not None})


def mapping_names() -> list[str]:
    """Give the names of the packaged mappings, of tables and of RDF."""
    folder = data_dir("loaders")
    return sorted(path.stem for path in (*folder.glob("*.toml"), *folder.glob("*.rq")))


def find_mapping(name: str) -> Mapping | RdfMapping:
    """Give a mapping by its name, or by the path of a TOML or .rq file of one's own.

    Raises:
        UnknownName: no such packaged mapping.
        DataError: the file is missing or is no mapping, with the place.
    """
    if name.endswith((".toml", ".rq")):
        return _read(Path(name)) if name.endswith(".toml") else _read_query(Path(name))
    return _packaged(name)


@cache
def _packaged(name: str) -> Mapping | RdfMapping:
    if name not in mapping_names():
        known = mapping_names()
        raise UnknownName(
            "mapping",
            name,
            known,
            f"(mappings: {', '.join(known)}; or the path of a .toml or .rq file of your own)",
        )
    query = data_dir("loaders") / f"{name}.rq"
    if query.is_file():
        return _read_query(query)
    return _read(data_dir("loaders") / f"{name}.toml")


_LARGEST: Final = 4_000_000


_DEEP_KEY: Final = re.compile(
    r"""(?<![\w-])(?:(?:[\w-]+|"[^"\n]*"|'[^'\n]*')[ \t]*\.[ \t]*){100}"""
)
"""A dotted key for which tomllib takes the square, or more, of its length."""


def _read(path: Path) -> Mapping:
    try:
        text = read_text(path)
        if len(text) > _LARGEST:
            raise DataError(f"{path}: a mapping has at most {_LARGEST:,} characters")
        if _DEEP_KEY.search(text):
            raise DataError(f"{path}: it has a key of more than a hundred parts")
        content = tomllib.loads(text)
    except ValueError as error:  # of TOML, or of a number without end
        raise DataError(f"{path}: this is not valid TOML: {error}") from None
    except RecursionError:
        raise DataError(f"{path}: it is nested too deeply to be read") from None
    unknown = sorted(set(content) - _PARTS)
    if unknown:
        raise DataError(f"{path}: {unknown[0]!r} is no part of a mapping; see loaders/README.md")
    if "title" not in content:
        raise DataError(f"{path}: a mapping has a title")
    _check_texts(path, content)
    links = content.pop("links", {})
    keys = {field.key for field in case_record().fields}
    given = [
        *content.get("columns", {}).values(),
        *content.get("constants", {}),
        *content.get("templates", {}),
    ]
    parts = ("values", "defaults", "separators")
    for key in (*given, *(key for part in parts for key in content.get(part, {})), *links):
        if key not in keys:
            raise DataError(f"{path}: {UnknownName('field', key, keys)}")
    twice = next((key for key in given if given.count(key) > 1), None)
    if twice:
        raise DataError(f"{path}: {twice!r} is given twice; join columns in [templates]")
    values = values_from_links(links)
    for key, own in content.get("values", {}).items():
        values[key] = values.get(key, {}) | own
    content["values"], content["links"] = values, links
    content["joins"] = tuple(_join(path, part) for part in content.pop("join", []))
    content["leave_out"] = tuple(content.get("leave_out", ()))
    return Mapping(name=path.stem, path=path, **content)


def _join(path: Path, part: object) -> Join:
    if not isinstance(part, dict) or set(part) != _PARTS_OF_JOIN:
        raise DataError(f"{path}: a [[join]] has {', '.join(sorted(_PARTS_OF_JOIN))}")
    if not isinstance(part["take"], list) or Path(part["file"]).name != part["file"]:
        raise DataError(f"{path}: a [[join]] names a file beside the table, and takes a list")
    return Join(part["file"], part["column"], part["key"], tuple(part["take"]))


def _read_query(path: Path) -> RdfMapping:
    from ..knowledge.questions import load_question
    from ..syntax.services import refuse_service

    question = load_question(path)
    header = question.header_of({"title"})
    refuse_service(question.text, path)
    return RdfMapping(
        name=path.stem,
        title=str(header["title"]),
        description=str(header.get("description", "")),
        lacks=str(header.get("lacks", "")),
        select=question.text,
        links=_texts(path, header, "links"),
        keep=bool(header.get("keep", False)),
        upgrades=_texts(path, header, "upgrades"),
        namespaces=_texts(path, header, "namespaces"),
        path=path,
    )


def _texts(path: Path, header: collections.abc.Mapping[str, Any], part: str) -> dict[str, str]:
    """Give an entry of a header that has a text for each key."""
    texts = header.get(part) or {}
    if not isinstance(texts, dict) or not all(isinstance(text, str) for text in texts.values()):
        raise DataError(f"{path}: {part} in the header holds texts by their keys")
    return texts


def _check_texts(path: Path, content: dict[str, Any]) -> None:
    """Refuse parts of another form than the one that a mapping has."""
    for part in ("columns", "constants", "templates", "defaults", "links", "separators"):
        table = content.get(part, {})
        if not isinstance(table, dict) or not all(isinstance(v, str) for v in table.values()):
            raise DataError(f"{path}: [{part}] holds texts, each in quotation marks")
    for key, sign in content.get("separators", {}).items():
        if len(sign) != 1:
            raise DataError(f"{path}: [separators] {key}: one sign stands between values")
    values = content.get("values", {})
    if not isinstance(values, dict) or not all(
        isinstance(table, dict) and all(isinstance(v, str) for v in table.values())
        for table in values.values()
    ):
        raise DataError(f"{path}: [values.KEY] holds texts, each in quotation marks")
    if content.get("form", "") not in ("", "geojson"):
        raise DataError(f"{path}: form is 'geojson', or left away for a table")
    left = content.get("leave_out", [])
    if not isinstance(left, list) or not all(isinstance(heading, str) for heading in left):
        raise DataError(f"{path}: leave_out is a list of headings")
