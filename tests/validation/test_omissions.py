"""What docs/how-to asks for, left out piece by piece: `check` is silent on the whole, loud on each.

One copy of the folders with a service, a placement, a regime, a question, a claim, a field, a rule,
a shape, a check, a rubric and a link more (``additions``); each test leaves one thing out.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from coproduction.messages import speaker
from coproduction.names import GRAPH, PACKAGED_GRAPHS
from coproduction.store.embedded import EmbeddedStore
from coproduction.validation.answered import Answers
from coproduction.validation.expected_rows import expected_findings
from coproduction.validation.finding import Finding
from coproduction.validation.form_checks import form_findings
from coproduction.validation.house_rules import run_checks

from ..tools import some_quick
from .additions import ADDED, BASTA, CK, CQ, NAMED, RUBRIC, checkout

VALUES = "ontology/values.ttl"
SOURCE = "ontology/source.ttl"
LITERATURE = "ontology/literature.ttl"
RESTS = "ontology/interpretation.ttl"
TERMS = "ontology/coproduction.ttl"
LINKS = "ontology/alignments/sdg.sssom.tsv"
CLAIM = "queries/claims/c55.rq"
QUESTION = "queries/questions/toy-cases.rq"
CHECK = "queries/checks/label-asks.rq"
RULE = "queries/rules/level-r2.rq"
FORM = "shapes/case-record.ttl"
STYLE = "shapes/house-style.ttl"
ROWS = "tests/expected/toy-cases.csv"
KEPT = "queries/questions/glass-ceiling.rq"

HEADER = "header-of-query"
TOY, R3 = "cop:ToyLending", "cop:RubricR3"
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
    (VALUES, TOY, '"Falls under it: a shelf of games that a library lends (Diagram 1, line 132)"@en ,', "copsh:Example-under", "has one of what does", "Falls under it: ... (case ID)"),
    (VALUES, TOY, ' ,\n        "Just does not: work with games, for pay (case basta)"@en', "copsh:Example-beside", "one of what just does not", "Just does not: ... (case ID)"),
    # Its place in the source
    (SOURCE, PLACE, "a cop:Placement ;", "type-missing", "has no type", "behind 'a'"),
    (SOURCE, PLACE, 'rdfs:label "toy lending (medium)"@en ;', "record-incomplete", "no English label", "Add rdfs:label"),
    (SOURCE, PLACE, 'cop:sourceLabel "toy lending"@en ;', "record-incomplete", "no name in the source", "Add cop:sourceLabel"),
    (SOURCE, PLACE, "cop:hasServiceType cop:ToyLending ;\n    cop:placesService cop:ToyLending ;", "record-incomplete", "no service", "Add cop:hasServiceType"),
    (SOURCE, PLACE, "cop:hasServiceType cop:ToyLending ;\n    cop:placesService cop:ToyLending ;", "undefined-term", "cop:ToyLendings is used and not defined", "Correct the spelling", "cop:hasServiceType cop:ToyLendings ;\n    cop:placesService cop:ToyLendings ;"),
    (SOURCE, PLACE, "cop:hasParticipationLevel cop:MediumParticipation ;\n    cop:placesAtLevel cop:MediumParticipation ;", "record-incomplete", "no participation level", "Add cop:hasParticipationLevel"),
    (SOURCE, PLACE, "cop:hasRelationIntensity cop:IntensiveOrEnduring ;\n    cop:placesAtIntensity cop:IntensiveOrEnduring ;", "record-incomplete", "no intensity", "Add cop:hasRelationIntensity"),
    (SOURCE, PLACE, "cop:placesAtLevel cop:MediumParticipation ;", "placement-half-said", "by cop:hasParticipationLevel and not by cop:placesAtLevel", "Add cop:placesAtLevel"),
    (SOURCE, PLACE, "cop:placesAtLevel cop:MediumParticipation ;", "placement-half-said", "by cop:placesAtLevel and not by cop:hasParticipationLevel", "correct the value of the other", "cop:placesAtLevel cop:MediumParticipation , cop:HighParticipation ;"),
    (SOURCE, PLACE, "cop:inCell cell:medium-intensive-or-enduring ;", "record-incomplete", "no cell", "Add cop:inCell"),
    (SOURCE, PLACE, 'cop:inSection "Diagram 1" ; cop:atLine 132 ;', "source-missing", "a source and no place", "cop:inSection and cop:atLine"),
    (SOURCE, PLACE, "dcterms:source source:pestoff-slides .", "source-missing", "a section and no source", "dcterms:source source:pestoff-slides", "."),
    (SOURCE, PLACE, 'cop:inSection "Diagram 1" ; cop:atLine 132 ;\n    dcterms:source source:pestoff-slides .', "source-missing", "a kind that only the source has", "dcterms:source source:pestoff-slides, cop:inSection", "."),
    (RESTS, PLACE, "    cop:hasProvisionForm cop:PublicProvision ;\n    cop:placesInForm cop:PublicProvision ;\n", "record-incomplete", "no provision form", "Add cop:hasProvisionForm", "", SOURCE),
    # A regime, its publication, and the finding that leads to it
    (LITERATURE, BOOK, "a dcterms:BibliographicResource ;", "undescribed-node", "nowhere described", "type and label"),
    (LITERATURE, BOOK, 'rdfs:label "Toy 2030: a chapter on regimes"@en ;', "record-incomplete", "no English label", "Add rdfs:label"),
    (LITERATURE, REGIME, " , cop:PublicAdministrationRegime", "type-missing", "no class of its own", "behind 'a'"),
    (LITERATURE, REGIME, SV[REGIME], "value-not-translated", "no label in sv", 'Add rdfs:label "..."@sv'),
    (LITERATURE, REGIME, "dcterms:source publication:toy-2030 ;", "page-missing", "no publication", "Add dcterms:source"),
    (LITERATURE, REGIME, 'cop:pageRead "example 10.1000/182" ;', "page-missing", "no page", "Add cop:pageRead"),
    (LITERATURE, REGIME, 'skos:editorialNote "Not in the source: from the literature named."@en ;', "locator-missing", "neither its place", "skos:editorialNote"),
    (LITERATURE, FINDING, "a cop:LiteratureFinding ;", "type-missing", "has no type", "behind 'a'"),
    (LITERATURE, FINDING, 'rdfs:label "offices by lot"@en ;', "finding-incomplete", "no English label", "Add rdfs:label"),
    (LITERATURE, FINDING, 'cop:findingText "A regime of its own draws offices by lot."@en ;', "finding-incomplete", "no text", "Add cop:findingText"),
    (LITERATURE, FINDING, "cop:relatesToTerm cop:PublicAdministrationRegime ;", "finding-incomplete", "no term", "Add cop:relatesToTerm"),
    (LITERATURE, FINDING, "cop:relationKind cop:AddsTo ;", "finding-incomplete", "no kind of relation", "Add cop:relationKind"),
    (LITERATURE, FINDING, "cop:ofPublication publication:toy-2030 ;", "page-missing", "no publication", "Add cop:ofPublication"),
    (LITERATURE, FINDING, 'cop:pageRead "example 10.1000/182" ;', "page-missing", "no page", "Add cop:pageRead"),
    (LITERATURE, FINDING, "cop:introducesTerm cop:PlayfulRegime .", "finding-incomplete", "cop:PlayfulRegime has no finding that leads to it", "finding:four-regimes", "."),
    (LITERATURE, "", ADDED[LITERATURE][ADDED[LITERATURE].index(FINDING):], "finding-incomplete", "cop:PlayfulRegime has no finding that leads to it", "finding:four-regimes"),
    (LITERATURE, BOOK, " ;\n    cop:publicationYear 2030 .", "absence-unexplained", "has no year (cop:publicationYear)", 'skos:editorialNote "No year: ..."@en', " ."),
    # A claim's block in the ontology, and its file
    (SOURCE, C55, 'rdfs:label "Toys are lent together"@en ;', "claim-incomplete", "no English label", "Add rdfs:label"),
    (SOURCE, C55, "a cop:Claim ;", "claim-incomplete", "no type", "Add rdf:type"),
    (SOURCE, C55, "dcterms:source source:pestoff-slides .", "claim-incomplete", "no source", "Add dcterms:source", "."),
    (SOURCE, "", ADDED[SOURCE][ADDED[SOURCE].index(C55):], "claim-unknown", "no claim with this id", "Describe the claim", "", CLAIM),
    (CLAIM, "", "DISTINCT ", "claim-not-portable", "no DISTINCT", "Write SELECT DISTINCT"),
    (CLAIM, "", "PREFIX cop: <https://w3id.org/coproduction#>\n", "claim-not-portable", "does not declare cop:", "PREFIX cop: <https://w3id.org/coproduction#>"),
    (CLAIM, "", "    VALUES (?act ?outcome) { (cop:CollectiveAction true) (cop:IndividualAct false) }\n", "claim-not-portable", "selects ?outcome, which nothing binds", "Write the line"),
    (CLAIM, "", "above the ceiling, of the third", "claim-not-translated", "wanted is not translated into sv, de, fr", "make messages", "of the third"),
    (CLAIM, "", "#+ wanted: ", "broken-claim", "c55.rq: the header has no wanted", "Add the line '#+ wanted: ...'", "#+ wante: "),
    (CLAIM, "", "[A9]", HEADER, "names A99, which is no ambiguity", "such as A9", "[A99]"),
    (CLAIM, "", "[A9]", "readings-differ", "c55.rq does not name A9 in readings, on which C55 depends", "Write '#+ readings: [A9]'", "[]"),
    (CLAIM, "", "[A9]", "readings-differ", "names A10 in readings, and the graph does not say", "Add 'claim:C55 cop:dependsOnAmbiguity ambiguity:A10 .' to ontology/interpretation.ttl", "[A9, A10]"),
    (RESTS, C55, " ;\n    cop:dependsOnAmbiguity ambiguity:A9 .", "readings-differ", "names A9 in readings", "Add 'claim:C55 cop:dependsOnAmbiguity ambiguity:A9 .'", " .", CLAIM),
    (CLAIM, "", "  }\n}\n", "claim-not-portable", "has an ORDER BY", "Take it out", "  }\n}\nORDER BY ?row\n"),
    (CLAIM, "", "?row a cop:Case .", "claim-not-portable", "says NOT EXISTS", "Write MINUS", "?row a cop:Case . FILTER NOT EXISTS { ?row a cop:Placement }"),
    (CLAIM, "", "#+ type: tendency", "broken-claim", "the type is one of", "Write the one that fits the claim behind '#+ type:'", "#+ type: habit"),
    (RESTS, C55, "cop:claimKind cop:EmpiricalClaim", "half-claim", "C55 is a cop:NormativeClaim, which no case can decide, and is said to be testable", "cop:NotTestableWithCases", "cop:claimKind cop:NormativeClaim", CLAIM),
    (RESTS, C55, "cop:claimKind cop:EmpiricalClaim", "half-claim", "C55 is a cop:DefinitionalClaim, which no case can decide, and has a test", "or take c55.rq away", "cop:claimKind cop:DefinitionalClaim", CLAIM),
    (RESTS, C55, "cop:TestableWithCases", "half-claim", "said not to be testable with cases, and has a test", "Write cop:TestableWithCases", "cop:NotTestableWithCases", CLAIM),
    (SOURCE, C55, 'cop:claimId "C55"', "claim-id-skips", "has the id C57, and none has C56", "the first free id, C55", 'cop:claimId "C57"'),
    (SOURCE, C55, 'cop:claimId "C55"', "claim-id-used-twice", "has the id C51, which is that of", "C55 is free", 'cop:claimId "C51"'),
    (CLAIM, "", ADDED[CLAIM], "half-claim", "has no test", "queries/claims", "", "queries/claims"),
    (SOURCE, C55, 'cop:quotedText "toys are lent together"@en ;', "claim-incomplete", "no quoted text", "Add cop:quotedText"),
    (CLAIM, "", ", cop:hasActType", "rests-differ", "c55.rq asks for cop:hasActType, and rests_on does not name it", "Write '#+ rests_on: [cop:hasProviderSector, cop:hasDecisionRights, cop:hasActType]'"),
    (CLAIM, "", ", cop:hasDecisionRights", "rests-differ", "c55.rq asks for cop:hasDecisionRights, and", "Write '#+ rests_on: [cop:hasProviderSector, cop:hasActType, cop:hasDecisionRights]'"),
    (CLAIM, "", "cop:hasActType, ", "rests-differ", "c55.rq names cop:hasSalience in rests_on, and the query does not ask for it", "Write '#+ rests_on: [cop:hasProviderSector, cop:hasActType, cop:hasDecisionRights]'", "cop:hasActType, cop:hasSalience, "),
    (CLAIM, "", "#+ type: tendency", "broken-claim", "the type is one of", "Write '#+ type: tendency'", "#+ type: tendancy"),
    (CLAIM, "", "SELECT DISTINCT ?row ?condition ?outcome", "broken-claim", "gives ?row ?condition ?outcome, and ?row is no column", "Select ?row ?condition ?outcome", "SELECT *"),
    (CLAIM, "", "Parents share or replace the core work", "claim-not-translated", "sides is not translated into sv, de, fr", "make messages", "Toys of the third sector"),
    (CLAIM, "", "#+ wanted: an arrangement", "half-claim", "wanted does not begin with a or an", "'a case of ...'", "#+ wanted: arrangements"),
    (CLAIM, "", "#+ readings:", "half-claim", "names needs, and gives no ?part", "Select ?part", "#+ needs: [cop:ThirdSector]\n#+ readings:"),
    (CLAIM, "", "SELECT DISTINCT ?row ?condition ?outcome", "half-claim", "c55.rq gives ?part, and does not name needs", "'#+ needs: [...]'", "SELECT DISTINCT ?row (?sector AS ?part) ?condition ?outcome"),
    (SOURCE, C55, 'cop:claimId "C55" ;', "half-claim", "C55 has a query, and is said to lack a field", "Take cop:lacksField out of it", 'cop:claimId "C55" ; cop:lacksField "toys"@en ;', CLAIM),
    (SOURCE, "", "    cop:hasClaimPart claim-part:C33-individual , claim-part:C33-collective ;\n", "half-claim", "C33-individual> is a part of no claim", "cop:hasClaimPart"),
    # A question
    *(
        (QUESTION, "", f"#+ {name}: ", HEADER, f"the header has no {name}", f"Write {name} in place of {name}x", f"#+ {name}x: ")
        for name in ("summary", "description", "tags")
    ),
    (QUESTION, "", "toys?", HEADER, "the summary in the header does not end with a question mark", "'#+ summary: ...?'", "toys"),
    (QUESTION, "", "SELECT DISTINCT ?case ?service\n", HEADER, "case is no column of the query (iris)", "Write the columns behind SELECT, in place of *", "SELECT *\n"),
    (QUESTION, "", "type: iri, ", HEADER, "of the type ire, not one of", "type: iri in its entry", "type: ire, "),
    (CHECK, "", "SELECT DISTINCT ?term ?label\n", HEADER, "label is no column of the query (message)", "Write the columns behind SELECT, in place of *", "SELECT *\n"),
    (CHECK, "", "ask?", HEADER, "the summary in the header does not end with a question mark", "'#+ summary: ...?'", "ask"),
    (QUESTION, "", "#+ id: CQ2\n", HEADER, "the header has no id", "Add the line '#+ id: ...'"),
    (QUESTION, "", "CQ2", "question-id-used-twice", "has the id CQ1, which is that of glass-ceiling.rq", "CQ2 is free", "CQ1"),
    (QUESTION, "", "CQ2", "question-id-skips", "has the id CQ4, and none has CQ3", "the first free id, CQ2", "CQ4"),
    (QUESTION, "", "#+ iris: [case, service]\n", HEADER, "does not name case, service", "Write '#+ iris: [case, service]'"),
    (QUESTION, "", "[case, service]", HEADER, "does not name case", "Write '#+ iris: [case, service]'", "[service]"),
    (QUESTION, "", "[case, service]", HEADER, "does not name service", "Write '#+ iris: [case, service]'", "[case]"),
    (QUESTION, "", "#+ row: case\n", HEADER, "case has a row for each of its values", "Write '#+ row: case'"),
    (QUESTION, "", "SELECT DISTINCT ?case ?service\nWHERE {\n", HEADER, "?serviceLabel is a column of labels, which the engine adds", "Select ?service", "SELECT DISTINCT ?case ?service ?serviceLabel\nWHERE {\n  ?service rdfs:label ?serviceLabel .\n"),
    (QUESTION, "", "?case a cop:Case ;", "question-not-portable", "says GRAPH", "all graphs are asked as one", "GRAPH ?g { ?case a cop:Case } ?case"),
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
    (QUESTION, "", "  VALUES ?service { cop:WorkIntegration }\n", HEADER, "no line VALUES ?service", "Add the line VALUES ?service { ... }"),
    (QUESTION, "", "PREFIX cop: <https://w3id.org/coproduction#>\n", "question-not-portable", "does not declare cop:", "PREFIX cop: <https://w3id.org/coproduction#>"),
    (QUESTION, "", "ORDER BY ?case ?service\n", "question-not-portable", "no ORDER BY", "Sort by the columns"),
    (QUESTION, "", "DISTINCT ", "question-not-portable", "no DISTINCT", "Write SELECT DISTINCT"),
    (ROWS, "", f"{BASTA}\n", "rows-not-expected", "has no row", "a row says 'none'", "", QUESTION),
    (ROWS, "", "case\n", "rows-not-expected", "'kase' is the heading of no column", "case, service", "kase\n", QUESTION),
    (ROWS, "", ADDED[ROWS], "rows-not-expected", "no file of expected rows", "Write tests/expected/toy-cases.csv", "", QUESTION),
    (ROWS, "", f"{BASTA}\n", "rows-differ", "toy-cases.csv lacks a row that toy-cases.rq answers", f"Add the line '{BASTA}'", "urn:x\n"),
    (ROWS, "", f"{BASTA}\n", "rows-differ", "toy-cases.csv, line 3: toy-cases.rq does not answer the row 'urn:x'", "Take the line out", f"{BASTA}\nurn:x\n"),
    (QUESTION, "", "cop:WorkIntegration", "rows-differ", "toy-cases.rq answers nothing", "Let it say in a row", "cop:ToyLending"),
    (QUESTION, "", ADDED[QUESTION].replace(CQ, "CQ2"), "rows-of-no-question", "is of no question", "Call it as the question", "", ROWS),
    # A field of the form, and a rule across fields
    (TERMS, "", ADDED[TERMS][: ADDED[TERMS].index("\ncop:levelUnderR3")], "undefined-term-in-file", "cop:toyCount is used", "define the term", "", FORM),
    (TERMS, COUNT, SV[COUNT], "property-not-translated", "cop:toyCount, which has no label in sv", 'Add rdfs:label "..."@sv'),
    (TERMS, COUNT, "rdfs:domain cop:Case ;", "absence-unexplained", "cop:toyCount has no domain (rdfs:domain)", 'Add rdfs:domain, or skos:editorialNote "No domain: ..."@en'),
    (TERMS, COUNT, "rdfs:range xsd:integer ;", "absence-unexplained", "cop:toyCount has no range (rdfs:range)", 'Add rdfs:range, or skos:editorialNote "No range: ..."@en'),
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
    (CHECK, "", f"#+ id: {CK}\n", HEADER, "the header has no id", "Add the line '#+ id: ...'"),
    (CHECK, "", CK, "check-id-used-twice", "has the id CK1, which is that of label-missing.rq", f"{CK} is free", "CK1"),
    (CHECK, "", "#+ severity: error\n", "broken-file", "'severity: error' or 'warning'", "Put the file right"),
    (CHECK, "", "{label}", HEADER, "labels is no column of the query (message)", "term, label", "{labels}"),
    (CHECK, "", "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n", "check-not-portable", "does not declare rdfs:", "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>"),
    # A rubric
    (VALUES, R3, 'skos:altLabel "R3"@en ;', "record-incomplete", "no name that --rubric takes", "Add skos:altLabel"),
    (VALUES, R3, "cop:levelProperty cop:levelUnderR3 ;", "record-incomplete", "no property of its levels", "Add cop:levelProperty"),
    (RULE, "", "#+ stage: load\n", "rubric-without-rule", "cop:RubricR3 gives no level", "#+ stage: load"),
    (RULE, "", ADDED[RULE], "rubric-without-rule", "cop:RubricR3 gives no level", "Write the rule", "", "queries/rules"),
    (RULE, "", "?row cop:hasParticipationLevel ?level }\n", "rule-without-level", "level-r2.rq concludes cop:", "Let it conclude one of cop:HighParticipation, cop:LowParticipation, cop:MediumParticipation", "?row cop:hasDecisionRights ?level }\n"),
    (RULE, "", "#+ summary: The level under the third rubric\n", HEADER, "the header has no summary", "Add the line '#+ summary: ...'"),
    (VALUES, R3, '"R3"@en', "rubric-shared", "cop:RubricR3 and cop:RubricR1 share \"R1\"@en", "a name of its own", '"R1"@en'),
    (VALUES, R3, "cop:levelProperty cop:levelUnderR3", "rubric-shared", "share cop:levelUnderR1", "a property of its own", "cop:levelProperty cop:levelUnderR1"),
    (VALUES, "", RUBRIC, "rule-without-rubric", "cop:levelUnderR3, which is the level under no rubric", "Describe the rubric", "", RULE),
    (CLAIM, "", "#+ rests_on: [cop:hasProviderSector, cop:hasActType, cop:hasDecisionRights]\n", HEADER, "the header has no rests_on", "Add the line '#+ rests_on: ...'"),
    (CLAIM, "", "[cop:hasProviderSector", HEADER, "names cop:hasProviderSectr, which is no property", "such as cop:hasProviderSector", "[cop:hasProviderSectr"),
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

    def correct_rows(self) -> None:
        """Do with the expected rows what the findings say, until they say nothing."""
        for _ in range(9):
            answers = Answers(
                self.store.inner, self.folder / "queries", self.folder / "ontology/alignments"
            )
            found = list(expected_findings(self.folder / "queries", answers))
            beyond: dict[str, set[int]] = {}
            for one in found:
                place = re.match(r"(\S+), line (\d+): ", one.message)
                line = re.match(r"Add the line '(.*)', if", one.fix)
                if line:
                    with Path(str(one.file)).open("a", encoding="utf-8", newline="\n") as to:
                        to.write(f"{line[1]}\n")
                elif place:
                    beyond.setdefault(str(one.file), set()).add(int(place[2]))
            for file, numbers in beyond.items():
                lines = Path(file).read_text(encoding="utf-8").splitlines(keepends=True)
                left = (line for n, line in enumerate(lines, 1) if n not in numbers)
                Path(file).write_text("".join(left), encoding="utf-8", newline="\n")
            if not found:
                return

    def make_small(self) -> None:
        """Take away what is there beside the additions, and costs most of the time of a check."""
        style = self.folder / STYLE
        header, _, shapes = style.read_text(encoding="utf-8").partition("\ncopsh:")
        _, begin, after = shapes.partition("\ncopsh:Example\n")
        examples = begin + after.partition("\n# ---")[0]
        named = "copsh:Toy\n    a sh:NodeShape ;\n    sh:targetSubjectsOf skos:hiddenLabel ;\n"
        named += "    sh:property copsh:Term-toy .\n"
        style.write_text(f"{header}\n{named}{examples}{ADDED[STYLE]}", encoding="utf-8")
        shutil.rmtree(self.folder / "queries" / "views")
        for file, old, new in ((KEPT, "CQ18", "CQ1"), (QUESTION, CQ, "CQ2")):  # no id is left out
            path = self.folder / file
            path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
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


@pytest.mark.slow
def test_what_the_pages_ask_for_is_enough(tmp_path: Path, whole: Checkout) -> None:
    made = Checkout(tmp_path)
    told = {Path(one.file or "").name for one in made.check()}
    assert told >= {"service-type-codes.csv", "claim-kinds.csv", "regimes-beyond-source.csv"}
    made.correct_rows()
    assert made.check() == []
    assert whole.check() == []


@pytest.mark.parametrize(
    "omission", some_quick(OMISSIONS, 45), ids=lambda row: f"{Path(row[0]).stem}-{row[3]}"
)
@pytest.mark.one_in(6)
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
    assert all(found.file == told_of for found in told), told
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


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "check", "fix"),
    [
        ("queries/claims/c56.ttl", "claim-not-moved", "ontology/source.ttl"),
        ("queries/questions/mine.sparql", "file-not-read", "the ending .rq"),
        ("queries/rules/mine.txt", "file-not-read", "the ending .rq"),
        ("queries/checks/mine", "file-not-read", "the ending .rq"),
    ],
)
@pytest.mark.sampled
def test_what_nothing_reads_is_told(whole: Checkout, file: str, check: str, fix: str) -> None:
    path = whole.folder / file
    path.write_text("# begun", encoding="utf-8")
    try:
        (found,) = whole.check()
    finally:
        path.unlink()
    assert (found.check, found.file) == (check, file)
    assert fix in found.fix and path.name in found.message


@pytest.mark.slow
def test_what_a_claim_lacks_is_translated(changed: Checkout) -> None:
    path = changed.folder / SOURCE
    text = path.read_text(encoding="utf-8")
    lacks = 'cop:claimId "C55" ;\n    cop:lacksField "how many toys come back"@en ;'
    path.write_text(text.replace('cop:claimId "C55" ;', lacks), encoding="utf-8", newline="\n")
    found, beside = changed.check(anew=True)
    assert (found.check, found.file) == ("claim-not-translated", SOURCE)
    assert (beside.check, beside.file) == ("half-claim", CLAIM), "it has a query too"
    assert "lacksField is not translated into sv, de, fr" in found.message


@pytest.mark.slow
def test_rows_that_tie_in_what_they_are_sorted_by_are_told(changed: Checkout) -> None:
    path = changed.folder / QUESTION
    text = path.read_text(encoding="utf-8").replace("cop:WorkIntegration", "cop:Childcare")
    path.write_text(text.replace("ORDER BY ?case ?service", "ORDER BY ?service"), encoding="utf-8")
    found = [one for one in changed.check() if one.check == HEADER]
    assert [one.fix for one in found] == ["Sort by case too."]
    assert "alike in all that ORDER BY names (service)" in found[0].message
    twice = text.replace("DISTINCT ", "").replace("WHERE {", "WHERE {\n  VALUES ?any { 1 2 }")
    for whole in (text, twice):  # rows that are the same in all columns may come in any order
        path.write_text(whole, encoding="utf-8")
        assert not [one for one in changed.check() if one.check == HEADER]


@pytest.mark.slow
def test_a_misspelt_property_of_a_claim_is_told_once(changed: Checkout) -> None:
    path = changed.folder / CLAIM
    text = path.read_text(encoding="utf-8").replace(
        "[cop:hasProviderSector,", "[cop:hasProviderSectr,"
    )
    path.write_text(text, encoding="utf-8", newline="\n")
    (found,) = changed.check()
    assert (found.check, found.file) == (HEADER, CLAIM)


@pytest.mark.slow
def test_rows_that_differ_come_behind_what_they_may_come_of(changed: Checkout) -> None:
    rows, query = changed.folder / ROWS, changed.folder / QUESTION
    rows.write_text("case\nurn:x\n", encoding="utf-8")
    alone = changed.check()
    assert {found.check for found in alone} == {"rows-differ"} and len(alone) == 2
    query.write_text(query.read_text(encoding="utf-8").replace("toys?", "toys"), encoding="utf-8")
    style = changed.folder / STYLE  # which comes behind by its name
    style.write_text(style.read_text(encoding="utf-8") + "copsh:", encoding="utf-8")
    *others, one, other = changed.check()
    assert {found.check for found in others} >= {HEADER, "broken-file"}
    first = "Once the other findings are mended: "
    assert [one.fix, other.fix] == [first + found.fix for found in alone]
    german = one.told(speaker("de"))
    assert german.fix.startswith("Wenn die übrigen Befunde behoben sind: ")
    assert alone[0].told(speaker("de")).fix in german.fix


@pytest.mark.parametrize("lang", ["sv", "de", "fr"])
@pytest.mark.sampled
def test_what_is_left_out_is_told_in_four_languages(changed: Checkout, lang: str) -> None:
    path = changed.folder / QUESTION
    text = path.read_text(encoding="utf-8")
    for old, new in (("#+ scope: cases\n", ""), ("row: case", "row:"), ("[A9]", "[A99]"),
                     ('class: "cop:ServiceType", ', ""), ("ORDER BY ?case ?service\n", ""), ("toys?", "toys")):  # fmt: skip
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8", newline="\n")
    findings = changed.check()
    assert len(findings) == 7
    for found in findings:
        told = found.told(speaker(lang))
        assert told.message != found.message and told.fix != found.fix
