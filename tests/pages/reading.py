"""A page as a browser reads it, as far as tests ask."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

ROOT = "http://explorer.test/some/where"
"""The explorer stands below a path here: links have to be relative."""
_VOID = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "source",
        "track",
        "wbr",
    ]
)


class Reader(HTMLParser):
    """What stands in a page: its tags with their attributes, and whether they close as they should."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.ids: list[str] = []
        self.texts: list[str] = []
        self.wrong: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        self.wrong += [f"<{tag}> stays open" for tag in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.tags.append((tag, found))
        if "id" in found:
            self.ids.append(found["id"])
        if tag not in _VOID:
            if tag == "a" and "a" in self._open:
                self.wrong.append("a link in a link")
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.wrong.append(f"</{tag}> closes nothing")

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def of(self, *names: str) -> list[dict[str, str]]:
        """Give the attributes of all tags of these names."""
        return [attributes for tag, attributes in self.tags if tag in names]

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())


def links(page: Reader, url: str) -> list[str]:
    """Give the addresses that a page at an address refers to, of the explorer itself.

    Args:
        page: the page.
        url: its address from the root of the explorer on.

    Returns:
        addresses from the root of the explorer on, without what stands behind a #.
    """
    found = []
    for tag, attributes in page.tags:
        reference = attributes.get("href", attributes.get("src", attributes.get("action")))
        if reference is None or (tag == "link" and attributes.get("rel") == "describedby"):
            continue
        whole = urldefrag(urljoin(ROOT + url, reference))[0]
        if urlsplit(whole).netloc == urlsplit(ROOT).netloc:
            assert whole.startswith(ROOT), f"{url}: {reference} leads out of the explorer"
            found.append(whole.removeprefix(ROOT))
    return found
