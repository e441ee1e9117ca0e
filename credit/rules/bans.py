"""Bans: when one surely bars, when that can't be told, and by which authority and article it may be imposed.

Law: 采购法 77, 78; 条例 73, 75; 招标投标法 50, 53, 54, 60; 民法典 201–202 for counting;
DOMAIN §8 R3, §9 Q5, Q7, Q10, Q25.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from credit.model.party import Role
from credit.model.record import Ban, BanScope, Penalty
from credit.model.when import When
from credit.rules.findings import Bite
from credit.rules.rows import BanArticle, BanTerms, Rule, Trigger
from credit.rules.standing import DOUBTFUL, Standing
from credit.rules.terms import add_months, moved
from credit.rules.timing import Timing
from credit.rules.world import World


@dataclass(frozen=True, slots=True)
class Term:
    """``start`` as decided or served; surely in force ``sure_from``–``sure_to`` (None: open).

    Then ``doubt`` until ``doubt_to``.
    """

    start: When
    sure_from: date
    sure_to: date | None
    doubt_to: date | None = None
    doubt: str = "last_day"


def articles_of(world: World, penalty: Penalty) -> list[BanArticle]:
    """The articles that the decision cites and the catalogue admits for its ban's scope."""
    assert penalty.ban is not None  # noqa: S101 - for the type checker: callers hold a ban
    rows = [a for terms in world.rules.ban_terms(penalty.ban.scope) for a in terms.articles]
    return _cited(world, penalty, rows)


def _cited(world: World, penalty: Penalty, rows: Iterable[BanArticle]) -> list[BanArticle]:
    named = [c for text in penalty.legal_basis for c in world.rules.reader.cited(text)]
    return [
        row
        for row in rows
        for c in named
        if row.instrument == c.instrument and int(row.article) == c.article and c.paragraph not in row.except_paragraphs
    ]


def ban_term(world: World, penalty: Penalty, effective: When) -> Term:
    """Count a decision's ban; one that cites no admitted article by all that its scope admits."""
    assert penalty.ban is not None  # noqa: S101 - for the type checker: callers hold a ban
    articles = articles_of(world, penalty)
    if not articles:
        articles = [a for t in world.rules.ban_terms(penalty.ban.scope) for a in t.articles if a.min_months]
    return term_of(penalty.ban, effective, articles)


def admitted(world: World, penalty: Penalty) -> bool:
    """Whether authority and article are ones that the catalogue admits for the ban's scope."""
    assert penalty.ban is not None  # noqa: S101 - for the type checker: callers hold a ban
    return any(
        _may_impose(terms, penalty.authority.name)
        and (terms.any_article or bool(_cited(world, penalty, terms.articles)))
        for terms in world.rules.ban_terms(penalty.ban.scope)
    )


def _may_impose(terms: BanTerms, name: str) -> bool:
    return any(phrase in name for phrase in terms.authorities) and not name.strip().endswith(terms.except_endings)


def term_of(ban: Ban, effective: When, articles: list[BanArticle]) -> Term:
    """Count a ban's term from what the decision states, else from service and the shortest and longest lawful term.

    A last day that the decision names wins over months (Q5).
    """
    start = ban.from_ or effective
    sure_from = start.day if ban.from_ else moved(start.day, 1)
    shortest = min((a.min_months for a in articles if a.min_months), default=None)
    longest = (
        None if any(a.max_months is None for a in articles) else max((a.max_months or 0 for a in articles), default=0)
    )
    limit = add_months(start.day, longest) if longest else None
    if ban.until is not None:
        return _capped(Term(start, sure_from, ban.until), limit)
    if ban.months is not None:
        corresponding = add_months(start.day, ban.months)
        return _capped(Term(start, sure_from, moved(corresponding, -1), corresponding), limit, spread=True)
    if ban.indefinite:
        return _capped(Term(start, sure_from, None), limit)
    if longest is None or shortest is None:
        return Term(start, sure_from, None)
    return Term(start, sure_from, moved(add_months(start.day, shortest), -1), limit, "open_term")


def _capped(term: Term, limit: date | None, *, spread: bool = False) -> Term:
    """A term stated longer than the article allows is sure only as far as the article goes."""
    if limit is None or (term.sure_to is not None and term.sure_to <= limit):
        return term
    last = moved(limit, -1) if spread else limit
    return Term(term.start, term.sure_from, last, term.doubt_to or term.sure_to or date.max, "beyond_law")


def ban_doubts(world: World, penalty: Penalty, standing: Standing, term: Term) -> list[str] | None:
    """None where the ban does not touch the cut-off; else the doubts, none of them where it surely bars."""
    timing, day = world.cut_off.burden(term.start), world.cut_off.day
    if standing.lifted is not Timing.IN and _contradicts_itself(world, penalty, term):
        return ["term_contradicts"] if _may_still_run(world, penalty, day) else None
    if timing is Timing.AFTER or standing.lifted is Timing.IN:
        return None
    placed = _placed(term, standing, world.cut_off.deadline_day, day)
    if placed is None:
        return None
    doubts = ["silent"] if timing is Timing.SILENT else []
    doubts += [DOUBTFUL[standing.lifted]] if standing.lifted else []
    doubts += [placed] if placed else []
    if not admitted(world, penalty):
        doubts.append("not_admitted")
    place = penalty.ban.region if penalty.ban else None
    if place is not None and world.inside(place) is not True:
        doubts.append("place")
    return doubts


def _contradicts_itself(world: World, penalty: Penalty, term: Term) -> bool:
    """Whether a ban would be over before it was decided or begins, or counts from a service before that.

    Or begins when the longest lawful ban from its decision would be over: one of the two days is wrong.
    """
    ban = penalty.ban
    if ban is None:
        return False
    if ban.from_ is None and ban.until is None and term.start.day < penalty.decided_on:
        return True
    longest = longest_months(world, ban.scope)
    if ban.from_ is not None and longest is not None and term.start.day > add_months(penalty.decided_on, longest):
        return True
    return term.sure_to is not None and term.sure_to < max(penalty.decided_on, term.sure_from)


def _may_still_run(world: World, penalty: Penalty, day: date) -> bool:
    """Whether a ban of the longest lawful term, counted from the last day that the decision names, is not over."""
    assert penalty.ban is not None  # noqa: S101 - for the type checker: callers hold a ban
    begun = max(penalty.decided_on, penalty.ban.from_.day if penalty.ban.from_ else penalty.decided_on)
    longest = longest_months(world, penalty.ban.scope)
    return penalty.decided_on <= day and (longest is None or day <= add_months(begun, longest))


def longest_months(world: World, scope: BanScope) -> int | None:
    """Months of the longest lawful ban of a scope; None where some article sets no bound."""
    terms = [article.max_months for row in world.rules.ban_terms(scope) for article in row.articles]
    months = [term for term in terms if term is not None]
    return max(months) if months and len(months) == len(terms) else None


def _placed(term: Term, standing: Standing, deadline: date, day: date) -> str | None:
    """Return "" where the day is surely inside, a doubt where it may be, None where it is outside."""
    if day < term.sure_from:
        return "service_day"
    if term.sure_to is None or day <= term.sure_to:
        return ""
    if term.doubt_to is not None and day <= term.doubt_to:
        return term.doubt
    last = term.doubt_to or term.sure_to
    if standing.stretched and day - last <= standing.stretched:
        return "stretched"
    return "between" if term.sure_from <= deadline <= term.sure_to else None


def over(world: World, penalty: Penalty, effective: When) -> bool:
    """Whether the decision's ban has ended by the cut-off."""
    if penalty.ban is None:
        return False
    term = ban_term(world, penalty, effective)
    last = term.doubt_to or term.sure_to
    return last is not None and last < world.cut_off.day


def ban_bites(world: World, penalty: Penalty, standing: Standing, effective: When, role: Role) -> Iterator[Bite]:
    """Join a decision's ban to the domain and role asked about."""
    if penalty.ban is None:
        return
    term = ban_term(world, penalty, effective)
    doubts = ban_doubts(world, penalty, standing, term)
    if doubts is None:
        return
    end = term.sure_to
    values = {
        "until": end.isoformat() if end else "未写明期限 / no term stated",
        "edge": moved(end, 1).isoformat() if end else term.start.day.isoformat(),
        "place": world.regions.name(penalty.ban.region) or penalty.ban.region if penalty.ban.region else "",
    }
    yield from (Bite(rule, values, until=end, doubts=tuple(doubts)) for rule in _rules(world, penalty, role))


def _rules(world: World, penalty: Penalty, role: Role) -> list[Rule]:
    """The rows for the ban's scope: those narrowed to the articles that it cites, else those that are not narrowed."""
    scope = penalty.ban.scope if penalty.ban else None
    rows = [
        r for r in world.rules.rules_for(Trigger.BAN, world.activity.domain, role, world.reference) if scope in r.scopes
    ]
    known = {(a.instrument, a.article) for a in articles_of(world, penalty)}
    narrow = [r for r in rows if r.articles and (not known or known & {(c.instrument, c.article) for c in r.articles})]
    return narrow or [r for r in rows if not r.articles]
