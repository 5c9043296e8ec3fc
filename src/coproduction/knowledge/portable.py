"""A question with its labels, as one SPARQL text that runs on any engine.

The file of a question says nothing of labels; here they are looked up too, around the question as
a sub-select, by the same rules as :mod:`coproduction.results.labels`: the exact tag, its base
language, English, no tag, the local name of an IRI of ours, else the IRI.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import NamedTuple

from ..names import RDFS
from ..results.labels import OWN
from ..store.labels import label_tags
from ..syntax.sparql import tokens

_LABEL = f"<{RDFS}label>"


class Parts(NamedTuple):
    """A SELECT in three parts.

    Attributes:
        prologue: what stands before SELECT: comments, prefixes, a base.
        body: SELECT to its end.
        variables: the names of its columns, in order; empty for ``SELECT *``.
        order: its ORDER BY clause, or an empty text.
        is_distinct: whether it is SELECT DISTINCT.
    """

    prologue: str
    body: str
    variables: tuple[str, ...]
    order: str
    is_distinct: bool


@lru_cache(maxsize=256)  # a check comes back to each query several times
def parts_of(text: str) -> Parts:
    """Split a SELECT query.

    >>> parts_of("PREFIX a: <urn:a> select ?x (1 AS ?y) { ?x a:b ?y } ORDER BY DESC(?x) LIMIT 3")
    Parts(prologue='PREFIX a: <urn:a> ', body='select ?x (1 AS ?y) { ?x a:b ?y } \
ORDER BY DESC(?x) LIMIT 3', variables=('x', 'y'), order='ORDER BY DESC(?x)', is_distinct=False)
    """
    begin, depth, head = None, 0, True
    named: list[str] = []
    inner: list[str] = []
    distinct = False
    order: tuple[int, int] | None = None
    for found in tokens(text):
        sign, word = found[0], (found["word"] or "").lower()
        if found["space"] is not None:
            continue
        if begin is None:
            begin = found.start() if word == "select" else None
        elif head:
            distinct = distinct or (word == "distinct" and not depth)
            if sign == "{" or word in ("where", "from"):
                head = False
            elif sign == "(":
                depth, inner = depth + 1, inner if depth else []
            elif sign == ")":
                depth -= 1
                named += inner[-1:] if not depth else []
            elif found["variable"] is not None:
                (inner if depth else named).append(sign[1:])
        if begin is not None and not head:
            depth += (sign in "{(") - (sign in "})")
            if not depth:
                if word == "order":
                    order = (found.start(), len(text))
                elif order and word in ("limit", "offset", "values", "having"):
                    order = (order[0], min(order[1], found.start()))
    start = begin or 0
    clause = text[order[0] : order[1]].strip() if order else ""
    return Parts(text[:start], text[start:].strip(), tuple(named), clause, distinct)


def with_labels(text: str, iris: Collection[str], lang: str) -> str:
    """Give a query whose rows have a label column after each of some columns.

    Args:
        text: a SELECT that names its columns, and whose ORDER BY uses these alone.
        iris: the columns whose labels are wanted; others, and those that have one, are passed
            over.
        lang: the language.
    """
    prologue, body, variables, order, is_distinct = parts_of(text)
    chosen = [name for name in variables if name in iris and f"{name}Label" not in variables]
    if not chosen:
        return text
    columns = [
        each
        for name in variables
        for each in ([name, f"{name}Label"] if name in chosen else [name])
    ]
    inner = "\n".join(f"    {line}" for line in body.splitlines())
    blocks = "\n".join(_block(name, label_tags(lang)) for name in chosen)
    select = "SELECT DISTINCT" if is_distinct else "SELECT"
    return (
        f"{prologue}{_lines(select, columns)}\nWHERE {{\n  {{\n{inner}\n  }}\n{blocks}\n}}\n{order}"
    ).rstrip() + "\n"


def _block(name: str, tags: Sequence[str]) -> str:
    """Give the look-up of one column's labels.

    Where nothing is bound, the look-up asks about an IRI that has no label: an unbound variable
    would be joined with everything that has one.
    """
    lines = [f"  BIND(COALESCE(?{name}, <urn:x-unbound>) AS ?{name}_)"]
    for number, tag in enumerate(tags, 1):
        label, smaller = f"?{name}_{number}", f"?{name}_{number}s"
        lines += [
            "  OPTIONAL {",
            f"    ?{name}_ {_LABEL} {label} .",
            f'    FILTER(LCASE(LANG({label})) = "{tag}")',
            "    FILTER NOT EXISTS {",
            f"      ?{name}_ {_LABEL} {smaller} .",
            f'      FILTER(LCASE(LANG({smaller})) = "{tag}" && STR({smaller}) < STR({label}))',
            "    }",
            "  }",
        ]
    found = ", ".join(f"?{name}_{number}" for number in range(1, len(tags) + 1))
    own = " || ".join(f'STRSTARTS(STR(?{name}), "{each}")' for each in OWN)
    local = f'IF({own}, REPLACE(STR(?{name}), "^.*[/#](.+)$", "$1"), STR(?{name}))'
    lines += [
        f"  BIND(IF(ISLITERAL(?{name}), ?{name}, IF(ISIRI(?{name}),",
        f"    COALESCE({found}, {local}),",
        f"    ?{name}_none)) AS ?{name}Label)",
    ]
    return "\n".join(lines)


def _lines(select: str, columns: Sequence[str]) -> str:
    """Write the columns in lines that are not too long."""
    lines, line = [], select
    for name in columns:
        if len(line) + len(name) > 95:
            lines.append(line)
            line = " "
        line += f" ?{name}"
    return "\n".join([*lines, line])
