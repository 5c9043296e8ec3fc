"""Evidence that shows itself: in a notebook as tables, elsewhere as data frames."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from ..evidence.crisp_sets import crisp_sets
from ..evidence.ledger import Evidence, Progress
from ..evidence.qca import Analysis, analysis_of
from ..evidence.verdict import Verdict
from ..messages import speaker
from ..results.listing import Listing
from ..results.result import Result
from . import qca_words, sentences, words
from .moved_aloud import told_of_all

if TYPE_CHECKING:
    import pandas
    import polars


class ShownVerdict(Verdict):
    """A verdict that a notebook shows: what is said of it, and its rows in a table."""

    @classmethod
    def of(cls, verdict: Verdict) -> ShownVerdict:
        """Give a verdict as one that is shown."""
        return cls(**vars(verdict))

    @property
    def table(self) -> Result:
        """The rows for, against and beside the claim, with IRIs and sources."""
        return words.table_of_rows(self, speaker(self.lang), program=True)

    def __repr__(self) -> str:
        return f"<Verdict on {self.claim}: {self.verdict}>"

    def __str__(self) -> str:
        return "\n".join(sentences.sentences_of(self, speaker(self.lang)))

    def _repr_html_(self) -> str:
        say = speaker(self.lang)
        told = "".join(
            f"<p>{html.escape(line)}</p>\n" for line in sentences.sentences_of(self, say)
        )
        rows = words.table_of_rows(self, say)
        return told + (rows.serialize("html") if rows else "")

    def to_pandas(self) -> pandas.DataFrame:
        """Give the rows as a pandas data frame, which needs the extra ``frames``."""
        return self.table.to_pandas()

    def to_polars(self) -> polars.DataFrame:
        """Give the rows as a polars data frame, which needs the extra ``frames``."""
        return self.table.to_polars()


class Verdicts(Listing[Verdict]):
    """Verdicts, whose table has the words that a table of verdicts has everywhere."""

    @property
    def table(self) -> Result:
        """A row for each verdict, as a program reads it."""
        return words.table_of_verdicts(self, speaker("en"), program=True)


class ShownAnalysis(Analysis):
    """A truth table that a notebook shows: its combinations, and what is said of them."""

    __slots__ = ()

    @property
    def table(self) -> Result:
        """A row for each combination that has cases."""
        return qca_words.table_of_combinations(self, speaker("en"))

    def __str__(self) -> str:
        return "\n".join(qca_words.sentences_of(self, speaker(self.data.lang)))

    def _repr_html_(self) -> str:
        lines = qca_words.sentences_of(self, speaker(self.data.lang))
        told = "".join(f"<p>{html.escape(line)}</p>\n" for line in lines)
        return told + self.table.serialize("html")


class ShownEvidence(Evidence):
    """The evidence on the claims, whose verdicts show themselves, one or all."""

    def __repr__(self) -> str:
        return f"<Evidence on {len(self.claims)} claims under rubric {self.rubric}>"

    def of(self, claim: str, *, rows: bool = True, most: int | None = None) -> ShownVerdict:
        """Give the verdict of a claim; see :meth:`Evidence.of`."""
        return ShownVerdict.of(super().of(claim, rows=rows, most=most))

    def all(
        self, *, rows: bool = False, progress: Progress = lambda done, share: None
    ) -> Listing[Verdict]:
        """Give the verdict of every claim; see :meth:`Evidence.all`."""
        found = map(ShownVerdict.of, super().all(rows=rows, progress=progress))
        return Verdicts(found, words.COLUMNS, "evidence")

    def table(self, claim: str) -> Result:
        """Give the rows of a claim as crisp sets, a row a case, for R's QCA and its like.

        Raises:
            DataError: the claim has no condition and outcome.
            UnknownName: there is no such claim.

        >>> import coproduction
        >>> coproduction.open(cases=True).evidence().table("C51").rows[0]["ABOVE"]
        1
        """
        return crisp_sets(self, claim, self._say).result()

    def qca(self, claim: str) -> ShownAnalysis:
        """Give the truth table of a claim's cases and its minimal formulas (the extra ``qca``).

        Raises:
            DataError: the claim has no condition and outcome, or ``setqca`` is not installed.
            UnknownName: there is no such claim.
        """
        return ShownAnalysis(*analysis_of(crisp_sets(self, claim, self._say)))

    def _repr_html_(self) -> str:
        say = self._say
        verdicts = self.all()
        told, failures = told_of_all(self, verdicts, say)
        resting, cautions = words.resting_on(verdicts, say), words.cautions_of(verdicts, say)
        lines = [*resting, *cautions, *told, *failures]
        table = words.table_of_verdicts(verdicts, say, resting=False)
        return table.serialize("html") + "".join(f"<p>{html.escape(one)}</p>\n" for one in lines)

    def to_pandas(self) -> pandas.DataFrame:
        """Give the verdict of every claim as a pandas data frame (the extra ``frames``)."""
        return self.all().to_pandas()

    def to_polars(self) -> polars.DataFrame:
        """Give the verdict of every claim as a polars data frame (the extra ``frames``)."""
        return self.all().to_polars()
