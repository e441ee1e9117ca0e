"""`credit keys`: API callers made, listed, rotated, revoked; the keys that evidence is signed with."""

import asyncio
import base64
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from credit.callers import CallerStatement
from credit.cli.checking import as_json, instant
from credit.cli.frame import DataOption, Explained, make_app, say, screen, settings_of
from credit.cli.secret import passphrase, read_file
from credit.errors import FieldInvalid
from credit.identifiers import parse
from credit.keys import public_keys, rotate_signing_key
from credit.keys.bundle import Keys, save
from credit.model.caller import Caller, Scope
from credit.model.party import PartyId
from credit.model.record import Authority, Level
from credit.settings import Settings
from credit.wiring import open_services

app = make_app("API 密钥与签名密钥 / API keys and signing keys")
IdArgument = Annotated[str, typer.Argument(metavar="ID", help="调用方编号（见 credit keys list） / Id of the caller")]

BundleArgument = Annotated[Path, typer.Argument(metavar="FILE", help="密钥文件 / File of the keys")]
PassphraseOption = Annotated[
    Path | None,
    typer.Option("--passphrase-file", metavar="FILE", help="存放口令的文件 / File with the passphrase"),
]


@app.command("make", cls=Explained)
def make_key(  # noqa: PLR0913 - one option for each thing that a key is bound by
    name: Annotated[str, typer.Argument(metavar="NAME", help="调用方名称 / Name of the caller")],
    *,
    scope: Annotated[list[Scope], typer.Option("--scope", help="权限，可重复 / Scope, may be repeated")],
    authority: Annotated[
        str | None, typer.Option("--authority", help="绑定的机关名称 / Name of the authority it is bound to")
    ] = None,
    authority_id: Annotated[str | None, typer.Option("--authority-id", help="机关的代码 / Id of the authority")] = None,
    region: Annotated[str | None, typer.Option("--region", help="机关的地区代码 / Region of the authority")] = None,
    level: Annotated[Level | None, typer.Option("--level", help="机关的层级 / Level of the authority")] = None,
    party: Annotated[str | None, typer.Option("--party", help="绑定的主体 / Party it is bound to")] = None,
    expires: Annotated[
        str | None, typer.Option("--expires", help="到期日或时刻 / Day or instant it expires at")
    ] = None,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="每分钟调用次数 / Calls a minute")] = None,
    data: DataOption = None,
) -> None:
    """新建密钥；密钥仅显示这一次 / Make a key, which is shown this once."""
    if authority is None and (authority_id or region or level):
        raise FieldInvalid("请用 --authority 写明机关名称。", "Name the authority by --authority")
    statement = CallerStatement(
        name=name,
        scopes=frozenset(scope),
        authority=Authority(authority, authority_id, region, level) if authority else None,
        party=PartyId(parse(party).id) if party else None,
        limit=limit,
        expires_at=instant(expires, "--expires") if expires else None,
    )
    caller, key = asyncio.run(_make(settings_of(data), statement))
    say(f"已新建调用方 {caller.id}，请妥善保存密钥", f"made the caller {caller.id}; keep its key safe")
    typer.echo(key)


@app.command("list", cls=Explained)
def list_keys(data: DataOption = None) -> None:
    """列出调用方 / List callers."""
    table = Table()
    for heading in (
        "编号 Id",
        "名称 Name",
        "权限 Scopes",
        "绑定 Bound to",
        "限额 Limit",
        "到期 Expires",
        "撤销 Revoked",
    ):
        table.add_column(heading, overflow="fold")
    for caller in asyncio.run(_all(settings_of(data))):
        bound = caller.authority.name if caller.authority else caller.party or ""
        scopes = " ".join(scope for scope in Scope if caller.has(scope))
        limit = str(caller.limit) if caller.limit else ""
        table.add_row(caller.id, caller.name, scopes, bound, limit, _at(caller.expires_at), _at(caller.revoked_at))
    screen().print(table)


@app.command("rotate", cls=Explained)
def rotate_key(
    caller_id: IdArgument,
    overlap: Annotated[
        int, typer.Option("--overlap", min=0, help="旧密钥保留的秒数 / Seconds the old key lives on")
    ] = 0,
    data: DataOption = None,
) -> None:
    """更换密钥；新密钥仅显示这一次 / Give a caller a new key, which is shown this once."""
    typer.echo(asyncio.run(_rotate(settings_of(data), caller_id, timedelta(seconds=overlap))))


@app.command("revoke", cls=Explained)
def revoke_key(caller_id: IdArgument, data: DataOption = None) -> None:
    """立即撤销密钥 / Revoke a caller's keys at once."""
    caller = asyncio.run(_revoke(settings_of(data), caller_id))
    say(f"已撤销 {caller.name}", f"revoked {caller.name}")


@app.command("public", cls=Explained)
def show_public_keys(data: DataOption = None) -> None:
    """输出证据签名的公钥（与 GET /v1/keys 相同） / Print the public keys that evidence verifies with."""
    items = [
        {"key_id": key_id, "algorithm": "Ed25519", "public_key": base64.b64encode(raw).decode()}
        for key_id, raw in public_keys(settings_of(data).data).items()
    ]
    typer.echo(as_json({"items": items}))


@app.command("rotate-signing", cls=Explained)
def rotate_signing(data: DataOption = None) -> None:
    """更换证据签名密钥，旧公钥保留；重启 API 后生效 / Make a new signing key; running APIs use it once restarted."""
    key_id = rotate_signing_key(settings_of(data).data)
    say(f"新的签名密钥 {key_id}，请重启 API", f"the new signing key is {key_id}; restart the API")


@app.command("export", cls=Explained)
def export_keys(file: BundleArgument, passphrase_file: PassphraseOption = None, data: DataOption = None) -> None:
    """导出签名密钥与摘要密钥，以口令加密 / Export the signing keys and the hash key behind a passphrase.

    口令取自 --passphrase-file、环境变量 CREDIT_KEYS_PASSPHRASE 或终端输入。请与备份分开保管 /
    The passphrase comes from that file, that variable, or the terminal. Keep the file apart from backups.
    """
    keys = Keys.of(settings_of(data).data)
    save(file, keys.seal(passphrase(passphrase_file, twice=True)))
    say(f"已导出签名密钥 {keys.signing}", f"exported {keys.signing}, {len(keys.retired)} retired ones, the hash key")


@app.command("import", cls=Explained)
def import_keys(file: BundleArgument, passphrase_file: PassphraseOption = None, data: DataOption = None) -> None:
    """导入密钥；不覆盖已有的其他密钥 / Import keys; others that are there are never written over.

    须在该数据目录首次启动之前导入 / Import them before the first start in that data directory.
    """
    keys = Keys.unseal(read_file(file), passphrase(passphrase_file, twice=False))
    if keys.put(settings_of(data).data):
        say(f"已导入签名密钥 {keys.signing}，请重启 API", f"imported {keys.signing}; restart the API")
    else:
        say("密钥已在目录中", "the keys are there already")


async def _make(settings: Settings, statement: CallerStatement) -> tuple[Caller, str]:
    async with open_services(settings) as services:
        return await services.gate.make(statement)


async def _all(settings: Settings) -> list[Caller]:
    async with open_services(settings) as services:
        return list(await services.gate.all())


async def _rotate(settings: Settings, caller_id: str, overlap: timedelta) -> str:
    async with open_services(settings) as services:
        _, key = await services.gate.rotate(caller_id, overlap=overlap)
        return key


async def _revoke(settings: Settings, caller_id: str) -> Caller:
    async with open_services(settings) as services:
        return await services.gate.revoke(caller_id)


def _at(value: object) -> str:
    return "" if value is None else str(value)
