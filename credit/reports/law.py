"""What the document of a proposal quotes of the law (`law.toml`): the rule that is proposed by, the party's rights."""

import tomllib
from collections.abc import Iterator, Mapping
from importlib import resources
from typing import Any, Self

from pydantic import ValidationError

from credit.errors import CatalogueInvalid
from credit.model.matters import ProposalKind
from credit.model.verdict import Citation
from credit.registry.complaints import RULES
from credit.rules.periods import Periods
from credit.rules.rows import Cite, Mark, Row, Text, Words


class Passage(Row):
    """A passage of the law, told shortly, with where it stands and how well that is known."""

    title: Words
    text: Words
    citations: tuple[Cite, ...]
    mark: Mark
    source: Text

    @property
    def remembered(self) -> bool:
        """Whether the wording is still to be checked against the text."""
        return self.mark.startswith("M")

    def cited(self, periods: Periods) -> tuple[Citation, ...]:
        """Return its citations by title and number."""
        return periods.cite(self.citations)


class Law(Row):
    """All passages: by the rule that a proposal names, and the rights in the order in which they are told."""

    version: Text
    rules: Mapping[str, Passage]
    rights: Mapping[str, Passage]

    @classmethod
    def load(cls, periods: Periods) -> Self:
        """Read the file that comes with the package.

        Raises: CatalogueInvalid.
        """
        text = (resources.files("credit.reports") / "law.toml").read_text(encoding="utf-8")
        return cls.of(tomllib.loads(text), periods)

    @classmethod
    def of(cls, data: Mapping[str, Any], periods: Periods) -> Self:
        """Check plain data, as of TOML."""
        try:
            read = cls.model_validate(data)
        except ValidationError as error:
            raise _invalid("; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())) from error
        if mistakes := [*read.mistakes(periods)]:
            raise _invalid("; ".join(mistakes))
        return read

    def mistakes(self, periods: Periods) -> Iterator[str]:
        """What makes the file unusable: a rule that proposals name and it lacks, an instrument that nobody declared."""
        yield from (f"rules lacks {RULES[kind]}" for kind in ProposalKind if RULES[kind] not in self.rules)
        cites = (cite for passage in (*self.rules.values(), *self.rights.values()) for cite in passage.citations)
        yield from (f"unknown {cite.instrument}" for cite in cites if cite.instrument not in periods.instruments)


def _invalid(told: str) -> CatalogueInvalid:
    return CatalogueInvalid(f"文书所引法条文件有误：{told}", f"the file of quoted law is wrong: {told}")
