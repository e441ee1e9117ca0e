"""Merging two entries that turn out to be one party, and undoing it: an act of ``admin`` that moves nothing.

Natural key: (keep, same_as). What a merge says was always so: from the place at which it is recorded on it holds for
every day that is asked about, and a replay of what was known before does not know it.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace

from credit.errors import (
    Conflict,
    CreditCodesDiffer,
    Denied,
    FieldInvalid,
    IdentityConflict,
    KindsDiffer,
    MergeUndone,
    PartyUnknown,
    Unknown,
)
from credit.identifiers import IdKind, parse
from credit.model.caller import Caller, Scope
from credit.model.merge import MOST_ALIKE, Merge, MergeStatement, Undoing
from credit.model.naturalkey import digest
from credit.model.party import Party, PartyId, PartyKind
from credit.model.statements import Outcome, Written
from credit.ports import Alike, HeldParty, WriteUnit
from credit.registry.complaints import Ledger


async def merge(unit: WriteUnit, caller: Caller, said: MergeStatement, ledger: Ledger | None = None) -> Outcome:
    """Record that two entries are one party; ``ledger`` says what follows from the complaints of both together.

    Raises: Denied, PartyUnknown, FieldInvalid, KindsDiffer, IdentityConflict, CreditCodesDiffer, Conflict.
    """
    _must_be_admin(caller)
    keep, other = await _ends(unit, said)
    natural = digest("merge", keep.key, other.key)
    known = await unit.merges.by_key(natural)
    if known is not None:
        if (known.on, known.reason) != (said.on, said.reason):
            raise Conflict(
                "该合并已按其他内容登记, 更正请先撤销", "the merge is recorded otherwise: undo it first", merge=known.id
            )
        return Outcome(known.id)
    alike = await unit.merges.alike([keep.party.id, other.party.id])
    _must_fit(said, (keep, other), alike)
    made = Merge(
        "mrg_" + secrets.token_hex(12), keep.party.id, other.party.id, said.on, said.reason, unit.tick, caller.id
    )
    await unit.merges.save(natural, made)
    unit.announce("merge.recorded", made.id, (made.keep, made.same_as))
    if ledger is not None:
        one = (await unit.merges.alike([made.keep]))[made.keep]
        await ledger.regroup(unit, [one.kept.id])
    return Outcome(made.id, Written.CREATED)


async def undo(unit: WriteUnit, caller: Caller, undoing: tuple[str, str], ledger: Ledger | None = None) -> Outcome:
    """Undo a merge, given by id and reason: answers are from now on as they were before it.

    Raises: Denied, Unknown, MergeUndone where it was undone for another reason.
    """
    _must_be_admin(caller)
    merge_id, reason = undoing
    made = await unit.merges.by_id(merge_id)
    if made is None:
        raise Unknown(f"没有合并 {merge_id}", f"there is no merge {merge_id}")
    if made.undone is not None:
        if made.undone.reason == reason:
            return Outcome(made.id)
        raise MergeUndone("该合并已被撤销", "the merge has been undone before", merge=made.id)
    await unit.merges.undo(replace(made, undone=Undoing(reason, unit.tick, caller.id)))
    unit.announce("merge.undone", made.id, (made.keep, made.same_as))
    if ledger is not None:
        alike = await unit.merges.alike([made.keep, made.same_as])
        await ledger.regroup(unit, list(dict.fromkeys(one.kept.id for one in alike.values())))
    return Outcome(made.id, Written.CORRECTED)


async def part(unit: WriteUnit, caller: Caller, said: MergeStatement) -> Outcome:
    """Record that two suspected twins are not one party: they are no longer listed, and verdicts stay as they are.

    It stands among the merges as one that is undone from the start. Natural key: the two, in no order.

    Raises: Denied, PartyUnknown, FieldInvalid, Conflict.
    """
    _must_be_admin(caller)
    keep, other = await _ends(unit, said, ("/parties/0", "/parties/1"))
    natural = digest("apart", *sorted((keep.key, other.key)))
    known = await unit.merges.by_key(natural)
    if known is not None:
        if (known.on, known.reason) != (said.on, said.reason):
            raise Conflict("该结论已按其他内容登记", "another content is recorded for these two", merge=known.id)
        return Outcome(known.id)
    one = (await unit.merges.alike([keep.party.id])).get(keep.party.id)
    if one is not None and other.party.id in one.ids:
        raise Conflict("两个登记已合并, 请先撤销合并", "they are merged: undo that first", pointer="/parties/1")
    undoing = Undoing(said.reason, unit.tick, caller.id)
    apart = Merge(
        "twn_" + secrets.token_hex(12),
        keep.party.id,
        other.party.id,
        said.on,
        said.reason,
        unit.tick,
        caller.id,
        undoing,
    )
    await unit.merges.part(natural, apart)
    unit.announce("twins.parted", apart.id, (apart.keep, apart.same_as))
    return Outcome(apart.id, Written.CREATED)


def _must_be_admin(caller: Caller) -> None:
    if not caller.has(Scope.ADMIN):
        raise Denied("只有管理员可以合并主体", "only admin merges parties")


async def _ends(
    unit: WriteUnit, said: MergeStatement, pointers: tuple[str, str] = ("/keep", "/same_as")
) -> tuple[HeldParty, HeldParty]:
    """Return the party that is kept and the other; ``pointers`` are their places in the body.

    Raises: PartyUnknown, FieldInvalid where both ids name one entry.
    """
    held = await unit.parties.find([said.keep, said.same_as])
    for name, pointer in zip((said.keep, said.same_as), pointers, strict=True):
        if name not in held:
            raise PartyUnknown(f"主体 {name} 未登记", f"the party {name} is not registered", pointer=pointer)
    keep, other = held[said.keep], held[said.same_as]
    if keep.key == other.key:
        raise FieldInvalid("两个标识是同一主体", "both ids name one party already", pointer=pointers[1])
    return keep, other


def _must_fit(said: MergeStatement, ends: tuple[HeldParty, HeldParty], alike: Mapping[str, Alike]) -> None:
    """Refuse what cannot be one party, or would not be seen to be said on purpose.

    Raises: KindsDiffer, IdentityConflict, CreditCodesDiffer, Conflict.
    """
    keep, other = (end.party for end in ends)
    one, two = (alike.get(end.party.id) or Alike(end.party, (end.party,), frozenset({end.key})) for end in ends)
    if (keep.kind is PartyKind.PERSON) != (other.kind is PartyKind.PERSON):
        raise KindsDiffer(
            "自然人与单位不能合并", "a natural person and an organisation are not one", pointer="/same_as"
        )
    if one.kept.id != two.kept.id and all(any(p.identity_masked for p in x.entries) for x in (one, two)):
        raise IdentityConflict(
            "两人各有证件号码, 不是同一人", "each has an identity number of its own: two persons", pointer="/same_as"
        )
    if len(one.ever | two.ever) > MOST_ALIKE:
        raise Conflict(f"同一主体至多 {MOST_ALIKE} 个登记", f"one party has at most {MOST_ALIKE} entries")
    codes = tuple(next((p for p in x.ids if is_credit_code(p)), None) for x in (one, two))
    if None not in codes and codes[0] != codes[1] and not (is_credit_code(said.keep) and is_credit_code(said.same_as)):
        raise CreditCodesDiffer(
            f"两个登记各有统一社会信用代码 {codes[0]} 与 {codes[1]}, 确属重新赋码的, 请直接用两个代码合并",
            f"each has a credit code, {codes[0]} and {codes[1]}: where one was reassigned, merge them by these codes",
            pointer="/same_as",
        )


def must_stay_one(before: Party, after: Party, others: Sequence[Party], *, numbered: bool) -> None:
    """Refuse what would make two of a merged party: that an entry learns a number of its own, or a credit code.

    ``others`` are the party's other entries; ``numbered`` says that the entry is told an identity number.

    Raises: IdentityConflict, CreditCodesDiffer; neither names a number.
    """
    if numbered and (other := next((p for p in others if p.identity_masked), None)) is not None:
        raise IdentityConflict(
            f"该人已与另有证件号码的登记 {other.id} 合并, 两个号码不是同一人: 请核对号码, 或先撤销合并",
            f"it is merged with {other.id}, which has another identity number: check the number or undo the merge",
            pointer="/identity_number",
        )
    if is_credit_code(before.id) or not is_credit_code(after.id):
        return
    if (code := next((p.id for p in others if is_credit_code(p.id)), None)) is not None:
        raise CreditCodesDiffer(
            f"登记 {before.id} 已与 {code} 合并, 而其统一社会信用代码为 {after.id}: 请先撤销合并, "
            "确属重新赋码的, 再用两个代码合并",
            f"{before.id} is merged with {code} and has the credit code {after.id}: undo the merge; "
            "where one was reassigned, merge them by these codes then",
        )


def is_credit_code(party: PartyId | str) -> bool:
    """Tell whether an id of a right form is a unified social credit code."""
    return parse(party).kind is IdKind.CREDIT_CODE
