"""`coproduction new`: the files that a question, a claim or a case begins with."""

from __future__ import annotations

from pathlib import Path

import click

from ..errors import DataError, in_shell
from ..messages import Speaker, speaker
from .options import force_option, spoken_option
from .telling import tell

_KINDS = ("question", "claim", "case")


@click.command()
@click.argument("kind", type=click.Choice(_KINDS))
@click.argument("name")
@click.option(
    "--into",
    "folder",
    metavar="DIR",
    help="Folder for the files; by default that of its kind in the checkout of the project that "
    "you are in.",
)
@spoken_option()
@force_option
def new(kind: str, name: str, folder: str | None, lang: str | None, force: bool) -> None:
    """Begin a question, a claim or a case: write its files, to be filled in.

    NAME is what its file is called, such as cases-by-country; of a claim its id, such as C55. A
    question and a claim are for a checkout of the project; 'coproduction check' tells what is
    still missing there, 'coproduction validate' what a case lacks.
    """
    from ..files.output import check_writable, write_whole
    from ..knowledge.claim_ids import claim_ids
    from ..knowledge.skeletons import skeleton

    say = speaker(lang or "en")
    if kind == "claim" and name.upper() in claim_ids() and not force:
        raise DataError(say("{claim} exists already: give the new claim another id", claim=name))
    place = Path(folder) if folder is not None else _of_checkout(kind, say)
    files = {place / file: text for file, text in skeleton(kind, name, place, say.lang).items()}
    for path in files:  # all or none
        if path.exists() and not force:
            raise DataError(say("{file}: exists already; --force replaces it", file=path))
        check_writable(path, force=force)
    for path, text in files.items():
        write_whole(path, text.encode(), force=force)
        tell(str(path))
    tell(_next(kind, next(iter(files)), say))


def _of_checkout(kind: str, say: Speaker) -> Path:
    """Give the folder of a kind in the checkout that the user is in."""
    from ..knowledge.skeletons import KINDS

    here = Path.cwd()
    for folder in (here, *here.parents):
        place = folder / KINDS[kind]
        if (folder / "ontology" / "coproduction.ttl").is_file() and place.is_dir():
            return Path(KINDS[kind]) if folder == here else place
    raise DataError(say("this is no checkout of the project: name a folder with --into DIR"))


def _next(kind: str, first: Path, say: Speaker) -> str:
    """Say what to do with the files."""
    file = in_shell(str(first))
    if kind == "question":
        return say(
            "fill it in: 'coproduction query -f {file} --cases' runs it, 'coproduction check' "
            "tells what is missing",
            file=file,
        )
    if kind == "claim":
        return say(
            "fill them in and move what {file} says to the files that it names: 'coproduction "
            "check' tells what is missing",
            file=file,
        )
    return say("fill it in: 'coproduction validate {file}' tells what is missing", file=file)
