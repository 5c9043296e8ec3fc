"""What a user is told, in the four languages of the forms."""

from __future__ import annotations

import ast
import csv
import io
import json
import re
import string
from functools import cache, partial
from pathlib import Path

import click
import openpyxl
import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import coproduction
from coproduction.cases.loading import check_cases, load
from coproduction.cases.template import template
from coproduction.errors import DataError, UnknownName
from coproduction.evidence.claims import claim_tests
from coproduction.evidence.figures import Share
from coproduction.evidence.verdict import Row, Verdict
from coproduction.export.case_sheet import write_cases
from coproduction.knowledge.case_record import case_record
from coproduction.messages import DOMAIN, LOCALE, Sentence, speaker
from coproduction.names import LANGUAGES
from coproduction.resources import data_dir
from coproduction.validation.constraints import report

from .conftest import Run

TRANSLATED = tuple(lang for lang in LANGUAGES if lang != "en")
KEYWORDS = {"say": None, "_say": None, "Sentence": None, "plural": (1, 2)}
"""What marks a sentence for the catalogues, as the Makefile tells pybabel."""


@cache
def catalogue(lang: str) -> Catalog:
    with (LOCALE / lang / "LC_MESSAGES" / f"{DOMAIN}.po").open("rb") as file:
        return read_po(file, locale=lang)


@cache
def marked() -> frozenset[str | tuple[str, ...]]:
    """Every sentence that the code marks, or that stands in the data, as babel.cfg says."""
    root, own = data_dir("queries").parent, "coproduction.locale.extraction:"
    claims, lacking = [("**.rq", f"{own}headers")], [("*.ttl", f"{own}lacking")]
    found = [
        *extract_from_dir(LOCALE.parent, [("**.py", "python")], keywords=KEYWORDS),
        *extract_from_dir(
            LOCALE.parent / "pages" / "templates", [("**.html", "jinja2")], keywords=KEYWORDS
        ),
        *extract_from_dir(root / "queries" / "claims", claims),
        *extract_from_dir(root / "ontology", lacking),
    ]
    return frozenset(message for _, _, message, _, _ in found)


def parts(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def write(path: Path, rows: list[list[str]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    return path


GOOD = {
    "id": "a",
    "title": "A",
    "summary": "Text",
    "service": "childcare",
    "country": "SE",
    "start_year": "1984",
    "provider": "Koop",
    "sector": "third sector",
    "participants": "client in person",
    "contributions": "core work",
    "decision_rights": "majority",
    "intensity": "intensive and/or enduring",
    "source": "https://example.org/",
}


def sheet(path: Path, lang: str | None, **cells: str) -> Path:
    """Write a table of one row, with headings in a language, or keys."""
    row = GOOD | cells
    record = case_record()
    headings = [record.field(key).name(lang) if lang else key for key in row]
    return write(path, [headings, list(row.values())])


def fixes(path: Path, lang: str | None = None) -> dict[str, str]:
    return {problem.rule: problem.fix for problem in check_cases(path, lang=lang).problems}


# -- the catalogues ------------------------------------------------------------------------


@pytest.mark.parametrize("lang", TRANSLATED)
def test_every_marked_sentence_is_translated_and_none_besides(lang: str) -> None:
    there = {
        message.id if isinstance(message.id, str) else tuple(message.id)
        for message in catalogue(lang)
        if message.id
    }
    assert len(marked()) > 150
    assert there == marked()
    for message in catalogue(lang):
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        assert all(texts), message.id
        assert not message.fuzzy, message.id


_CODE = re.compile(r"'[^']*'|\{[^{}]*\}|VALUES \S+|\w+://")
_SPACES = "\u00a0\u202f"
_SIGNS = re.compile(rf"[^{_SPACES}][:;?!»%](?![\w/(])|«[^{_SPACES}]")
"""A sign of French without a space that does not break before it, or after it."""


def unspaced(text: str) -> list[str]:
    """Give the places of a French text where a sign has no space, or one at which a line breaks."""
    text = re.sub(r"(?<=\w)'(?=\w)", "\u2019", text)  # of an elision, not of a quotation
    return _SIGNS.findall(_CODE.sub(lambda found: "x" * len(found[0]), text))


def test_french_has_spaces_that_do_not_break_before_its_signs() -> None:
    assert unspaced("a : b") and unspaced("a: b") and unspaced("95 %") and unspaced("« a\u00a0»")
    assert not unspaced("l'un\u00a0: '#+ a: b' sh:minCount https://a.b/ {n:,} d'un\u202f?")
    for message in catalogue("fr"):
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        assert not message.id or not [each for each in texts if unspaced(each)], message.id
    root = data_dir("queries").parent
    labels = re.compile(r'"((?:[^"\\]|\\.)*)"@fr')
    for path in (*root.glob("ontology/*.ttl"), *root.glob("shapes/*.ttl")):
        for each in labels.findall(path.read_text(encoding="utf-8")):
            assert not unspaced(each), f"{path.name}: {each}"


def test_no_page_has_signs_between_its_parts_that_no_language_spaces() -> None:
    fixed = re.compile(r"""\}\}[:;?!] |%\}[:;?!] |</\w+>[:;?!] |(?<!say\()"[:;] \"""")
    for path in (LOCALE.parent / "pages" / "templates").glob("*.html"):
        for line in path.read_text(encoding="utf-8").splitlines():
            is_code = 'lang="en"' in line or line.startswith("<pre")
            assert is_code or not fixed.search(line), f"{path.name}: {line}"


@pytest.mark.parametrize("lang", TRANSLATED)
def test_a_translation_has_the_same_parts(lang: str) -> None:
    for message in catalogue(lang):
        if not message.id:
            continue
        if isinstance(message.id, str):
            assert parts(str(message.string)) == parts(message.id), message.id
        else:
            for one in message.string:
                assert set(parts(one)) <= set(parts(message.id[1])) | {"count"}, message.id


@pytest.mark.parametrize(
    ("lang", "word"), [("sv", r"\bang(iv|ett)"), ("de", "angegeben"), ("fr", "indiqué")]
)
def test_what_is_recorded_is_not_told_as_stated(lang: str, word: str) -> None:
    """A stated value is told from an interpreted one; both are recorded."""
    told = {
        str(message.id): bool(re.search(word, str(message.string)))
        for message in catalogue(lang)
        if re.search(r"record(ed|s)\b", str(message.id)) and "stated" not in str(message.id)
    }
    assert len(told) > 30 and not [english for english, is_stated in told.items() if is_stated]
    assert re.search(word, str(catalogue(lang)["stated"].string))


def test_swedish_readings_have_the_words_of_the_values() -> None:
    """What a form calls "periodisk" is not told as "återkommande"."""
    readings = [
        str(message.string)
        for message in catalogue("sv")
        if str(message.id).startswith(("Intensity joins two", "Services in the sporadic"))
    ]
    assert len(readings) == 2
    for told in readings:
        assert "periodisk" in told and "återkommande" not in told and "avlägsen" not in told


@pytest.mark.parametrize("lang", TRANSLATED)
def test_a_catalogue_has_the_plural_of_its_language(lang: str) -> None:
    assert catalogue(lang).num_plurals == 2
    many = {"sv": {0, 2, 5}, "de": {0, 2, 5}, "fr": {2, 5}}[lang]
    assert ("n > 1" in catalogue(lang).plural_expr) == (0 not in many)


@pytest.mark.slow
def test_every_sentence_is_given_its_parts() -> None:
    seen = 0
    for path in LOCALE.parent.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call):
                continue
            name = getattr(call.func, "id", getattr(call.func, "attr", ""))
            texts = [a.value for a in call.args if isinstance(a, ast.Constant)]
            if name not in KEYWORDS or not texts:
                continue
            given = {keyword.arg for keyword in call.keywords}
            wanted = {part for text in texts for part in parts(text)}
            wanted -= {"count"} if name == "plural" else set()
            assert None in given or wanted == given, (path.name, call.lineno)
            seen += 1
    assert seen > 150


def test_every_sentence_that_is_said_is_marked() -> None:
    """Babel finds none that stands within an f-string, which is then told in English alone."""
    known = {text for each in marked() for text in ([each] if isinstance(each, str) else each)}
    for path in LOCALE.parent.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = isinstance(call, ast.Call) and getattr(
                call.func, "id", getattr(call.func, "attr", "")
            )
            if isinstance(call, ast.Call) and name in KEYWORDS:
                said = [a.value for a in call.args[:2] if isinstance(a, ast.Constant)]
                assert known.issuperset(filter(None, said)), (path.name, call.lineno)


def test_numbers_are_written_as_the_language_does() -> None:
    told = {lang: Share.of(9, 10).told(speaker(lang)) for lang in LANGUAGES}
    assert told == {
        "en": "9 of 10, .90 [.55-.997]", "sv": "9 av 10, 0,90 [0,55-0,997]",
        "de": "9 von 10, 0,90 [0,55-0,997]", "fr": "9 sur 10, 0,90 [0,55-0,997]",
    }  # fmt: skip
    assert Share.of(0, 0).told(speaker("sv")) == "0 av 0"
    whole = {lang: speaker(lang).number(1234567) for lang in LANGUAGES}
    assert whole == {
        "en": "1,234,567", "sv": "1\xa0234\xa0567", "de": "1.234.567",
        "fr": "1\u202f234\u202f567",
    }  # fmt: skip
    shares = [speaker("fr").number(share) for share in (0.0, 0.004, 0.5, 0.996, 1.0)]
    assert shares == ["0", "0,004", "0,50", "0,996", "1"]
    assert speaker("de").plural("{count:,} row", "{count:,} rows", 1234) == "1.234 Zeilen"


@pytest.mark.slow
def test_the_sides_of_every_claim_are_told_in_each_language() -> None:
    cases = coproduction.open(cases=True)
    for lang in LANGUAGES:
        say = speaker(lang)
        for claim, test in claim_tests().items():
            told = str(cases.evidence(lang=lang).of(claim))
            for words in test.sides.values():
                assert say(words) in told and (lang == "en" or say(words) != words), (claim, lang)
            if any(None not in cell for cell in cases.evidence(lang=lang).of(claim).cells):
                assert all(say(words) in told for _, words in test.sets), (claim, lang)


def test_every_shape_speaks_each_language() -> None:
    record = case_record()
    for told in (*record.fields, *record.rules):
        assert set(told.messages) == set(LANGUAGES), told.shape
        assert len(set(told.messages.values())) == len(LANGUAGES), told.shape
        for lang in LANGUAGES:
            assert told.message(lang).endswith((".", "?")), told.shape


def test_english_reads_no_catalogue() -> None:
    import subprocess
    import sys

    code = (
        "import sys; from coproduction.messages import speaker; speaker('en')('x');"
        "print('babel' in sys.modules); speaker('sv')('x'); print('babel' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]


def test_language_tags() -> None:
    assert [speaker(tag).lang for tag in ("sv-SE", "de_AT", "EN", "fr")] == ["sv", "de", "en", "fr"]
    with pytest.raises(UnknownName, match=r"unknown language .it. .languages: en sv de fr"):
        speaker("it")


def test_a_sentence_is_english_until_it_is_said() -> None:
    told = Sentence("Line {line} cannot be read: {reason}.", line=3, reason="x")
    assert told == "Line 3 cannot be read: x."
    assert speaker("sv").again(told) == "Rad 3 i filen kan inte läsas: x."
    assert speaker("sv").again("as it is {x}") == "as it is {x}"


def test_what_the_data_say_of_claims_is_marked() -> None:
    said = {test.wanted for test in claim_tests().values()}
    said |= {test.caution for test in claim_tests().values() if test.caution}
    said |= {words for test in claim_tests().values() for words in test.sides.values()}
    said |= {words for test in claim_tests().values() for _, words in test.sets}
    lacking = {verdict.missing for verdict in coproduction.open().evidence().all()}
    assert said <= marked()
    assert len(lacking & marked()) > 10


# -- tables --------------------------------------------------------------------------------

WRONG = {"service": "childcar", "start_year": "1994/95", "country": "Swedn", "source": ""}
TOLD = {
    "sv": {
        "Case-service": "Ange en tjänst från listan, till exempel barnomsorg, eller skriv okänd. "
        "Menade du 'barnomsorg'?",
        "Case-start_year": "Ange ett startår som heltal mellan 1500 och 2100, till exempel 1984. "
        "Cellen innehåller mer än ett år: skriv ett, till exempel 1994.",
        "Case-country": "Ange ett land med dess namn eller dess kod enligt ISO 3166-1, till "
        "exempel Sverige eller SE. Menade du Sverige (SE)?",
        "Case-source": "Ange minst en källa: en webbadress eller en fullständig källhänvisning.",
    },
    "de": {
        "Case-service": "Eine Dienstleistung aus der Liste angeben, zum Beispiel "
        "Kinderbetreuung, oder unbekannt schreiben. Ist 'Kinderbetreuung' gemeint?",
        "Case-start_year": "Ein Anfangsjahr als ganze Zahl zwischen 1500 und 2100 angeben, zum "
        "Beispiel 1984. Die Zelle enthält mehr als ein Jahr: eines schreiben, zum Beispiel 1994.",
        "Case-country": "Ein Land mit seinem Namen oder seinem Code nach ISO 3166-1 angeben, zum "
        "Beispiel Schweden oder SE. Ist Schweden (SE) gemeint?",
        "Case-source": "Mindestens eine Quelle angeben: eine Webadresse oder einen vollständigen "
        "Nachweis.",
    },
    "fr": {
        "Case-service": "Indiquez un service de la liste, par exemple garde d'enfants, ou écrivez "
        'inconnu. Vouliez-vous dire "garde d\'enfants"\u00a0?',
        "Case-start_year": "Indiquez une année de début, nombre entier entre 1500 et 2100, par "
        "exemple 1984. La cellule contient plus d'une année\u00a0: écrivez-en une, par exemple 1994.",
        "Case-country": "Indiquez un pays par son nom ou son code ISO 3166-1, par exemple Suède "
        "ou SE. Vouliez-vous dire Suède (SE)\u00a0?",
        "Case-source": "Indiquez au moins une source\u00a0: une adresse web ou une référence complète.",
    },
    "en": {
        "Case-service": "Give one service type from the list, for example childcare, or write "
        "unknown. Did you mean 'childcare'?",
        "Case-start_year": "Give one start year as a whole number between 1500 and 2100, for "
        "example 1984. The cell holds more than a year: write one, such as 1994.",
        "Case-country": "Give one country by its name or its ISO 3166-1 code, for example Sweden "
        "or SE. Did you mean Sweden (SE)?",
        "Case-source": "Give at least one source: a web address or a full reference.",
    },
}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_table_is_told_in_the_language_of_its_headings(tmp_path: Path, lang: str) -> None:
    assert fixes(sheet(tmp_path / "a.csv", lang, **WRONG)) == TOLD[lang]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.sampled
@pytest.mark.slow
def test_a_table_is_told_in_the_language_asked_for(tmp_path: Path, lang: str) -> None:
    path = sheet(tmp_path / "a.csv", None, **WRONG)
    assert fixes(path, lang) == TOLD[lang]
    assert fixes(path) == TOLD["en"]
    outcome = load(path, tmp_path / "store", lang=lang)
    assert {problem.rule: problem.fix for problem in outcome.problems} == TOLD[lang]


def test_an_unknown_language_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match="unknown language 'it'"):
        check_cases(sheet(tmp_path / "a.csv", None), lang="it")


def test_headings_and_rules_in_swedish(tmp_path: Path) -> None:
    path = sheet(tmp_path / "a.csv", "sv", end_year="1970")
    rows = list(csv.reader(path.open(encoding="utf-8")))
    path = write(path, [[*rows[0], "frekvns"], [*rows[1], "ofta"]])
    assert fixes(path) == {
        "column-unknown": "Det finns inget sådant fält; cellerna sparas som anteckningar till "
        "fallet. Menade du 'frekvens'? Rubriken 'anteckning: frekvns' säger att de är det.",
        "Rule-endBeforeStart": "Slutåret ligger före startåret: rätta ett av dem.",
    }


def test_an_unclosed_quotation_in_swedish(tmp_path: Path) -> None:
    path = sheet(tmp_path / "a.csv", "sv")
    text = path.read_text(encoding="utf-8")
    path.write_text(f'{text}b,"B,Text\n', encoding="utf-8")
    assert fixes(path)["row-unreadable"] == (
        "Ett citattecken öppnas på rad 3 i filen och stängs aldrig. "
        'Stäng det, eller skriv två ("") för ett inuti en cell.'
    )


@pytest.mark.slow
def test_a_case_that_is_there_in_german(tmp_path: Path) -> None:
    load(sheet(tmp_path / "a.csv", "de"), tmp_path / "store")
    outcome = load(sheet(tmp_path / "b.csv", "de", title="B"), tmp_path / "store")
    assert [problem.rule for problem in outcome.problems] == ["conflict"]
    assert outcome.problems[0].fix == (
        "Die Datenbank hat diesen Fall mit anderen Werten (Titel: 'A' dort, 'B' hier): "
        "replace=True nimmt die neuen."
    )


@pytest.mark.slow
def test_what_is_said_of_a_whole_table_in_its_language(tmp_path: Path, run: Run) -> None:
    path = sheet(tmp_path / "a.csv", "sv", source="")
    assert run("validate", str(path)).err.endswith("a.csv: 1 fall läst, 0 utan fel\n")
    assert run("validate", str(path), "--lang", "fr").err.endswith(": 1 cas lu, 0 sans erreur\n")
    store = str(tmp_path / "store")
    told = run("load", str(path), "--store", store)
    assert (
        "a.csv: 1 rad läst, 0 inlästa, 1 undanlagd; 1 anmärkning, varav 1 fel (inget nytt"
        in told.err
    )
    right = str(sheet(tmp_path / "b.csv", "de"))
    assert (
        "1 Zeile gelesen, 1 geladen als Ladevorgang 1\n" in run("load", right, "--store", store).err
    )
    assert "schon geladen, als Ladevorgang 1: " in run("load", right, "--store", store).err


def test_missing_columns_are_told_in_the_language_of_the_headings(tmp_path: Path) -> None:
    path = sheet(tmp_path / "a.csv", "sv")
    rows = list(csv.reader(path.open(encoding="utf-8")))
    gone = [rows[0].index(name) for name in ("startår", "tjänst")]
    rows = [[cell for i, cell in enumerate(row) if i not in gone] for row in rows]
    rows[0][rows[0].index("källa")] = "källla"
    with pytest.raises(DataError) as raised:
        check_cases(write(path, rows))
    assert str(raised.value) == (
        f"{path}: kolumnerna tjänst, källa, startår eller observationsår saknas "
        "(menade du källa för 'källla'?); rad 1 togs som rubriker, ',' som skiljetecken och utf-8 "
        "som teckenkodning (encoding=NAME tar en annan); template('cases.xlsx', lang='sv') "
        "gör ett ark som har dem"
    )


# -- RDF -----------------------------------------------------------------------------------

CASE = """
@prefix cop: <https://w3id.org/coproduction#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<https://example.org/case/a> a cop:Case ; rdfs:label "A" ; cop:startYear "1984" .
"""


def test_rdf_is_told_in_the_language_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text(CASE, encoding="utf-8")
    told = fixes(path, "sv")
    assert told["Case-start_year"] == (
        "Ange ett startår som heltal mellan 1500 och 2100, till exempel 1984. "
        "Dess datatyp är xsd:string."
    )
    assert told["Case-source"] == TOLD["sv"]["Case-source"]
    assert fixes(path)["Case-source"] == TOLD["en"]["Case-source"]


def test_the_standard_report_has_each_language(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text(CASE, encoding="utf-8")
    text = report(coproduction.open(path).store)
    for lang in LANGUAGES:
        assert f'"{TOLD[lang]["Case-source"]}"@{lang}' in text


# -- the workbook --------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_pop_ups_of_the_workbook_speak_its_language(tmp_path: Path, lang: str) -> None:
    path = tmp_path / "cases.xlsx"
    template(path, lang)
    book = openpyxl.load_workbook(path)
    record = case_record()
    told = {
        str(rule.sqref).split("2:")[0]: rule
        for rule in book["cases"].data_validations.dataValidation
    }
    assert len(told) == len(record.fields)
    for field, letters in zip(record.fields, told, strict=True):
        rule = told[letters]
        assert rule.promptTitle == field.name(lang)[:32]
        assert rule.prompt == field.descriptions[lang][:255]
        if rule.type == "list":
            assert rule.error == field.message(lang), field.key
            assert rule.errorTitle == field.name(lang)[:32]


def test_a_sheet_takes_a_tag_with_a_country_and_refuses_another_language(tmp_path: Path) -> None:
    template(tmp_path / "a.csv", "sv-SE")
    assert "beslutsrätt" in (tmp_path / "a.csv").read_text(encoding="utf-8-sig").splitlines()[0]
    kg = coproduction.open(cases=True)
    write_cases(kg.store, tmp_path / "b.xlsx", "de-AT")
    page = openpyxl.load_workbook(tmp_path / "b.xlsx")["cases"]
    assert page["D1"].value == "Dienstleistung"
    for write_sheet in (template, partial(write_cases, kg.store)):
        with pytest.raises(UnknownName, match="unknown language 'it'"):
            write_sheet(tmp_path / "c.csv", lang="it")
    assert not (tmp_path / "c.csv").exists()


def test_the_help_sheets_speak_the_language_of_the_workbook(tmp_path: Path) -> None:
    path = tmp_path / "cases.xlsx"
    template(path, "sv")
    book = openpyxl.load_workbook(path)
    values, columns = book["values"], book["columns"]
    assert [cell.value for cell in values[1]] == ["kolumn", "värde", "definition"]
    assert [cell.value for cell in columns[1]] == [
        "kolumn", "nyckel", "grupp", "flera värden", "vad som ska skrivas",
    ]  # fmt: skip
    rows = {row[1]: row for row in columns.iter_rows(min_row=2, values_only=True)}
    assert rows["participants"][:4] == (
        "deltagare", "participants", "obligatoriskt", "åtskilda med ;",
    )  # fmt: skip


# -- evidence, gaps, explain ---------------------------------------------------------------

CAUTION = {
    "en": "Rubric R0, from which R1 starts, was read off the brackets of the last column of "
    "Diagram 1 and so leans towards the ceiling claim; R2 reads what users do.",
    "sv": "Kodningsregel R0, som R1 utgår från, är avläst ur parenteserna i sista kolumnen i diagram 1 och lutar "
    "därför åt påståendet om taket; R2 läser vad brukarna gör.",
    "de": "Kodierregel R0, von der R1 ausgeht, ist an den Klammern der letzten Spalte von Diagramm 1 abgelesen und "
    "kommt daher der Behauptung über die Decke entgegen; R2 liest, was die Nutzer tun.",
    "fr": "La grille R0, dont part R1, a été lue sur les parenthèses de la dernière colonne du diagramme 1 et "
    "penche donc vers l'affirmation du plafond\u00a0; R2 lit ce que font les usagers.",
}
VERDICT = {
    "en": "Verdict: contradicted, by interpreted values only. 9 for it, 1 against it.",
    "sv": "Utslag: motsagt, enbart av tolkade värden. 9 för det, 1 emot det.",
    "de": "Urteil: widersprochen, nur durch interpretierte Werte. 9 dafür, 1 dagegen.",
    "fr": "Verdict\u00a0: contredite, par des valeurs interprétées seulement. 9 pour, 1 contre.",
}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.sampled
def test_evidence_speaks_each_language(lang: str, run: Run) -> None:
    page = run("evidence", "C51", "--cases", "--lang", lang, "--format", "md").out
    assert VERDICT[lang] in page
    assert CAUTION[lang] in page
    level = {"en": "high participation", "sv": "högt deltagande"}
    assert level.get(lang, "") in page


def test_what_a_program_reads_of_evidence_is_the_same_in_each_language(run: Run) -> None:
    def values(lang: str) -> list[tuple[str, str, str]]:
        text = run("evidence", "--lang", lang, "--format", "csv").out
        return [
            (row["claim"], row["kind"], row["verdict"]) for row in csv.DictReader(io.StringIO(text))
        ]

    assert values("de") == values("en") != []
    verdict = json.loads(run("evidence", "C51", "--cases", "--lang", "fr", "--format", "json").out)
    assert verdict["verdict"] == "contradicted-by-interpreted-only"
    assert verdict["caution"].startswith(CAUTION["fr"])
    assert verdict["support"][0]["level"] == "participation élevée"


def test_evidence_in_a_table_is_read_by_a_person(run: Run) -> None:
    table = run("evidence", "--cases", "--lang", "sv", "--format", "table").out
    assert "styrkt" in table and "supported" not in table
    assert "Nivåer enligt kodningsregel R0, den regel som nivåer kodas efter." in table
    assert "Taket är diagrammets." in table


@pytest.mark.slow
def test_gaps_in_french() -> None:
    kg = coproduction.open(cases=True)
    french, english = kg.gaps(lang="fr"), kg.gaps()
    assert [gap.kind for gap in french] == [gap.kind for gap in english]
    assert "participation faible" in {gap.name.split(",")[0] for gap in french}
    wanted = {gap.wanted for gap in french}
    assert any(text.startswith("un cas de\u00a0: secteur") for text in wanted)
    assert not wanted & {gap.wanted for gap in english}


def test_an_explanation_in_swedish_and_german() -> None:
    kg = coproduction.open()
    text = str(kg.explain("high-housing", lang="sv"))
    assert "Bryter det igenom glastaket?" in text
    assert "Enligt kodningsregel R0: det bryter igenom, med högt deltagande" in text
    assert "tjänst: bostadsförsörjning" in text
    assert "Vad som skulle ändra det" in text
    german = kg.explain("high-housing", lang="de")
    assert german.conclusions[0].words == "es durchbricht sie, mit: hohe Beteiligung"
    assert [said.verdict for said in german.conclusions] == ["yes", "yes", "unknown"]
    english = kg.explain("high-housing").as_dict()
    assert set(german.as_dict()) == set(english)
    assert [list(change["outcomes"]) for change in german.as_dict()["changes"]] == [
        list(change["outcomes"]) for change in english["changes"]
    ]
    assert "Was erfasst ist" in german._repr_svg_()


@pytest.mark.parametrize("target", ["C51", "glass-ceiling", "cop:CeilingBreachingArrangement"])
@pytest.mark.parametrize("lang", TRANSLATED)
@pytest.mark.sampled
def test_an_explanation_of_any_target_leaves_no_english_word_of_ours(
    lang: str, target: str
) -> None:
    said = coproduction.open().explain("high-housing", target, lang=lang)
    english = coproduction.open().explain("high-housing", target)
    assert said.title != english.title
    for one, other in zip(said.conclusions, english.conclusions, strict=True):
        assert (one.verdict, one.test) == (other.verdict, other.test) or target.startswith("cop:")
        assert one.words != other.words
    for line in ("What is recorded", "What decides", "What would change it", "No change of one"):
        assert line not in str(said)


def test_a_number_of_rows_takes_its_plural() -> None:
    def cautions(lang: str, bare: int) -> str:
        row = Row("urn:x", "x", "stated", (), {})
        verdict = Verdict("C1", "urn:c", "c", "empirical", lang=lang)
        verdict.rows = {"support": [row] * bare}
        return verdict.cautions[0]

    assert cautions("en", 1).startswith("One row names no source: ")
    assert cautions("sv", 1).startswith("En rad anger ingen källa: ")
    assert cautions("fr", 2).startswith("2 lignes n'indiquent aucune source\u00a0: ")
    assert cautions("de", 1200).startswith("1.200 Zeilen nennen keine Quelle: ")


@pytest.mark.parametrize(
    ("lang", "one", "two"),
    [
        ("en", "1 row read, 1 loaded as load 1", "2 rows read, 2 loaded as load 1"),
        ("sv", "1 rad läst, 1 inläst som", "2 rader lästa, 2 inlästa som"),
        ("de", "1 Zeile gelesen, 1 geladen als", "2 Zeilen gelesen, 2 geladen als"),
        ("fr", "1 ligne lue, 1 chargée", "2 lignes lues, 2 chargées"),
    ],
)
@pytest.mark.slow
def test_one_row_is_one(tmp_path: Path, run: Run, lang: str, one: str, two: str) -> None:
    rows = [list(GOOD), list(GOOD.values()), list((GOOD | {"id": "b"}).values())]
    for count, words in ((1, one), (2, two)):
        path = write(tmp_path / f"{count}.csv", rows[: count + 1])
        told = run("load", str(path), "--store", str(tmp_path / f"{lang}{count}"), "--lang", lang)
        assert words in told.err


@pytest.mark.slow
def test_what_is_counted_in_english_alone_takes_its_plural(tmp_path: Path, run: Run) -> None:
    store, path = str(tmp_path / "store"), sheet(tmp_path / "a.csv", None)
    assert run("load", str(path), "--store", store).code == 0
    assert run("export", "--store", store, "--as", "cases", "-o", str(tmp_path / "b.csv")).err == (
        f"{tmp_path / 'b.csv'}: 1 case\n"
    )
    assert ": 1 row loaded again" in run("rebuild", store, "--store", f"{store}2").err
    (tmp_path / "own.csv").write_text("label\nchildcare\n")
    (tmp_path / "to.csv").write_text("code,label\n1,childcare\n")
    told = run("link", str(tmp_path / "own.csv"), "--to", str(tmp_path / "to.csv"))
    assert told.err == "1 label: 1 with candidates, 0 without\n"
    kg = coproduction.open()
    assert "of 1 row: " in repr(kg.query("SELECT (1 AS ?n) {}"))
    assert "of 2 rows: " in repr(kg.query("SELECT ?n { VALUES ?n { 1 2 } } ORDER BY ?n"))


def test_every_command_that_answers_takes_a_language() -> None:
    from coproduction.cli.parser import commands as cli

    context = click.Context(cli)
    without = {
        name
        for name in cli.list_commands(context)
        if (command := cli.get_command(context, name)) is not None
        and not {"lang"} & {parameter.name for parameter in command.params}
    }
    # These tell what was done, in one line; a program asks a server, in its protocol's words.
    assert without == {"unload", "rebuild", "classify", "link", "serve", "site"}


def test_labels_of_lists_are_in_the_language_asked_for(run: Run) -> None:
    assert "class,analysnivå,3" in run("info", "--lang", "sv", "--format", "csv").out
    assert (
        run("links", "childcare", "--lang", "de", "--format", "csv").out.count("Kinderbetreuung")
        == len(run("links", "childcare", "--format", "csv").out.splitlines()) - 1
    )


# -- headings of tables --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "heads"),
    [
        (("evidence",), "påstående text art utslag grund för emot saknas"),
        (("evidence", "C51", "--cases"), "sida rad status sektor beslutsrätt nivå anmärkning"),
        (("evidence", "--compare-rubrics"), "ändrat påstående vad R0 R1"),
        (("gaps",), "art namn vad som söks"),
        (("ask",), "id namn fråga parametrar"),
    ],
)
@pytest.mark.sampled
def test_tables_for_people_have_headings_in_their_language_and_programs_names(
    run: Run, words: tuple[str, ...], heads: str
) -> None:
    shown = run(*words, "--lang", "sv", "--format", "md").out
    head = next(line for line in shown.splitlines() if line.startswith("| "))
    assert " ".join(head.replace("|", " ").split()).startswith(heads)
    table = run(*words, "--lang", "sv", "--format", "table").out
    assert re.search(r"\d+ rad(er)?\b", table)
    csv_head = run(*words, "--lang", "sv", "--format", "csv").out.splitlines()[0]
    assert csv_head == run(*words, "--format", "csv").out.splitlines()[0]


@pytest.mark.slow
def test_the_list_of_loads_has_headings_in_its_language(tmp_path: Path, run: Run) -> None:
    store = str(tmp_path / "store")
    load(sheet(tmp_path / "a.csv", None), store)
    shown = run("loads", "--store", store, "--lang", "de", "--format", "md").out
    assert shown.startswith("| Ladevorgang | Datei | Zeit | gelesen | geladen | zurückgestellt |")
    assert run("loads", "--store", store, "--format", "csv").out.startswith("load,file,time,read,")


@pytest.mark.slow
def test_what_a_load_tells_can_be_added_up(tmp_path: Path, run: Run) -> None:
    good = list(GOOD.values())
    wrong = [good[0] + "2", *good[1:3], "x", "y", *good[5:]]
    path = write(tmp_path / "a.csv", [[*GOOD, "more"], [*good, ""], [*wrong, ""]])
    store = str(tmp_path / "store")
    done = run("load", str(path), "--store", store)
    told = "2 rows read, 1 loaded as load 1, 1 set aside; 3 findings, of which 2 errors\n"
    assert done.err.endswith(f"a.csv: {told}")
    assert done.out.endswith("\n3 findings\n") and " row" not in done.out
    many = [[f"c{number}", *wrong[1:], ""] for number in range(12)]
    done = run("validate", str(write(path, [[*GOOD, "more"], *many])), "--format", "table")
    assert done.out.endswith("\n25 findings\n")
    done = run("load", str(path), "--store", store, "--lang", "fr")
    assert done.out.endswith("\n25 constats, dont les 20 premiers\n")
    assert "| correction" not in done.out and " correction\n" in done.out
    page = tmp_path / "r.html"
    run("load", str(path), "--store", store, "--lang", "sv", "--report", str(page))
    assert "<th>åtgärd</th>" in page.read_text(encoding="utf-8")
