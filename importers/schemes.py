"""Whose number an identifier of a source abroad is: a register's, the mainland's, or a natural person's.

A person's number names nobody here and is kept nowhere: what reads as one is refused. A number of 15 digits may be an
identity number of before 1999 as well as a registration number; only a scheme that says the latter makes it one.
Law: 个人信息保护法 6, 28; GB 11643-1999, GS 15-2006, GB 32100-2015.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Final, Self

from credit.identifiers import redact, repair
from importers.countries import Countries
from importers.foreign import MAINLAND, credit_code_of, id_or_none, in_register, lei_of, persons_number
from importers.source import Strict

_SCHEME: Final = re.compile(r"(?P<country>[A-Z]{2,3})-(?P<register>[A-Z0-9_-]{1,30})")
_LEI: Final = "XI"
_ALPHA_2: Final = 2
_INITIALS: Final = 3
"""A scheme of so few letters that names no country (``ID``) may be anybody's."""


class SchemeWords(Strict):
    """The TOML of schemes: which registers number persons, which are the mainland's, how texts name papers."""

    persons: frozenset[str]
    registration: frozenset[str]
    organisation: frozenset[str]
    forms: Mapping[str, str]
    papers: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Schemes:
    """What schemes stand for, with the countries that they name."""

    words: SchemeWords
    countries: Countries
    papers: re.Pattern[str]

    @classmethod
    def load(cls) -> Self:
        """Read the tables of this package."""
        text = files("importers").joinpath("schemes.toml").read_text(encoding="utf-8")
        words = SchemeWords.model_validate(tomllib.loads(text))
        named = "|".join(words.papers["words"])
        between = r"(?:\s*(?:card|number|num|nos?|n[°º]|code|of)\b)*(?:\s*\([^()\d]{0,30}\))?[\s.:#：]*"
        number = r"(?=(?:[^\s,;()]*\d){5})[^\s,;()，；（）]{5,40}"
        papers = re.compile(rf"(?i)(?P<word>(?<![^\W_])(?:{named})(?![a-z]){between}){number}")
        return cls(words, Countries.load(), papers)

    def is_persons(self, scheme: str, number: str) -> bool:
        """Whether a number is a natural person's by its scheme, or by the form that its scheme gives to one.

        >>> Schemes.load().is_persons("CHN-IDCARD", "1"), Schemes.load().is_persons("GB-COH", "06292597")
        (True, False)
        """
        plain = scheme.strip().upper()
        found = _SCHEME.fullmatch(plain)
        register = found["register"] if found else plain if len(plain) > _INITIALS else ""
        form = self.words.forms.get(plain)
        return register in self.words.persons or (form is not None and bool(re.fullmatch(form, repair(number))))

    def id_of(self, scheme: str, number: str) -> str | None:
        """Return the id that a register of org-id.guide gave (GB-COH, XI-LEI), or one of the mainland's; else None.

        A right credit code names its body where the scheme is the mainland's, or none that is known.

        >>> Schemes.load().id_of("GB-COH", "06292597"), Schemes.load().id_of("ACME", "1")
        ('foreign:GB:coh:06292597', None)

        Raises: FieldInvalid where the number is a natural person's.
        """
        if self.is_persons(scheme, number):
            raise persons_number()
        found = _SCHEME.fullmatch(scheme.strip())
        if found is not None and found["country"] == _LEI:
            return lei_of(number)
        country = self.countries.code_of(found["country"]) if found and len(found["country"]) == _ALPHA_2 else None
        if found is None or country is None:
            return credit_code_of(number)
        if country == MAINLAND:
            return self._mainland(found["register"], number)
        if not number.strip():
            return None
        return in_register(country, found["register"].lower().replace("_", "-"), number, told=True)

    def _mainland(self, register: str, number: str) -> str | None:
        plain = repair(number)
        if (code := credit_code_of(number)) is not None:
            return code
        if register in self.words.organisation:
            return id_or_none(f"org:{plain}")
        return id_or_none(f"reg:{plain}") if register in self.words.registration else None

    def paperless(self, text: str) -> str:
        """Mask numbers of persons' papers in a text, and whatever else reads as an identity number.

        >>> Schemes.load().paperless("ALDER (ID No. 202461617902)*647"), Schemes.load().paperless("Reg. No. 2024616")
        ('ALDER (ID No. ****)*647', 'Reg. No. 2024616')
        """
        return redact(self.papers.sub(lambda found: f"{found['word']}****", text))

    def paperless_row(self, raw: Mapping[str, str]) -> Mapping[str, str]:
        """Mask the same in all cells of a row that goes to the rejects."""
        return {key: self.paperless(text) for key, text in raw.items()}
