"""What complainants have in common, written as it comes in and read from them, on both engines."""

from datetime import date
from typing import LiteralString

import pytest

from credit.graph import networks
from credit.graph.bolt import Row
from credit.graph.networks import echo_older, trace_older
from credit.graph.queries import networks as queries
from credit.graph.schema import in_turn
from credit.model.complaint import Complaint
from credit.model.matter import MatterKind
from credit.model.party import Contact, PartyId, RelationKind
from credit.model.project import Lot
from credit.model.statements import LoadRow
from credit.oversight.links import MOST_READ, Around, Common
from credit.oversight.same_matter import item_key
from credit.oversight.signals.likeness import kept
from credit.registry.complaints import Ledger
from credit.registry.matters import Handling, Opening
from credit.rules.thresholds import Thresholds
from credit.wiring import SystemClock
from tests.contract.makers import ADMIN, DEADLINE, FINANCE, OFFICER, City, Sha, bid, code, done, firm, project, tie

A, B, C, BUYER = (PartyId(code(n)) for n in (1, 2, 3, 9))
PHONE = Contact("phone", "0999-5550001")
ITEM = "采购人在评审结束后擅自更改评分标准中关于类似项目业绩的认定口径导致我司得分被无故核减"


@pytest.fixture
def handling(city: City) -> Handling:
    return Handling(city.store.writes, Sha(), Ledger(Thresholds.load(), SystemClock()))


async def complain(handling: Handling, number: str, *complainants: PartyId, item: str = "中标结果不公") -> None:
    content = Complaint(
        complaint_no=number, complainants=complainants, office=FINANCE, filed_on=date(2026, 3, 9), items=(item,)
    )
    outcome = await handling.open(OFFICER, Opening(kind=MatterKind.COMPLAINT, content=content))
    assert outcome.error is None


async def told(city: City, *rows: LoadRow) -> None:
    done(*await city.registry.load(ADMIN, list(rows)))


async def firms(city: City, **contacts: tuple[Contact, ...]) -> None:
    """A, B, C and a purchaser, with contacts."""
    numbers = {"A": 1, "B": 2, "C": 3, "buyer": 9}
    await told(
        city,
        *(LoadRow(row=n, parties=(firm(n, contacts=contacts.get(name, ())),)) for name, n in numbers.items()),
    )


def commons(around: Around, kind: str) -> list[Common]:
    return [common for common in around.commons if common.kind == kind]


async def test_complainants_with_one_telephone_are_found_from_each_other(city: City, handling: Handling) -> None:
    await firms(city, A=(PHONE,), B=(PHONE,), C=(PHONE,))
    await complain(handling, "1", A)
    await complain(handling, "2", B)
    (common,) = commons(await city.store.matters.around([A]), "phone")
    assert (sorted(party for party, _ in common.found), common.parties) == ([A, B], 3)


async def test_a_contact_that_is_given_up_links_no_more(city: City, handling: Handling) -> None:
    await firms(city, A=(PHONE,), B=(PHONE,))
    await complain(handling, "1", A, B)
    await told(city, LoadRow(row=1, parties=(firm(2, contacts=(Contact("phone", "0999-5550002"),)),)))
    assert commons(await city.store.matters.around([A, B]), "phone") == []


async def test_what_a_holder_holds_is_read_from_one_of_them(city: City, handling: Handling) -> None:
    await firms(city)
    await told(city, LoadRow(row=1, relations=(tie(RelationKind.CONTROLS, C, A), tie(RelationKind.CONTROLS, C, B))))
    await complain(handling, "1", A)
    await complain(handling, "2", B)
    (holder,) = [one for one in (await city.store.matters.around([A])).holders if one.id == C]
    assert {relation.target for relation in holder.relations} == {A, B}
    assert holder.complaining == {A, B}


async def test_a_device_used_for_bids_in_two_projects_is_found(city: City, handling: Handling) -> None:
    await firms(city)
    for number, who in (("N1", A), ("N2", B)):
        await city.registry.open_project(OFFICER, project(BUYER, number, deadline=DEADLINE))
        await city.registry.bid(OFFICER, number, bid(who, machine_code="AA-BB"))
    await complain(handling, "1", A)
    await complain(handling, "2", B)
    (common,) = commons(await city.store.matters.around([B]), "device")
    assert {party for party, _ in common.found} == {A, B}


async def test_letters_worded_alike_are_found_and_strangers_are_not(city: City, handling: Handling) -> None:
    await firms(city)
    await complain(handling, "1", A, item=ITEM)
    await complain(handling, "2", B, item=f"1. {ITEM}。")
    await complain(handling, "3", C, item="中标供应商提供的检测报告编号与检验机构公开的结果不一致涉嫌虚假材料")
    found = commons(await city.store.matters.around([A]), "text")
    assert {party for common in found for party, _ in common.found} == {A, B}


async def echoed(city: City) -> list[str]:
    """The numbers of the letters that are noted as worded like another."""
    rows = await city.store.bolt.fetch("MATCH (m:Matter) WHERE m.echoes IS NOT NULL RETURN m.number")
    return sorted(number.rpartition(" ")[2] for (number,) in rows)


async def test_only_letters_worded_like_another_are_noted_for_the_search_and_each_of_them(
    city: City, handling: Handling
) -> None:
    await firms(city)
    await complain(handling, "1", A, item=ITEM)
    assert await echoed(city) == []
    await complain(handling, "2", B, item="中标供应商提供的检测报告编号与检验机构公开的结果不一致涉嫌虚假材料")
    await complain(handling, "3", C, item=f"1. {ITEM}。")
    assert await echoed(city) == ["1", "3"]


async def test_a_letter_is_looked_for_under_the_keys_alone_that_lead_to_another(city: City, handling: Handling) -> None:
    await firms(city)
    await complain(handling, "1", A, item=ITEM)
    await complain(handling, "2", B, item=f"{ITEM}，依法应当予以纠正并重新组织评审")
    rows = await city.store.bolt.fetch("MATCH (m:Matter) WHERE m.echoes IS NOT NULL RETURN m.number, m.echoes")
    shared = {key for key, _ in networks.item_traces([ITEM])} & {
        key for key, _ in networks.item_traces([f"{ITEM}，依法应当予以纠正并重新组织评审"])
    }
    assert 0 < len(shared) < len(networks.item_traces([ITEM]))
    assert [sorted(keys) for _, keys in rows] == [sorted(shared)] * 2


async def test_letters_that_were_held_before_are_noted_in_pages_once(
    city: City, handling: Handling, monkeypatch: pytest.MonkeyPatch
) -> None:
    await firms(city)
    await complain(handling, "1", A, item=ITEM)
    await complain(handling, "2", B, item="中标供应商提供的检测报告编号与检验机构公开的结果不一致涉嫌虚假材料")
    await complain(handling, "3", C, item=ITEM)
    bolt = city.store.bolt
    before = commons(await city.store.matters.around([A]), "text")
    await bolt.put("MATCH (m:Matter) SET m.echoed = true REMOVE m.echoes")
    assert commons(await city.store.matters.around([A]), "text") == []

    async def put(query: str, /, **parameters: object) -> None:
        await in_turn(bolt, query, **parameters)  # pyright: ignore[reportArgumentType]

    monkeypatch.setattr(networks, "_AT_ONCE", 1)
    for _ in range(2):
        await echo_older(bolt, put)
    assert await echoed(city) == ["1", "3"]
    assert set(commons(await city.store.matters.around([A]), "text")) == set(before) != set()
    assert await bolt.fetch("MATCH (m:Matter) WHERE m.echoed RETURN m.id") == []


async def test_of_letters_that_come_in_together_those_with_a_common_wording_alone_are_noted_unlooked_at() -> None:
    others = [[f"cmp_{n}", chr(ord("0") + n) * 64] for n in range(MOST_READ)]
    marked: list[object] = []

    async def run(query: str, /, **parameters: object) -> list[Row]:
        marked.extend([parameters["rows"]] if query == queries.NOTE_ECHOES else [])
        return [["text common", others]] if query == queries.MATCH_SAYING else []

    await networks.echo(run, {"cmp_new": ["text common", "text own"], "cmp_beside": ["text rare"]})
    assert marked == [[{"id": "cmp_new", "keys": ["text common"]}]]


async def test_a_stock_phrase_is_seen_as_one_though_the_party_is_not_among_those_that_are_read() -> None:
    sketch = "0" * 64
    others = [[code(n), True, f"cmp_{n}", sketch] for n in range(100, 100 + MOST_READ)]

    async def run(query: str, /, **parameters: object) -> list[Row]:
        del parameters
        answers: dict[str, list[Row]] = {
            queries.MATCH_ECHOES: [["text key"]],
            queries.MATCH_SAID_ALIKE: [["text key", others]],
        }
        return answers.get(query, [])

    found = await networks.around(run, [A])
    assert found.stock(Thresholds.load()) == {"key"}
    assert found.beside(Thresholds.load()) == frozenset()


async def test_what_ever_more_complainants_write_is_noted_down_as_a_stock_phrase_and_not_read_again(
    city: City, handling: Handling, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(networks, "STOCK_FROM", 3)
    await firms(city)
    for number, who in (("1", A), ("2", A), ("3", B)):
        await complain(handling, number, who, item=ITEM)
    (common, *_) = before = commons(await city.store.matters.around([A]), "text")
    assert (common.parties, len(before)) == (2, len(kept(item_key(ITEM)).keys))
    await complain(handling, "4", C, item=ITEM)
    read: list[object] = []

    async def run(query: LiteralString, /, **parameters: object) -> list[Row]:
        read.extend([parameters["keys"]] if query in {queries.MATCH_SAYING, queries.MATCH_SAID_ALIKE} else [])
        return await city.store.bolt.fetch_latest(query, **parameters)

    await networks.echo(run, {"cmp_new": [f"text {common.key}"]})
    after = commons(await networks.around(run, [C]), "text")
    assert {(one.key, one.found, one.parties) for one in after} == {(one.key, (), 3) for one in before}
    assert read == [[], []]


async def test_a_letter_with_a_stock_phrase_is_noted_for_the_search(
    city: City, handling: Handling, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(networks, "STOCK_FROM", 1)
    await firms(city)
    for number, who in (("1", A), ("2", B), ("3", C)):
        await complain(handling, number, who, item=ITEM)
    assert await echoed(city) == ["1", "2", "3"]


async def test_of_a_device_all_are_found_though_one_left_it_in_more_bids_than_there_are_parties_to_read(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    await firms(city)
    lots = tuple(Lot(str(n), None, None) for n in range(8))
    await city.registry.open_project(OFFICER, project(BUYER, "N1", deadline=DEADLINE, lots=lots))
    for lot, who in [*((str(n), A) for n in range(7)), ("7", B)]:
        done(await city.registry.bid(OFFICER, "N1", bid(who, machine_code="AA-BB", lot=lot)))
    monkeypatch.setattr(networks, "_EACH", 2)
    (common,) = commons(await city.store.matters.around([B]), "device")
    assert {party for party, _ in common.found} <= {A, B}
    assert common.parties == 2


async def test_filers_are_read_newest_first(city: City, handling: Handling) -> None:
    await firms(city)
    for number, who in (("1", A), ("2", B), ("3", A)):
        await complain(handling, number, who)
    assert await city.store.matters.filers(before=None, limit=2) == [(3, [A]), (2, [B])]
    assert await city.store.matters.filers(before=2, limit=2) == [(1, [A])]


async def test_what_was_held_before_is_traced_once(city: City, handling: Handling) -> None:
    await firms(city, A=(PHONE,), B=(PHONE,))
    await complain(handling, "1", A, item=ITEM)
    await complain(handling, "2", B, item=ITEM)
    before = await city.store.matters.around([A])
    bolt = city.store.bolt
    await bolt.put("MATCH (t:Trace) DETACH DELETE t")
    assert (await city.store.matters.around([A])).commons == ()

    async def put(query: str, /, **parameters: object) -> None:
        await in_turn(bolt, query, **parameters)  # pyright: ignore[reportArgumentType]

    for _ in range(2):
        await trace_older(bolt, put)
    after = await city.store.matters.around([A])
    assert {(c.key, frozenset(c.found)) for c in after.commons} == {(c.key, frozenset(c.found)) for c in before.commons}
