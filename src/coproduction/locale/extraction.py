"""What the data of this package say, for Babel to extract beside what the code says.

The cautions of the claims, what they want, their sides and sets stand in the headers of
``queries/claims/``, what a claim lacks in the ontology, and so do the ambiguities that claims rest
on and their readings, what the rubrics read, and the predicates of claims. ``babel.cfg`` names
the extractors.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import IO, Any

from ..names import in_words

Message = tuple[int, str, str, list[str]]
_KEYS = ("caution", "wanted")
_GROUPS = ("sets", "sides")
_AMBIGUITY = re.compile(r'cop:ambiguityId "(A\d+)"')
_PREFERRED = re.compile(r"cop:preferredReading (\S+)")
_EVERY = re.compile(r"cop:hasReading (\S+(?: , \S+)*)")
_READING = re.compile(r'^(\S+)\n(?:    .*\n)*?    cop:readingText "((?:[^"\\]|\\.)*)"@en', re.M)
_OF_CEILING = re.compile(r"^(reading:\S+)\n(?:    .*\n)*?    cop:ceilingAbove ", re.M)
_LABEL = re.compile(r'rdfs:label "((?:[^"\\]|\\.)*)"@en')
_RULE = re.compile(
    r"    a owl:NamedIndividual , cop:Rubric ;\n(?:    .*\n)*?"
    r'    skos:definition "((?:[^"\\]|\\.)*)"@en'
)
_PREDICATE = re.compile(r'cop:claimPredicate "(\w+)"')
_LACKS = re.compile(r'cop:lacksField "((?:[^"\\]|\\.)*)"@en')


def headers(
    file: IO[bytes],
    keywords: Mapping[str, Any],
    comment_tags: Collection[str],
    options: Mapping[str, Any],
) -> Iterator[Message]:
    """Give what the header of a claim's query says to a person, as Babel asks for it."""
    from ..knowledge.yaml_header import read_yaml

    lines = file.read().decode().splitlines()
    text = "\n".join(line.removeprefix("#+ ") for line in lines if line.startswith("#+"))
    header = read_yaml(text)
    if not isinstance(header, dict):
        return
    for key in _KEYS:
        if header.get(key):
            yield 1, "", str(header[key]).strip(), []
    for key in _GROUPS:
        group = header.get(key)
        for words in group.values() if isinstance(group, dict) else ():
            yield 1, "", str(words).strip(), []


def lacking(
    file: IO[bytes],
    keywords: Mapping[str, Any],
    comment_tags: Collection[str],
    options: Mapping[str, Any],
) -> Iterator[Message]:
    """Give what claims lack and say, how what they rest on is read, and the rubrics, of Turtle."""
    content = file.read().decode()
    predicates = map(in_words, _PREDICATE.findall(content))
    found = (*_LACKS.findall(content), *_readings(content), *_RULE.findall(content))
    for text in dict.fromkeys((*found, *predicates)):
        yield 1, "", text, []


def _readings(content: str) -> Iterator[str]:
    """Give the ambiguities that claims rest on, each with its preferred reading, or all of them."""
    from ..evidence.claims import claim_tests

    resting = {name for test in claim_tests().values() for name in test.readings}
    told = dict(_READING.findall(content))
    # The ceiling is read in each way, as one asks.
    yield from (told[name] for name in _OF_CEILING.findall(content))
    for block in content.split("\n\n"):
        named, preferred = _AMBIGUITY.search(block), _PREFERRED.search(block)
        if not named or named[1] not in resting:
            continue
        if label := _LABEL.search(block):
            yield label[1]
        if preferred:
            yield told[preferred[1]]
        elif every := _EVERY.search(block):
            yield from (told[name] for name in every[1].split(" , "))
