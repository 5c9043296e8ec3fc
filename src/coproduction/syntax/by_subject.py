"""What lines of N-Triples say by some properties, without a store: one pass over the bytes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

BySubject = dict[bytes, list[bytes]]
"""What is said of each subject: of each line what stands behind the subject and a blank."""


def statements_by_subject(lines: bytes, properties: Collection[bytes]) -> BySubject:
    r"""Give what lines say by some properties.

    Args:
        lines: N-Triples as this package writes them: one blank between the terms, no comment.
        properties: in angle brackets.

    Returns:
        the lines with one of the properties, by their subjects, in their order; the dot is part of
        each.

    >>> statements_by_subject(b'<urn:a> <urn:p> "x" .\n<urn:a> <urn:q> "y" .\n', {b"<urn:q>"})
    {b'<urn:a>': [b'<urn:q> "y" .']}
    """
    told: defaultdict[bytes, list[bytes]] = defaultdict(list)
    for line in lines.splitlines():
        subject, predicate, _ = line.split(b" ", 2)
        if predicate in properties:
            told[subject].append(line[len(subject) + 1 :])
    return dict(told)
