"""From a row that bit to a finding with its reason: the one place where an effect is decided.

A row that may not restrict, or a fact with a doubt on it, ends in ``review`` here and nowhere else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from credit.model.record import RecordId
from credit.model.verdict import Effect, Finding, Reason, Step
from credit.rules.catalogue import PLACEHOLDERS, Catalogue
from credit.rules.rows import Doubt, Rule, RuleClass

Values = Mapping[str, str | Reason]


@dataclass(frozen=True, slots=True)
class Bite:
    """A row joined to a fact: what its reason names (``values``), and what stands against certainty (``doubts``)."""

    rule: Rule
    values: Values
    records: tuple[RecordId, ...] = ()
    until: date | None = None
    doubts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    path: tuple[Step, ...] = ()
    question: str | None = None

    def doubted(self, *doubts: str | None) -> "Bite":
        """The same with more doubts."""
        new = [d for d in doubts if d and d not in self.doubts]
        return replace(self, doubts=(*self.doubts, *dict.fromkeys(new))) if new else self


def effect_of(bite: Bite) -> Effect:
    """What the bite does: a restriction with a doubt is only a review, and so is a flag on an identity not fixed."""
    effect = bite.rule.effect
    doubted = bite.doubts if effect is Effect.RESTRICT else "identity" in bite.doubts and effect is Effect.FLAG
    return Effect.REVIEW if doubted else effect


def finding(rules: Catalogue, bite: Bite, member: str | None, day: date) -> Finding | None:
    """Word a bite by the law of the activity's day; None for a mere flag that a doubt hides (a repaired record)."""
    cited = rules.cite(bite.rule.citations, day)
    if bite.rule.class_ is RuleClass.MUST and not (cited and bite.rule.may_restrict):
        bite = bite.doubted("unsourced")
    effect = effect_of(bite)
    doubts = list({id(row): row for row in map(rules.doubt, bite.doubts)}.values())
    if bite.rule.effect is Effect.FLAG and any(d.hides_flag for d in doubts):
        return None
    questions = [d.question for d in doubts if d.question]
    own = bite.question or bite.rule.question
    question = questions[0] if questions and effect is not bite.rule.effect else own or next(iter(questions), None)
    cites = dict.fromkeys((*cited, *(c for d in doubts for c in rules.cite(d.citations, day))))
    return Finding(
        bite.rule.id,
        effect,
        _reason(rules, bite, doubts, effect),
        member,
        bite.records,
        bite.path,
        bite.until if effect is Effect.RESTRICT else None,
        question,
        tuple(cites),
    )


def _reason(rules: Catalogue, bite: Bite, doubts: Sequence[Doubt], effect: Effect) -> Reason:
    """The row's words with its notes; where doubts stand against them, they come first."""
    words = rules.reason(bite.rule)
    zh, en = fill(words.zh, bite.values, "zh"), fill(words.en, bite.values, "en")
    if doubts:
        why_zh = "; ".join(fill(d.words.zh, bite.values, "zh") for d in doubts)
        why_en = "; ".join(fill(d.words.en, bite.values, "en") for d in doubts)
        if effect is Effect.REVIEW:
            zh, en = f"请人工认定({why_zh})。如疑点不成立: {zh}", f"For a person to decide ({why_en}). If not so: {en}"
        else:
            zh, en = f"{zh}({why_zh})", f"{en} ({why_en})"
    notes = [rules.notes[n] for n in bite.notes]
    return Reason(
        zh + "".join(f"({fill(n.zh, bite.values, 'zh')})" for n in notes),
        en + "".join(f" ({fill(n.en, bite.values, 'en')})" for n in notes),
    )


def fill(template: str, values: Values, language: str) -> str:
    """Put values into a template; what was not given is a dash, never a gap that reads as something."""
    texts = dict.fromkeys(PLACEHOLDERS, "—")
    for key, value in values.items():
        text = getattr(value, language) if isinstance(value, Reason) else value
        if text:
            texts[key] = text
    return template.format_map(texts)
