"""How wide a browser draws the lines of a picture, in the font that it really takes."""

from __future__ import annotations

import contextlib
import html
import importlib
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from coproduction.pictures.svg import Drawing

from ..tools import missing

_MEASURE = """
const lines = [...document.querySelectorAll("svg")].map(svg =>
  [...svg.querySelectorAll("tspan")].map(line => {
    const last = line.getNumberOfChars() - 1;
    return [line.textContent, line.getStartPositionOfChar(0).x, line.getEndPositionOfChar(last).x,
            line.getComputedTextLength()];
  }));
const told = document.createElement("pre");
told.id = "measured";
told.textContent = JSON.stringify(lines);
document.body.replaceChildren(told);
"""


class Line(NamedTuple):
    """A line of text as the browser draws it, in pixels of the picture."""

    text: str
    left: float
    right: float
    width: float


def require_browser() -> str:
    """Give the path of Chromium, or skip."""
    names = ("chromium", "chromium-browser", "google-chrome")
    path = next(filter(None, map(shutil.which, names)), None)
    if path is None:
        missing("needs Chromium on the PATH (Debian: apt-get install chromium fonts-dejavu-core)")
    return str(path)


@contextlib.contextmanager
def chromium() -> Iterator[Any]:
    """Run Chromium under Playwright, or skip."""
    path = require_browser()
    try:
        api = importlib.import_module("playwright.sync_api")
    except ImportError:
        missing("needs Playwright: pip install -e '.[browser]'")
    with api.sync_playwright() as playwright:
        # As root, as in CI, there is no sandbox.
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


def measured(drawings: list[Drawing], folder: Path) -> list[list[Line]]:
    """Give the lines of each drawing as the browser draws them, in their order.

    Args:
        drawings: the pictures; all are opened at once, since a browser takes seconds to start.
        folder: for the page and the browser's own files.
    """
    browser = require_browser()
    page = folder / "pictures.html"
    pictures = "\n".join(drawing.svg("light") for drawing in drawings)
    page.write_text(
        f"<!DOCTYPE html><meta charset=utf-8><body>{pictures}<script>{_MEASURE}</script>",
        encoding="utf-8",
    )
    done = subprocess.run(
        [
            browser,
            "--headless",
            "--no-sandbox",  # the page is ours; as root, as in CI, there is no sandbox
            "--disable-gpu",
            "--disable-dev-shm-usage",
            f"--user-data-dir={folder / 'browser'}",
            "--dump-dom",
            page.as_uri(),
        ],
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    found = re.search(r'<pre id="measured">(.*?)</pre>', done.stdout, re.DOTALL)
    assert found, f"{browser} measured nothing: {done.stderr[-2000:]}"
    return [[Line(*line) for line in lines] for lines in json.loads(html.unescape(found[1]))]
