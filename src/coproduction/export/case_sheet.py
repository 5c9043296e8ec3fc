"""Cases of a store given back as the case sheet that they could have come from.

Loading the sheet again changes nothing: what the sheet has no column for (a coding of its own
for one value, a level under a second rubric) stays in the RDF alone.
"""

from __future__ import annotations

from itertools import islice
from pathlib import Path

from ..cases.columns import as_note
from ..cases.from_table import level_of_rights
from ..cases.sheet_rows import SheetRows
from ..cases.template import workbook
from ..errors import DataError
from ..files.output import check_writable, write_whole
from ..knowledge.case_record import case_record
from ..knowledge.questions import find_question
from ..messages import spoken
from ..results.asking import ask
from ..results.fetching import QueryOptions
from ..results.result import Result
from ..store.protocol import Store
from ..tables.csv_writing import write_csv

_MOST_ROWS = 1_000_000
"""How many cases a workbook holds; a sheet of Excel ends at 1,048,576 rows."""


def write_cases(
    store: Store,
    path: str | Path,
    lang: str = "en",
    *,
    uncoded: bool = False,
    most: int | None = None,
    force: bool = False,
) -> int:
    """Write the cases in scope as a case sheet.

    Args:
        store: where the cases are.
        path: a file ending in .xlsx or .csv.
        lang: language of headings and values: en, sv, de or fr.
        uncoded: only those in which a required field is unknown, as a register leaves them.
        most: at most so many, in order of their IRIs.
        force: whether a file that exists is replaced; else it is refused.

    Returns:
        the number of cases.

    Raises:
        DataError: another ending, more rows than a workbook holds, or the file exists or cannot be
            written.
        UnknownName: another language.
    """
    path = Path(path)
    if path.suffix.lower() not in (".csv", ".xlsx"):
        raise DataError(f"{path}: a case sheet ends in .xlsx or .csv")
    lang = spoken(lang)
    check_writable(path, force=force)
    record = case_record()
    sheet = SheetRows(store, record, lang, level_of_rights(store))
    rows = list(islice(sheet.rows(uncoded), most))
    headings = [field.name(lang) for field in record.fields]
    headings += [as_note(heading, lang) for heading in sheet.others]
    rows = [row + [""] * (len(headings) - len(row)) for row in rows]
    if path.suffix.lower() == ".csv":
        data = write_csv(headings, rows, lang)
    else:
        if len(rows) > _MOST_ROWS:
            raise DataError(f"{path}: a workbook holds a million rows; write a .csv file")
        data = workbook(record, lang, headings, rows)
    write_whole(path, data, force=force)
    return len(rows)


def interpreted_cases(store: Store) -> int:
    """Count the cases with interpreted values, which a sheet has no column to say.

    Loaded from a sheet, such a value counts as stated.
    """
    text = find_question("interpreted-cases", "queries/views").text
    answer = ask(store, text, QueryOptions(wanted="rows"))
    assert isinstance(answer, Result)
    return int(str(answer[0]["count"]))
