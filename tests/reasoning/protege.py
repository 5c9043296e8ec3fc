"""The editor Protégé, put together from Maven and run on a screen that nobody sees.

Maven has the release 5.5.0 whole and the parts of 5.6.5 alone. Of 5.5.0 the folder is taken, of
5.6.5 all that runs in it, with what Java 17 asks for beside it, and two of the plugins that a
release has, HermiT and the DL query. ``test_protege.py`` runs it.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

RELEASE = "edu.stanford.protege:protege-desktop:5.5.0:zip:platform-independent"
PARTS = {
    "org.apache.felix:org.apache.felix.main:7.0.5": "bin/org.apache.felix.main.jar",
    "edu.stanford.protege:protege-launcher:5.6.5": "bin/protege-launcher.jar",
    "edu.stanford.protege:protege-common:5.6.5": "bundles/protege-common.jar",
    "edu.stanford.protege:protege-editor-core:5.6.5": "bundles/protege-editor-core.jar",
    "edu.stanford.protege:protege-editor-owl:5.6.5": "bundles/protege-editor-owl.jar",
    "net.sourceforge.owlapi:owlapi-osgidistribution:4.5.29": "bundles/owlapi-osgidistribution.jar",
    "ch.qos.logback:logback-classic:1.2.13": "bundles/logback-classic.jar",
    "ch.qos.logback:logback-core:1.2.13": "bundles/logback-core.jar",
    "org.slf4j:slf4j-api:1.7.36": "bundles/slf4j-api.jar",
    "org.eclipse.jgit:org.eclipse.jgit:6.7.0.202309050840-r": "bundles/org.eclipse.jgit.jar",
    "commons-codec:commons-codec:1.16.0": "bundles/commons-codec.jar",
    "javax.xml.bind:jaxb-api:2.3.1": "bundles/jaxb-api.jar",
    "com.sun.activation:javax.activation:1.2.0": "bundles/javax.activation.jar",
    "com.jcraft:jsch:0.1.55": "bundles/jsch.jar",
    "net.sourceforge.owlapi:org.semanticweb.hermit:1.4.5.456": "plugins/org.semanticweb.hermit.jar",
    "edu.stanford.protege:org.coode.dlquery:4.0.1": "plugins/org.coode.dlquery.jar",
}
"""Where each artifact goes in the folder of the release."""

_HEADERS = {
    "bundles/jsch.jar": (
        "Bundle-ManifestVersion: 2\r\nBundle-SymbolicName: com.jcraft.jsch\r\n"
        'Bundle-Version: 0.1.55\r\nExport-Package: com.jcraft.jsch;version="0.1.55"\r\n'
    ),
    "bundles/org.apache.servicemix.bundles.javax-inject.jar": (
        "Provide-Capability: osgi.contract;osgi.contract=JavaInject;\r\n"
        ' version:Version="1.0.0";uses:="javax.inject"\r\n'
    ),
}
"""What the manifests of two jars lack, without which the others do not find them."""
_OPTIONS = (
    "-Xmx1g",
    "-Xss16M",
    "-Dfile.encoding=UTF-8",
    "-Dlogback.configurationFile=conf/logback.xml",
)
_OFFLINE = " ".join(
    f"-D{kind}.proxyHost=localhost -D{kind}.proxyPort=9" for kind in ("http", "https")
)
"""It calls home for news of its plugins and for lists of names; what it shows then is no matter here."""
_CLASSES = ("bundles/guava.jar", "bundles/logback-classic.jar", "bundles/logback-core.jar")
_CLASSES += ("bundles/slf4j-api.jar", "bin/org.apache.felix.main.jar", "bin/maven-artifact.jar")
_CLASSES += ("bin/protege-launcher.jar",)


def put_together(release: Path, parts: Path, folder: Path) -> Path:
    """Make a folder of Protégé.

    Args:
        release: the zip of :data:`RELEASE`.
        parts: a folder with the jars of :data:`PARTS`, as Maven names them.
        folder: where it goes.

    Returns:
        The folder to run it in.
    """
    with zipfile.ZipFile(release) as packed:
        packed.extractall(folder)
    (home,) = folder.glob("Protege-*")
    (home / "plugins").mkdir(exist_ok=True)
    for artifact, place in PARTS.items():
        _, name, version = artifact.split(":")
        shutil.copyfile(parts / f"{name}-{version}.jar", home / place)
    for place, lines in _HEADERS.items():
        _add_to_manifest(home / place, lines)
    (home / "run.sh").write_text(
        '#!/bin/sh\ncd "$(dirname "$0")" || exit\n'
        f"exec java {' '.join(_OPTIONS)} -cp {':'.join(_CLASSES)} $CMD_OPTIONS "
        'org.protege.osgi.framework.Launcher "$@"\n',
        encoding="utf-8",
    )
    (home / "run.sh").chmod(0o755)
    return home


def _add_to_manifest(jar: Path, lines: str) -> None:
    """Add headers to the main section of the manifest of a jar."""
    name = "META-INF/MANIFEST.MF"
    with zipfile.ZipFile(jar) as packed:
        content = {each: packed.read(each) for each in packed.namelist()}
    head, _, rest = content[name].decode().replace("\r\n", "\n").partition("\n\n")
    manifest = head.rstrip("\n").replace("\n", "\r\n") + "\r\n" + lines + "\r\n"
    content[name] = (manifest + rest.replace("\n", "\r\n")).encode()
    with zipfile.ZipFile(jar, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(name, content.pop(name))  # Java wants it first
        for each, data in content.items():
            packed.writestr(each, data)


@contextmanager
def screen(folder: Path, size: str = "1280x900") -> Iterator[dict[str, str]]:
    """Give the environment of a screen with a window manager, which nobody sees."""
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{size}x24", "-nolisten", "tcp"],
        pass_fds=[write],
        stderr=(folder / "xvfb.log").open("w"),
    )
    os.close(write)
    with os.fdopen(read) as told:
        number = told.readline().strip()
    environment = {**os.environ, "DISPLAY": f":{number}", "HOME": str(folder)}
    manager = subprocess.Popen(
        ["openbox"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=(folder / "openbox.log").open("w"),
    )
    try:
        yield environment
    finally:
        for process in (manager, server):
            process.terminate()
            process.wait(10)


class Editor:
    """Protégé with a file open, on a screen."""

    def __init__(self, home: Path, file: Path, environment: dict[str, str], folder: Path) -> None:
        """Start it; `folder` becomes its home, with its log and its preferences."""
        self.environment, self.log_file = environment, folder / "protege.log"
        (folder / ".java").mkdir(exist_ok=True)
        own = f"-Duser.home={folder} -Djava.util.prefs.userRoot={folder} {_OFFLINE}"
        self.process = subprocess.Popen(
            [home / "run.sh", file],
            env={**environment, "CMD_OPTIONS": own},
            stdout=self.log_file.open("w"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    @property
    def log(self) -> str:
        """What it has told so far."""
        return self.log_file.read_text(encoding="utf-8", errors="replace")

    def wait_for(self, pattern: str, seconds: float = 120) -> re.Match[str]:
        """Wait until it tells something, and give the place."""
        end = time.monotonic() + seconds
        while (found := re.search(pattern, self.log)) is None:
            if self.process.poll() is not None or time.monotonic() > end:
                raise AssertionError(f"Protégé did not tell {pattern}:\n{self.log[-3000:]}")
            time.sleep(0.5)
        return found

    def do(self, words: str) -> str:
        """Press keys or move the pointer, in the words of xdotool; give what it tells."""
        done = subprocess.run(
            ["xdotool", *words.split()],
            env=self.environment,
            check=True,
            timeout=30,
            capture_output=True,
            text=True,
        )
        time.sleep(1)
        return done.stdout.strip()

    def type(self, text: str) -> None:
        """Type a text."""
        command = ["xdotool", "type", "--delay", "40", text]
        subprocess.run(command, env=self.environment, check=True, timeout=60)
        time.sleep(2)

    def click(self, x: int, y: int, button: int = 1) -> None:
        """Click at a place of the screen."""
        self.do(f"mousemove {x} {y} click {button}")

    def ready(self, name: str) -> None:
        """Wait until it has loaded its file into the window with a name, which fills the screen."""
        self.wait_for("imports closure successfully completed")
        time.sleep(5)
        self.do(f"search --sync --onlyvisible --name {name} windowmove 0 0 windowsize 1280 876")

    def clipboard(self) -> str:
        """Give the text that was copied."""
        done = subprocess.run(
            ["xclip", "-selection", "clipboard", "-o"],
            env=self.environment,
            check=False,  # an empty clipboard is an error to it
            timeout=30,
            capture_output=True,
            text=True,
        )
        return done.stdout

    def picture(self, file: Path) -> Path:
        """Write the window, without its title, as PNG, in a palette that keeps it small."""
        command = [
            "import",
            "-window",
            "root",
            "-crop",
            "1280x876+0+20",
            "+repage",
            "+dither",
            "-colors",
            "32",
            f"png8:{file}",
        ]
        subprocess.run(command, env=self.environment, check=True, timeout=60)
        return file

    def metrics(self) -> dict[str, int]:
        """Give what the panel of metrics counts, copied from it, by what it is called there."""
        for _ in range(5):  # a busy machine may not have drawn it yet
            self.click(900, 214)
            self.do("key ctrl+a")
            self.do("key ctrl+c")
            if "Axiom\t" in self.clipboard():
                break
        rows = (line.split("\t") for line in self.clipboard().splitlines())
        return {name: int(number.replace(",", "")) for name, number, *_ in rows}

    def find(self, label: str) -> None:
        """Go to the entity with a label, by the search of the program."""
        self.click(155, 115)
        self.do("key ctrl+f")
        self.do("key ctrl+a")
        self.type(label)
        self.do("key Return")
        time.sleep(1)
        self.do("key Escape")

    def reason(self) -> None:
        """Start HermiT and wait for what it infers."""
        for _ in range(5):
            self.click(160, 33)
            self.click(205, 189)
            self.do("key ctrl+r")
            time.sleep(4)
            if "Running Reasoner" in self.log:
                break
            self.do("key Escape")
        self.wait_for("Ontologies processed in .* by HermiT", 300)
        time.sleep(2)

    def query(self, expression: str) -> None:
        """Ask for the instances of a class expression in the tab of DL queries."""
        self.click(395, 115)
        time.sleep(1)
        self.click(700, 220)
        self.type(expression)
        self.click(1090, 458)  # the instances
        time.sleep(5)  # it asks at once, and hears of no other click meanwhile
        self.click(1090, 434)  # and not the subclasses, which are marked at first
        time.sleep(5)
        self.click(431, 248)
        time.sleep(3)

    def close(self) -> None:
        """End it and all it started."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait(15)
