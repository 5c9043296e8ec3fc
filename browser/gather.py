"""Puts what npm fetched beside the pages, with a notice of each licence: `make scripts`."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
MODULES = HERE / "node_modules"
STATIC = HERE.parent / "src" / "coproduction" / "pages" / "static" / "npm"
FILES = {
    "@zazuko/yasqe": {"build/yasqe.esm.js": "yasqe.js", "build/yasqe.min.css": "yasqe.css"},
    # Not every web host knows what .mjs is.
    "cytoscape": {"dist/cytoscape.esm.min.mjs": "cytoscape.js"},
    "oxigraph": {"web.js": "web.js", "web_bg.wasm": "web_bg.wasm"},
}
"""What of each package a page needs, and how it is called here."""
MAPS = {"@zazuko/yasqe": "build/yasqe.esm.js.map"}
"""Of a file that was built of several packages, what says which they are. One of them (events) is
in no list of what the package needs, so it stands in package.json for its notice."""


def main() -> None:
    """Copy the files, and write the notices."""
    if not MODULES.is_dir():
        sys.exit("run npm ci in browser/ first (make scripts does)")
    shutil.rmtree(STATIC, ignore_errors=True)
    for package, names in FILES.items():
        (STATIC / package).mkdir(parents=True)
        for name, ours in names.items():
            content = (MODULES / package / name).read_bytes()
            if ours.endswith(".js"):  # the map that it names is not here
                content = re.sub(rb"\n//# sourceMappingURL=\S+\s*$", b"\n", content)
            (STATIC / package / ours).write_bytes(content)
    notices = dict(sorted(fetched()))
    if lacking := set(built_of()) - notices.keys():
        sys.exit(f"no notice of {', '.join(sorted(lacking))}: name it in browser/package.json")
    line = f"\n\n{'-' * 72}\n\n"
    (STATIC / "NOTICES.txt").write_text(line.join(notices.values()) + "\n", encoding="utf-8")
    print(f"{STATIC.relative_to(HERE.parent)}: {', '.join(FILES)}; notices of {len(notices)}")


def fetched() -> Iterator[tuple[str, str]]:
    """Give each package that was fetched, with its notice."""
    lock = json.loads((HERE / "package-lock.json").read_text(encoding="utf-8"))
    for place in filter(None, lock["packages"]):
        told = json.loads((HERE / place / "package.json").read_text(encoding="utf-8"))
        yield told["name"], notice(told, HERE / place)


def notice(told: dict[str, Any], place: Path) -> str:
    """Give the name of a package, where it comes from, and its licence whole."""
    own = [
        each for each in sorted(place.iterdir()) if re.match(r"licen[cs]e(\W|$)", each.name, re.I)
    ]
    texts = [
        each.read_text(encoding="utf-8").strip()
        for each in own
        if each.is_file() and each.suffix in ("", ".md", ".txt")
    ]
    if not texts:
        # It names its licence alone. Of several that it lets choose, this is the one taken.
        if "MIT" not in told["license"]:
            sys.exit(f"{told['name']}: no text of {told['license']}")
        texts = [f"MIT License\n\nCopyright (c) {_owner(told)}\n\n{_permission()}"]
    source = told.get("repository", "")
    source = source if isinstance(source, str) else source["url"]
    source = source.removeprefix("git+").removesuffix(".git")
    head = f"{told['name']} {told['version']}, {told['license']}\n{source}"
    return "\n\n".join([head, *texts])


def built_of() -> Iterator[str]:
    """Give the packages that stand in files which were built of several."""
    for package, name in MAPS.items():
        told = json.loads((MODULES / package / name).read_text(encoding="utf-8"))
        for source in told["sources"]:
            if found := re.search(r".*node_modules/((?:@[^/]+/)?[^/]+)/", source):
                yield found[1]


def _owner(told: dict[str, Any]) -> str:
    author = told.get("author") or f"the authors of {told['name']}"
    names = [author, *told.get("contributors", ())]
    return ", ".join(each if isinstance(each, str) else each["name"] for each in names)


def _permission() -> str:
    own = (HERE.parent / "LICENSE").read_text(encoding="utf-8")
    return own[own.index("Permission is hereby granted") :].strip()


if __name__ == "__main__":
    main()
