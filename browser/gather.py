"""Puts what npm fetched beside the pages, with a notice of each licence: `make scripts`."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

HERE = Path(__file__).parent
STATIC = HERE.parent / "src" / "coproduction" / "pages" / "static" / "npm"
FILES = {"oxigraph": ("web.js", "web_bg.wasm")}
"""What of each package a page needs."""


def main() -> None:
    """Copy the files, and write the notices."""
    modules = HERE / "node_modules"
    if not modules.is_dir():
        sys.exit("run npm ci in browser/ first (make scripts does)")
    notices = []
    shutil.rmtree(STATIC, ignore_errors=True)
    for package, names in FILES.items():
        (STATIC / package).mkdir(parents=True)
        for name in names:
            shutil.copy2(modules / package / name, STATIC / package / name)
        told = json.loads((modules / package / "package.json").read_text(encoding="utf-8"))
        place = told["repository"]["url"].removeprefix("git+").removesuffix(".git")
        notices.append(f"{package} {told['version']}\n{told['license']}\n{place}\n")
    (STATIC / "NOTICES.txt").write_text("\n".join(notices), encoding="utf-8")
    print(f"{STATIC.relative_to(HERE.parent)}: {', '.join(FILES)}")


if __name__ == "__main__":
    main()
