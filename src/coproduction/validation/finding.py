"""What a check finds: a breach of a house rule, with what to do."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..messages import Speaker


@dataclass(frozen=True, order=True)
class Finding:
    """One breach of a house rule.

    Attributes:
        check: name of the rule: a file of queries/checks/, a shape (``copsh:Term-label``), or
            what is looked for in files (``undefined-term-in-file``, ``broken-claim``).
        severity: ``error`` or ``warning``.
        term: IRI of the term or node at fault; the name of a file that tells none.
        message: what is wrong, in a sentence.
        fix: what to do.
        file: where the term is described or the name is used, if known; a file of the project by
            its path within it.
    """

    check: str
    severity: str
    term: str
    message: str
    fix: str
    file: str | None = None

    def told(self, say: Speaker) -> Finding:
        """Give the finding with its message and fix in a language, where they have one."""
        return replace(self, message=say.again(self.message), fix=say.again(self.fix))
