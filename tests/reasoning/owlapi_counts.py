"""What one release of OWLAPI reads in files, in a process of its own: a release to a Java machine.

    python owlapi_counts.py FOLDER_OF_JARS FILE...

writes one JSON object: the release, and of each file its axioms by kind, all logical ones, its
entities by kind and what takes it out of OWL 2 DL.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any


def counts(java: Any, path: str) -> dict[str, Any]:
    """Load a file without its imports, of which a merged one has none, and count."""
    manager = java("org.semanticweb.owlapi.apibinding.OWLManager").createOWLOntologyManager()
    ontology = manager.loadOntologyFromOntologyDocument(java("java.io.File")(path))
    report = java("org.semanticweb.owlapi.profiles.OWL2DLProfile")().checkOntology(ontology)
    kinds = Counter(str(axiom.getAxiomType()) for axiom in ontology.getAxioms())
    return {
        "axioms": int(ontology.getAxiomCount()),
        "logical": int(ontology.getLogicalAxiomCount()),
        "kinds": dict(sorted(kinds.items())),
        "entities": {
            kind: sum(not entity.isBuiltIn() for entity in entities)
            for kind, entities in (
                ("Class", ontology.getClassesInSignature()),
                ("ObjectProperty", ontology.getObjectPropertiesInSignature()),
                ("DatatypeProperty", ontology.getDataPropertiesInSignature()),
                ("AnnotationProperty", ontology.getAnnotationPropertiesInSignature()),
                ("NamedIndividual", ontology.getIndividualsInSignature()),
            )
        },
        "violations": sorted(str(each) for each in report.getViolations()),
    }


def main(jars: str, *files: str) -> None:
    """Start Java with the jars of a folder, and tell of each file what it read."""
    import jpype

    jpype.startJVM(
        "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
        classpath=[str(jar) for jar in sorted(Path(jars).glob("*.jar"))],
        convertStrings=False,
    )
    java = jpype.JClass
    release = java("org.semanticweb.owlapi.util.VersionInfo").getVersionInfo().getVersion()
    told = {"release": str(release), "files": [counts(java, file) for file in files]}
    print(json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:])
