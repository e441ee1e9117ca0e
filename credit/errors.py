"""Every error the registry raises on purpose.

CreditError
├── Refusal                     a statement that the registry does not take
│   ├── Malformed               what was sent is not of the form            (FieldInvalid)
│   │   └── IdentifierInvalid   a check digit or the form of an identifier is wrong
│   ├── Denied                  the key lacks the right
│   │   └── NotYourAuthority    the body's authority is not the key's
│   ├── Unknown                 what is named is not held
│   │   └── PartyUnknown        the party is not registered
│   └── Conflict                another body under the same natural key
│       ├── IdentityConflict    the same identity number under another name
│       ├── KindsDiffer         of a merge: a natural person is no organisation
│       ├── CreditCodesDiffer   of a merge: two credit codes, not both of them named
│       ├── MergeUndone         of an undoing: the merge was undone before, for another reason
│       ├── CaseAwaitsFeedback  a transfer of the case is unanswered
│       ├── CaseHasOpenOrder    an order in the case is still to be carried out
│       ├── MatterClosed        what has ended takes no such event, what is open needs no reopening
│       ├── NotAParticipant     of an evaluation: it had no such part in the project
│       ├── RecordOnDisplay     a site may still show it: neither repaired, annulled nor removed
│       ├── NumberAmbiguous     a number that more than one authority gave
│       └── IdempotencyKeyReused
├── Unauthenticated         no key, or none that is known
├── TooLarge                more than one call may carry
├── TooMany                 the key's rate limit is used up
├── TooSlow                 the caller did not send a body in time
├── CatalogueInvalid        the rule file is wrong
├── SettingInvalid          an environment variable is not of its form
├── LayoutDrift             a file's shape is not its source's layout
├── EvidenceBroken          a kept check or a certificate does not verify
└── Unavailable             a backend cannot serve now
    ├── StoreUnavailable    the graph does not answer
    ├── StorageFull         the graph has no room to write
    ├── Overloaded          more is asked of this process than it can answer
    ├── Draining            the process was asked to end: requests are to go elsewhere
    ├── KeyFileUnusable     a key file is damaged, or others may read it
    └── WriteContended      the graph refused a write too often

Each carries a stable ``code`` and a message in Chinese (``zh``) and English (``en``); never an HTTP status, never an
identity number.
"""

from typing import ClassVar


class CreditError(Exception):
    """The root: says what is wrong, which thing, and what to do."""

    code: ClassVar[str] = "error"

    def __init__(self, zh: str, en: str = "", *, pointer: str = "", **fields: object) -> None:
        self.zh = zh
        self.en = en or zh
        self.pointer = pointer
        self.fields = fields
        super().__init__(zh if not en else f"{zh} {en}")


class Refusal(CreditError):
    code = "refused"


class Malformed(Refusal):
    code = "malformed"


class FieldInvalid(Malformed):
    code = "field_invalid"


class IdentifierInvalid(Malformed):
    code = "identifier_invalid"


class Unauthenticated(CreditError):
    code = "unauthenticated"


class Denied(Refusal):
    code = "scope_missing"


class NotYourAuthority(Denied):
    code = "not_your_authority"


class Unknown(Refusal):
    code = "not_found"


class PartyUnknown(Unknown):
    code = "party_unknown"


class Conflict(Refusal):
    code = "conflict"


class IdentityConflict(Conflict):
    code = "identity_conflict"


class KindsDiffer(Conflict):
    code = "kinds_differ"


class CreditCodesDiffer(Conflict):
    code = "credit_codes_differ"


class MergeUndone(Conflict):
    code = "merge_undone"


class CaseAwaitsFeedback(Conflict):
    code = "case_awaits_feedback"


class CaseHasOpenOrder(Conflict):
    code = "case_has_open_order"


class MatterClosed(Conflict):
    code = "matter_closed"


class NotAParticipant(Conflict):
    code = "not_a_participant"


class RecordOnDisplay(Conflict):
    code = "record_on_display"


class NumberAmbiguous(Conflict):
    code = "number_ambiguous"


class IdempotencyKeyReused(Conflict):
    code = "idempotency_key_reused"


class TooLarge(CreditError):
    code = "too_large"


class TooMany(CreditError):
    code = "rate_limited"


class TooSlow(CreditError):
    code = "too_slow"


class CatalogueInvalid(CreditError):
    code = "catalogue_invalid"


class SettingInvalid(CreditError):
    code = "setting_invalid"


class LayoutDrift(CreditError):
    code = "layout_drift"


class EvidenceBroken(CreditError):
    code = "evidence_broken"


class Unavailable(CreditError):
    code = "unavailable"


class StoreUnavailable(Unavailable):
    code = "store_unavailable"


class StorageFull(Unavailable):
    code = "storage_full"


class Overloaded(Unavailable):
    code = "overloaded"


class Draining(Unavailable):
    code = "draining"


class KeyFileUnusable(Unavailable):
    code = "key_file_unusable"


class WriteContended(Unavailable):
    code = "write_contended"
