"""Parties, relations and records of ours as FollowTheMoney entities, one JSON object a line.

The form is that of ``followthemoney`` 4: ``{"id", "schema", "properties": {name: [texts]}}``. Ids take letters, digits,
dots and hyphens alone, so that ``foreign:GB:coh:1`` is written ``foreign.GB.coh.1``, and an id with other signs as a
digest. Natural persons have masked names unless ``persons`` is set, and never a number; records that were annulled,
repaired or entered by mistake stay here. Law: 个人信息保护法 6; DOMAIN §5.4, §6.6.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from hashlib import blake2b
from typing import Final, TextIO

from credit.identifiers import IdKind, mask_name, parse, redact
from credit.model.party import Party, PartyKind, PartyStatus, Relation, RelationKind
from credit.model.record import EventKind, Listing, Penalty, Record
from credit.model.when import When

Entity = Mapping[str, object]

_ENTITY_ID: Final = re.compile(r"[0-9A-Za-z](?:[0-9A-Za-z.-]*[0-9A-Za-z])?")
_URL: Final = re.compile(r"https?://[^\s/]+\.[^\s/]+(?:/\S*)?")
_WITHDRAWN: Final = frozenset({EventKind.ANNULLED, EventKind.REPAIRED, EventKind.ENTERED_IN_ERROR})
_ENDED: Final = {
    EventKind.SUSPENDED: "Suspended 停止执行",
    EventKind.RESUMED: "Active 恢复执行",
    EventKind.LIFTED: "Inactive 已解除",
    EventKind.REMOVED: "Inactive 已移出",
}
_STATUSES: Final = {
    PartyStatus.ACTIVE: "存续 active",
    PartyStatus.REVOKED: "吊销 revoked",
    PartyStatus.DEREGISTERED: "注销 deregistered",
}
_ENDS: Final = {
    RelationKind.SHAREHOLDER: ("Ownership", "owner", "asset"),
    RelationKind.CONTROLS: ("UnknownLink", "subject", "object"),
    RelationKind.UNIT_LEADER: ("Directorship", "director", "organization"),
    RelationKind.MANAGES: ("Directorship", "director", "organization"),
    RelationKind.BRANCH_OF: ("UnknownLink", "subject", "object"),
    RelationKind.SUCCESSOR_OF: ("Succession", "successor", "predecessor"),
    RelationKind.RENAMED_FROM: ("UnknownLink", "subject", "object"),
}


def entities(
    parties: Iterable[Party], relations: Iterable[Relation], records: Iterable[Record], *, persons: bool = False
) -> Iterator[Entity]:
    """Yield an entity for each party, relation and record that may leave, in the order given."""
    for party in parties:
        yield party_entity(party, persons=persons)
    for relation in relations:
        yield relation_entity(relation)
    for record in records:
        if not any(event.kind in _WITHDRAWN for event in record.events):
            yield sanction_entity(record)


def write_entities(out: TextIO, told: Iterable[Entity]) -> int:
    """Write entities one a line as they come, and return how many."""
    written = 0
    for entity in told:
        out.write(json.dumps(entity, ensure_ascii=False, separators=(",", ":")) + "\n")
        written += 1
    return written


def entity_id(ours: str) -> str:
    """Return the entity id that stands for an id of ours.

    >>> entity_id("foreign:GB:coh:06292597"), entity_id("pen_0a1b"), entity_id("foreign:MX:rfc:a/b")[:2]
    ('foreign.GB.coh.06292597', 'pen-0a1b', 'x-')
    """
    plain = ours.replace(":", ".").replace("_", "-")
    if _ENTITY_ID.fullmatch(plain):
        return plain
    return "x-" + blake2b(ours.encode(), digest_size=12).hexdigest()


def party_entity(party: Party, *, persons: bool = False) -> Entity:
    """Make the entity of a party."""
    if party.kind is PartyKind.PERSON:
        name = redact(party.name) if persons else mask_name(party.name)
        return _entity(party.id, "Person", {"name": [name]})
    identifier = parse(party.id)
    number = identifier.value.rpartition(":")[2]
    in_china = identifier.kind not in {IdKind.FOREIGN, IdKind.LEI}
    country = "cn" if in_china else identifier.value[:2].lower() if identifier.kind is IdKind.FOREIGN else None
    return _entity(
        party.id,
        _schema(party, identifier.value),
        {
            "name": [redact(party.name)],
            "previousName": [redact(n) for n in party.former_names],
            "uscCode": [number] if identifier.kind is IdKind.CREDIT_CODE else [],
            "leiCode": [number] if identifier.kind is IdKind.LEI else [],
            "registrationNumber": [] if identifier.kind is IdKind.LEI else [number],
            "jurisdiction": [country] if country else [],
            "status": [_STATUSES[party.status]],
            "legalForm": ["个体工商户"] if party.kind is PartyKind.INDIVIDUAL_BUSINESS else [],
            "incorporationDate": [party.established_on.isoformat()] if party.established_on else [],
            "address": [redact(c.value) for c in party.contacts if c.kind == "address"],
        },
    )


def relation_entity(relation: Relation) -> Entity:
    """Make the entity that joins two parties."""
    schema, source, target = _ENDS[relation.kind]
    until = relation.ends_on()
    return _entity(
        relation.id,
        schema,
        {
            source: [entity_id(relation.source)],
            target: [entity_id(relation.target)],
            "role": [relation.kind.value],
            "percentage": [_percent(relation.share)] if relation.share is not None else [],
            "startDate": [relation.since.isoformat()] if relation.since else [],
            "endDate": [until.isoformat()] if until else [],
        },
    )


def sanction_entity(record: Record) -> Entity:
    """Make the entity of a penalty or of an entry on a list."""
    content = record.content
    told = _of_penalty(content) if isinstance(content, Penalty) else _of_listing(content)
    last = [text for event in record.events if (text := _ENDED.get(event.kind))]
    url = record.source.url or ""
    return _entity(
        record.id,
        "Sanction",
        {
            "entity": [entity_id(record.party)],
            **told,
            "status": last[-1:],
            "publisher": [record.source.name],
            "sourceUrl": [url] if _URL.fullmatch(url) else [],
        },
    )


def _of_penalty(penalty: Penalty) -> dict[str, list[str]]:
    start = penalty.ban.from_ if penalty.ban and penalty.ban.from_ else None
    until = penalty.ban.until if penalty.ban else None
    sums = [f"罚款 {penalty.fine} 元"] if penalty.fine is not None else []
    sums += [f"没收 {penalty.confiscated} 元"] if penalty.confiscated is not None else []
    return {
        "authority": [penalty.authority.name],
        "program": ["行政处罚 administrative penalty"],
        "provisions": [redact(text) for text in penalty.legal_basis],
        "reason": [redact(penalty.violation)] if penalty.violation else [],
        "summary": ["；".join([*(k.value for k in penalty.kinds), *sums])],
        "recordId": [penalty.doc_no],
        "listingDate": _days(penalty.published_on or When(penalty.decided_on)),
        "startDate": _days(start or When(penalty.decided_on)),
        "endDate": [until.isoformat()] if until else [],
    }


def _of_listing(listing: Listing) -> dict[str, list[str]]:
    basis = listing.basis
    return {
        "authority": [listing.authority.name] if listing.authority else [],
        "program": [listing.list],
        "provisions": [f"{basis.instrument} {basis.article or ''}".strip()] if basis else [],
        "reason": [redact(listing.ground)] if listing.ground else [],
        "recordId": [listing.doc_no] if listing.doc_no else [],
        "listingDate": _days(listing.published_on or When(listing.listed_on)),
        "startDate": [listing.listed_on.isoformat()],
        "endDate": [listing.until.isoformat()] if listing.until else [],
    }


def _schema(party: Party, value: str) -> str:
    """Tell public bodies (11, 12) and associations by the credit code; the others are companies, which can be owned."""
    if parse(party.id).kind is not IdKind.CREDIT_CODE or value.startswith("9"):
        return "Company"
    return "PublicBody" if value.startswith("1") else "Organization"


def _entity(ours: str, schema: str, properties: Mapping[str, list[str]]) -> Entity:
    held = {name: values for name, values in properties.items() if values and all(values)}
    caption = held["name"][0] if "name" in held else schema
    return {"id": entity_id(ours), "caption": caption, "schema": schema, "properties": held}


def _days(when: When) -> list[str]:
    return [when.day.isoformat()]


def _percent(share: Decimal) -> str:
    return format((share * 100).normalize(), "f")
