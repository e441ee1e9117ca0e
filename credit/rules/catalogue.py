"""The rule catalogue: reading it, laying a second file over it, and asking it.

Unknown keys, unknown instruments and unusable templates stop start-up (``CatalogueInvalid``). A row that lacks its
citation is kept, reported by ``problems`` and cannot restrict.
"""

import hashlib
import string
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Any, Final, Self, cast

import rfc8785
from pydantic import ConfigDict, ValidationError

from credit.errors import CatalogueInvalid, Unknown
from credit.model.party import Role
from credit.model.project import Domain
from credit.model.record import BanScope
from credit.model.verdict import Citation
from credit.rules.citations import Reader
from credit.rules.rows import (
    BanTerms,
    Cite,
    Doubt,
    Ground,
    Instrument,
    ListRow,
    Number,
    Required,
    Row,
    Rule,
    RuleClass,
    SectorRow,
    Trigger,
    Words,
)

PLACEHOLDERS = frozenset({
    "amount", "authority", "category", "day", "doc_no", "edge", "ground", "line", "list", "lists", "name", "notice",
    "other", "party", "place", "reference", "role", "service", "share", "until",
})  # fmt: skip
"""What a reason may name; every finding fills all of them."""


NEEDED: Final[Mapping[str, frozenset[str]]] = {
    "numbers": frozenset({"fine_line", "record_years", "control_share", "recent_change_days"}),
    "phrases": frozenset({
        "ban_in_ground", "agency_ban_in_ground", "involved_products", "grade_worst", "grade_serious", "grade_mild",
    }),
    "doubts": frozenset({
        "service_day", "last_day", "open_term", "beyond_law", "not_admitted", "place", "region_unknown", "suspended",
        "stretched", "repaired", "published_late", "three_year_edge", "served_inside", "identity", "term_over",
        "performed", "same_day_relief", "same_day_change", "silent", "between", "branch", "successor", "recent_change",
        "head_link", "unsourced",
    }),
    "notes": frozenset({
        "objection", "review", "three_years", "ban_over", "false_declaration", "later", "own_rule", "silent_document",
        "mistaken",
    }),
}  # fmt: skip
"""Names that the reasoning looks up; what stands under them is the file's."""


class Catalogue(Row):
    """All rules at once, as loaded; ask by ``rules_for`` and the look-ups below."""

    version: str
    published: date
    instruments: Mapping[str, Instrument]
    lists: tuple[ListRow, ...]
    numbers: Mapping[str, tuple[Number, ...]]
    phrases: Mapping[str, tuple[str, ...]]
    required: tuple[Required, ...]
    bans: tuple[BanTerms, ...]
    sectors: tuple[SectorRow, ...] = ()
    doubts: Mapping[str, Doubt]
    notes: Mapping[str, Words]
    defaults: Mapping[str, Words]
    rules: tuple[Rule, ...]
    model_config = ConfigDict(frozen=True, extra="forbid", ignored_types=(cached_property,))

    @classmethod
    def load(cls, overlay: Path | None = None) -> Self:
        """Read the catalogue that comes with the package, with ``overlay`` laid over it.

        Raises: CatalogueInvalid, naming each mistake.
        """
        base = tomllib.loads((resources.files("credit.rules") / "catalogue.toml").read_text(encoding="utf-8"))
        return cls.of(_lay_over(base, _read(overlay)) if overlay else base)

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Self:
        """Check plain data, of TOML or of a kept catalogue's JSON."""
        try:
            catalogue = cls.model_validate(data)
        except ValidationError as error:
            told = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()[:20])
            raise CatalogueInvalid(f"规则文件有误:{told}", f"the rule file is wrong: {told}") from error
        if fatal := list(catalogue.contradictions()):
            raise CatalogueInvalid(f"规则文件有误:{'; '.join(fatal)}", f"the rule file is wrong: {'; '.join(fatal)}")
        return catalogue

    @cached_property
    def plain(self) -> dict[str, Any]:
        """The whole as JSON-ready data, from which ``of`` makes it again."""
        return self.model_dump(mode="json", by_alias=True, exclude_defaults=True)

    @cached_property
    def digest(self) -> str:
        """``sha256:…`` of the RFC 8785 form: two registries with the same digest answer by the same rules."""
        return "sha256:" + hashlib.sha256(rfc8785.dumps(self.plain)).hexdigest()

    @cached_property
    def _joined(self) -> Mapping[tuple[Trigger, Domain, Role], tuple[Rule, ...]]:
        table: dict[tuple[Trigger, Domain, Role], list[Rule]] = {}
        for rule in self.rules:
            for domain in rule.domains:
                for role in rule.roles:
                    table.setdefault((rule.trigger, domain, role), []).append(rule)
        return {key: tuple(rows) for key, rows in table.items()}

    @cached_property
    def reader(self) -> Reader:
        """Reads citations by the names of the instruments held here, and the words that deny them."""
        return Reader(self.instruments, self.phrases)

    @cached_property
    def _by_id(self) -> Mapping[str, Rule]:
        return {rule.id: rule for rule in self.rules}

    @cached_property
    def _lists(self) -> Mapping[str, ListRow]:
        return {row.id: row for row in self.lists}

    @cached_property
    def _bans(self) -> Mapping[BanScope, tuple[BanTerms, ...]]:
        return {scope: tuple(row for row in self.bans if row.scope is scope) for scope in BanScope}

    def rules_for(self, trigger: Trigger, domain: Domain, role: Role, day: date) -> Iterator[Rule]:
        """The rows in force on the activity's day that join such a fact to this domain and role."""
        return (rule for rule in self._joined.get((trigger, domain, role), ()) if rule.in_force(day))

    def rule(self, rule_id: str) -> Rule:
        """Raises: Unknown."""
        if rule_id not in self._by_id:
            raise Unknown(f"没有规则 {rule_id}", f"there is no rule {rule_id}")
        return self._by_id[rule_id]

    def doubt(self, name: str) -> Doubt:
        """A doubt's row; of one that a kept catalogue did not tell apart yet, that of a term that is over."""
        return self.doubts.get(name) or self.doubts["term_over"]

    def list_row(self, list_id: str) -> ListRow:
        """One of the lists L01–L28."""
        return self._lists[list_id]

    def ground(self, list_id: str, text: str | None) -> Ground | None:
        """The ground that an entry's words name; None where they are not recognised."""
        found = (g for g in self._lists[list_id].grounds if text and any(p in text for p in g.phrases))
        return next(found, None)

    def number(self, name: str, day: date) -> Number | None:
        """A legal number as in force on a day; None where none was."""
        rows = self.numbers[name]
        return next(
            (n for n in rows if (n.from_ is None or n.from_ <= day) and (n.until is None or day < n.until)), None
        )

    def ban_terms(self, scope: BanScope) -> tuple[BanTerms, ...]:
        """Who may impose bans of a scope, by which articles."""
        return self._bans[scope]

    def required_lists(self, domain: Domain, role: Role) -> tuple[str, ...]:
        """The lists that must be fresh before anyone can be called eligible."""
        return tuple(x for row in self.required if row.domain is domain and role in row.roles for x in row.lists)

    def cite(self, cites: Sequence[Cite], day: date | None = None) -> tuple[Citation, ...]:
        """Citations with the instrument's own title and number; what was not yet in force on the day is left out."""
        since = {c.instrument: self.instruments[c.instrument].from_ or date.min for c in cites}
        then = (c for c in cites if day is None or since[c.instrument] <= day)
        return tuple(Citation(self.title(c.instrument), c.article) for c in then)

    def title(self, instrument: str) -> str:
        """An instrument's title with its number."""
        row = self.instruments[instrument]
        return f"{row.title}({row.number})" if row.number else row.title

    def contradictions(self) -> Iterator[str]:
        """What makes it unusable: rows that name what is not there, names that the code cannot do without."""
        seen: set[str] = set()
        for rule in self.rules:
            if rule.id in seen:
                yield f"{rule.id} stands twice"
            seen.add(rule.id)
            yield from (f"{rule.id} names unknown {x}" for x in rule.lists if x not in self._lists)
            if rule.reason is None and f"{rule.trigger}.{rule.class_}" not in self.defaults:
                yield f"{rule.id} has no reason, and there is no default for {rule.trigger}.{rule.class_}"
        for where, cite in self._cites():
            if cite.instrument not in self.instruments:
                yield f"{where} cites unknown {cite.instrument}"
        for where, words in self._templates():
            yield from (f"{where}: {problem}" for problem in bad_placeholders(words))
        yield from (f"{scope} has no ban terms" for scope in BanScope if not self._bans[scope])
        for table, names in NEEDED.items():
            yield from (f"{table} lacks {name}" for name in sorted(names - getattr(self, table).keys()))

    def _cites(self) -> Iterator[tuple[str, Cite]]:
        for rule in self.rules:
            yield from ((rule.id, c) for c in (*rule.citations, *rule.adopted_by, *rule.articles))
        rows: list[tuple[str, Sequence[Cite]]] = [(f"doubts.{key}", d.citations) for key, d in self.doubts.items()]
        rows += [(f"numbers.{key}", n.citations) for key, of_key in self.numbers.items() for n in of_key]
        rows += [(row.id, row.citations) for row in self.lists]
        rows += [(f"required.{row.domain}", row.citations) for row in self.required]
        rows += [(f"sectors.{row.sector}", row.citations) for row in self.sectors]
        rows += [(f"bans.{row.scope}", row.nationwide) for row in self.bans]
        yield from ((where, cite) for where, cites in rows for cite in cites)
        for row in self.bans:
            yield from ((f"bans.{row.scope}", Cite(instrument=a.instrument, article=a.article)) for a in row.articles)

    def _templates(self) -> Iterator[tuple[str, Words]]:
        yield from ((rule.id, rule.reason) for rule in self.rules if rule.reason)
        yield from ((f"doubts.{key}", doubt.words) for key, doubt in self.doubts.items())
        yield from ((f"notes.{key}", words) for key, words in self.notes.items())
        yield from ((f"defaults.{key}", words) for key, words in self.defaults.items())

    def problems(self) -> Iterator[tuple[str, str, str]]:
        """(row, Chinese, English) for rows that stand but cannot do what their class says."""
        for rule in self.rules:
            if rule.class_ is RuleClass.MUST and not rule.citations:
                yield rule.id, "没有法律依据, 不能限制", "has no citation and cannot restrict"
            elif rule.class_ is RuleClass.MUST and not rule.may_restrict:
                yield rule.id, "效力仅凭记忆(M), 不能限制", "is marked M for its effect and cannot restrict"

    def reason(self, rule: Rule) -> Words:
        """The template of a row's reason: its own, else that of its trigger and class."""
        return rule.reason or self.defaults[f"{rule.trigger}.{rule.class_}"]


def bad_placeholders(words: Words) -> Iterator[str]:
    """What is wrong with a template: a name that no finding fills, or a form that a text does not have."""
    for text in (words.zh, words.en):
        try:
            names = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
            if unknown := sorted(names - PLACEHOLDERS):
                yield from (f"unknown {{{name}}} in {text!r}" for name in unknown)
                continue
            text.format_map(dict.fromkeys(PLACEHOLDERS, ""))
        except (ValueError, IndexError, AttributeError, KeyError) as error:
            yield f"{error} in {text!r}"


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CatalogueInvalid(
            f"规则文件 {path.name} 读不了:{error}", f"cannot read the rule file {path.name}: {error}"
        ) from error


def _lay_over(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Put one file's rows over another's: tables are merged, rows replaced by their id, the rest appended."""
    merged = dict(base)
    for key, value in over.items():
        held = merged.get(key)
        if isinstance(held, Mapping) and isinstance(value, Mapping):
            merged[key] = {**held, **value}
        elif isinstance(held, list) and isinstance(value, list):
            rows = cast("list[Mapping[str, Any]]", value)
            names = {_name(row) for row in rows}
            merged[key] = [row for row in cast("list[Mapping[str, Any]]", held) if _name(row) not in names] + rows
        elif key == "version" and held:
            merged[key] = f"{held}+{value}"
        else:
            merged[key] = value
    return merged


def _name(row: Mapping[str, Any]) -> str:
    return str(row.get("id") or row.get("scope") or row.get("sector") or f"{row.get('domain')}{row.get('roles')}")


def rule_file_problems(path: Path) -> list[tuple[str, str, str]]:
    """What is wrong in an overlay file: (row, Chinese, English); empty when nothing is."""
    try:
        return list(Catalogue.load(path).problems())
    except CatalogueInvalid as error:
        return [(path.name, error.zh, error.en)]
