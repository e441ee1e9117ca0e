"""Who bid and who won, as the result of a tender says it; names count only with their codes beside them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from credit.errors import FieldInvalid
from credit.identifiers import recognise
from credit.model.naturalkey import normal
from credit.model.party import Role
from credit.model.project import BidOutcome
from credit.model.statements import BidInProject, BidStatement, PartyStatement
from importers.cells import folded, numeral
from importers.company_register import kind_of
from importers.notice_amounts import amount, unit_in
from importers.notice_text import BETWEEN, SECTION, Cell, Head, credit_code, head_of, is_name, labelled, tables

_RESULTS: Final = re.compile(r"中标|成交|采购结果|评审结果|废标|流标|终止|失败")
_FAILED: Final = re.compile(r"废标|流标|(?:采购|招标|项目)(?:活动)?(?:失败|终止)|终止(?:采购|招标)?公告|无中标|无成交")
_NO_FAILURE: Final = re.compile(r"(?:\d[.、])?(?:废标|流标|终止)[^:]{0,8}:?(?:无|/|-|—|没有|不适用)?")
_OTHER_SECTIONS: Final = re.compile(r"公告|标的|评审专家|未中标")
_WINNERS: Final = re.compile(r"(?:中标\(?成交\)?|中标|成交)(?:供应商|人|单位)(?:名称)?|供应商名称")
_PRICES: Final = re.compile(r"(?:总?中标\(?成交\)?|总?中标|总?成交)(?:总?金额|价|总?报价)(?:\(.*\))?")
_CODES: Final = re.compile(r"(?:(?:中标\(?成交\)?|中标|成交)?(?:供应商|人|单位))?(?:统一)?(?:社会)?信用代码")
_LOT: Final = re.compile(
    r"(?:采购包|合同包|标包|分包|标项|包组|标段|包)(?:编?号)?[:：]?\s*(\d{1,3}|[A-Z])(?![\dA-Za-z])"
    r"|第?([一二三四五六七八九十]{1,2})(?:标段|标包|标项|包)|第(\d{1,2})(?:标段|标包|标项|包)"
)
_LEADS: Final = re.compile(r"牵头|主体方|主办方")
_BEFORE: Final = re.compile(r"^(?:联合体)?(?:牵头|成员|主办|主体)[^:：]{0,4}[:：]")
_BEHIND: Final = re.compile(r"[(（][^()（）]*(?:牵头|成员|联合体|主办方|主体方)[^()（）]*[)）]$")
_OTHER_BIDDERS: Final = re.compile(r"投标|报价|未中标|未成交")


@dataclass(frozen=True, slots=True)
class Award:
    """One bid as the notice tells it: members' names and codes in the same order, the lead's place among them."""

    names: tuple[str, ...]
    codes: tuple[str, ...]
    lead: int
    lot: str | None
    price: Decimal | None
    result: BidOutcome = BidOutcome.WON


def organisation(name: str, code: str, who: str, *, role: Role) -> PartyStatement:
    """Name an organisation by its credit code; its name alone names nobody.

    Raises: FieldInvalid.
    """
    if not code:
        raise FieldInvalid(
            f"{who}“{name}”只有名称，没有统一社会信用代码；仅凭名称不能确定身份，请人工核对候选主体",
            f"the {role} {name!r} has a name alone, which is no identification: a person must choose among candidates",
        )
    right = credit_code(code)
    if right is None or not is_name(name):
        raise FieldInvalid(
            f"{who}“{name}”的代码“{code}”或名称有误", f"name {name!r} or code {code!r} of the {role} is wrong"
        )
    return PartyStatement(id=right, kind=kind_of(recognise(right)), name=name, roles=(role,), only_if_new=True)


def lots_named(lines: Sequence[str]) -> set[str]:
    """The lots that lines speak of, by number or letter.

    >>> sorted(lots_named(["采购包1:", "第二标段：某某采购", "包A"]))
    ['1', '2', 'A']
    """
    found = _LOT.finditer(" ".join(map(folded, lines)))
    return {_lot_id(match[1] or match[2] or match[3]) for match in found}


def awards_in(lines: Sequence[str], title: str) -> tuple[Award, ...]:
    """The winning bids of a result, then the other bids whose codes are told; none where the tender failed.

    Raises: FieldInvalid where who won, or whether anybody did, is not certain.
    """
    start, end = _section(lines)
    section = lines[start:end]
    named = lots_named([*section, title])
    failures = _failures(section)
    won = _unlike((*_tabled(section, named - lots_named(failures)), *_labelled(section, named)))
    failed = bool(_FAILED.search(folded(title)))
    if won and (failed or not _are_apart(won, failures)):
        raise FieldInvalid("公告同时写有中标人和废标（流标、终止），请人工录入", "both a winner and a failure are told")
    if not won and not failed and not failures:
        raise FieldInvalid("没有读到中标（成交）供应商，请人工录入", "no winner was read")
    return (*won, *_others([*lines[:start], *lines[end:]], won)) if won else ()


def names_others(lines: Sequence[str]) -> bool:
    """Whether a table outside the section on the result names bidders without their codes."""
    start, end = _section(lines)
    rest = [*lines[:start], *lines[end:]]
    heads = [head_of(line) for line in rest]
    runs = zip(heads, heads[1:], heads[2:], strict=False)
    return Head.CODE not in heads and any(Head.NAME in run and Head.INDEX in run for run in runs)


def bids_of(
    awards: Sequence[Award], project: str, name: str
) -> tuple[tuple[PartyStatement, ...], tuple[BidInProject, ...]]:
    """Turn bids as told into statements; a party that bids for several lots is named once.

    Raises: FieldInvalid.
    """
    parties: dict[str, PartyStatement] = {}
    bids: list[BidInProject] = []
    for award in awards:
        told = [organisation(n, c, "供应商", role=Role.SUPPLIER) for n, c in zip(award.names, award.codes, strict=True)]
        ids = tuple(party.id or "" for party in told)
        if len(set(ids)) < len(ids):
            raise FieldInvalid("联合体成员的代码重复", "two members of a consortium have one code")
        for party in told:
            held = parties.setdefault(party.id or "", party)
            if normal(str(held.name)) != normal(str(party.name)):
                raise FieldInvalid("同一代码对应两个名称", "one code stands beside two names")
        said = BidStatement(lot=award.lot, members=ids, lead=ids[award.lead], price=award.price, result=award.result)
        bids.append(BidInProject(project=project, bid=said, name=name))
    return tuple(parties.values()), tuple(bids)


def _section(lines: Sequence[str]) -> tuple[int, int]:
    """Where the section on the result begins and ends; all of the notice where there are no sections.

    Raises: FieldInvalid where two sections could be it.
    """
    starts = [n for n, line in enumerate(lines) if SECTION.fullmatch(line)]
    firsts = [n for n in starts if _RESULTS.search(lines[n]) and not _OTHER_SECTIONS.search(lines[n])]
    if not starts:
        return 0, len(lines)
    if len(firsts) != 1:
        raise FieldInvalid("公告中没有或不止一个结果部分，请人工录入", "the part on the result is missing or doubled")
    return firsts[0], next((n for n in starts if n > firsts[0]), len(lines))


def _failures(section: Sequence[str]) -> list[str]:
    """The lines that tell of a failure; a heading above an empty list of failures tells of none."""
    return [line for line in map(folded, section) if _FAILED.search(line) and not _NO_FAILURE.fullmatch(line)]


def _are_apart(won: Sequence[Award], failures: Sequence[str]) -> bool:
    """Whether every failure is of a lot that nobody is said to have won."""
    failed = [lots_named([line]) for line in failures]
    lots = {award.lot for award in won}
    return not failed or (None not in lots and all(lost and not lost & lots for lost in failed))


def _tabled(section: Sequence[str], named: set[str]) -> Iterator[Award]:
    for table in tables(section):
        if any(cell.head is Head.NAME for row in table for cell in row):
            yield from _of_table(table, named)


def _of_table(table: Sequence[Sequence[Cell]], named: set[str]) -> Iterator[Award]:
    has_lots = all(any(cell.head is Head.LOT for cell in row) for row in table)
    if not has_lots and (len(table) > 1 or len(named) > 1):
        raise FieldInvalid("中标表格有多行而没有包号，请人工录入", "a table of several rows has no lots")
    for row in table:
        cells = {cell.head: cell for cell in reversed(row)}
        lot = _lot_id(folded(cells[Head.LOT].text)) if has_lots else next(iter(named), None)
        code = cells[Head.CODE].text if Head.CODE in cells else ""
        yield _award(cells[Head.NAME].text, code, lot, _price(row, cells))


def _price(row: Sequence[Cell], cells: dict[Head, Cell]) -> Decimal | None:
    sums = [cell for cell in row if cell.head is Head.AMOUNT]
    if len(sums) > 1:
        raise FieldInvalid("表格有多列金额，请人工录入", "a table has several columns of amounts")
    if not sums:
        return None
    beside = folded(cells[Head.UNIT].text) if Head.UNIT in cells else None
    return amount(sums[0].text, "中标金额", unit=unit_in(sums[0].heading) or beside)


def _labelled(section: Sequence[str], named: set[str]) -> Iterator[Award]:
    """The winner named by labels, where the section is about one lot."""
    told = list(labelled(section))
    names = {normal(v): v for label, v in told if _WINNERS.fullmatch(label) and v}
    codes = {v for label, v in told if _CODES.fullmatch(label) and v}
    if not names:
        return
    if len(names) > 1 or len(codes) > 1 or len(named) > 1:
        raise FieldInvalid(
            "中标供应商不止一个，名称与代码不能一一对应，请人工录入", "names and codes of several winners"
        )
    prices = {
        amount(v, "中标金额", unit=None if "元" in v else unit_in(label))
        for label, v in told
        if _PRICES.fullmatch(label) and v
    }
    if len(prices) > 1:
        raise FieldInvalid("中标金额前后不一致，请人工录入", "two prices are stated")
    name, code = next(iter(names.values())), next(iter(codes), "")
    yield _award(name, code, next(iter(named), None), next(iter(prices), None))


def _award(name: str, code: str, lot: str | None, price: Decimal | None) -> Award:
    """Split a consortium into its members; who leads it must be said.

    Raises: FieldInvalid.
    """
    told = [part.strip() for part in BETWEEN.split(name) if part.strip()]
    codes = [part.strip() for part in BETWEEN.split(code) if part.strip()] or [""] * len(told)
    names = tuple(_BEHIND.sub("", _BEFORE.sub("", part)).strip() for part in told)
    leads = [n for n, part in enumerate(told) if _LEADS.search(part)]
    if len(told) == 1 and "联合体" not in name and not leads:
        leads = [0]
    if len(leads) != 1 or len(codes) != len(names) or any("联合体" in part for part in names):
        raise FieldInvalid(
            f"联合体“{name}”的成员、代码或牵头人不能确定，请人工录入",
            f"members, codes or lead of the consortium {name!r} are not certain",
        )
    return Award(names, tuple(codes), leads[0], lot, price)


def _unlike(awards: Sequence[Award]) -> tuple[Award, ...]:
    """Take a bid told twice for one: by label without a code and in a table with it.

    Raises: FieldInvalid where the two contradict each other.
    """
    kept: dict[tuple[str | None, tuple[str, ...]], Award] = {}
    for award in sorted(awards, key=lambda a: not all(a.codes)):
        key = (award.lot, tuple(map(normal, award.names)))
        held = kept.setdefault(key, award)
        if held.price != award.price or (all(award.codes) and held.codes != award.codes):
            raise FieldInvalid(
                "同一中标人写有两种金额或代码，请人工录入", "one winner is told with two prices or codes"
            )
    lots = [award.lot for award in kept.values()]
    if len(set(lots)) < len(lots):
        raise FieldInvalid("同一标包写有多个中标人，请人工录入", "one lot has several winners")
    return tuple(kept.values())


def _others(rest: Sequence[str], won: Sequence[Award]) -> Iterator[Award]:
    """The bids that did not win, from tables of bids with codes outside the section on the result."""
    winners = {code for award in won for code in award.codes}
    for table in tables(rest, coded=True):
        words = " ".join(cell.heading for cell in table[0]) if table else ""
        if len(won) > 1 or not _OTHER_BIDDERS.search(words):
            continue
        for row in table:
            cells = {cell.head: cell for cell in reversed(row)}
            if Head.NAME in cells and not winners & set(BETWEEN.split(cells[Head.CODE].text)):
                found = _award(cells[Head.NAME].text, cells[Head.CODE].text, won[0].lot, _price(row, cells))
                yield replace(found, result=BidOutcome.LOST)


def _lot_id(text: str) -> str:
    number = numeral(text)
    return text if number is None else str(number)
