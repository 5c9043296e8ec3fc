"""The text of an update, parted and read before it is run."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from coproduction.errors import QueryError
from coproduction.syntax.updates import operations, written_graphs

OURS = "https://w3id.org/coproduction/graph/"


def test_each_operation_keeps_its_place_and_its_prologue() -> None:
    text = (
        'PREFIX a: <urn:a:> # ; no end {\nINSERT DATA { a:s a:p \'};{\' , """;\n}""" } ;\n'
        "PREFIX b: <urn:b:>\nDELETE { ?s a:p ?o } INSERT { ?s b:p ?o } WHERE { ?s a:p ?o } ;"
    )
    first, second = operations(text)
    assert first.text == text[: text.index(" ;\nPREFIX b")].rstrip() + " "
    assert second.text.index("DELETE") == text.index("DELETE") and "INSERT DATA" not in second.text
    store = ox.Store()
    for each in (first, second):
        store.update(each.text)
    assert {quad.predicate.value for quad in store} == {"urn:b:p"} and len(store) == 2


@pytest.mark.parametrize("text", ["", "# nothing", ";", "PREFIX a: <urn:a> ;"])
def test_an_update_may_do_nothing(text: str) -> None:
    assert operations(text) == []


@pytest.mark.parametrize(
    ("text", "emptied", "dropped"),
    [
        ("CLEAR ALL", "all", False),
        ("clear silent named", "named", False),
        ("Drop\n All", "all", True),
        ("CLEAR DEFAULT", "", False),
        ("DROP GRAPH <urn:all>", "", True),
        ("INSERT DATA { <urn:drop> <urn:all> 'ALL' }", "", False),
    ],
)
def test_what_empties_all_graphs(text: str, emptied: str, dropped: bool) -> None:
    (found,) = operations(text)
    assert (found.emptied, found.is_dropped) == (emptied, dropped)


@pytest.mark.parametrize(
    "text",
    [
        "LOAD <urn:x>",
        "load silent <urn:x> into graph <urn:y>",
        "LOAD<urn:x>",
        "LOADSILENT<urn:x>",
        "CLEAR ALL;LOAD<urn:x>",
        "PREFIX x: <urn:x> LOADx:y",
        "CLEAR ALL # }\n; LOAD <urn:x>",
        "INSERT DATA { <urn:s> <urn:p> '}' } ; LOAD <urn:x>",
    ],
)
def test_nothing_is_loaded_from_elsewhere(text: str) -> None:
    with pytest.raises(QueryError, match="LOAD is not carried out"):
        operations(text)


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { <urn:load> <urn:p> 'LOAD <urn:x>' } # LOAD",
        "PREFIX load: <urn:load:> INSERT DATA { load:s load:p ?load }",
        "DELETE { ?load ?p ?o } WHERE { ?load ?p ?o }",
    ],
)
def test_a_word_that_is_like_load_is_none(text: str) -> None:
    assert len(operations(text)) == 1


def test_a_data_set_is_written_into_each_where() -> None:
    text = "CLEAR DEFAULT ; INSERT { ?s ?p 'where' } # WHERE\nWHERE { ?s ?p ?o { SELECT ?s WHERE {} } }"
    clear, insert = operations(text, ["urn:g"], ["urn:n"])
    assert "USING" not in clear.text
    assert insert.text.endswith(
        "# WHERE\n USING <urn:g> USING NAMED <urn:n> WHERE { ?s ?p ?o { SELECT ?s WHERE {} } }"
    )
    (short,) = operations("DELETE WHERE { ?s ?p ?o }", ["urn:g"])
    words = " ".join(short.text.split())
    assert words == "DELETE { ?s ?p ?o } USING <urn:g> WHERE { ?s ?p ?o }"


@pytest.mark.parametrize(
    "text",
    ["CLEAR SILENTALL", "DROP SILENTNAMED", "CLEAR", "DROP ALLSILENT", "CLEAR ALL NAMED"],
)
def test_what_is_emptied_is_written_apart(text: str) -> None:
    """The engine takes the first for CLEAR SILENT ALL, which empties graphs of the toolkit."""
    with pytest.raises(QueryError, match="each written apart"):
        operations(f"CLEAR DEFAULT ;\n{text}")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (f"CLEAR GRAPH <{OURS}loads>", "loads"),
        ("CLEAR GRAPH <https://w3id.org/coproduction/gr\\u0061ph/loads>", "loads"),
        ("PREFIX w: <https://w3id.org/> CLEAR GRAPH w:coproduction\\/graph\\/loads", "loads"),
        (f"WITH <{OURS}values> DELETE {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o }}", "values"),
        (f"COPY <urn:x> TO <{OURS}values>", "values"),
        (f'INSERT DATA {{ <urn:s> <urn:p> "\\u0022" GRAPH <{OURS}source> {{ }} }}', "source"),
        (f"INSERT {{ GRAPH <urn:x> {{ }} GRAPH <{OURS}source> {{ }} }} WHERE {{ }}", "source"),
        (f"DELETE WHERE {{ GRAPH <{OURS}source> {{ ?s ?p ?o }} }}", "source"),
        (f"INSERT DATA {{ <urn:s> dcterms:source <{OURS}source> }}", "source"),
        (f"COPY <{OURS}values> TO <urn:x>", ""),
        (f"INSERT {{ ?s ?p ?o }} USING <{OURS}source> USING NAMED <{OURS}values> WHERE {{ }}", ""),
        (
            f"INSERT {{ ?s ?p ?o }} WHERE {{ GRAPH <{OURS}source> {{ ?s ?p ?o }} GRAPH ?g {{ }} }}",
            "",
        ),
        (f"PREFIX o: <{OURS}> INSERT {{ ?s ?p ?o }} WHERE {{ GRAPH o:source {{ ?s ?p ?o }} }}", ""),
        ("INSERT DATA { GRAPH <urn:mine> { <urn:s> cop:hasPower cop:PowerToOwn } }", ""),
        ("DELETE WHERE { GRAPH <https://example.org/graph/> { ?s ?p ?o } }", ""),
        ("CREATE GRAPH <urn:x>", ""),
        ("BASE <https://example.org/> CLEAR GRAPH <x>", None),
        ("CLEAR GRAPH <//w3id.org/coproduction/graph/loads>", None),
        ("CLEAR GRAPH <https://w3id.org/x/../coproduction/graph/loads>", None),
        ("PREFIX x: <https://w3id.org/x/../coproduction/graph/> CLEAR GRAPH x:loads", None),
        ("CLEAR GRAPH undeclared:loads", None),
        ("DELETE WHERE { GRAPH ?g { ?s ?p ?o } }", None),
        ("DELETE WHERE { graph$g { ?s ?p ?o } }", None),
        ("DELETE { GRAPH # ?\n ?g { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } }", None),
        ("INSERT DATA { <urn:s> <urn:p> '\\u0027' } ", ""),
    ],
)
def test_what_graph_of_the_toolkit_an_update_may_write_to_is_known(
    text: str, named: str | None
) -> None:
    found = written_graphs(text, OURS)
    assert found == (None if named is None else {OURS + named} if named else set())
