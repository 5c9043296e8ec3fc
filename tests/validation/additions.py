"""What a new maintainer adds by docs/how-to: the files of a checkout with one more of each thing."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from coproduction.resources import data_dir

ROOT = Path(__file__).parents[2]

SERVICE = """
cop:ToyLending
    a owl:NamedIndividual , cop:ServiceType ;
    rdfs:label "toy lending"@en , "leksaksutlåning"@sv , "Spielzeugverleih"@de , "prêt de jouets"@fr ;
    cop:unreviewedLabel "sv" , "de" , "fr" ;
    skos:definition "Service that hands out things to play with for a time."@en ;
    skos:editorialNote "Not defined in the source."@en ;
    skos:example "Falls under it: a shelf of games that a library lends (Diagram 1, line 132)"@en ,
        "Just does not: work with games, for pay (case basta)"@en ;
    dcterms:source source:pestoff-slides ;
    cop:inSection "Diagram 1" ; cop:atLine 132 ;
    rdfs:isDefinedBy <https://w3id.org/coproduction> .
"""
PLACEMENT = """
placement:medium-toy-lending
    a cop:Placement ;
    rdfs:label "toy lending (medium)"@en ;
    cop:sourceLabel "toy lending"@en ;
    cop:hasServiceType cop:ToyLending ;
    cop:placesService cop:ToyLending ;
    cop:hasParticipationLevel cop:MediumParticipation ;
    cop:placesAtLevel cop:MediumParticipation ;
    cop:hasRelationIntensity cop:IntensiveOrEnduring ;
    cop:placesAtIntensity cop:IntensiveOrEnduring ;
    cop:inCell cell:medium-intensive-or-enduring ;
    cop:inSection "Diagram 1" ; cop:atLine 132 ;
    dcterms:source source:pestoff-slides .
"""
REGIME = """
publication:toy-2030
    a dcterms:BibliographicResource ;
    rdfs:label "Toy 2030: a chapter on regimes"@en ;
    cop:publicationYear 2030 .

cop:PlayfulRegime
    a owl:NamedIndividual , cop:PublicAdministrationRegime ;
    rdfs:label "Lusory State"@en , "lekfull stat"@sv , "spielender Staat"@de , "État ludique"@fr ;
    cop:unreviewedLabel "sv" , "de" , "fr" ;
    skos:definition "Regime in which offices are drawn by lot."@en ;
    skos:editorialNote "Not in the source: from the literature named."@en ;
    dcterms:source publication:toy-2030 ;
    cop:pageRead "example 10.1000/182" ;
    cop:pageKind cop:AbstractPage ;
    rdfs:isDefinedBy <https://w3id.org/coproduction> .

finding:offices-by-lot
    a cop:LiteratureFinding ;
    rdfs:label "offices by lot"@en ;
    cop:ofPublication publication:toy-2030 ;
    cop:relatesToTerm cop:PublicAdministrationRegime ;
    cop:relationKind cop:AddsTo ;
    cop:findingText "A regime of its own draws offices by lot."@en ;
    cop:pageRead "example 10.1000/182" ;
    cop:pageKind cop:AbstractPage ;
    cop:introducesTerm cop:PlayfulRegime .
"""
CLAIM = """
claim:C55
    a cop:Claim ;
    rdfs:label "Toys are lent together"@en ;
    cop:claimId "C55" ;
    cop:claimSubject cop:ThirdSectorProvision ;
    cop:claimPredicate "lends" ;
    cop:claimObject cop:GlassCeiling ;
    cop:quotedText "toys are lent together"@en ;
    cop:inSection "C" ; cop:atLine 141 ;
    dcterms:source source:pestoff-slides .
"""
RESTS = """
placement:medium-toy-lending
    cop:hasProvisionForm cop:PublicProvision ;
    cop:placesInForm cop:PublicProvision ;
    cop:hasProviderSector cop:PublicSector ;
    cop:placesInSector cop:PublicSector .

claim:C55
    cop:claimKind cop:EmpiricalClaim ;
    cop:hasTestability cop:TestableWithCases ;
    cop:dependsOnAmbiguity ambiguity:A9 .
"""
CLAIM_QUERY = """\
#+ claim: C55
#+ type: tendency
#+ summary: What lends toys is of the third sector
#+ sides:
#+   support: What parents do only complements the work of the staff
#+   counterexamples: Parents share or replace the core work
#+   undetermined: >
#+     Childcare of the third sector there of which neither the staff-client relation nor
#+     contributions are recorded
#+ wanted: an arrangement above the ceiling, of the third, the public or the for-profit sector
#+ readings: [A9]
#+ rests_on: [cop:hasProviderSector, cop:hasActType, cop:hasDecisionRights]
#+ parameters:
#+   rubric: {type: iri, class: rdf:Property, description: level under a rubric}
PREFIX cop: <https://w3id.org/coproduction#>
SELECT DISTINCT ?row ?condition ?outcome
WHERE {
  ?row a cop:Case .
  OPTIONAL { VALUES ?rubric { cop:levelUnderR0 } ?row ?rubric ?level }
  OPTIONAL {
    VALUES (?sector ?condition) { (cop:ThirdSector true) (cop:PublicSector false) }
    ?row cop:hasProviderSector ?sector .
  }
  OPTIONAL {
    VALUES (?act ?outcome) { (cop:CollectiveAction true) (cop:IndividualAct false) }
    ?row cop:hasActType ?act .
  }
}
"""
QUESTION = """\
#+ summary: Which cases lend toys?
#+ description: The cases of a service, toy lending unless another is given.
#+ id: {id}
#+ iris: [case, service]
#+ row: case
#+ scope: cases
#+ readings: [A9]
#+ tags: [toys]
#+ parameters:
#+   service: {type: iri, class: "cop:ServiceType", description: a service}
PREFIX cop: <https://w3id.org/coproduction#>
SELECT DISTINCT ?case ?service
WHERE {
  VALUES ?service { cop:WorkIntegration }
  ?case a cop:Case ;
      cop:hasServiceType ?service .
}
ORDER BY ?case ?service
"""
PROPERTY = """
cop:toyCount
    a owl:DatatypeProperty ;
    rdfs:domain cop:Case ;
    rdfs:range xsd:integer ;
    rdfs:label "toy count"@en , "antal leksaker"@sv , "Anzahl der Spielzeuge"@de , "nombre de jouets"@fr ;
    cop:unreviewedLabel "sv" , "de" , "fr" ;
    skos:definition "Number of things that an arrangement lends."@en ;
    skos:editorialNote "Not in the source: the size of cases differs."@en ;
    rdfs:isDefinedBy <https://w3id.org/coproduction> .
"""
FIELD = """
copsh:Case-toy_count
    a sh:PropertyShape ;
    sh:path cop:toyCount ;
    copsh:key "toy_count" ;
    sh:order 42.5 ; sh:group copsh:Optional ;
    sh:name "toy count"@en , "antal leksaker"@sv , "Anzahl der Spielzeuge"@de , "nombre de jouets"@fr ;
    sh:description "Number of toys."@en , "Antal leksaker."@sv , "Anzahl."@de , "Nombre."@fr ;
    sh:maxCount 1 ;
    sh:datatype xsd:integer ;
    sh:severity sh:Violation ;
    sh:message "Give a number."@en , "Ange ett tal."@sv , "Eine Zahl."@de , "Un nombre."@fr .
"""
RULE = """
copsh:Rule-noToys
    a sh:NodeShape ;
    sh:targetClass cop:Case ;
    copsh:column "toy_count" ;
    sh:name "no toys"@en , "inga leksaker"@sv , "kein Spielzeug"@de , "pas de jouets"@fr ;
    sh:description "Count."@en , "Räkna."@sv , "Zählen."@de , "Comptez."@fr ;
    sh:sparql [
        a sh:SPARQLConstraint ;
        sh:prefixes <https://w3id.org/coproduction/shapes/case-record> ;
        sh:select "SELECT DISTINCT $this ?value WHERE { $this cop:toyCount ?value FILTER(?value < 0) }" ] ;
    sh:severity sh:Violation ;
    sh:message "Too few."@en , "För få."@sv , "Zu wenige."@de , "Trop peu."@fr .
"""
STYLE = """
copsh:Term-toy
    a sh:PropertyShape ;
    sh:path skos:hiddenLabel ;
    sh:name "toy"@en ;
    sh:description "Write it without a question mark."@en ;
    sh:pattern "[^?]$" ;
    sh:severity sh:Violation ;
    sh:message "A hidden label does not ask."@en .
"""
RULE_OF_STYLE = """\
#+ summary: Does no label ask?
#+ description: No English label of a term ends in a question mark.
#+ id: {id}
#+ severity: error
#+ message: The label of {term} asks '{label}'.
#+ fix: Write the name alone.
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?term ?label
WHERE {
  ?term rdfs:label ?label .
  FILTER(STRENDS(STR(?label), "??"))
}
ORDER BY ?term
"""
RUBRIC = """
cop:RubricR3
    a owl:NamedIndividual , cop:Rubric ;
    rdfs:label "rubric R3"@en , "kodningsregel R3"@sv , "Kodierregel R3"@de , "grille R3"@fr ;
    cop:unreviewedLabel "sv" , "de" , "fr" ;
    skos:altLabel "R3"@en ;
    skos:definition "Rule that gives each arrangement the level that is stated of it."@en ;
    skos:editorialNote "Not in the source: a third criterion."@en ;
    cop:levelProperty cop:levelUnderR3 ;
    cop:rubricVersion "1.0" ;
    rdfs:isDefinedBy <https://w3id.org/coproduction> .
"""
LEVEL = """
cop:levelUnderR3
    a owl:ObjectProperty ;
    rdfs:domain cop:ServiceArrangement ;
    rdfs:range cop:ParticipationLevel ;
    rdfs:label "level under R3"@en , "nivå under R3"@sv , "Stufe nach R3"@de , "niveau selon R3"@fr ;
    cop:unreviewedLabel "sv" , "de" , "fr" ;
    skos:definition "Relation between an arrangement and what the third rubric gives it."@en ;
    skos:editorialNote "Not in the source: follows from a rule."@en ;
    rdfs:isDefinedBy <https://w3id.org/coproduction> .
"""
LEVEL_RULE = """\
#+ summary: The level under the third rubric
#+ stage: load
#+ description: What is stated of an arrangement.
PREFIX cop: <https://w3id.org/coproduction#>
CONSTRUCT { ?row cop:levelUnderR3 ?level }
WHERE { ?row cop:hasParticipationLevel ?level }
"""
LINK = (
    "cop:ToyLending\ttoy lending\tskos:relatedMatch\t\tsdg:99.9\tPlay for all\t"
    "semapv:ManualMappingCuration\t0.6\tPlay is named in both.\n"
)


def _next(folder: str) -> str:
    """Give the first id that is free in a folder of queries."""
    texts = [path.read_text(encoding="utf-8") for path in data_dir(folder).glob("*.rq")]
    found = [re.search(r"^#\+ id: ([A-Z]+)(\d+)", text, re.MULTILINE) for text in texts]
    last = max((each for each in found if each), key=lambda each: int(each[2]))
    return f"{last[1]}{int(last[2]) + 1}"


CQ, CK = _next("queries/questions"), _next("queries/checks")
BASTA = "https://w3id.org/coproduction/id/case/basta"
ADDED = {
    "ontology/values.ttl": SERVICE + RUBRIC,
    "ontology/source.ttl": PLACEMENT + CLAIM,
    "ontology/literature.ttl": REGIME,
    "ontology/interpretation.ttl": RESTS,
    "ontology/coproduction.ttl": PROPERTY + LEVEL,
    "ontology/alignments/sdg.sssom.tsv": LINK,
    "queries/claims/c55.rq": CLAIM_QUERY,
    "queries/questions/toy-cases.rq": QUESTION.replace("{id}", CQ, 1),
    "queries/checks/label-asks.rq": RULE_OF_STYLE.replace("{id}", CK, 1),
    "queries/rules/level-r2.rq": LEVEL_RULE,
    "shapes/case-record.ttl": FIELD + RULE,
    "shapes/house-style.ttl": STYLE,
    "tests/expected/toy-cases.csv": f"case\n{BASTA}\n",
}
"""What is written behind what is there, by file."""
NAMED = {
    "shapes/case-record.ttl": (
        "copsh:Case-summary ,",
        "copsh:Case-summary , copsh:Case-toy_count ,",
    ),
    "shapes/house-style.ttl": ("copsh:Term-label ,", "copsh:Term-label , copsh:Term-toy ,"),
}
"""What is written into a block that is there: what it was and what it is."""


def checkout(folder: Path) -> None:
    """Make the files of a checkout that `check` looks at, with the additions."""
    for part in ("ontology", "queries", "shapes", "cases"):
        shutil.copytree(data_dir(part), folder / part)
    shutil.copytree(ROOT / "tests" / "expected", folder / "tests" / "expected")
    for file, (old, new) in NAMED.items():
        path = folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
    for file, text in ADDED.items():
        with (folder / file).open("a", encoding="utf-8", newline="\n") as to:
            to.write(text)
