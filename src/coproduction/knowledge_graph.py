"""The knowledge graph from Python: all that can be asked of it, and the store it writes to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from .asked_graph import AskedGraph
from .errors import DataError
from .results.listing import Listing
from .results.result import Result
from .store.protocol import Store

if TYPE_CHECKING:
    from .cases.columns import Problem
    from .cases.converting import Conversion
    from .cases.loads import Outcome


class KnowledgeGraph(AskedGraph):
    """The packaged graphs and what was added to them, asked as one.

    Made by :func:`coproduction.open`.

    Args:
        store: what is in scope.
        note: what is to be said of it.
        folder: the store on disk that it was opened from, into which :meth:`load` writes.
        endpoint: the address of the server in place of it.
        again: opens the same once more, after something was written.
    """

    def __init__(
        self,
        store: Store,
        note: str = "",
        *,
        folder: str | Path | None = None,
        endpoint: str | None = None,
        again: Callable[[], tuple[Store, str]] | None = None,
    ) -> None:
        super().__init__(store, note)
        self.folder = None if folder is None else Path(folder)
        self.endpoint = endpoint
        self._again = again

    def validate(
        self,
        path: str | Path | None = None,
        *,
        mapping: str | Path | None = None,
        defaults: Mapping[str, str] | None = None,
        base: str | None = None,
        sheet: str | None = None,
        encoding: str | None = None,
        largest: int | None = None,
        lang: str | None = None,
    ) -> Listing[Problem]:
        """Check cases against the case record.

        Args:
            path: a table or RDF; None for the cases in scope.
            mapping, defaults, base, sheet, encoding, lang: as of :meth:`load`.

        Returns:
            what is wrong, with its cell (in RDF its node) and its fix; none where all is well.

        Raises:
            DataError: the file cannot be used.
        """
        from .cases.columns import Problem
        from .cases.mapping_files import reading_of

        if path is None:
            from .cases.from_rdf import problems_in
            from .store.on_disk import copy_if_small

            copy = copy_if_small(self.store)
            found = problems_in(copy, str(self.folder or self.endpoint or "cases"), lang or "en")
        else:
            from .cases.loading import check_cases

            reading = reading_of(mapping, defaults, base, sheet, encoding, largest)
            found = check_cases(path, reading, lang=lang).problems
        return Listing(found, Problem._fields, "problems")

    def load(
        self,
        path: str | Path,
        *,
        replace: bool = False,
        strict: bool = False,
        mapping: str | Path | None = None,
        defaults: Mapping[str, str] | None = None,
        base: str | None = None,
        sheet: str | None = None,
        encoding: str | None = None,
        largest: int | None = None,
        lang: str | None = None,
    ) -> Outcome:
        """Load the cases of a file into the store or the server that this graph was opened from.

        A row with an error is set aside, the others go in; what was loaded is asked at once.

        Args:
            path: a sheet, another table with its mapping, or RDF.
            replace: take the new content of a case that exists with other content; not on a server.
            strict: load nothing unless no case and no norm has an error.
            mapping: a name (``uk-charities``) or a TOML file, for a table in another form.
            defaults: key to the value that stands for an empty cell, such as ``{"country": "NO"}``.
            base: what the IRI of a case begins with, before its id.
            sheet: of a workbook; by default the one that has the headings.
            encoding: of a text file; by default what its mark or its content says.
            largest: bytes above which a file is refused.
            lang: language of what is told; by default that of the headings.

        Returns:
            how many records were read, loaded, there already and set aside, and what was wrong.

        Raises:
            DataError: the graph was not opened from a store, or the file cannot be used; nothing
                is changed then. Or a file of `data` is no longer there: the load stands, and the
                message says so.
        """
        from .cases.loading import load
        from .cases.mapping_files import reading_of

        reading = reading_of(mapping, defaults, base, sheet, encoding, largest)
        if self.endpoint is not None:
            from .cases.served_loads import load_served, refuse_replacing

            if replace:
                refuse_replacing(self.endpoint)
            outcome = load_served(path, self.endpoint, reading, strict=strict, lang=lang)
        else:
            home = self._home("load")
            outcome = load(path, home, reading, replace=replace, strict=strict, lang=lang)
        done = f"load {outcome.load} went in" if outcome.load else "nothing went in"
        self._renew(f"{path}: {done}")
        return outcome

    def loads(self) -> Result:
        """List the loads of the store: number, file, time, counts and checksum."""
        from .cases.loads import list_loads

        return list_loads(self.store)

    def unload(self, number: int) -> int:
        """Take a load out of the store again; give the number of statements taken out.

        Raises:
            DataError: the graph was not opened from a store, or there is no such load.
        """
        from .cases.loads import unload

        if self.endpoint is not None:
            from .cases.served_loads import unload_served

            count = unload_served(self.endpoint, number)
        else:
            count = unload(self._home("unload"), number)
        self._renew(f"load {number} was taken out")
        return count

    def classify(
        self, reasoner: str = "rules", *, seconds: float | None = None, memory: int | None = None
    ) -> int:
        """Write what follows from the definitions into the store's inferred graph, anew.

        Args:
            reasoner: ``rules``, or ``hermit`` (needs Java, up to 3,000 cases).
            seconds, memory: limits of HermiT, memory in megabytes.

        Returns:
            the number of statements inferred.

        Raises:
            DataError: the graph was not opened from a store.
            ReasonerUnavailable: Java or owlready2 is missing.
        """
        from .reasoning.inference import classify

        if self.endpoint is not None:
            from .cases.served_loads import classify_served

            count = classify_served(self.endpoint, reasoner)
        else:
            count = classify(self._home("classify"), reasoner, seconds=seconds, memory=memory)
        self._renew("the inferred graph was written")
        return count

    @staticmethod
    def convert(
        path: str | Path,
        output: str | Path,
        *,
        parts: int | None = None,
        workers: int | None = None,
        quads: bool = False,
        compress: bool = False,
        number: int = 1,
        strict: bool = False,
        mapping: str | Path | None = None,
        defaults: Mapping[str, str] | None = None,
        base: str | None = None,
        sheet: str | None = None,
        encoding: str | None = None,
        largest: int | None = None,
        lang: str | None = None,
    ) -> Conversion:
        """Convert the cases of a table to parts of N-Triples, for a server's own bulk loader.

        The statements are those that :meth:`load` would write into an empty store.

        Args:
            path: a sheet, or another table with its mapping.
            output: the folder for the parts, new or empty.
            parts: files that the cases are parted into; by default one a worker.
            workers: processes that convert, at most one a part; by default one a core.
            quads: write N-Quads, which name the graph in each line.
            compress: compress the parts (gzip).
            number: of the load, which names its graph.
            strict: write nothing unless no row has an error.
            mapping, defaults, base, sheet, encoding, largest, lang: as of :meth:`load`.

        Returns:
            how many rows were read, converted and set aside, what was wrong, and the files.

        Raises:
            DataError: the file cannot be used, or the folder is not empty or cannot be written;
                nothing is written then.
        """
        from .cases.conversion_worker import Form
        from .cases.converting import convert
        from .cases.mapping_files import reading_of

        return convert(
            path,
            output,
            reading_of(mapping, defaults, base, sheet, encoding, largest),
            parts=parts,
            workers=workers,
            form=Form(quads, compress),
            load=number,
            strict=strict,
            lang=lang,
        )

    def code(
        self, path: str | Path, *, most: int | None = None, lang: str = "en", force: bool = False
    ) -> int:
        """Write the cases in which a required field is unknown as a sheet, to be coded.

        Args:
            path: the sheet, .xlsx or .csv.
            most: cases at most.
            lang: language of the sheet.
            force: replace a file that exists.

        Returns:
            the number of cases written.

        Raises:
            DataError: there is none, or the file exists or cannot be written.
        """
        from .export.case_sheet import write_cases

        return write_cases(self.store, path, lang, uncoded=True, most=most, force=force)

    @staticmethod
    def migrate(path: str | Path, output: str | Path, *, force: bool = False) -> list[str]:
        """Write a file of yours with the new name of each term of ours that was renamed.

        Old names stay valid: what is loaded or asked by them is read by the new ones, and told.

        Args:
            path: RDF or SPARQL; what people write (Turtle, SPARQL) keeps its comments.
            output: the file to write, in the same format.
            force: replace a file that exists.

        Returns:
            what was renamed, and what is deprecated and was left, in a sentence each.

        Raises:
            DataError: the file is missing or broken, or the other cannot be written.
        """
        from .export.migration import migrated
        from .files.output import check_outputs, write_whole

        check_outputs([output], [path])
        done = migrated(path)
        write_whole(output, done.content, force=force)
        return list(map(str, done.told))

    @staticmethod
    def template(path: str | Path, lang: str = "en", *, force: bool = False) -> None:
        """Write an empty case sheet: a workbook with drop-downs and help, or CSV.

        Args:
            path: the file, .xlsx or .csv.
            lang: language of headings and help: en, sv, de or fr.
            force: replace a file that exists.

        Raises:
            DataError: the file exists, cannot be written, or has another ending.
        """
        from .cases.template import template

        template(path, lang, force=force)

    def _home(self, what: str) -> Path:
        """Give the folder of the store that is written to."""
        if self.folder is None:
            raise DataError(
                f"this graph is in memory, and {what} writes to a store: open it with "
                "coproduction.open(store=DIR); files are asked without one by open(data=FILE)"
            )
        return self.folder

    def _renew(self, written: str) -> None:
        """See what was written.

        Raises:
            DataError: what was in scope cannot be opened again; what was written stands.
        """
        if self._again is not None:
            try:
                self.store, self.note = self._again()
            except DataError as error:
                raise DataError(
                    f"{written}, but what is in scope cannot be opened again: {error}"
                ) from None
        self.__dict__.pop("_linked", None)
