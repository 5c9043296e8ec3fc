"""The explorer as files that any web host serves: the same pages, without a server.

Each page is a file of HTML with its other forms beside it, English at the top, the other languages
in a folder each. What a page leads to is followed, so that every link leads to a file. A page by a
filter is written where a page without one leads to it; what leads on from there by another filter
is text here. Links are relative: the folder works below any path. Search and queries are answered
in the browser; other forms, which need a server, are left out.
"""

from __future__ import annotations

import hashlib
import json
import posixpath
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from html import escape, unescape
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import quote, urljoin

from ..cases.countries import names_of_country
from ..errors import CoproductionError, DataError
from ..files.output import write_error
from ..knowledge.views import rows_of_view
from ..messages import Sentence, speaker
from ..names import LANGUAGES, PREFIXES
from ..version import __version__
from .address import RDF_FORMS, Address, place_of, thing_at
from .diagram import country_name
from .entries import entries
from .libraries import libraries
from .llms import PATH, llms_text
from .matching import plain
from .page import Page
from .redirects import FILE, MERGED, checked_url, rules
from .rendering import markdown_of, written
from .search import KINDS
from .sheet import template_file
from .site import ROOMS, has_page, page_at

if TYPE_CHECKING:
    from ..asked_graph import AskedGraph

MARK: Final = "site.json"
"""The file of a site that says what it is."""
DATA: Final = "data.nq"
"""The file of all graphs, of which queries are asked in the browser."""
POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self' 'wasm-unsafe-eval'; "
    "img-src 'self' data:; form-action 'self'; base-uri 'none'; connect-src 'self'"
)
"""What a browser may fetch and run for a page; a query is answered by WebAssembly."""
_FORMS: Final = ("md", "json", "csv", "ttl")
_LINK: Final = re.compile(r'\s(href|src|action)="([^"]*)"')
_FORM: Final = re.compile(r"<form\b.*?</form>\n?", re.S)
_LANGUAGE: Final = r'(<li>)?<(a|link) [^>]*hreflang="(?:{})"[^>]*>(?(1)[^<]*</a></li>)\n?'
_TEMPLATES: Final = ("/template.xlsx", "/template.csv")
_STATIC: Final = "/static/"
_ENTRIES: Final = "search-entries.json"
_NO_CHECK: Final = Sentence(
    "These pages are files alone and check nothing: install coproduction and run "
    "`coproduction validate cases.xlsx`, or `coproduction serve`, which has this page with a form."
)
_LEFT_OUT: Final = ("at", "of", "named")
"""States of a page that would make one of each thing: the page without them is led to."""
_ENGLISH: Final = (("lang", "en"),)
_ROOT: Final = "http://here.invalid"
_LONGEST: Final = 120
"""Letters of a file's name; a longer one is cut, and told apart by a checksum."""


class SiteWritten(NamedTuple):
    """What was written.

    Attributes:
        pages: pages of HTML, in all languages.
        files: files in all.
        left: links that are text there, as they lead on by another filter.
    """

    pages: int
    files: int
    left: int


def write_site(
    graph: AskedGraph,
    folder: str | Path,
    *,
    languages: Sequence[str] = LANGUAGES,
    url: str = "",
    progress: Callable[[int], None] = lambda pages: None,
) -> SiteWritten:
    """Write all pages as files.

    Args:
        graph: what they show.
        folder: a new or empty one.
        languages: of the pages; English, in which all can be shown, is always among them.
        url: where the site will stand; with it the rules are written by which permanent addresses
            lead there, and the files of all graphs merged.
        progress: is called with the number of pages written, as they are.

    Raises:
        DataError: the folder has files, or cannot be written; or the address is none.
    """
    place = Path(folder)
    check_place(place)
    url = checked_url(url) if url else ""
    writer = _Writer(graph, place, tuple(dict.fromkeys(("en", *languages))), progress)
    try:
        return writer.run(url)
    except OSError as error:
        raise write_error(place, error) from None


def check_place(place: Path) -> None:
    """Refuse a folder that has files.

    Raises:
        DataError: it has, or is none.
    """
    try:
        if place.exists() and (not place.is_dir() or any(place.iterdir())):
            raise DataError(f"{place}: a site is written to a new or empty folder; name another")
    except OSError as error:
        raise write_error(place, error) from None


class _Writer:
    """Writes pages, and what they lead to."""

    def __init__(
        self,
        graph: AskedGraph,
        place: Path,
        languages: tuple[str, ...],
        progress: Callable[[int], None],
    ) -> None:
        self._graph, self._place, self._languages = graph, place, languages
        self._progress = progress
        self._files = _Files()
        self._there: dict[Address, bool] = {}
        self._waiting: list[Page] = []
        self._assets: set[str] = set()
        self._forms: dict[str, Address] = {}
        self._templates: dict[str, tuple[str, str]] = {}
        self._put_there: set[str] = set()
        self._pages = self._left = 0

    def run(self, url: str) -> SiteWritten:
        """Write all; with the address of the site also how others lead to it."""
        for lang in self._languages:
            for room in ROOMS:
                if room.name:
                    self._is_there(_normal(Address(room.path, (("lang", lang),))))
        while self._waiting:
            self._write(self._waiting.pop())
        for lang in self._languages:
            self._put(_in_language(_ENTRIES, lang), self._found(lang))
        for name, address in self._forms.items():
            if name not in self._put_there:
                page = page_at(self._graph, replace(address, form=""))
                self._put(name, self._in_form(page, address.form))
        static = files(__package__).joinpath("static")
        for name in (*sorted(self._assets), *libraries()):
            self._put(f"static/{name}", static.joinpath(name).read_bytes())
        for name, (ending, lang) in self._templates.items():
            self._put(name, template_file(ending, lang).content)
        if url:
            self._put_redirects(url)
        self._put(DATA, self._graph.export("nq"))
        self._put(PATH.strip("/"), llms_text().encode())
        told = {"by": f"coproduction {__version__}", "pages": self._pages, "graphs": DATA}
        self._put(MARK, (json.dumps(told, indent=1) + "\n").encode())
        return SiteWritten(self._pages, len(self._put_there), self._left)

    def _put_redirects(self, url: str) -> None:
        """Write where permanent addresses lead here, and what programs are led to."""
        pages = {
            iri: self._files.of(address).removesuffix(".html")
            for address, is_there in self._there.items()
            if is_there and address.state == _ENGLISH and (iri := thing_at(address.path))
        }
        concepts = self._files.of(Address("/concepts", _ENGLISH))
        self._put(FILE, rules(url, pages, concepts, DATA).encode())
        for form in ("ttl", "owl"):
            self._put(f"{MERGED}.{form}", self._graph.export(form))

    def _is_there(self, address: Address) -> bool:
        """Tell whether there is a page, and have it written where it was not met before."""
        if address not in self._there:
            try:
                self._waiting.append(page_at(self._graph, address))
                self._there[address] = True
            except CoproductionError:
                self._there[address] = False
        return self._there[address]

    def _write(self, page: Page) -> None:
        here = page.address
        text = self._linked(page)
        self._put(self._files.of(here), text.encode())
        for form in _FORMS:
            name = self._files.of(replace(here, form=form))
            if form == "md":
                self._put(name, markdown_of(text).encode())
            elif form not in RDF_FORMS or here.lang == "en":  # RDF is the same in every language
                self._put(name, self._in_form(page, form))
        self._pages += 1
        self._progress(self._pages)

    def _in_form(self, page: Page, form: str) -> bytes:
        of_form = replace(page, address=page.address.in_form(form))
        return written(of_form, self._graph.store)[1]

    def _linked(self, page: Page) -> str:
        """Give a page whose links lead to files, without the forms that need a server."""
        folder = posixpath.dirname(self._files.of(page.address))

        def led(found: re.Match[str]) -> str:
            target = self._target(page.address, unescape(found[2]))
            if target is None:
                self._left += 1
                return ""
            name, mark, fragment = target.partition("#")
            if name and ":" not in name:
                name = posixpath.relpath(name, folder or ".")
            return f' {found[1]}="{escape(name + mark + fragment)}"'

        text = self._in_form(page, "html").decode()
        text = _FORM.sub(lambda found: self._form(page.address, found[0]), text)
        absent = "|".join(set(LANGUAGES) - set(self._languages))
        if absent:
            text = re.sub(_LANGUAGE.format(absent), "", text)
        text = _LINK.sub(led, text)
        policy = f'<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}">'
        return text.replace("<head>\n", f"<head>\n{policy}\n", 1)

    def _form(self, here: Address, form: str) -> str:
        """Give a form that is answered in the browser, or an empty text."""
        say = speaker(here.lang)
        if 'role="search"' in form:
            told = {"entries": _ENTRIES, "nothing": say("nothing found")}
            told |= {"near": say("Did you mean:")}
            name, form = "search", re.sub(r'<input type="hidden"[^>]*>\n?', "", form)
        elif "<textarea" in form and here.path == "/query":
            told = {"graphs": DATA, "prefixes": json.dumps(PREFIXES)}
            told |= {"working": say("being answered"), "rows": say("rows")}
            name = "query"
        elif here.path == "/check":
            return f"<p>{escape(say(_NO_CHECK))}</p>\n"
        else:
            return ""
        if here.path != f"/{name}":
            return form
        data = "".join(f' data-{key}="{escape(each)}"' for key, each in told.items())
        script = here.to(f"/static/{name}-here.js")
        form = form.replace("<form", f'<form data-here="{name}"{data}', 1)
        return f'{form}<script type="module" src="{script}"></script>\n'

    def _found(self, lang: str) -> bytes:
        """Give what the page that searches finds: of each thing kind, name, file, names folded."""
        say = speaker(lang)
        rows = []
        for kind, found in entries(self._graph.store).items():
            for entry in found:
                path = entry.thing if entry.thing.startswith("/") else place_of(entry.thing)
                address = _normal(Address(path or "/", (("lang", lang),)))
                if self._there.get(address):
                    name, _ = min(entry.names, key=lambda each: (each[1] != lang, each[1] != "en"))
                    file = self._files.of(address).removeprefix(_in_language("", lang))
                    title = f"{entry.key} {name}".strip()
                    rows.append([say.again(KINDS[kind]), title, file, " ".join(entry.folded)])
        told = {"things": rows, "countries": list(self._countries(lang))}
        return json.dumps(told, ensure_ascii=False).encode()

    def _countries(self, lang: str) -> Iterator[dict[str, object]]:
        """Give the countries of cases: what each is called, by what it is found, and its cases."""
        say = speaker(lang)
        for row in rows_of_view(self._graph.store, "countries-of-cases"):
            code = row["country"]
            cases = _normal(Address("/cases", (("country", code), ("lang", lang))))
            if self._there.get(cases):
                yield {
                    "called": [plain(country_name(code, each)) for each in LANGUAGES],
                    "names": sorted(names_of_country(code)),
                    "cases": say("Cases in {country}", country=country_name(code, lang)),
                    "href": self._files.of(cases).removeprefix(_in_language("", lang)),
                }

    def _target(self, here: Address, reference: str) -> str | None:
        """Give the file that a reference leads to, or None where none is."""
        if reference.startswith(("#", "http://", "https://", "data:", "mailto:")):
            return reference
        url, mark, fragment = urljoin(_ROOT + quote(here.path), reference).partition("#")
        path, _, query = url.removeprefix(_ROOT).partition("?")
        if path.startswith(_STATIC):
            self._assets.add(path.removeprefix(_STATIC))
            return path.strip("/")
        if path in (PATH, "/sparql"):
            return DATA if path == "/sparql" else PATH.strip("/")
        asked = Address.read(path, query)
        if path in _TEMPLATES:
            name = _in_language(path.strip("/"), asked.lang)
            self._templates[name] = (posixpath.splitext(path)[1], asked.lang)
            return name
        if any(asked.get(name) for name in _LEFT_OUT):
            asked, mark, fragment = asked.with_state(**dict.fromkeys(_LEFT_OUT)), "", ""
        form, asked = asked.form, _normal(replace(asked, form=""))
        if not has_page(asked.path):
            return None
        if form:
            asked = asked.with_state(lang="en" if form in RDF_FORMS else asked.lang)
            asked = replace(_normal(asked), form=form)
            return self._files.of(self._forms.setdefault(self._files.of(asked), asked))
        is_near = len(asked.state) == 1 or len(here.state) == 1 or asked in self._there
        if asked.lang in self._languages and is_near and self._is_there(asked):
            return self._files.of(asked) + mark + fragment
        return None

    def _put(self, name: str, content: bytes) -> None:
        path = self._place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        self._put_there.add(name)


class _Files:
    """Gives each page a file, also where a system holds large and small letters for one."""

    def __init__(self) -> None:
        self._taken: dict[str, Address] = {}

    def of(self, address: Address) -> str:
        """Give the file of a page in a form, from the folder of the site on.

        >>> _Files().of(Address("/diagram", (("lang", "sv"), ("country", "SE"))))
        'sv/diagram;country=SE.html'
        """
        name = _safe(address.path.strip("/") or "index")
        for key, value in sorted(address.state):
            if key != "lang":
                name += f";{_safe(key)}={_safe(value, '')}"
        folder, _, last = name.rpartition("/")
        if len(last) > _LONGEST:
            last = f"{last[:_LONGEST]}~{hashlib.sha256(last.encode()).hexdigest()[:12]}"
        stem = _in_language(posixpath.join(folder, last), address.lang)
        whole = f"{stem}.{address.form or 'html'}"
        if self._taken.setdefault(whole.casefold(), address) == address:
            return whole
        return f"{stem}~{hashlib.sha256(stem.encode()).hexdigest()[:12]}.{address.form or 'html'}"


def _in_language(name: str, lang: str) -> str:
    """Give where a file of a language stands: in a folder of its own, but for English."""
    return name if lang == "en" else f"{lang}/{name}"


def _safe(text: str, safe: str = "/") -> str:
    """Give a text as a part of a file's name, which stands unescaped in a reference."""
    return quote(text, safe=safe).replace("%", "~")


def _normal(address: Address) -> Address:
    """Give an address as it is compared: with its language, and its state in order."""
    state = dict(address.state) | {"lang": address.lang}
    return replace(address, state=tuple(sorted(state.items())))
