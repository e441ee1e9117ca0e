"""May this party take part, here, on this day? Gather facts, evaluate, explain; keep checks and replay them.

Facts are gathered in one round trip for a whole batch. A kept check is a link of the evidence chain: it is answered
only after it is kept. Law: 财库〔2016〕125号 (query and keep the evidence); 采购法 42 (kept at least fifteen years).
"""

import asyncio
import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import orjson

from credit.errors import Conflict, EvidenceBroken, FieldInvalid, IdentifierInvalid, Unknown, WriteContended
from credit.evidence import annotations_of, parties_in, proof, seal
from credit.identifiers import mask_name, parse, redact
from credit.model.caller import Caller
from credit.model.facts import Facts, joined
from credit.model.party import Role
from credit.model.plain import from_plain, to_plain
from credit.model.project import Domain
from credit.model.question import Activity, Bid, Member, Question
from credit.model.record import EventKind, RecordId
from credit.model.verdict import Answer, Result
from credit.model.when import day_end, from_tick, to_tick
from credit.ports import Clock, CurrentFacts, Entry, EvidenceReader, FactReader, Signer, Writes, WriteUnit
from credit.rules.catalogue import Catalogue
from credit.rules.evaluate import Rules, evaluate

_BATCH = 1000
"""Parties gathered in one round trip."""
_AT_ONCE = 50
"""Parties and records that are judged at once; for more, other requests are served meanwhile."""
_TRIES = 4
"""How often a check is gathered; the last time it is kept as of its place, whatever was written since."""


Progress = Callable[[int], None]
"""Told how many parties are gathered."""


def _silent(_: int) -> None:
    """Tell nobody."""


_BUSY_ZH = "核查所依据的记录正在变更, 请稍后重试"
_BUSY_EN = "what the check rests on keeps changing: try again"


class _MovedError(Exception):
    """What the answer rests on was written to between gathering and keeping."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where checks are kept: the door for writing, the reader, the signer."""

    writes: Writes
    reader: EvidenceReader
    signer: Signer


@dataclass(frozen=True, slots=True)
class Reading:
    """Where facts are read: the graph, as every kept check does, and what may have been kept for a quick look-up."""

    graph: FactReader
    current: CurrentFacts


class Eligibility:
    """The reading use-cases."""

    def __init__(self, facts: Reading, evidence: Evidence, rules: Rules, clock: Clock) -> None:
        self._facts = facts.graph
        self._current = facts.current
        self._evidence = evidence
        self._rules = rules
        self._clock = clock
        self._kept_catalogue = ""

    # ---------------------------------------------------------------- quick look-up

    async def look_up(
        self, parties: Sequence[str], *, domain: Domain, role: Role, on: date, region: str | None
    ) -> list[dict[str, Any]]:
        """Answer for each party by itself, without keeping anything.

        ``on`` is the deadline, the end of that day the cut-off. A malformed or unregistered id is ``unknown``; an
        identity number in one is not repeated.

        Raises: StoreUnavailable.
        """
        end = day_end(on)
        activity = Activity(domain, end, end, region)
        facts = await self._facts_of(list(dict.fromkeys(parties)), end)
        named = (party if party in facts.resolved else _presentable_id(party) for party in parties)
        bids = tuple(Bid(party, role, (Member(party),)) for party in named)
        question = Question(activity, bids, self._clock.now(), together=False)
        answer = await _evaluated(facts, self._rules, question)
        shared = {"sources": answer.sources, "rules": self._version()}  # whatever writes JSON knows how
        return [{"party": r.ref, "on": on.isoformat(), **_brief(r), **shared} for r in answer.results]

    async def _facts_of(self, parties: Sequence[str], end: datetime) -> Facts:
        if len(parties) == 1:
            return await self._current.current(parties[0], cut_off=end)
        return await self._facts.gather(parties, project_no=None, known=None, cut_off=end)

    def _version(self) -> dict[str, str]:
        return {"version": self._rules.catalogue.version, "digest": self._rules.catalogue.digest}

    # ---------------------------------------------------------------- kept checks

    async def check(
        self,
        caller: Caller,
        question: Question,
        *,
        known_at: datetime | None = None,
        progress: Progress = _silent,
    ) -> dict[str, Any]:
        """Answer a question and keep the answer; returns the contract's reply.

        ``progress`` is told how many parties are gathered so far.

        Raises: StoreUnavailable, WriteContended, FieldInvalid for a ``known_at`` still to come.
        """
        now = self._clock.now()
        if known_at is not None and known_at > now:
            raise FieldInvalid("known_at 不能在将来", "known_at cannot lie in the future", pointer="/known_at")
        known = to_tick(known_at) if known_at is not None else None
        question = replace(presentable(question), asked_at=now if known_at is None else known_at)
        check_id = "chk_" + secrets.token_hex(12)
        for left in reversed(range(_TRIES)):
            facts, answer = await self._answer(question, known, self._rules, progress)
            watched = facts if known is None and left else None
            with suppress(_MovedError):
                return _reply(await self._keep(check_id, caller, question, (facts, answer), now, watched), [], [])
        raise WriteContended(_BUSY_ZH, _BUSY_EN)

    async def _answer(
        self, question: Question, known: int | None, rules: Rules, progress: Progress = _silent
    ) -> tuple[Facts, Answer]:
        ids = [m.id for b in question.bids for m in b.members] + [s.party for s in question.activity.prior_services]
        facts = await self._gather(list(dict.fromkeys(ids)), question.activity, known, progress)
        return facts, await _evaluated(facts, rules, question)

    async def _gather(self, ids: Sequence[str], activity: Activity, known: int | None, progress: Progress) -> Facts:
        """Gather in one round trip; a long job's parties in several, all as of the place of the first."""
        whole: Facts | None = None
        for start in range(0, max(len(ids), 1), _BATCH):
            part = await self._facts.gather(
                ids[start : start + _BATCH],
                project_no=activity.project_no,
                known=known if whole is None else whole.known,
                cut_off=activity.cut_off_at,
            )
            whole = part if whole is None else joined(whole, part)
            progress(min(start + _BATCH, len(ids)))
        assert whole is not None  # noqa: S101 - for the type checker: the range is never empty
        return whole

    async def _keep(
        self,
        check_id: str,
        caller: Caller,
        question: Question,
        found: tuple[Facts, Answer],
        at: datetime,
        watched: Facts | None,
    ) -> Entry:
        facts, answer = found
        body = self._body(check_id, caller, question, found, at)
        records = tuple(dict.fromkeys(r for x in answer.results for f in x.findings for r in f.records))
        catalogue = self._rules.catalogue
        runs = 0

        async def work(unit: WriteUnit) -> Entry:
            nonlocal runs
            runs += 1
            if runs > 1 and (kept := await self._evidence.reader.entry(check_id)) is not None:
                return kept
            if watched is not None:
                await _unmoved(unit, watched, question.activity.project_no)
            await self._keep_catalogue(unit, catalogue)
            entry = seal(
                body,
                kind="check",
                subject=check_id,
                head=await unit.evidence.head(),
                tick=unit.tick,
                signer=self._evidence.signer,
                project_no=question.activity.project_no,
                records=records,
            )
            await unit.evidence.append(entry)
            unit.announce("check.kept", check_id, tuple(facts.resolved.values()))
            return entry

        return await self._evidence.writes.write(work)

    async def _keep_catalogue(self, unit: WriteUnit, catalogue: Catalogue) -> None:
        """Keep the rules themselves once, so that a check can be replayed by the catalogue of then."""
        if self._kept_catalogue == catalogue.digest:
            return
        if await self._evidence.reader.entry(catalogue.digest) is not None:
            self._kept_catalogue = catalogue.digest
            return
        data = {"id": catalogue.digest, "catalogue": catalogue.plain}
        head = await unit.evidence.head()
        await unit.evidence.append(
            seal(
                data,
                kind="catalogue",
                subject=catalogue.digest,
                head=head,
                tick=unit.tick,
                signer=self._evidence.signer,
            )
        )

    def _body(
        self, check_id: str, caller: Caller, question: Question, found: tuple[Facts, Answer], at: datetime
    ) -> dict[str, Any]:
        facts, answer = found
        return {
            "id": check_id,
            "checked_at": at.isoformat(),
            "checked_by": {"id": caller.id, "name": caller.name},
            "rules": self._version(),
            "known_at": from_tick(facts.known).isoformat(timespec="microseconds"),
            "allowed_age_seconds": int(self._rules.allowed_age.total_seconds()),
            "question": _kept_question(question, answer),
            **to_plain(answer),
        }

    async def kept(self, check_id: str) -> dict[str, Any]:
        """Return a kept check with its decisions and with what happened since to the records that it rests on.

        Raises: Unknown.
        """
        entry = await self._entry(check_id)
        return _reply(entry, await self._annotations(entry), await self._decisions(check_id))

    async def _entry(self, check_id: str) -> Entry:
        entry = await self._evidence.reader.entry(check_id)
        if entry is None or entry.kind != "check":
            raise Unknown(f"没有核查 {check_id}", f"there is no check {check_id}")
        return entry

    async def _decisions(self, check_id: str) -> list[dict[str, Any]]:
        links = await self._evidence.reader.of_subject(check_id)
        return [{**orjson.loads(x.body), "proof": proof(x)} for x in links if x.kind == "decision"]

    async def _annotations(self, entry: Entry) -> list[dict[str, Any]]:
        body = orjson.loads(entry.body)
        known = to_tick(datetime.fromisoformat(body["known_at"]))
        reader = self._evidence.reader
        merges = await reader.merges_since(parties_in(body), known)
        told = [x for merge in merges for x in annotations_of(merge, known)]
        return sorted([*await self._of_records(entry, known), *told], key=lambda x: x["recorded_at"])

    async def _of_records(self, entry: Entry, known: int) -> list[dict[str, Any]]:
        return [
            {
                "kind": "reopened" if event.kind is EventKind.ENTERED_IN_ERROR else "record_changed",
                "record": record,
                "event": event.kind.value,
                "on": str(event.on),
                "recorded_at": from_tick(event.tick).isoformat(timespec="microseconds"),
                "reason": {
                    "zh": f"所依据的记录有新情况: {event.kind.value}({event.on}), 结论未改写, 请复核",
                    "en": f"a record it rests on changed ({event.kind.value}, {event.on}); the answer stays as given",
                },
            }
            for record, event in await self._evidence.reader.events_since(entry.records, known)
        ]

    async def of_project(
        self, project_no: str | None, *, before: int | None, limit: int
    ) -> tuple[list[dict[str, Any]], int | None]:
        """Return kept checks, newest first, and where the next page begins (None: no more)."""
        entries = await self._evidence.reader.of_project(project_no, before=before, limit=limit + 1)
        page = entries[:limit]
        return [_reply(e, [], []) for e in page], page[-1].number if len(entries) > limit else None

    # ---------------------------------------------------------------- replay, decisions, certificates

    async def replay(self, check_id: str) -> dict[str, Any]:
        """Ask the same question on what was known then, by the catalogue of then, and again today.

        ``same`` says that the answer of then comes out as it was kept; ``changed`` lists the bids that are answered
        otherwise today.

        Raises: Unknown, EvidenceBroken where the catalogue of then is not kept.
        """
        entry = await self._entry(check_id)
        body = orjson.loads(entry.body)
        rules_then = await self._rules_of(body)
        question = from_plain(Question, body["question"])
        known = to_tick(datetime.fromisoformat(body["known_at"]))
        _, then = await self._answer(question, known, rules_then)
        now_facts, now = await self._answer(replace(question, asked_at=self._clock.now()), None, self._rules)
        results_then, results_now = to_plain(then.results), to_plain(now.results)
        return {
            "id": check_id,
            "known_at": body["known_at"],
            "rules": body["rules"],
            "results": results_then,
            "same": results_then == body["results"],
            "now": {
                "known_at": from_tick(now_facts.known).isoformat(timespec="microseconds"),
                "rules": self._version(),
                "results": results_now,
            },
            "changed": _changed(then.results, now.results),
        }

    async def _rules_of(self, body: Mapping[str, Any]) -> Rules:
        allowed = timedelta(seconds=body["allowed_age_seconds"])
        if body["rules"]["digest"] == self._rules.catalogue.digest:
            return replace(self._rules, allowed_age=allowed)
        entry = await self._evidence.reader.entry(body["rules"]["digest"])
        if entry is None:
            raise EvidenceBroken("当时的规则目录没有保存", "the catalogue of then is not kept")
        return replace(self._rules, catalogue=Catalogue.of(orjson.loads(entry.body)["catalogue"]), allowed_age=allowed)

    async def decide(
        self, caller: Caller, check_id: str, *, ref: str, decision: str, by: str, reason: str
    ) -> dict[str, Any]:
        """Keep an officer's decision on a bid left to a person; the same decision again is the same link.

        Raises: Unknown, Conflict for a bid that was not left to review.
        """
        body = orjson.loads((await self._entry(check_id)).body)
        result = next((r for r in body["results"] if r["ref"] == ref), None)
        if result is None:
            raise Unknown(f"核查中没有投标 {ref}", f"the check has no bid {ref}")
        if result["verdict"] != "review":
            raise Conflict(
                f"投标 {ref} 的结论不是“请人工认定”", f"bid {ref} was not left to review", verdict=result["verdict"]
            )
        told = {"check": check_id, "ref": ref, "decision": decision, "by": by, "reason": reason}
        data = {
            "id": "dec_" + secrets.token_hex(12),
            **told,
            "decided_at": self._clock.now().isoformat(),
            "key": caller.id,
        }

        async def work(unit: WriteUnit) -> Entry:
            for held in await self._evidence.reader.of_subject(check_id):
                if held.kind == "decision" and told.items() <= orjson.loads(held.body).items():
                    return held
            entry = seal(
                data,
                kind="decision",
                subject=check_id,
                head=await unit.evidence.head(),
                tick=unit.tick,
                signer=self._evidence.signer,
            )
            await unit.evidence.append(entry)
            unit.announce("check.decided", check_id, ())
            return entry

        entry = await self._evidence.writes.write(work)
        return {**orjson.loads(entry.body), "proof": proof(entry)}

    async def certificate(self, check_id: str) -> dict[str, Any]:
        """Return what ``credit verify`` checks offline: the kept body, its proof, the decisions on it.

        Raises: Unknown.
        """
        entry = await self._entry(check_id)
        return {"check": orjson.loads(entry.body), "proof": proof(entry), "decisions": await self._decisions(check_id)}

    # ---------------------------------------------------------------- rules and sources

    def rules(self) -> dict[str, Any]:
        """Return the catalogue in force, with sources and marks."""
        return {**self._version(), **{k: v for k, v in self._rules.catalogue.plain.items() if k != "version"}}

    def rule(self, rule_id: str) -> dict[str, Any]:
        """Return one row with the titles of what it cites.

        Raises: Unknown.
        """
        catalogue = self._rules.catalogue
        row = catalogue.rule(rule_id)
        sources = {
            c.instrument: catalogue.instruments[c.instrument].model_dump(mode="json", by_alias=True)
            for c in row.citations
        }
        plain = row.model_dump(mode="json", by_alias=True)
        return {
            **plain,
            "effect": row.effect.value,
            "reason": catalogue.reason(row).model_dump(),
            "instruments": sources,
        }


async def _evaluated(facts: Facts, rules: Rules, question: Question) -> Answer:
    much = sum(1 + len(dossier.records) for dossier in facts.dossiers.values()) > _AT_ONCE
    return await asyncio.to_thread(evaluate, facts, rules, question) if much else evaluate(facts, rules, question)


def _brief(result: Result) -> dict[str, Any]:
    return {
        "verdict": result.verdict.value,
        "until": result.until.isoformat() if result.until else None,
        "findings": to_plain(result.findings),
    }


def _reply(entry: Entry, annotations: list[dict[str, Any]], decisions: list[dict[str, Any]]) -> dict[str, Any]:
    return {**orjson.loads(entry.body), "annotations": annotations, "decisions": decisions, "proof": proof(entry)}


def presentable(question: Question) -> Question:
    """The question without what must not be kept: an identity number given where an id belongs, or within a name."""

    def member(given: Member) -> Member:
        return replace(given, id=_presentable_id(given.id), name=given.name and redact(given.name))

    services = tuple(replace(s, party=_presentable_id(s.party)) for s in question.activity.prior_services)
    return replace(
        question,
        activity=replace(question.activity, prior_services=services),
        bids=tuple(replace(b, members=tuple(member(m) for m in b.members)) for b in question.bids),
    )


def _presentable_id(name: str) -> str:
    """An id as it is; what is none with the identity numbers in it masked."""
    try:
        parse(name)
    except IdentifierInvalid:
        return redact(name)
    return name


def _kept_question(question: Question, answer: Answer) -> dict[str, Any]:
    """The question as kept: persons by opaque id and masked name, with whether the name given differed."""
    differed = {(r.ref, f.member) for r in answer.results for f in r.findings if f.rule == "PARTY-NAME-DIFFERS"}
    bids = tuple(
        replace(b, members=tuple(_masked(m, differs=(b.ref, m.id) in differed) for m in b.members))
        for b in question.bids
    )
    return to_plain(replace(question, bids=bids))


def _masked(member: Member, *, differs: bool) -> Member:
    if not member.id.startswith("person:") or member.name is None:
        return member
    return Member(member.id, mask_name(member.name), differs)


async def _unmoved(unit: WriteUnit, facts: Facts, project_no: str | None) -> None:
    """Make sure that what was read is what stands at the check's place in the order of writes.

    Raises: _MovedError, upon which the facts are gathered again.
    """
    read = {**{party: dossier.revision for party, dossier in facts.dossiers.items()}, **facts.folded}
    now = await unit.evidence.revisions(tuple(read), project_no)
    if any(now.get(party, 0) != revision for party, revision in read.items()):
        raise _MovedError
    if max(now.get("sources", 0), now.get("project", 0)) > facts.known:
        raise _MovedError


def _changed(then: Sequence[Result], now: Sequence[Result]) -> list[dict[str, Any]]:
    changed: list[dict[str, Any]] = []
    for old, new in zip(then, now, strict=True):
        if old.verdict is not new.verdict:
            before = {r for f in old.findings for r in f.records}
            after = {r for f in new.findings for r in f.records}
            records: list[RecordId] = sorted(before ^ after) or sorted(before | after)
            changed.append({"ref": old.ref, "from": old.verdict.value, "to": new.verdict.value, "records": records})
    return changed
