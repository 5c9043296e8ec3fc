"""`coproduction loads`: what was loaded into a store, and whether the store is whole."""

from __future__ import annotations

import click

from ..errors import DataError
from ..messages import Sentence, speaker
from ..names import LANGUAGES
from ..results.result import Result
from ..spelling import visible
from .answers import Answer
from .options import answer_options, homes
from .progress import working
from .telling import note

_HEADS = (
    Sentence("load"), Sentence("file"), Sentence("time"), Sentence("read"), Sentence("loaded"),
    Sentence("setAside"), Sentence("loader"), Sentence("version"), Sentence("checksum"),
)  # fmt: skip
"""The columns of queries/views/loads.rq, named here so that their translations are asked for."""


@click.command()
@homes
@click.option("--check", is_flag=True, help="Read all of the store and tell what is wrong.")
@answer_options(has_lang=False)
def loads(store: str | None, endpoint: str | None, check: bool, to: Answer) -> int:
    """List the loads of a store: file, time, counts, checksum.

    With --check all of it is read and held against what was written down when it was loaded;
    exits 1 where it is damaged.
    """
    if check and store is None:
        raise DataError("--check reads the files of a store: name one with --store DIR")
    if check and store is not None:
        from ..cases.integrity import checked

        with working(f"reading {store}"):
            found, left_out = checked(store)
        for each in left_out:
            note(each)
        if to.forms:
            to.write(Result.of_rows(["fault"], [[fault] for fault in found], ""))
        else:
            to.write(visible("\n".join(found) if found else f"{store}: whole") + "\n")
        return 1 if found else 0
    from ..opening import open as open_graph

    say = speaker(to.lang if to.lang in LANGUAGES else "en")
    kg = open_graph(store=store, endpoint=endpoint)
    note(kg.note)
    to.write(kg.loads().told(say))
    return 0
