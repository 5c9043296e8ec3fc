"""Tables out of JSON: the features of GeoJSON, an array of objects, or an object a line.

A record is a row, a property a column; ``a.b`` is the property b of the object in a, and values in
an array are separated as the sheet separates them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from ..errors import DataError
from ..files.encodings import read_text
from ..messages import Sentence, counted
from .table import LARGEST, Row, Table, as_row, check_size
from .workbook_reader import cell_text

JSON_ENDINGS: Final = (".json", ".jsonl", ".ndjson", ".geojson")
_OF_RDF: Final = ("@context", "@graph", "@id", "@type", "@value")


def is_table(path: Path) -> bool:
    """Tell whether a JSON file holds records of a table, and no linked data (JSON-LD).

    Raises:
        DataError: the file cannot be read, or is no JSON.
    """
    content = _content(path)
    first = content[0] if isinstance(content, list) and content else content
    return not (isinstance(first, dict) and any(key in first for key in _OF_RDF))


def read_json(path: Path, *, largest: int = LARGEST) -> Table:
    """Read the records of a JSON file as rows: a column for each property that one has.

    Row 2 is the first record, as if the names of the properties stood in row 1. A record that is
    no object is a fault of its row.

    Args:
        path: GeoJSON, an array of objects (or one object that holds one), or JSON Lines.
        largest: bytes above which the file is refused.

    Raises:
        DataError: the file cannot be read, is too large, or holds no records.
    """
    check_size(path, largest)
    records = _records(path, _content(path))
    flat = [_flat(record) if isinstance(record, dict) else None for record in records]
    headings = list(dict.fromkeys(name for row in flat if row is not None for name in row))
    if not headings:
        raise DataError(Sentence("{path}: no record of this JSON has a property", path=path))

    def body() -> Iterator[Row]:
        for number, row in enumerate(flat, start=2):
            if row is None:
                yield Row(number, [], f"Record {number - 1} has no properties.")
            else:
                yield as_row(number, [row.get(name, "") for name in headings])

    how = f"the properties of {counted(len(records), 'record')} were taken for the columns"
    return Table(path.name, 1, 0, headings, body(), how=how)


def _content(path: Path) -> Any:
    text = read_text(path)
    try:
        if path.suffix.lower() in (".jsonl", ".ndjson"):
            return [json.loads(line) for line in text.split("\n") if line.strip()]
        return json.loads(text)
    except ValueError as error:
        told = Sentence("{path}: this is not valid JSON: {error}", path=path, error=error)
        raise DataError(told) from None
    except RecursionError:
        told = Sentence("{path}: it is nested too deep to be read", path=path)
        raise DataError(told) from None


def _records(path: Path, content: Any) -> list[Any]:
    """Find the records: features, the array that the file is, or the only one in it."""
    if isinstance(content, dict) and isinstance(content.get("features"), list):
        features = content["features"]
        return [one.get("properties") if isinstance(one, dict) else None for one in features]
    if isinstance(content, dict):
        arrays = [
            value
            for value in content.values()
            if isinstance(value, list) and any(isinstance(one, dict) for one in value)
        ]
        if len(arrays) > 1:
            told = Sentence(
                "{path}: {count} arrays of records stand in it; give a file with one",
                path=path,
                count=len(arrays),
            )
            raise DataError(told)
        content = arrays[0] if arrays else None
    if not isinstance(content, list) or not content:
        told = Sentence(
            "{path}: this is no array of records, and no GeoJSON with features", path=path
        )
        raise DataError(told)
    return content


def _flat(record: dict[str, Any], before: str = "", in_array: bool = False) -> dict[str, str]:
    """Give the properties of an object and of those in it, as texts by their path.

    Several values are separated as the sheet separates them, so none keeps that sign.
    """
    cells: dict[str, str] = {}
    for name, value in record.items():
        path = f"{before}{name}"
        if isinstance(value, dict):
            cells |= _flat(value, f"{path}.", in_array)
        elif isinstance(value, list) and any(isinstance(one, dict) for one in value):
            for one in value:
                is_object = isinstance(one, dict)
                inside = _flat(one, f"{path}.", True) if is_object else {path: _one(one)}
                for inner, text in inside.items():
                    cells[inner] = f"{cells[inner]};{text}" if cells.get(inner) else text
        elif isinstance(value, list):
            cells[path] = ";".join(filter(None, map(_one, value)))
        else:
            cells[path] = _one(value) if in_array else cell_text(value)
    return cells


def _one(value: Any) -> str:
    """Give one value of several: without the sign that separates them."""
    return cell_text(value).replace(";", ",")
