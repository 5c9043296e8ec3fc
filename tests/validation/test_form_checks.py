"""A field of the form, or a rule, that is there by half: `check` says what it lacks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from coproduction import KnowledgeGraph
from coproduction.names import COPSH
from coproduction.resources import data_dir
from coproduction.validation.finding import Finding
from coproduction.validation.form_checks import form_findings
from coproduction.validation.house_rules import run_checks

FORM = data_dir("shapes") / "case-record.ttl"
HOUSE = data_dir("shapes") / "house-style.ttl"


def changed(tmp_path: Path, file: Path, shape: str, pattern: str, to: str = "") -> Path:
    """Write a file of shapes with something of one shape changed, or left out."""
    text = file.read_text(encoding="utf-8")
    other = re.sub(rf"(?s)(\ncopsh:{shape}\n.*?){pattern}", rf"\1{to}", text, count=1)
    assert other != text
    path = tmp_path / file.name
    path.write_text(other, encoding="utf-8")
    return path


def found(kg: KnowledgeGraph, path: Path) -> list[Finding]:
    return list(form_findings(kg.store.inner, path))


@pytest.mark.parametrize(
    ("shape", "pattern", "to", "said"),
    [
        ("Case-title", 'copsh:key "title" ;', "", "copsh:Case-title has no key"),
        ("Case-title", "sh:path rdfs:label ;", "", "copsh:Case-title has no path"),
        ("Case-title", "sh:order 2 ;", "", "copsh:Case-title has no place in the form"),
        ("Case-title", "sh:group copsh:Required ;", "", "copsh:Case-title is in no group"),
        ("Case-title", "sh:severity sh:Violation ;", "", "copsh:Case-title has no sh:severity"),
        ("Case-end_year", "sh:datatype xsd:integer ;", "", "does not say what its values are"),
        ("Case-sector", "sh:class cop:ProviderSector ;", "", "does not say what its values are"),
        ("Case-title", "sh:order 2 ;", "sh:order 3 ;", "has the place (sh:order) 3, which is that"),
        ("Case-title", 'copsh:key "title"', 'copsh:key "id"', "has the key id, which is that"),
        ("Case", "copsh:Case-place ,", "", "copsh:Case-place is a field of no shape"),
        ("Rule-endBeforeStart", "sh:message", "rdfs:comment", "has no sh:message"),
    ],
)
def test_a_field_by_half_is_one_finding(
    kg: KnowledgeGraph, tmp_path: Path, shape: str, pattern: str, to: str, said: str
) -> None:
    (finding,) = found(kg, changed(tmp_path, FORM, shape, pattern, to))
    assert (finding.check, finding.severity) == ("half-shape", "error")
    assert said in finding.message and finding.fix


@pytest.mark.parametrize("pattern", ["sh:severity", "sh:message"])
def test_a_house_rule_says_how_grave_it_is_and_what_is_told(
    kg: KnowledgeGraph, tmp_path: Path, pattern: str
) -> None:
    (finding,) = found(kg, changed(tmp_path, HOUSE, "Term-label", pattern, "rdfs:comment"))
    assert finding.term == f"{COPSH}Term-label"


def test_the_packaged_shapes_are_whole(kg: KnowledgeGraph) -> None:
    assert [finding for path in (FORM, HOUSE) for finding in found(kg, path)] == []


@pytest.mark.slow
def test_check_tells_it(kg: KnowledgeGraph, tmp_path: Path) -> None:
    changed(tmp_path, FORM, "Case-title", 'copsh:key "title" ;')
    findings = run_checks(kg.store.inner, shape_dir=tmp_path)
    assert "half-shape" in {finding.check for finding in findings}
