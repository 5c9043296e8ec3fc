"""What docs/how-to asks for, left out piece by piece: `check` is silent on the whole, loud on each.

One copy of the folders with a service, a placement, a regime, a question, a claim, a field, a rule,
a shape, a check, a rubric and a link more (``additions``); each test leaves one thing out.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from coproduction.messages import speaker
from coproduction.names import GRAPH, PACKAGED_GRAPHS
from coproduction.store.embedded import EmbeddedStore
from coproduction.validation.finding import Finding
from coproduction.validation.form_checks import form_findings
from coproduction.validation.house_rules import run_checks

from ..tools import some_quick
from .additions import ADDED, NAMED, RUBRIC, checkout

VALUES = "ontology/values.ttl"
SOURCE = "ontology/source.ttl"
LITERATURE = "ontology/literature.ttl"
TERMS = "ontology/coproduction.ttl"
LINKS = "ontology/alignments/sdg.sssom.tsv"
CLAIM = "queries/claims/c55.rq"
QUESTION = "queries/questions/toy-cases.rq"
CHECK = "queries/checks/label-asks.rq"
RULE = "queries/rules/level-r2.rq"
FORM = "shapes/case-record.ttl"
STYLE = "shapes/house-style.ttl"
ROWS = "tests/expected/toy-cases.csv"

HEADER = "header-of-query"
TOY, R2 = "cop:ToyLending", "cop:RubricR2"
PLACE, C55 = "placement:medium-toy-lending", "claim:C55"
BOOK, REGIME, FINDING = "publication:toy-2030", "cop:PlayfulRegime", "finding:offices-by-lot"
COUNT, FIELD, NO_TOYS, SHAPE = (
    "cop:toyCount",
    "copsh:Case-toy_count",
    "copsh:Rule-noToys",
    "copsh:Term-toy",
)
SV = {
    TOY: ' , "leksaksutlåning"@sv',
    REGIME: ' , "lekfull stat"@sv',
    COUNT: ' , "antal leksaker"@sv',
    NO_TOYS: ' , "inga leksaker"@sv',
}

# File; block; what is left out; rule; what is said; what is to be done. What stands in its place,
# where something has to, and the file of the finding, where it is another, come behind.
OMISSIONS: list[tuple[str, ...]] = [
    # A service
    (VALUES, TOY, " , cop:ServiceType", "type-missing", "no class of its own", "behind 'a'"),
    (VALUES, TOY, "owl:NamedIndividual , ", "type-missing", "no owl:NamedIndividual", "behind 'a'"),
    (VALUES, TOY, '"toy lending"@en , ', "label-missing", "no English label", 'rdfs:label "..."@en'),
    (VALUES, TOY, SV[TOY], "value-not-translated", "no label in sv", 'Add rdfs:label "..."@sv'),
    (VALUES, TOY, '"sv" , ', "label-unreviewed", "cop:ToyLending in 'sv'", 'cop:unreviewedLabel "sv"'),
    (VALUES, TOY, 'skos:definition "Service that hands out things to play with for a time."@en ;', "definition-missing", "no English definition", "skos:definition"),
    (VALUES, TOY, "dcterms:source source:pestoff-slides ;", "source-missing", "a section and no source", "dcterms:source source:pestoff-slides"),
    (VALUES, TOY, 'cop:inSection "Diagram 1" ; cop:atLine 132 ;', "source-missing", "a source and no place", "cop:inSection and cop:atLine"),
    (VALUES, TOY, "rdfs:isDefinedBy <https://w3id.org/coproduction> .", "term-without-ontology", "by which ontology", "rdfs:isDefinedBy", "."),
    # Its place in the source
    (SOURCE, PLACE, "a cop:Placement ;", "type-missing", "has no type, such as cop:Placement", "behind 'a'"),
    (SOURCE, PLACE, 'rdfs:label "toy lending (medium)"@en ;', "record-incomplete", "no English label", "Add rdfs:label"),
    (SOURCE, PLACE, 'cop:sourceLabel "toy lending"@en ;', "record-incomplete", "no name in the source", "Add cop:sourceLabel"),
    (SOURCE, PLACE, "cop:hasServiceType cop:ToyLending ;", "record-incomplete", "no service", "Add cop:hasServiceType"),
    (SOURCE, PLACE, "cop:hasParticipationLevel cop:MediumParticipation ;", "record-incomplete", "no participation level", "Add cop:hasParticipationLevel"),
    (SOURCE, PLACE, "cop:hasRelationIntensity cop:IntensiveOrEnduring ;", "record-incomplete", "no intensity", "Add cop:hasRelationIntensity"),
    (SOURCE, PLACE, "cop:inCell cell:medium-intensive-or-enduring ;", "record-incomplete", "no cell", "Add cop:inCell"),
    (SOURCE, PLACE, 'cop:inSection "Diagram 1" ; cop:atLine 132 ;', "source-missing", "a source and no place", "cop:inSection and cop:atLine"),
    (SOURCE, PLACE, "dcterms:source source:pestoff-slides .", "source-missing", "a section and no source", "dcterms:source source:pestoff-slides", "."),
    (SOURCE, PLACE, 'cop:inSection "Diagram 1" ; cop:atLine 132 ;\n    dcterms:source source:pestoff-slides .', "source-missing", "a kind that only the source has", "dcterms:source source:pestoff-slides, cop:inSection", "."),
    # A regime, its publication, and the finding that leads to it
    (LITERATURE, BOOK, "a dcterms:BibliographicResource ;", "undescribed-node", "nowhere described", "type and label"),
    (LITERATURE, BOOK, 'rdfs:label "Toy 2030: a chapter on regimes"@en ;', "record-incomplete", "no English label", "Add rdfs:label"),
    (LITERATURE, REGIME, " , cop:PublicAdministrationRegime", "type-missing", "no class of its own", "behind 'a'"),
    (LITERATURE, REGIME, SV[REGIME], "value-not-translated", "no label in sv", 'Add rdfs:label "..."@sv'),
    (LITERATURE, REGIME, "dcterms:source publication:toy-2030 ;", "page-missing", "no publication", "Add the statement"),
    (LITERATURE, REGIME, 'cop:pageRead "example 10.1000/182" ;', "page-missing", "no page", "Add the statement"),
    (LITERATURE, REGIME, 'skos:editorialNote "Not in the source: from the literature named."@en ;', "locator-missing", "neither its place", "skos:editorialNote"),
    (LITERATURE, FINDING, "a cop:LiteratureFinding ;", "type-missing", "has no type", "behind 'a'"),
    (LITERATURE, FINDING, 'rdfs:label "offices by lot"@en ;', "finding-incomplete", "no English label", "Add the statement"),
    (LITERATURE, FINDING, 'cop:findingText "A regime of its own draws offices by lot."@en ;', "finding-incomplete", "no text", "Add the statement"),
    (LITERATURE, FINDING, "cop:relatesToTerm cop:PublicAdministrationRegime ;", "finding-incomplete", "no term", "Add the statement"),
    (LITERATURE, FINDING, "cop:relationKind cop:AddsTo ;", "finding-incomplete", "no kind of relation", "Add the statement"),
    (LITERATURE, FINDING, "cop:ofPublication publication:toy-2030 ;", "page-missing", "no publication", "Add the statement"),
    (LITERATURE, FINDING, 'cop:pageRead "example 10.1000/182" ;', "page-missing", "no page", "Add the statement"),
    (LITERATURE, FINDING, "cop:introducesTerm cop:PlayfulRegime .", "finding-incomplete", "cop:PlayfulRegime has no finding that leads to it", "finding:four-regimes", "."),
    (LITERATURE, "", ADDED[LITERATURE][ADDED[LITERATURE].index(FINDING):], "finding-incomplete", "cop:PlayfulRegime has no finding that leads to it", "finding:four-regimes"),
    # A claim's block in the ontology, and its file
    (SOURCE, C55, 'rdfs:label "Toys are lent together"@en ;', "claim-incomplete", "no English label", "Add the statement"),
    (SOURCE, C55, "a cop:Claim ;", "claim-incomplete", "no type", "Add the statement"),
    (SOURCE, C55, "dcterms:source source:pestoff-slides .", "claim-incomplete", "no source", "Add the statement", "."),
    (SOURCE, "", ADDED[SOURCE][ADDED[SOURCE].index(C55):], "claim-unknown", "no claim with this id", "Describe the claim", "", CLAIM),
    (CLAIM, "", "PREFIX cop: <https://w3id.org/coproduction#>\n", "claim-not-portable", "does not declare cop:", "PREFIX cop: <https://w3id.org/coproduction#>"),
    (CLAIM, "", "    VALUES (?act ?outcome) { (cop:CollectiveAction true) (cop:IndividualAct false) }\n", "claim-not-portable", "selects ?outcome, which nothing binds", "Write the line"),
    (CLAIM, "", "above the ceiling, of the third", "claim-not-translated", "wanted is not translated into sv, de, fr", "make messages", "of the third"),
    (CLAIM, "", "#+ wanted: ", "broken-claim", "c55.rq: the header has no wanted", "Complete the query", "#+ wante: "),
    (CLAIM, "", "[A9]", HEADER, "names A99, which is no ambiguity", "such as A9", "[A99]"),
    (CLAIM, "", ADDED[CLAIM], "half-claim", "has no test", "queries/claims", "", "queries/claims"),
    # A question
    *(
        (QUESTION, "", f"#+ {name}: ", HEADER, f"the header has no {name}", f"Write {name} in place of {name}x", f"#+ {name}x: ")
        for name in ("summary", "description", "tags")
    ),
    (QUESTION, "", "#+ id: CQ901\n", HEADER, "the header has no id", "Add the line '#+ id: ...'"),
    (QUESTION, "", "CQ901", "question-id-used-twice", "has the id CQ18", "an id of its own", "CQ18"),
    (QUESTION, "", "#+ iris: [case, service]\n", HEADER, "does not name case, service", "Write '#+ iris: [case, service]'"),
    (QUESTION, "", "#+ scope: cases\n", HEADER, "it asks for cases", "Write '#+ scope: cases'"),
    (QUESTION, "", "scope: cases", HEADER, "scope in the header is 'case'", "#+ scope: cases", "scope: case"),
    (QUESTION, "", "row: case", HEADER, "entry row of the header is empty", "'#+ row:'", "row:"),
    (QUESTION, "", "row: case", HEADER, "nothing reads the entry rows", "Write row", "rows: case"),
    (QUESTION, "", "[A9]", HEADER, "names A99, which is no ambiguity", "such as A9", "[A99]"),
    (QUESTION, "", '#+ parameters:\n#+   service: {type: iri, class: "cop:ServiceType", description: a service}\n', HEADER, "service is no parameter", "the line '#+   service: {type: iri"),
    (QUESTION, "", "type: iri, ", HEADER, "the parameter service has no type", "type: iri"),
    (QUESTION, "", 'class: "cop:ServiceType", ', HEADER, "the parameter service has no class", "class: cop:"),
    (QUESTION, "", "cop:ServiceType", "undefined-term-in-file", "cop:ServiceTyp is used", "Correct the spelling", "cop:ServiceTyp"),
    (QUESTION, "", ", description: a service", HEADER, "the parameter service has no description", "description: ..."),
    (QUESTION, "", "  VALUES ?service { cop:ToyLending }\n", HEADER, "no line VALUES ?service", "Add the line VALUES ?service { ... }"),
    (QUESTION, "", "PREFIX cop: <https://w3id.org/coproduction#>\n", "question-not-portable", "does not declare cop:", "PREFIX cop: <https://w3id.org/coproduction#>"),
    (QUESTION, "", "ORDER BY ?case ?service\n", "question-not-portable", "no ORDER BY", "Sort by the columns"),
    (ROWS, "", "https://w3id.org/coproduction/id/case/none\n", "rows-not-expected", "has no row", "a row says 'none'", "", QUESTION),
    (ROWS, "", "case\n", "rows-not-expected", "'kase' is the heading of no column", "case, service", "kase\n", QUESTION),
    (ROWS, "", ADDED[ROWS], "rows-not-expected", "no file of expected rows", "Write tests/expected/toy-cases.csv", "", QUESTION),
    (QUESTION, "", ADDED[QUESTION], "rows-of-no-question", "is of no question", "Call it as the question", "", ROWS),
    # A field of the form, and a rule across fields
    (TERMS, "", ADDED[TERMS][: ADDED[TERMS].index("\ncop:levelUnderR2")], "undefined-term-in-file", "cop:toyCount is used", "define the term", "", FORM),
    (TERMS, COUNT, SV[COUNT], "property-not-translated", "cop:toyCount, which has no label in sv", 'Add rdfs:label "..."@sv'),
    (FORM, FIELD, "a sh:PropertyShape ;", "half-shape", "does not say that it is a shape", "Add a sh:PropertyShape"),
    (FORM, FIELD, "sh:path cop:toyCount ;", "half-shape", "has no path", "Add sh:path"),
    (FORM, FIELD, 'copsh:key "toy_count" ;', "half-shape", "has no key", "Add copsh:key"),
    (FORM, FIELD, "sh:order 42.5 ;", "half-shape", "has no place in the form", "Add sh:order"),
    (FORM, FIELD, "sh:group copsh:Optional ;", "half-shape", "is in no group", "Add sh:group"),
    (FORM, FIELD, "sh:datatype xsd:integer ;", "half-shape", "what its values are", "Add sh:datatype"),
    (FORM, FIELD, "sh:severity sh:Violation ;", "half-shape", "has no sh:severity", "Add sh:severity"),
    *((FORM, FIELD, text, "field-not-translated", f"no {what} in sv", f'Add {prop} "..."@sv') for what, prop, text in (
        ("heading", "sh:name", ' , "antal leksaker"@sv'), ("help", "sh:description", ' , "Antal leksaker."@sv'), ("message", "sh:message", ' , "Ange ett tal."@sv'),
    )),
    (FORM, NO_TOYS, "a sh:NodeShape ;", "half-shape", "does not say that it is a shape", "Add a sh:NodeShape"),
    (FORM, NO_TOYS, "sh:targetClass cop:Case ;", "half-shape", "is of no node", "add sh:targetClass"),
    (FORM, NO_TOYS, SV[NO_TOYS], "field-not-translated", "no heading in sv", 'Add sh:name "..."@sv'),
    (FORM, NO_TOYS, 'sh:description "Count."@en , "Räkna."@sv , "Zählen."@de , "Comptez."@fr ;', "half-shape", "no sh:description", "Add sh:description"),
    # A rule of the house style
    (STYLE, SHAPE, 'sh:name "toy"@en ;', "half-shape", "no sh:name", "Add sh:name"),
    (STYLE, SHAPE, 'sh:description "Write it without a question mark."@en ;', "half-shape", "no sh:description", "Add sh:description"),
    (STYLE, SHAPE, 'sh:pattern "[^?]$" ;', "half-shape", "asks nothing of its nodes", "Add what it asks"),
    # A check
    *((CHECK, "", f"#+ {name}: ", HEADER, f"the header has no {name}", f"Write {name} in place of {name}x", f"#+ {name}x: ") for name in ("description", "fix")),
    (CHECK, "", "#+ id: CK901\n", HEADER, "the header has no id", "Add the line '#+ id: ...'"),
    (CHECK, "", "CK901", "check-id-used-twice", "has the id CK1", "an id of its own", "CK1", "queries/checks/label-missing.rq"),
    (CHECK, "", "#+ severity: error\n", "broken-file", "'severity: error' or 'warning'", "Put the file right"),
    (CHECK, "", "{label}", HEADER, "labels is no column of the query (message)", "term, label", "{labels}"),
    (CHECK, "", "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n", "check-not-portable", "does not declare rdfs:", "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>"),
    # A rubric
    (VALUES, R2, 'skos:altLabel "R2"@en ;', "record-incomplete", "no name that --rubric takes", "Add skos:altLabel"),
    (VALUES, R2, "cop:levelProperty cop:levelUnderR2 ;", "record-incomplete", "no property of its levels", "Add cop:levelProperty"),
    (RULE, "", "#+ stage: load\n", "rubric-without-rule", "cop:RubricR2 gives no level", "#+ stage: load"),
    (RULE, "", ADDED[RULE], "rubric-without-rule", "cop:RubricR2 gives no level", "Write the rule", "", "queries/rules"),
    (VALUES, R2, '"R2"@en', "rubric-shared", "cop:RubricR2 and cop:RubricR1 share \"R1\"@en", "a name of its own", '"R1"@en'),
    (VALUES, R2, "cop:levelProperty cop:levelUnderR2", "rubric-shared", "share cop:levelUnderR1", "a property of its own", "cop:levelProperty cop:levelUnderR1"),
    (VALUES, "", RUBRIC, "rule-without-rubric", "cop:levelUnderR2, which is the level under no rubric", "Describe the rubric", "", RULE),
    (CLAIM, "", "#+ rests_on: [cop:hasProviderSector]\n", HEADER, "the header has no rests_on", "Add the line '#+ rests_on: ...'"),
    (CLAIM, "", "[cop:hasProviderSector]", HEADER, "names cop:hasProviderSectr, which is no property", "such as cop:hasProviderSector", "[cop:hasProviderSectr]"),
    (CLAIM, "", "#+ parameters:\n#+   rubric: {type: iri, class: rdf:Property, description: level under a rubric}\n", "claim-of-one-rubric", "asks for cop:levelUnderR0", "'VALUES ?rubric { cop:levelUnderR0 }'"),
    (CLAIM, "", "VALUES ?rubric { cop:levelUnderR0 } ?row ?rubric ?level", "claim-of-one-rubric", "asks for cop:levelUnderR0", "as in c51.rq", "?row cop:levelUnderR0 ?level"),
    # A link
    (LINKS, "", "cop:ToyLending\t", "broken-file", "the cell of subject_id is empty", "Put the file right", "\t"),
    (LINKS, "", "\tsdg:99.9", "broken-file", "the cell of object_id is empty", "Put the file right", "\t"),
    (LINKS, "", "\t0.6", "broken-file", "the cell of confidence is empty", "Put the file right", "\t"),
    (LINKS, "", "\tsemapv:ManualMappingCuration", "half-link", "no mapping_justification", "semapv:ManualMappingCuration", "\t"),
    (LINKS, "", "\tPlay for all", "half-link", "no object_label", "Write the label", "\t"),
    (LINKS, "", "\tPlay is named in both.", "half-link", "no comment", "Say in a sentence", "\t"),
]  # fmt: skip


class Checkout:
    """The folders of a checkout, and its ontology as a store, read anew where it changed."""

    def __init__(self, folder: Path) -> None:
        checkout(folder)
        self.folder = folder
        self.store = self.read()

    def read(self) -> EmbeddedStore:
        store = EmbeddedStore()
        for name, file in PACKAGED_GRAPHS.items():
            store.load_own(self.folder / "ontology" / file, GRAPH + name)
        return store

    def check(self, *, anew: bool = False) -> list[Finding]:
        return run_checks(
            self.read() if anew else self.store,
            query_dir=self.folder / "queries",
            shape_dir=self.folder / "shapes",
            alignment_dir=self.folder / "ontology" / "alignments",
        )

    def make_small(self) -> None:
        """Take away what is there beside the additions, and costs most of the time of a check."""
        style = self.folder / STYLE
        header, _, _ = style.read_text(encoding="utf-8").partition("\ncopsh:")
        named = "copsh:Toy\n    a sh:NodeShape ;\n    sh:targetSubjectsOf skos:hiddenLabel ;\n"
        named += "    sh:property copsh:Term-toy .\n"
        style.write_text(f"{header}\n{named}{ADDED[STYLE]}", encoding="utf-8")
        shutil.rmtree(self.folder / "queries" / "views")
        for folder in ("queries/questions", "tests/expected"):
            for path in (self.folder / folder).iterdir():
                if path.stem not in ("toy-cases", "glass-ceiling"):
                    path.unlink()
        for path in (self.folder / "ontology/alignments").glob("*.tsv"):
            if path.name != Path(LINKS).name:
                path.unlink()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    made = Checkout(tmp_path_factory.mktemp("checkout"))
    made.make_small()
    return made


@pytest.fixture
def changed(whole: Checkout) -> Iterator[Checkout]:
    """The checkout, whose files are as they were afterwards."""
    before = {file: (whole.folder / file).read_bytes() for file in ADDED}
    yield whole
    for file, content in before.items():
        (whole.folder / file).write_bytes(content)


def left_out(text: str, block: str, piece: str, to: str) -> str:
    """Give a text without a piece of a block that was added to it."""
    begin = text.rindex(f"\n{block}\n") if block else text.rindex(piece)
    at = text.index(piece, begin)
    return text[:at] + to + text[at + len(piece) :]


def test_what_the_pages_ask_for_is_enough(tmp_path: Path, whole: Checkout) -> None:
    assert Checkout(tmp_path).check() == []
    assert whole.check() == []


@pytest.mark.parametrize(
    "omission", some_quick(OMISSIONS, 4), ids=lambda row: f"{Path(row[0]).stem}-{row[3]}"
)
def test_what_is_left_out_is_told(changed: Checkout, omission: tuple[str, ...]) -> None:
    file, block, piece, check, words, fix, *more = omission
    to, told_of = more[0] if more else "", more[1] if len(more) > 1 else file
    path = changed.folder / file
    text = left_out(path.read_text(encoding="utf-8"), block, piece, to)
    if text.strip():
        path.write_text(text, encoding="utf-8", newline="\n")
    else:
        path.unlink()
    findings = changed.check(anew=file.startswith("ontology/") and file.endswith(".ttl"))
    told = [found for found in findings if found.check == check and words in found.message]
    assert told, findings
    assert all(fix in found.fix for found in told), [found.fix for found in told]
    place = (changed.folder / told_of).as_posix()
    assert all((found.file or "") in (told_of, place) for found in told), told
    assert all(str(changed.folder) not in found.message for found in findings)


def test_a_shape_that_no_node_is_held_against_is_told(whole: Checkout, tmp_path: Path) -> None:
    checkout(tmp_path)
    for file, (old, new) in NAMED.items():
        path = tmp_path / file
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(new, old, 1), encoding="utf-8")
    found = [next(form_findings(whole.store.inner, tmp_path / file)) for file in NAMED]
    assert [finding.term.rpartition("#")[2] for finding in found] == ["Case-toy_count", "Term-toy"]
    assert all("sh:property" in finding.fix for finding in found)


@pytest.mark.parametrize(
    ("file", "check", "fix"),
    [
        ("queries/claims/c56.ttl", "claim-not-moved", "ontology/source.ttl"),
        ("queries/questions/mine.sparql", "file-not-read", "the ending .rq"),
        ("queries/rules/mine.txt", "file-not-read", "the ending .rq"),
        ("queries/checks/mine", "file-not-read", "the ending .rq"),
    ],
)
def test_what_nothing_reads_is_told(whole: Checkout, file: str, check: str, fix: str) -> None:
    path = whole.folder / file
    path.write_text("# begun", encoding="utf-8")
    try:
        (found,) = whole.check()
    finally:
        path.unlink()
    assert (found.check, found.file) == (check, str(path))
    assert fix in found.fix and path.name in found.message


def test_what_a_claim_lacks_is_translated(changed: Checkout) -> None:
    path = changed.folder / SOURCE
    text = path.read_text(encoding="utf-8")
    lacks = 'cop:claimId "C55" ;\n    cop:lacksField "how many toys come back"@en ;'
    path.write_text(text.replace('cop:claimId "C55" ;', lacks), encoding="utf-8", newline="\n")
    (found,) = changed.check(anew=True)
    assert (found.check, found.file) == ("claim-not-translated", SOURCE)
    assert "lacksField is not translated into sv, de, fr" in found.message


@pytest.mark.parametrize("lang", ["sv", "de", "fr"])
def test_what_is_left_out_is_told_in_four_languages(changed: Checkout, lang: str) -> None:
    path = changed.folder / QUESTION
    text = path.read_text(encoding="utf-8")
    for old, new in (("#+ scope: cases\n", ""), ("row: case", "row:"), ("[A9]", "[A99]"),
                     ('class: "cop:ServiceType", ', ""), ("ORDER BY ?case ?service\n", "")):  # fmt: skip
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8", newline="\n")
    findings = changed.check()
    assert len(findings) == 5
    for found in findings:
        told = found.told(speaker(lang))
        assert told.message != found.message and told.fix != found.fix
