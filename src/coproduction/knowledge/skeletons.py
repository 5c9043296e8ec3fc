"""What a new question, claim or case begins with: files that say what is to be filled in.

What has to be filled in is left out or empty, so that ``check`` and ``validate`` name it until it
is there. Those of queries are in ``queries/skeletons/``; that of a case is made from the case
record.
"""

from __future__ import annotations

import re
import textwrap
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from string import Template
from typing import Final

from ..errors import DataError
from ..messages import speaker
from ..names import COP, DCTERMS, FOAF, ID, RDFS, compact
from ..resources import data_dir
from .case_record import CaseRecord, Field, case_record, in_language

KINDS: Final = {"question": "queries/questions", "claim": "queries/claims", "case": "cases"}
"""What can be begun, with its folder in a checkout."""
_NUMBER: Final = re.compile(r"^#\+ id: *CQ(\d+)", re.MULTILINE)
_WIDTH: Final = 100


def skeleton(kind: str, name: str, folder: Path, lang: str = "en") -> dict[str, str]:
    """Give the files of a new question, claim or case, by their names.

    Args:
        kind: one of :data:`KINDS`.
        name: of a question or a case, as its file is called; of a claim its id, such as C55.
        folder: where they will stand; a question gets the first id that is free there and here.
        lang: language of the help in a case, and of what is wrong.

    Raises:
        DataError: it cannot have this name.
    """
    makers = {"question": _question, "claim": _claim, "case": _case}
    return makers[kind](name, folder, lang)


def _question(name: str, folder: Path, lang: str) -> dict[str, str]:
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name):
        say = speaker(lang)
        raise DataError(
            say(
                "{name}: a question is named in small letters, digits and hyphens, such as "
                "cases-by-country",
                name=repr(name),
            )
        )
    # Read as texts: one that is not filled in yet has its id too.
    paths = {*data_dir(KINDS["question"]).glob("*.rq"), *folder.resolve().glob("*.rq")}
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in paths]
    taken = {int(number) for text in texts for number in _NUMBER.findall(text)}
    text = _packaged("question.rq").substitute(id=f"CQ{max(taken, default=0) + 1}")
    return {f"{name}.rq": text}


def _claim(name: str, folder: Path, lang: str) -> dict[str, str]:
    claim = name.upper()
    if not re.fullmatch(r"C[1-9]\d*", claim):
        say = speaker(lang)
        raise DataError(say("{name}: a claim is named by its id, such as C55", name=repr(name)))
    return {
        f"{claim.lower()}.{kind}": _packaged(f"claim.{kind}").substitute(id=claim)
        for kind in ("ttl", "rq")
    }


def _packaged(name: str) -> Template:
    return Template((data_dir("queries/skeletons") / f"{name}.txt").read_text(encoding="utf-8"))


def _case(name: str, folder: Path, lang: str) -> dict[str, str]:
    record, say = case_record(), speaker(lang)
    # From the sign before the id on: a name is no path.
    if not re.match(record.field("id").pattern, f"/{name}"):
        raise DataError(f"{name!r}: {record.field('id').message(lang)}")
    iri = f"{ID}case/{name}"
    organisation = f"{ID}organization/{name}"
    prefixes = {"cop": COP, "dcterms": DCTERMS, "foaf": FOAF, "rdfs": RDFS}
    read = say("Read: the address of the page that was read.")
    lines = [f"# {read}", ""]
    lines += [f"@prefix {prefix}: <{namespace}> ." for prefix, namespace in prefixes.items()]
    lines += ["", *_wrapped(say("What stands behind # is to be filled in; then the # goes."), "# ")]
    lines += ["", f"<{iri}>", "    a cop:Case ;"]
    for field in record.fields:
        if field.path and not field.parent:
            lines += _of_field(field, lang, organisation)
    blocks = _codings(record, lang)
    lines += [f"    # cop:hasCoding <{iri}/{node}> ;" for node in blocks] + ["."]
    for node, block in blocks.items():
        lines += ["", *_hidden([f"<{iri}/{node}>", "    a cop:Coding ;", *block, "."])]
    form = next(field for field in record.fields if field.parent.endswith("#hasProvider"))
    block = [f"<{organisation}>", "    a foaf:Organization ;", '    rdfs:label ""@en ;']
    lines += ["", *_hidden([*block, *_of_field(form, lang, ""), "."])]
    return {f"{name}.ttl": "\n".join(lines) + "\n"}


def _codings(record: CaseRecord, lang: str) -> dict[str, list[str]]:
    """Give what is said in each coding, by the end of its IRI: how the values are known."""
    say = speaker(lang)
    blocks: defaultdict[str, list[str]] = defaultdict(list)
    blocks["coding/level"] += ["    cop:codedProperty cop:hasParticipationLevel ;"]
    blocks["coding/shared"] += _wrapped(say("Stated in a source, or interpreted."), "    # ")
    blocks["coding/shared"] += ["    # cop:codingStatus cop:... ;"]
    for field in record.fields:
        if field.parent.endswith("#hasCoding"):
            blocks[field.node] += _of_field(field, lang, "")
    asked = [f for f in record.fields if f.required and f.unknown and not f.parent]
    properties = f"cop:codedProperty {' , '.join(compact(field.path) for field in asked)} ;"
    told = say("What the sources do not say: leave here what is unknown, and nothing else.")
    blocks["coding/unknown"] += _wrapped(told, "    # ")
    blocks["coding/unknown"] += [
        *_wrapped(properties, "    "),
        "    cop:codingStatus cop:Unknown ;",
    ]
    return blocks


def _of_field(field: Field, lang: str, organisation: str) -> Iterator[str]:
    """Give the help of a field, what it can be, and its statement, in comments."""
    group = in_language(field.groups, lang)
    help_text = in_language(field.descriptions, lang)
    yield from _wrapped(f"{field.name(lang)} ({group}): {help_text}", "    # ")
    if field.choices:
        names = ", ".join(compact(choice.iri) for choice in field.choices)
        yield from _wrapped(names, "    #   ")
    yield f"    # {compact(field.path)} {_value(field, organisation)} ;"


def _value(field: Field, organisation: str) -> str:
    """Give what stands where the value comes; as it is, it is no value, so that it is told."""
    if field.organisation:
        return f"<{organisation}>"
    if field.choices:
        return "cop:..."
    if any(each.endswith("#langString") for each in field.datatypes):
        return '""@en'
    return "..." if any(each.endswith("#integer") for each in field.datatypes) else '""'


def _hidden(lines: list[str]) -> list[str]:
    """Give a block in comments, as it stands without them."""
    return [f"# {line}" for line in lines]


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(
        text,
        _WIDTH - 2,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
