"""The reference of all terms as Markdown and as a page of HTML that stands alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from html import escape
from typing import Final

from ..errors import UnknownName
from ..store.protocol import Store
from ..version import __version__
from .reference import Entry, Section, Text, sections

TITLE: Final = "The terms of co-production"
_ABOUT: Final = (
    "Each term by the anchor of its name, such as #ParticipationLevel. Definitions and notes are "
    "in English; a text in another language is marked by it."
)
_STYLE: Final = """
:root { color-scheme: light dark; --ink: #1c1b22; --soft: #55545f; --paper: #fff; --line: #d5d4dc;
  --link: #0b4a9e; --mark: #f2f1f7; }
@media (prefers-color-scheme: dark) { :root { --ink: #eceaf2; --soft: #b3b1bd; --paper: #17161c;
  --line: #3d3b47; --link: #9cc4ff; --mark: #24222c; } }
body { margin: 0 auto; max-width: 52rem; padding: 1rem; font: 1rem/1.5 system-ui, sans-serif;
  color: var(--ink); background: var(--paper); }
a { color: var(--link); } a:focus-visible, summary:focus-visible { outline: 3px solid var(--link); }
.skip { position: absolute; left: -999rem; } .skip:focus { position: static; }
nav ul { columns: 14rem; margin: 0; padding-left: 1.2rem; } summary { padding: .3rem 0; }
article { border-top: 1px solid var(--line); padding: .8rem 0; scroll-margin-top: .5rem; }
article:target { background: var(--mark); } h2 { margin-top: 3rem; } h3 { margin: 0; }
code { font-size: .85em; color: var(--soft); overflow-wrap: anywhere; } p { margin: .3rem 0; }
dl { display: grid; grid-template-columns: 11rem 1fr; gap: .2rem 1rem; margin: .5rem 0 0; }
dt { color: var(--soft); } dd { margin: 0; } dd ul { margin: 0; padding-left: 1.1rem; }
@media (max-width: 34rem) { dl { grid-template-columns: 1fr; } dd { margin-bottom: .4rem; } }
@media print { nav, .skip { display: none; } article { break-inside: avoid; } }
"""


def reference(store: Store, form: str = "md", lang: str = "en") -> str:
    """Write the reference of all terms.

    Args:
        store: with the packaged graphs.
        form: a key of :data:`FORMS`.
        lang: language of the labels; English stands in for a missing one.

    Raises:
        UnknownName: no such form.
    """
    if form not in FORMS:
        raise UnknownName("format", form, FORMS, f"(formats: {' '.join(FORMS)})")
    return FORMS[form](sections(store, lang))


def _markdown(parts: Iterable[Section]) -> str:
    parts = list(parts)
    lines = [f"# {TITLE}", "", f"Version {__version__}. {_ABOUT}", ""]
    for part in parts:
        lines.append(f"- [{part.title}](#{part.anchor}): {len(part.entries)}. {part.about}")
    for part in parts:
        lines += ["", f'## <a id="{part.anchor}"></a>{part.title}', "", part.about]
        for entry in part.entries:
            lines += ["", *_entry_in_markdown(entry)]
    return "\n".join([*lines, ""])


def _entry_in_markdown(entry: Entry) -> Iterator[str]:
    yield f'### <a id="{entry.anchor}"></a>{_plain(entry.label.text)}{_tag(entry.label)}'
    yield ""
    kinds = f" ({', '.join(map(_link, entry.types))})" if entry.types else ""
    yield f"`cop:{entry.anchor}`{kinds}"
    yield ""
    if entry.definition:
        yield _plain(entry.definition)
        yield ""
    for word, texts in entry.rows:
        if len(texts) > 1 and any(len(text.text) > 60 for text in texts):
            yield from (f"- {word}: {_link(text)}" for text in texts)
        else:
            yield f"- {word}: {'; '.join(map(_link, texts))}"


def _plain(text: str) -> str:
    """Give a text that Markdown shows as it is."""
    for sign in "\\`*_[]<>|":
        text = text.replace(sign, f"\\{sign}")
    return " ".join(text.split())


def _tag(text: Text) -> str:
    return f" ({text.lang})" if text.lang != "en" else ""


def _link(text: Text) -> str:
    shown = _plain(text.text)
    return (f"[{shown}](#{text.target})" if text.target else shown) + _tag(text)


def _html(parts: Iterable[Section]) -> str:
    parts = list(parts)
    lines = [
        "<!DOCTYPE html>",
        '<html lang="en">',
        '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
        f"<title>{TITLE}</title><style>{_STYLE}</style></head>",
        '<body><a class="skip" href="#terms">To the terms</a>',
        f"<header><h1>{TITLE}</h1><p>Version {__version__}. {_ABOUT}</p></header>",
        '<nav aria-label="Contents">',
    ]
    for part in parts:
        lines.append(f"<details><summary>{part.title}, {len(part.entries)}</summary><ul>")
        lines += [f"<li>{_anchor(entry.label, entry.anchor)}</li>" for entry in part.entries]
        lines.append("</ul></details>")
    lines += ["</nav>", '<main id="terms">']
    for part in parts:
        lines.append(f'<section aria-labelledby="{part.anchor}">')
        lines.append(f'<h2 id="{part.anchor}">{part.title}</h2><p>{part.about}</p>')
        for entry in part.entries:
            lines += _entry_in_html(entry)
        lines.append("</section>")
    return "\n".join([*lines, "</main></body></html>", ""])


def _entry_in_html(entry: Entry) -> Iterator[str]:
    yield f'<article id="{entry.anchor}"><h3>{_marked(entry.label)}</h3>'
    kinds = f" ({', '.join(_anchor(kind, kind.target) for kind in entry.types)})"
    yield f"<p><code>{escape(entry.iri)}</code>{kinds if entry.types else ''}</p>"
    if entry.definition:
        yield f"<p>{escape(entry.definition)}</p>"
    yield "<dl>"
    for word, texts in entry.rows:
        shown = [_anchor(text, text.target) for text in texts]
        items = "".join(f"<li>{each}</li>" for each in shown)
        told = shown[0] if len(shown) == 1 else f"<ul>{items}</ul>"
        yield f"<dt>{escape(word)}</dt><dd>{told}</dd>"
    yield "</dl></article>"


def _marked(text: Text) -> str:
    shown = escape(text.text)
    if text.lang == "en":
        return shown
    return f'<span lang="{text.lang}">{shown}</span> ({text.lang})'


def _anchor(text: Text, target: str) -> str:
    return f'<a href="#{target}">{_marked(text)}</a>' if target else _marked(text)


FORMS: Final[dict[str, Callable[[Iterable[Section]], str]]] = {"md": _markdown, "html": _html}
"""What writes each form of the reference."""
