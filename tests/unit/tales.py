"""Hypothesis strategies: whole stories of firms and people, of records and what became of them, near legal edges."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from hypothesis import strategies as st

from credit.model.question import Question
from credit.model.record import RecordId
from tests.unit.story import DAY, FINANCE, HOUSING, LISTS, MARKET, P0, UNWILLING, Data, Story

FIRMS: Final = 4
RELIEVING: Final = ("suspended", "annulled", "repaired", "removed", "lifted", "entered_in_error", "amended")
HARMLESS: Final = ("review_opened", "review_closed", "objection_opened", "objection_closed")
OTHER: Final = ("served", "published", "resumed", "performed")

edges = st.sampled_from([
    P0, P0 - DAY, P0 + DAY, date(2023, 6, 9), date(2023, 6, 10), date(2023, 6, 11), date(2025, 6, 10),
    date(2024, 2, 29), date(2026, 5, 11), date(2024, 6, 10),
])  # fmt: skip
days = edges | st.dates(date(2022, 1, 1), date(2026, 7, 31))
instants = st.tuples(days, st.integers(0, 23)).map(lambda x: f"{x[0]}T{x[1]:02d}:00:00+08:00")
whens = days.map(str) | instants
sums = st.sampled_from(["12000", "1000000", "1999999.99", "2000000.00", "5000000"])
kinds = st.sampled_from(["fine", "warning", "licence_revoked", "criminal", "closure", "confiscation", "detention"])
authorities = st.sampled_from([FINANCE, MARKET, HOUSING])
bases = st.sampled_from(
    ["采购法 77", "采购法 78", "采购法实施条例 72¶2", "94号令 37¶2", "招标投标法 53", "产品质量法 49"]
)
scopes = st.sampled_from(["procurement", "agency_work", "statutory_tenders", "review_work", "military_procurement"])
grounds = st.sampled_from([None, UNWILLING, "违反财产报告制度", "一年内禁止参加政府采购活动", "严重失信", "弄虚作假"])
numbers = st.sampled_from(["资财采罚〔2025〕1号", "资财采罚[2025]2号", "资财采罚〔2026〕3号"])


@st.composite
def bans(draw: st.DrawFn) -> Data:
    first = draw(days)
    until = draw(st.none() | st.integers(1, 1200).map(lambda n: str(first + timedelta(days=n))))
    ban: Data = {"scope": draw(scopes), "from": draw(st.none() | st.just(str(first))), "until": until}
    ban["months"] = draw(st.none() | st.integers(1, 40)) if until is None else None
    ban["region"] = draw(st.sampled_from([None, None, "512000", "370000"]))
    return ban


@st.composite
def penalties(draw: st.DrawFn) -> Data:
    ban = draw(st.none() | bans())
    return {
        "kinds": draw(st.lists(kinds, min_size=1, max_size=2)) + (["ban"] if ban else []),
        "decided_on": str(draw(days)),
        "served_on": draw(st.none() | whens),
        "published_on": draw(st.none() | whens),
        "fine": draw(st.none() | sums),
        "confiscated": draw(st.none() | sums),
        "sector_line": draw(st.sampled_from([None, {"checked_on": "2026-06-01", "amount": None}])),
        "in_business": draw(st.sampled_from([None, True, False])),
        "authority": draw(authorities),
        "legal_basis": [draw(bases)],
        "ban": ban,
    }


@st.composite
def listings(draw: st.DrawFn) -> Data:
    return {
        "list_id": draw(st.sampled_from(["L01", "L03", "L04", "L07"]) | st.sampled_from(LISTS)),
        "listed_on": str(draw(days)),
        "published_on": draw(st.none() | whens),
        "until": draw(st.none() | days.map(str)),
        "ground": draw(grounds),
        "doc_no": draw(st.none() | numbers),
        "region": draw(st.sampled_from([None, "510000", "370000"])),
        "matched_by": draw(st.sampled_from(["identifier", "identifier", "organisation_code", "name"])),
    }


@dataclass(frozen=True)
class Tale:
    """What is told of four firms and a person: each part is (firm, fields) or the like, in no special order."""

    penalties: tuple[tuple[int, Data], ...]
    listings: tuple[tuple[int, Data], ...]
    relations: tuple[tuple[str, int, int, Data], ...]
    events: tuple[tuple[int, str, str], ...]
    syncs: tuple[tuple[str, str, str], ...]

    def tell(self) -> Story:
        """Make the story; firms are ``story.parties`` in order, the person comes last."""
        story = Story()
        parties = [*(story.firm() for _ in range(FIRMS)), story.person()]
        made: list[RecordId] = [add(story, parties[firm], said) for firm, said in self.penalties]
        made += [enter(story, parties[firm], said) for firm, said in self.listings]
        for kind, source, target, said in self.relations:
            story.relate(kind, parties[source], parties[target], **said)
        for record, kind, on in self.events if made else ():
            amendment: Data = {"changes": {}} if kind == "amended" else {}
            story.happens(made[record % len(made)], kind, on, **amendment)
        for list_id, finished, outcome in self.syncs:
            story.sync(list_id, finished, outcome)
        return story


def add(story: Story, party: str, said: Data) -> RecordId:
    """Record a penalty."""
    return story.penalty(party, **said)


def enter(story: Story, party: str, said: Data) -> RecordId:
    """Record an entry on a list."""
    return story.listing(party, said["list_id"], **{k: v for k, v in said.items() if k != "list_id"})


def few(inner: st.SearchStrategy[tuple[object, ...]], most: int = 3) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(inner, max_size=most).map(tuple)


firms = st.integers(0, FIRMS - 1)
spans: st.SearchStrategy[Data] = st.fixed_dictionaries(
    {"since": st.none() | days.map(str), "until": st.none() | days.map(str)}
)
shares = st.sampled_from([None, "0.3", "0.5", "0.51", "1"])
shared: st.SearchStrategy[Data] = st.tuples(shares, spans).map(lambda x: {"share": x[0], **x[1]})
holdings = st.tuples(st.just("shareholder"), st.integers(0, FIRMS), firms, shared)
leaders = st.tuples(st.just("unit_leader"), st.just(FIRMS), firms, spans)
ties = st.tuples(st.sampled_from(["controls", "manages", "branch_of", "successor_of", "renamed_from"]), firms, firms,
                 spans)  # fmt: skip
relations = (holdings | leaders | ties).filter(lambda r: r[1] != r[2])
syncs = st.tuples(
    st.sampled_from(["L01", "L03", "L04", "L06"]),
    st.sampled_from(["2026-06-10T09:00", "2026-06-10T10:00", "2026-06-10T15:00"]),
    st.sampled_from(["complete", "failed"]),
)


def tales(events: tuple[str, ...] = RELIEVING + HARMLESS + OTHER) -> st.SearchStrategy[Tale]:
    """Tales in which these kinds of events happen."""
    return st.builds(
        Tale,
        few(st.tuples(firms, penalties())),
        few(st.tuples(firms, listings())),
        few(relations, 4),
        few(st.tuples(st.integers(0, 5), st.sampled_from(events), whens), 4),
        few(syncs),
    )


domains = st.sampled_from(["government_procurement"] * 3 + ["statutory_tender", "land", "military_procurement"])
activities: st.SearchStrategy[Data] = st.fixed_dictionaries({
    "domain": domains,
    "region": st.sampled_from(["510000", "370200", None]),
    "cut_off": st.sampled_from(["2026-06-10T14:00", "2026-06-10T09:30", "2026-06-12T10:00", None]),
})  # fmt: skip
Ask = Callable[[Story], Question]


@st.composite
def asking(draw: st.DrawFn) -> Ask:
    """Draw a question on the four firms: two alone, two as a consortium."""
    over = draw(activities)
    role = draw(st.sampled_from(["supplier", "supplier", "supplier", "agency", "expert"]))

    def ask(story: Story) -> Question:
        one, other, lead, member, *_ = story.parties
        return story.question(one, other, [lead, member], role=role, **over)

    return ask
