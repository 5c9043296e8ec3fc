# Puts the term that replaces a deprecated one in its place, as a property, a class or a value, for
# stores of other engines: data in named graphs, beside the ontology in others. What is said of a
# deprecated term itself is left, and a term with two replacements or one of another namespace.
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
DELETE { GRAPH ?graph { ?node ?old ?value } } INSERT { GRAPH ?graph { ?node ?new ?value } }
WHERE {
  GRAPH ?terms { ?old owl:deprecated true ; dcterms:isReplacedBy ?new }
  FILTER(STRSTARTS(STR(?new), "https://w3id.org/coproduction#"))
  FILTER NOT EXISTS { GRAPH ?terms { ?old dcterms:isReplacedBy ?two } FILTER(?two != ?new) }
  GRAPH ?graph { ?node ?old ?value }
} ;
DELETE { GRAPH ?graph { ?node ?any ?old } } INSERT { GRAPH ?graph { ?node ?any ?new } }
WHERE {
  GRAPH ?terms { ?old owl:deprecated true ; dcterms:isReplacedBy ?new }
  FILTER(STRSTARTS(STR(?new), "https://w3id.org/coproduction#"))
  FILTER NOT EXISTS { GRAPH ?terms { ?old dcterms:isReplacedBy ?two } FILTER(?two != ?new) }
  GRAPH ?graph { ?node ?any ?old }
  FILTER(?graph != ?terms && ?any != dcterms:replaces)
}
