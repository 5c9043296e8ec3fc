"""What a person reads when something is spelt, chosen or asked otherwise than it is here."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

import coproduction
from coproduction.errors import DataError, QueryError, UnknownName
from coproduction.knowledge.matching import Matcher, read_labels, read_vocabulary
from coproduction.knowledge.questions import all_questions

from ..conftest import Run
from ..tools import CLAIMS, NUMBER


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("SELECT ?s { ?s a foo:C }", "line 1, column 18: the prefix 'foo:' is not declared"),
        ("SELECT ?s {\n ?s a cop:Case ; foo:p ?x }", "line 2, column 18: the prefix 'foo:'"),
        ("SELECT ?s { ?s ?p 'x'^^foo:t }", "column 24: the prefix 'foo:' is not declared"),
        ("SELECT ?x (COUNT(?y) AS ?n) { ?x ?p ?y }", "?x needs GROUP BY beside an aggregate"),
        ("SELECT ?x ?z (COUNT(?y) AS ?n) { ?x ?z ?y } GROUP BY ?x", "?z needs GROUP BY"),
        ("SELECT * { ?x ?p ?y } GROUP BY ?y", "SELECT * cannot stand with GROUP BY"),
        ("SELECT ?x (SUM(?y)) { ?x ?p ?y }", "column 11: name the expression: (SUM(?y) AS ?name)"),
        ("SELCT ?s { ?s ?p ?o }", "column 1: 'SELCT' is no word of SPARQL; did you mean SELECT?"),
        ("SELECT ?s WEHRE { ?s ?p ?o }", "column 11: 'WEHRE' is no word of SPARQL; did you mean"),
        ("SELECT ?s { ?s ?p ?o }\nORDR BY ?s", "line 2, column 1: 'ORDR' is no word of SPARQL"),
        ("SELECT ?s { ?s ?p ?o FILTR(?o > 1) }", "did you mean FILTER?"),
        ("SELECT ?s { ?s ?p ?o BIND(COALESCE (?o, 1) AS ?x) FILTR(?o > 1) }", "column 51: 'FILTR'"),
        ("SELECT ?s { ?s ?p 'SELCT' }  LIMT 5", "'LIMT' is no word of SPARQL; did you mean LIMIT?"),
        ("SELECT ?s { ?s ?p ?o", "a closing brace is missing"),
        ("INSERT DATA { cop:a cop:b 1 }", "this is an update"),
    ],
)
def test_a_query_that_cannot_be_read(
    kg: coproduction.KnowledgeGraph, query: str, words: str
) -> None:
    with pytest.raises(QueryError) as told:
        kg.query(query)
    assert words in str(told.value) and "\n" not in str(told.value)


def test_a_mark_in_front_of_a_query_is_none_of_its_signs(
    kg: coproduction.KnowledgeGraph, run: Run, tmp_path: Path
) -> None:
    assert kg.query("\ufeffSELECT (1 AS ?n) {}").rows == [{"n": 1}]
    for encoding in ("utf-8-sig", "utf-16"):
        path = tmp_path / "a.rq"
        path.write_text("SELECT (1 AS ?n) {}", encoding=encoding)
        outcome = run("query", "-f", str(path), "--format", "csv")
        assert (outcome.code, outcome.out.split()) == (0, ["n", "1"])


@pytest.mark.parametrize("spelling", ["äldreomsorg", "ÄLDREOMSORG", " äldre\u00adomsorg\u200b"])
def test_a_term_is_found_in_any_spelling(kg: coproduction.KnowledgeGraph, spelling: str) -> None:
    for form in ("NFC", "NFD"):
        name = unicodedata.normalize(form, spelling)  # type: ignore[arg-type]
        assert kg.find(name).endswith("#Eldercare")


def test_a_shipped_case_out_of_scope_is_called_one(run: Run) -> None:
    label = coproduction.open(cases=True).show("stil").label
    for name in ("stil", label, label.upper()):
        for command in ("show", "explain"):
            outcome = run(command, name)
            assert outcome.code == 2
            assert "it is among the shipped cases: add --cases" in outcome.err
    assert "shipped cases" not in run("show", "no such thing").err


def test_a_language_by_any_tag(run: Run, kg: coproduction.KnowledgeGraph) -> None:
    swedish = run("ask", "regimes", "--lang", "sv").out
    assert swedish != run("ask", "regimes").out
    for tag in ("sv-SE", "SV", "sv_FI"):
        outcome = run("ask", "regimes", "--lang", tag)
        assert (outcome.out, outcome.err) == (swedish, "")
    assert run("ask", "regimes", "--lang", "en-GB").out == run("ask", "regimes").out
    outcome = run("ask", "regimes", "--lang", "xx")
    assert (outcome.code, outcome.out) == (0, run("ask", "regimes").out)
    assert "labels are shipped in en, sv, de, fr; in 'xx'" in outcome.err
    assert kg.ask("regimes", lang="sv-SE").rows == kg.ask("regimes", lang="sv").rows


def test_a_norm_is_shown_and_told_of_where_no_case_is_in_scope(run: Run) -> None:
    for name in ("Boards of Danish municipal schools", "quebec-childcare-centres"):
        told = run("show", name)
        assert told.code == 2 and "it is a norm of shipped cases: add --cases" in told.err
    card = run("show", "Boards of Danish municipal schools", "--cases").out
    for line in ("norm\n", "Folkeskoleloven, section 42\n", "has decision rights     majority\n",
                 "has service type        basic education\n", "School boards, Hvidovre\n"):  # fmt: skip
        assert line in card, card
    none = run("ask", "norms", "--format", "csv")
    assert none.out.splitlines()[1].startswith("none,") and "add --cases" in none.err


def test_deprecated_terms_are_not_proposed_and_labels_of_skos_xl_are(tmp_path: Path) -> None:
    path = tmp_path / "v.ttl"
    path.write_text(
        """
        @prefix owl: <http://www.w3.org/2002/07/owl#> .
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        @prefix xl: <http://www.w3.org/2008/05/skos-xl#> .
        <https://e.org/old> rdfs:label "housing" ; owl:deprecated true .
        <https://e.org/kept> rdfs:label "housing" ; owl:deprecated false .
        <https://e.org/xl> xl:prefLabel [ xl:literalForm "Childcare"@en ] ;
            xl:altLabel [ xl:literalForm "Day nursery"@en ] .
        """,
        encoding="utf-8",
    )
    matcher = Matcher(read_vocabulary(path), 88.0)
    assert [c.iri for c in matcher.candidates("housing")] == ["https://e.org/kept"]
    assert [c.iri for c in matcher.candidates("child care")] == ["https://e.org/xl"]
    assert [c.iri for c in matcher.candidates("day nursery")] == ["https://e.org/xl"]
    path.write_text(
        "<https://e.org/old> <http://www.w3.org/2000/01/rdf-schema#label> 'a' ; "
        "<http://www.w3.org/2002/07/owl#deprecated> true .",
        encoding="utf-8",
    )
    with pytest.raises(DataError, match="no term in it that is not deprecated has a label"):
        read_vocabulary(path)


def test_labels_out_of_a_file_of_mappings(tmp_path: Path) -> None:
    path = tmp_path / "a.sssom.tsv"
    path.write_text(
        "# curie_map:\n#   a: http://e.org/\n#mapping_set_id: x\n"
        "subject_id\tsubject_label\tpredicate_id\tobject_id\na:1\thousing\tskos:exactMatch\ta:2\n",
        encoding="utf-8",
    )
    labels = read_labels(path, "subject_label")
    assert labels == [("housing", "a.sssom.tsv#B5")]


def test_an_unknown_name_offers_the_nearest(kg: coproduction.KnowledgeGraph) -> None:
    with pytest.raises(UnknownName, match="did you mean 'childcare'"):
        kg.find("chidcare")


@pytest.mark.parametrize(
    ("given", "meant"), [("C5l", "C51"), ("c4I", "C41"), ("C3O", "C30"), ("CO1", "C01")]
)
def test_a_letter_that_looks_as_a_digit_is_read_as_one(run: Run, given: str, meant: str) -> None:
    told = run("evidence", given)
    assert told.code == 2 and f"did you mean {meant!r}?" in told.err
    assert "did you mean 'R0'?" in run("evidence", "--rubric", "RO").err


def test_a_query_with_a_term_that_does_not_exist_is_answered_with_a_word(
    run: Run, kg: coproduction.KnowledgeGraph
) -> None:
    outcome = run("query", "SELECT ?s { ?s a cop:Plasement }")
    assert outcome.code == 0
    assert outcome.err == (
        "coproduction: cop:Plasement is no term of this ontology; did you mean 'cop:Placement'?\n"
    )
    assert "cop:Plasement" in kg.query("SELECT ?s { ?s a cop:Plasement }").note
    whole = "SELECT ?s { ?s a <https://w3id.org/coproduction#Plasement> }"
    assert "cop:Plasement" in kg.query(whole).note
    for fine in (
        "SELECT ?s { ?s a cop:Placement ; cop:atLine ?l }",
        "SELECT ?s { ?s ?p 'cop:Plasement' } # cop:Plasement",
        "PREFIX cop: <https://example.org/> SELECT ?s { ?s a cop:Plasement }",
    ):
        assert kg.query(fine).note == ""


def test_a_question_is_found_as_it_reads_and_by_words(run: Run) -> None:
    asked = run("ask", "glass-ceiling").out
    for name in (
        "Which services break through the glass ceiling?",
        "which services break through the GLASS CEILING",
        "Glass-Ceiling",
        "cq18",
    ):
        assert run("ask", name).out == asked
    found = run("ask", "childcare", "--format", "csv")
    assert found.code == 0 and "these are about 'childcare'" in found.err
    assert "alternative-childcare-relation" in found.out and "glass-ceiling" not in found.out
    near = run("ask", "glas-ceiling")
    assert near.code == 2 and "did you mean 'glass-ceiling'?" in near.err


def test_words_that_fit_no_question_offer_the_nearest(run: Run) -> None:
    told = run("ask", "childcrae")
    assert told.code == 2 and "did you mean 'childcare'?" in told.err
    wanted = run("ask", "childcare", "-p", "lang=sv")
    assert wanted.code == 2 and "alternative-childcare-relation" in wanted.err


def test_a_huge_text_is_cut_and_said_to_be(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "huge.ttl"
    said = "word " * 10_000
    file.write_text(
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        f'<https://e.org/x> rdfs:label "big one"@en ; rdfs:comment "{said}" .',
        encoding="utf-8",
    )
    cut = run("show", "big one", "--data", str(file)).out
    assert len(cut) < 6_000 and cut.count("word") == 400
    assert "of 50,000 characters; --all shows them" in " ".join(cut.split())
    assert run("show", "big one", "--all", "--data", str(file)).out.count("word") == 10_000
    told = run("show", "big one", "--format", "json", "--data", str(file)).out
    assert told.count("word") == 20_000  # as value and as label


def test_a_missing_column_is_named_once(run: Run, tmp_path: Path) -> None:
    (tmp_path / "services.csv").write_text("id;title\n1;a\n", encoding="utf-8")
    told = run(
        "load", str(tmp_path / "services.csv"), "--as", "hsds", "--store", str(tmp_path / "s")
    )
    assert told.code == 2 and told.err.count(" organizations.name") == 1
    assert told.err.count(" name,") == 1


def test_json_under_a_mapping_is_a_table_or_told(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "grants.json"
    into = ["--as", "hsds", "--store", str(tmp_path / "s")]
    file.write_text('[{"a": 1}]', encoding="utf-8")
    assert "are missing; the table has a" in run("load", str(file), *into).err
    file.write_text('{"a": {"b": 1}}', encoding="utf-8")
    assert "this is no array of records" in run("load", str(file), *into).err
    file.write_text('{"@context": {}, "@id": "x"}', encoding="utf-8")
    assert "is for tables, and this is RDF" in run("load", str(file), *into).err


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("ask gla", {"glass-ceiling"}),
        ("ev", {"evidence"}),
        ("evidence C5", {f"C{n}" for n in range(50, CLAIMS + 1)}),
        ("picture di", {"diagram"}),
        ("load x --as hs", {"hsds"}),
        ("explain ryhov", {"ryhov-self-dialysis"}),
        ("explain ryhov-self-dialysis c51", {"C51"}),
        ("links --to st", {"stw"}),
    ],
)
def test_the_shell_completes_names(line: str, offered: set[str]) -> None:
    from click.shell_completion import ShellComplete

    from coproduction.cli.parser import commands

    *words, begun = line.split(" ")
    completed = ShellComplete(commands, {}, "coproduction", "_COPRODUCTION_COMPLETE")
    assert {item.value for item in completed.get_completions(words, begun)} == offered


def test_the_help_and_the_guide_tell_of_completion(run: Run) -> None:
    assert "_COPRODUCTION_COMPLETE=bash_source" in " ".join(run("--help").out.split())
    guide = Path(__file__).parents[2] / "docs" / "guide.md"
    assert "_COPRODUCTION_COMPLETE=bash_source" in guide.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            ("show", "C99"),
            f"unknown term 'C99'; there are C01 to C{CLAIMS} ('coproduction evidence' lists",
        ),
        (
            ("show", "a99"),
            f"unknown term 'a99'; there are A1 to A{NUMBER['ambiguities']} ('coproduction ask",
        ),
        (
            ("evidence", "C99"),
            f"unknown claim 'C99'; there are C01 to C{CLAIMS} ('coproduction evidence'",
        ),
        (
            ("ask", "CQ99"),
            f"unknown question 'CQ99'; there are CQ1 to {all_questions()[-1].id} ('coproduction ask'",
        ),
        (("evidence", "--rubric", "R9"), "unknown rubric 'R9'; there are R0 to R2\n"),
    ],
)
def test_a_number_that_does_not_exist_is_no_slip_for_another(
    run: Run, words: tuple[str, ...], told: str
) -> None:
    outcome = run(*words)
    assert (outcome.code, outcome.out) == (2, "")
    assert told in outcome.err and "did you mean" not in outcome.err


def test_the_help_of_a_limit_says_what_hermit_is_given() -> None:
    from coproduction.cli.classify import classify
    from coproduction.reasoning.hermit import MEMORY, SECONDS

    said = {option.name: getattr(option, "help", "") for option in classify.params}
    assert said["seconds"].endswith(f"by default {SECONDS}.")
    assert said["memory"].endswith(f"by default {MEMORY}.")


def test_space_before_a_bracket_is_allowed_as_sparql_has_it(
    kg: coproduction.KnowledgeGraph,
) -> None:
    text = 'SELECT * { BIND(concat # both\n ("a", COALESCE (?none, "(b")) AS ?z) BIND(1 AS ?a) }'
    result = kg.query(text)
    assert result.variables == ("z", "a") and result.rows == [{"z": "a(b", "a": 1}]
