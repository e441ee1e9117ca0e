"""`credit rules`: the catalogue by itself, without a registry."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from credit.cli.frame import EXIT_BAD, Explained, JsonOption, make_app, screen, settings_of
from credit.rules.catalogue import Catalogue, rule_file_problems
from credit.rules.rows import Rule

app = make_app("规则目录 / The rule catalogue")

FileOption = Annotated[
    Path | None,
    typer.Option(
        "--file",
        metavar="FILE",
        help="叠加的规则文件（默认 CREDIT_RULES） / Rule file laid over the catalogue (default: CREDIT_RULES)",
        show_default=False,
    ),
]


@app.command("list", cls=Explained)
def list_rules(file: FileOption = None) -> None:
    """列出全部规则 / List all rules."""
    catalogue = _catalogue(file)
    table = Table(title=f"{catalogue.version} {catalogue.digest}", title_justify="left")
    for heading in ("编号 Id", "名称 Title", "", "级别 Class", "领域 Domains", "标记 Mark"):
        table.add_column(heading, overflow="fold")
    for rule in catalogue.rules:
        domains = " ".join(rule.domains)
        table.add_row(rule.id, rule.title.zh, rule.title.en, rule.class_, domains, rule.mark)
    screen().print(table)


@app.command("show", cls=Explained)
def show_rule(
    rule_id: Annotated[str, typer.Argument(metavar="ID", help="规则编号，如 GP-BAN / Id of a rule, as GP-BAN")],
    file: FileOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """显示一条规则及其法律依据 / Show a rule with its source of law."""
    catalogue = _catalogue(file)
    rule = catalogue.rule(rule_id.upper())
    if as_json:
        typer.echo(rule.model_dump_json(by_alias=True, exclude_defaults=True, indent=2))
        return
    for line in _lines(catalogue, rule):
        typer.echo(line)


@app.command("check", cls=Explained)
def check_rules(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="规则文件（TOML） / Rule file (TOML)")],
) -> None:
    """检查规则文件：无误则退出码 0，有误则 1 / Say what is wrong in a rule file: exit code 0 nothing, 1 something."""
    problems = rule_file_problems(file)
    for row, zh, en in problems:
        typer.echo(f"{row}: {zh} · {en}")
    if problems:
        raise typer.Exit(EXIT_BAD)
    typer.echo("规则文件无误 · nothing is wrong in the rule file")


def _lines(catalogue: Catalogue, rule: Rule) -> Iterator[str]:
    words = catalogue.reason(rule)
    yield f"{rule.id}  {rule.title.zh} · {rule.title.en}"
    yield f"级别 class      {rule.class_} → {rule.effect}"
    yield f"标记 mark       {rule.mark}" + ("" if rule.may_restrict else "  （不得据以限制 · cannot restrict）")
    facts = (rule.trigger, rule.variant, *rule.lists, *rule.kinds, *rule.scopes)
    yield f"事实 trigger    {' '.join(filter(None, facts))}"
    yield f"领域 domains    {' '.join(rule.domains)}"
    yield f"角色 roles      {' '.join(rule.roles)}"
    yield f"施行 in force   {rule.from_ or '—'} … {rule.until or '—'}"
    if rule.region:
        yield f"地区 region     {rule.region}"
    if rule.question:
        yield f"疑点 question   {rule.question}"
    for cite in rule.citations:
        instrument = catalogue.instruments[cite.instrument]
        yield f"依据 source     {catalogue.title(cite.instrument)} {cite.article}".rstrip()
        yield f"                {instrument.en} [{instrument.mark}]"
    yield f"理由 reason     {words.zh}"
    yield f"                {words.en}"


def _catalogue(file: Path | None) -> Catalogue:
    return Catalogue.load(file or settings_of().rules)
