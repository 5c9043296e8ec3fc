"""A page in one of its forms: HTML by a template, Markdown of the same, rows, or RDF."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from ..errors import CoproductionError, UnknownName
from ..messages import Sentence, speaker
from ..names import COP, PREFIXES, compact
from ..results.result import Result
from ..tables.csv_writing import STYLES
from ..version import __version__
from .address import FORMS, RDF_FORMS, Address, place_of
from .libraries import EDITOR, NETWORK, is_fetched
from .linked import linked
from .near import near_of, told_of
from .page import NoPage, Page, Words
from .site import ROOMS, has_page

if TYPE_CHECKING:
    import jinja2

    from ..store.protocol import Store

LANGUAGE_NAMES: Final = {"en": "English", "sv": "svenska", "de": "Deutsch", "fr": "français"}
"""What each language calls itself."""
_RDF: Final = {
    "ttl": ox.RdfFormat.TURTLE,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdf": ox.RdfFormat.RDF_XML,
}
_LESS: Final = "\ue000"
"""Stands for a sign that Markdown would take for the begin of a tag."""
_CODE: Final = re.compile(r"^```.*?^```|`[^`\n]*`", re.M | re.S)
"""What Markdown shows as it is."""
_FORM_NAMES: Final = {"csv": "CSV", "json": "JSON", "ttl": "Turtle", "md": "Markdown"}
"""The forms that the foot of each page links to, as they are called."""


@cache
def environment() -> jinja2.Environment:
    """Give what reads the templates: text is escaped, and a name that lacks is an error."""
    import jinja2

    made = jinja2.Environment(
        loader=jinja2.PackageLoader("coproduction.pages"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(
        release=__version__, languages=LANGUAGE_NAMES, forms=_FORM_NAMES, compact=compact
    )
    made.filters["linked"] = linked
    made.globals.update(has_editor=is_fetched(EDITOR), has_network=is_fetched(NETWORK))
    return made


def written(page: Page, store: Store) -> tuple[str, bytes]:
    """Write a page in the form that its address names.

    Args:
        page: the page.
        store: what its RDF is taken from.

    Returns:
        the media type and the bytes.

    Raises:
        NoPage: it has no such table.
        UnknownName: CSV is asked for in a style that there is not.
    """
    form = page.address.form or "html"
    if form in RDF_FORMS:
        triples = described(store, page.things) if page.triples is None else page.triples
        body = ox.serialize(triples, format=_RDF[form], prefixes=PREFIXES)
        return FORMS[form], body or b""
    if form == "svg":
        if page.picture is None:
            raise NoPage(Sentence("this page has no picture"))
        return FORMS[form], page.picture().encode()
    if form == "csv":
        return FORMS[form], _csv(page)
    if form == "json":
        return FORMS[form], (json.dumps(_plain(page), ensure_ascii=False, indent=1) + "\n").encode()
    text = html(page)
    return FORMS[form], (markdown_of(text) if form == "md" else text).encode()


def html(page: Page) -> str:
    """Write a page as HTML."""
    return environment().get_template(page.template).render(**_given(page), **page.values)


def problem(address: Address, error: CoproductionError) -> str:
    """Write a page that says what is wrong, in the language of the address where it has one."""
    try:
        say = speaker(address.lang)
    except CoproductionError:
        address = address.with_state(lang=None)
        say = speaker(address.lang)
    title = say("Not found") if isinstance(error, NoPage) else say("This cannot be shown")
    page = Page(
        address.page(address.path),
        title,
        "problem.html",
        {
            "told": told_of(error, say),
            "near": near_of(address, error),
            "listed": error.listed if isinstance(error, NoPage) else None,
        },
    )
    return html(page)


def _given(page: Page) -> dict[str, object]:
    """Give what every template has at hand."""
    here = page.address.in_form("")
    say = speaker(here.lang)

    def link(path: str, **state: str | int | None) -> str:
        """Give the reference to another page, in the same language."""
        return here.to(here.page(path, **state))

    def place(iri: str) -> str:
        """Give the reference to a thing: to our page on it, or its own address elsewhere."""
        if iri.startswith("/"):
            there = Address.read(*iri.partition("?")[::2])
            own = there.with_state(lang=None).state
            whole = replace(here.page(there.path), state=here.page(there.path).state + own)
            target = here.to(whole)
            return target if has_page(there.path) else ""
        path = place_of(iri)
        if path is not None:
            return link(path) if has_page(path) else ""
        return iri if iri.startswith(("http://", "https://")) else ""

    def cell_link(cell: Any) -> str:
        """Give the reference to a cell of Diagram 1, with the filters of this page."""
        level, intensity = (iri.removeprefix(COP) for iri in (cell.level, cell.intensity))
        asked = replace(here, path="/diagram").with_state(level=level, intensity=intensity)
        return here.to(asked.with_state(**{"from": None})) + "#cell"

    return {
        "page": page,
        "cell_link": cell_link,
        "here": here,
        "lang": here.lang,
        "say": say,
        "plural": say.plural,
        "number": say.number,
        "link": link,
        "place": place,
        "with_state": lambda **state: here.to(here.with_state(**state)),
        "in_form": lambda form, **state: here.to(here.with_state(**state).in_form(form)),
        "file": lambda name: here.to(f"/static/{name}?v={__version__}"),
        "canonical": here.to(here.canonical),
        "rooms": [room for room in ROOMS if room.name],
        "table_of": lambda name: shown(page.tables[name].told(say), here.lang),
    }


def shown(table: Result, lang: str) -> tuple[list[str], list[list[list[Words]]]]:
    """Give a table as a person reads it: labels in place of IRIs, which they lead to.

    Args:
        table: its rows.
        lang: the language of the page.

    Returns:
        its headings, and its rows, of each cell its values.
    """
    table = table.labelled()
    names = table.variables
    columns = table.shown
    rows = []
    for row in table.terms:
        cells = []
        for _, position in columns:
            iri = names[position].removesuffix("Label")
            target = row[names.index(iri)] if iri in names else None
            cells.append([_words(row[position], target, lang)] if row[position] else [])
        rows.append(cells)
    return [heading for heading, _ in columns], rows


def _words(term: Any, target: Any, lang: str) -> Words:
    href = target.value if isinstance(target, ox.NamedNode) else ""
    if isinstance(term, ox.NamedNode):
        return Words(compact(term.value).strip("<>"), "", term.value)
    tag = getattr(term, "language", None) or ""
    return Words(str(getattr(term, "value", term)), tag if tag != lang else "", href)


def _table(page: Page) -> Result:
    name = page.address.get("table")
    if name:
        if name not in page.tables:
            raise NoPage(f"this page has no table {name!r}; it has {', '.join(page.tables)}")
        return page.tables[name]
    return next(iter(page.tables.values()), Result.of_rows(["title"], [(page.title,)]))


def _csv(page: Page) -> bytes:
    """Give a table of a page as CSV: as the W3C has it, or as a spreadsheet takes it.

    Raises:
        UnknownName: the address asks for another style.
    """
    rows, style = _table(page), page.address.get("csv") or "w3c"
    if style not in STYLES:
        raise UnknownName("csv", style, STYLES, f"(one of {', '.join(STYLES)})")
    if style == "w3c":
        return rows.serialize("csv").encode()
    buffer = io.BytesIO()
    rows.write_sheet(buffer, page.address.lang)
    return buffer.getvalue()


def _plain(page: Page) -> dict[str, object]:
    """Give what JSON holds of a page."""
    return {
        "title": page.title,
        "lang": page.address.lang,
        "url": page.address.canonical.in_form("").url,
        **page.data,
        "tables": {
            name: json.loads(table.serialize("objects")) for name, table in page.tables.items()
        },
    }


def markdown_of(text: str) -> str:
    r"""Give the main part of a page of HTML as Markdown; forms are left out.

    >>> markdown_of("<main><h1>1 &lt; 2</h1><form>Search</form></main>")
    '# 1 \\< 2\n'
    """
    import markdownify

    main = text[text.index("<main") : text.index("</main>")]
    main = re.sub(r"<form.*?</form>", "", main, flags=re.S).replace("&lt;", _LESS)
    # A row whose only cell heads it would be taken for the head of a table.
    main = re.sub(r'<th scope="row">(.*?)</th>', r"<td>\1</td>", main, flags=re.S)
    made = markdownify.markdownify(main, heading_style="ATX", bullets="-", autolinks=False)
    made = _CODE.sub(lambda found: found[0].replace(_LESS, "<"), made)
    lines = (line.rstrip() for line in made.replace(_LESS, "\\<").strip().splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)) + "\n"


def described(store: Store, iris: tuple[str, ...]) -> Iterator[ox.Triple]:
    """Give what the graphs say of things, with the class expressions that belong to them."""
    told: set[ox.Triple] = set()
    waiting: list[Any] = [ox.NamedNode(iri) for iri in iris]
    seen = set(waiting)
    while waiting:
        for quad in store.statements(waiting.pop(0)):
            triple = quad.triple
            if triple in told:
                continue
            told.add(triple)
            yield triple
            # A server cannot be asked about a node that has no name.
            is_apart = isinstance(triple.object, ox.BlankNode) and store.address is None
            if is_apart and triple.object not in seen:
                seen.add(triple.object)
                waiting.append(triple.object)
