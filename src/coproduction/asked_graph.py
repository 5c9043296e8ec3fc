"""What can be asked of the graphs in scope, from Python."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from .knowledge.answers import answer, labels_in, portable_text
from .knowledge.levels import asks_for_levels
from .knowledge.questions import Question, find_question, read_folder
from .messages import counted, language_of, speaker
from .names import ALIGNMENTS, COP, RDF
from .results.asking import ask
from .results.fetching import QueryOptions, Triples
from .results.listing import Listing
from .results.result import Result
from .store.protocol import Store

if TYPE_CHECKING:
    import networkx
    import rdflib

    from .evidence.gaps import Gap
    from .knowledge.matching import Proposal
    from .knowledge.terms import TermCard
    from .pictures.explanation import DrawnExplanation
    from .pictures.picture import Picture
    from .validation.finding import Finding
    from .validation.spoilt import Spoilt
    from .wording.shown import ShownEvidence


class AskedGraph:
    """Graphs that are asked as one: questions, terms, claims, links, and the whole.

    Args:
        store: what is in scope.
        note: what is to be said of it.
    """

    def __init__(self, store: Store, note: str = "") -> None:
        self.store = store
        self.note = note

    def __repr__(self) -> str:
        graphs = self.store.graphs()
        triples = counted(sum(graphs.values()), "triple")
        return f"<{type(self).__name__} of {triples} in {counted(len(graphs), 'graph')}>"

    # -- questions --------------------------------------------------------------------------

    @staticmethod
    def questions() -> list[Question]:
        """Give every question that :meth:`ask` answers, by id; of a broken one it warns."""
        import warnings

        folder = read_folder()
        for why in folder.broken.values():
            warnings.warn(why, stacklevel=2)
        return folder.questions

    def ask(
        self,
        name: str,
        lang: str = "en",
        *,
        timeout: float | None = None,
        max_rows: int | None = None,
        **parameters: str | int,
    ) -> Result:
        """Answer a question of queries/questions/.

        Args:
            name: its name (``glass-ceiling``) or its id (``CQ18``).
            lang: language of the labels; English stands in where a term has none.
            timeout: seconds after which the question is stopped; see :meth:`query`.
            max_rows: rows that are taken at most; ``truncated`` of the result tells of more.
            **parameters: what the question can be given, such as ``claim="C51"``; a term can
                be an IRI, a prefixed name, a local name or a label.

        Raises:
            UnknownName: no such question, parameter or term.
            DataError: a value is not of the parameter's kind.
            QueryTimeout: the time is over.

        >>> import coproduction
        >>> kg = coproduction.open()
        >>> [row["serviceLabel"] for row in kg.ask("only-above-ceiling")]
        ['housing', 'work integration']
        """
        options = QueryOptions(timeout, max_rows, None, "rows")
        return self.answer(find_question(name), options, lang, parameters)

    def answer(
        self, question: Question, options: QueryOptions, lang: str, parameters: dict[str, str | int]
    ) -> Result:
        """Answer a question, as :meth:`ask`; the parameters may have any names."""
        return answer(self.asked_by(question).store, question, options, lang, parameters)

    def asked_by(self, question: Question) -> AskedGraph:
        """Give what a question is asked of: this, with links or levels where it asks for them."""
        graph = self._linked if question.about_links else self
        return graph._levelled if asks_for_levels(question) else graph

    @cached_property
    def _levelled(self) -> AskedGraph:
        """The same graph with levels under the rubrics, which a store of an old version lacks."""
        if self.store.folder is None:
            return self
        from .knowledge.packaged import with_levels

        return AskedGraph(with_levels(self.store))

    @cached_property
    def _linked(self) -> AskedGraph:
        """The same graph with the links to other vocabularies; itself where they are in scope."""
        if self.store.has_graph(ALIGNMENTS):
            return self
        from .knowledge.packaged import add_links
        from .store.on_disk import copy_in_memory

        linked = copy_in_memory(self.store)
        add_links(linked)
        return AskedGraph(linked)

    def question_text(
        self, question: Question, lang: str = "en", parameters: dict[str, str | int] | None = None
    ) -> str:
        """Give a question as one SPARQL text that any engine can run, labels and all.

        Its rows are those of :meth:`ask`, one for each combination of values. Which columns have
        labels is said in the header (``iris``); where it is not, the question is asked, and its
        columns with an IRI have them.
        """
        return portable_text(self.asked_by(question).store, question, lang, parameters)

    def query(
        self,
        text: str,
        *,
        lang: str = "en",
        timeout: float | None = None,
        max_rows: int | None = None,
        allow_service: Collection[str] = (),
    ) -> Result:
        """Answer a SELECT (or ASK) query of your own on the union of the graphs.

        Of an ASK, ``answer`` and `bool` of the result are what it says. Where the query names a
        data set (FROM, FROM NAMED), that is asked in place of the union. Ctrl-C ends the call at
        once; the query itself goes on in its thread, and keeps a core busy, until it is done: with
        `timeout` it runs in a process of its own, which is ended.

        Args:
            text: the query; the usual prefixes need no declaration.
            lang: language of the labels that stand beside IRIs in tables and data frames, and
                in the rows of :meth:`~coproduction.results.result.Result.labelled`.
            timeout: seconds after which it is stopped.
            max_rows: rows that are taken at most; ``truncated`` of the result tells of more.
            allow_service: hosts that SERVICE may ask, each ``host`` or ``host:port``.

        Raises:
            QueryError: the text cannot be read (with line and column), gives a graph, or names
                an endpoint that is not allowed or does not answer.
            QueryTimeout: the time is over.

        >>> import coproduction
        >>> kg = coproduction.open()
        >>> kg.query("SELECT (COUNT(?p) AS ?n) WHERE { ?p a cop:Placement }").rows
        [{'n': 18}]
        """
        options = QueryOptions(timeout, max_rows, allow_service, "rows")
        return self.with_labels(_rows(ask(self.store, text, options)), lang)

    def with_labels(self, result: Result, lang: str) -> Result:
        """Give a result the labels of what is in scope, for its tables and data frames."""
        return result.with_labels(labels_in(self.store, lang))

    def graph(
        self,
        text: str,
        *,
        timeout: float | None = None,
        allow_service: Collection[str] = (),
    ) -> rdflib.Graph:
        """Answer a CONSTRUCT or DESCRIBE query as an rdflib graph; see :meth:`query`.

        Raises:
            QueryError: the text cannot be read, or gives rows.
            QueryTimeout: the time is over.
        """
        from .store.rdflib_graphs import to_rdflib

        answer = ask(self.store, text, QueryOptions(timeout, None, allow_service, "graph"))
        assert isinstance(answer, Triples)
        if answer.note:
            import warnings

            warnings.warn(answer.note, stacklevel=2)
        return to_rdflib(answer.triples)

    def has_cases(self) -> bool:
        """Tell whether a case is in scope: a shipped one, a loaded one, or one of your data."""
        return self.store.holds(None, ox.NamedNode(RDF + "type"), ox.NamedNode(COP + "Case"))

    # -- terms ------------------------------------------------------------------------------

    def find(self, name: str) -> str:
        """Give the IRI of the term called `name` (IRI, prefixed or local name, or label)."""
        from .knowledge.terms import find_term

        return find_term(self.store, name)

    def show(self, name: str, lang: str = "en") -> TermCard:
        """Give everything that the graphs say of a term, with labels and sources.

        >>> import coproduction
        >>> coproduction.open().show("handicap care").label
        'disability care'
        """
        import warnings

        from .knowledge.alignments import sound_links
        from .knowledge.terms import describe, find_term

        lang = language_of(lang)
        for why in sound_links()[1]:
            warnings.warn(why, stacklevel=2)
        return describe(self.store, find_term(self.store, name), lang)

    # -- claims and reasons -----------------------------------------------------------------

    def evidence(
        self,
        *,
        rubric: str = "R0",
        ceiling: str = "diagram",
        with_own_source: bool = False,
        without_source: str | None = None,
        lang: str = "en",
    ) -> ShownEvidence:
        """Hold the claims of the literature against what is in scope.

        Args:
            rubric, ceiling, with_own_source, without_source, lang: as of
                :class:`~coproduction.evidence.ledger.Evidence`.

        Returns:
            the ledger: ``of("C51")`` gives one verdict with its rows, ``all()`` every one; a
            notebook shows either as a table.

        Raises:
            UnknownName: no such rubric, ceiling or source.

        >>> import coproduction
        >>> coproduction.open(cases=True).evidence().of("C51").parts[0].share.text
        '9 of 10, .90 [.55-.997]'
        """
        from .wording.shown import ShownEvidence

        return ShownEvidence(
            self.store,
            rubric=rubric,
            ceiling=ceiling,
            with_own_source=with_own_source,
            without_source=without_source,
            spoilt=self.spoilt.by_case,
            lang=lang,
        )

    def gaps(self, lang: str = "en") -> Listing[Gap]:
        """Tell what the cases in scope leave open: cells, services and claims."""
        from .evidence.gaps import Gap
        from .evidence.kept_gaps import kept_gaps

        found = kept_gaps(self.store, lang, lambda: self.spoilt.by_case)
        return Listing(found, Gap._fields, "gaps")

    @cached_property
    def spoilt(self) -> Spoilt:
        """The cases in scope that break the shapes, which are left out of claims."""
        from .validation.spoilt import spoilt_in

        return spoilt_in(self.store)

    def explain(self, name: str, target: str | None = None, lang: str = "en") -> DrawnExplanation:
        """Explain what follows of an arrangement, why, and what would change it.

        Args:
            name: a case or a placement, as :meth:`find` takes it.
            target: a question, a claim or a class; the glass ceiling by default.
            lang: language of the words: en, sv, de or fr.

        Returns:
            the explanation; ``print`` gives it in sentences, a notebook shows it as a picture.

        Raises:
            UnknownName: nothing is called so.
            DataError: it is no arrangement, or the target says nothing of a single one.

        >>> import coproduction
        >>> said = coproduction.open().explain("high-housing")
        >>> said.conclusions[0].words
        'it breaches, with high participation'
        """
        from .explanation.explain import explain
        from .pictures.explanation import DrawnExplanation

        told = explain(self.store, self.find(name), target, lang, lambda: self.spoilt.by_case)
        return DrawnExplanation.of(told)

    def picture(self, name: str, lang: str = "en") -> Picture:
        """Draw a picture of what is in scope.

        Args:
            name: one of :data:`coproduction.pictures.PICTURES`, such as ``diagram``; or a claim
                that has a condition and an outcome, such as ``C51``, as a table of its cases.
            lang: language of the labels.

        Returns:
            the picture: a notebook shows it, ``save("diagram.png")`` writes it.

        Raises:
            UnknownName: there is no such picture.
            DataError: a claim of which no table can be drawn.

        >>> import coproduction
        >>> coproduction.open().picture("diagram").svg().startswith("<svg")
        True
        """
        from .pictures import check_picture, draw
        from .pictures.picture import Picture

        check_picture(name)
        return Picture(lambda theme: draw(self.store, name, lang, theme), name)

    # -- other vocabularies -----------------------------------------------------------------

    def links(
        self, term: str | None = None, vocabulary: str | None = None, lang: str = "en"
    ) -> Result:
        """List how terms stand to those of other vocabularies.

        Args:
            term: one of ours, as :meth:`find` takes it, or an IRI of another vocabulary.
            vocabulary: the name of one, such as ``stw``.
            lang: language of the names of our terms.

        Raises:
            UnknownName: there is no such term or vocabulary.
            DataError: a file of links cannot be read.
        """
        import warnings

        from .knowledge.links_of_terms import links_to, table_of_links

        found, broken = links_to(self.store, term, vocabulary)
        for why in broken:
            warnings.warn(why, stacklevel=2)
        return table_of_links(self.store, found, language_of(lang))

    @staticmethod
    def link(
        path: str | Path, vocabulary: str | Path, *, column: str | None = None, least: float = 88.0
    ) -> Listing[Proposal]:
        """Propose terms of a vocabulary for the labels in a file.

        Args:
            path: a table or RDF with labels.
            vocabulary: SKOS or other RDF, or a table with codes and labels.
            column: of `path` that holds the labels.
            least: likeness, of 100, from which labels are proposed to be one.

        Returns:
            the proposals, for a person to accept; known false friends are never among them.

        Raises:
            DataError: a file cannot be read.
        """
        from .knowledge.matching import Proposal, propose

        return Listing(propose(path, vocabulary, column, least), Proposal._fields, "links")

    # -- the whole --------------------------------------------------------------------------

    def info(self, lang: str = "en") -> Result:
        """Count what is in scope: triples by graph, individuals by class, questions.

        `lang` is that of the names of classes; rows have ``kind`` (version, graph, class, file),
        ``name`` and ``count``.
        """
        from .knowledge.contents import contents

        return contents(self.store, language_of(lang))

    def check(self, lang: str = "en") -> Listing[Finding]:
        """Check what is in scope against the house rules of the ontology.

        `lang` is that of what is told of files; what rules say that are queries or shapes is in
        English. There are no findings where all is well.
        """
        from dataclasses import fields

        from .validation.finding import Finding
        from .validation.house_rules import run_checks

        names = [field.name for field in fields(Finding)]
        say = speaker(lang)
        findings = [finding.told(say) for finding in run_checks(self.store)]
        return Listing(findings, names, "findings")

    def export(self, form: str) -> bytes:
        """Write all graphs in scope as one file, merged.

        Args:
            form: ttl, owl (RDF/XML, OWL 2 DL), nt, jsonld, trig and nq (graphs kept apart),
                graphml, skos (the value lists, as concept schemes in Turtle), cube (how many cases
                have which values, as RDF Data Cubes), or md and html (the reference of all terms).

        Raises:
            UnknownName: no such format.
        """
        from .export.graphs import export

        return export(self.store, form)

    def to_rdflib(self) -> rdflib.Graph:
        """Give the union of the graphs as one rdflib graph (a copy)."""
        from .store.rdflib_graphs import to_rdflib

        return to_rdflib(self.store.triples())

    def to_networkx(self) -> networkx.MultiDiGraph[str]:
        """Give the graphs as a networkx multigraph: labelled, typed, directed.

        A node is an IRI (attributes ``label``, ``type`` and one for each literal); an edge is a
        statement between two IRIs (attributes ``property``, ``label``, ``graph``). Blank nodes,
        which only hold class expressions, are left out.
        """
        from .export.graphs import to_networkx

        return to_networkx(self.store)


def _rows(answer: Result | Triples) -> Result:
    assert isinstance(answer, Result)
    return answer
