"""``/healthz``, ``/readyz``, ``/metrics``, ``/v1/keys``: what operators and verifiers ask for."""

import base64
from ipaddress import ip_address
from typing import Final

from fastapi import APIRouter, Request, Response

from credit.api.deps import Served
from credit.api.metrics import Metrics
from credit.api.routes import Route
from credit.api.schemas.replies import HealthOut, KeyOut, KeysOut, LateSourceOut, ReadyOut
from credit.errors import Denied, StoreUnavailable
from credit.lists import Lists

SPARED: Final = frozenset({"cache"})
"""What may be missing: a process that lacks it still serves, and a proxy must not take it out."""
ONLY: Final = "only"
"""What a proxy asks with, ``only=process``: whether this process may be sent requests, which one that ends denies."""

router = APIRouter(route_class=Route, tags=["operations"])


@router.get("/healthz", summary="进程存活 · alive")
async def get_health() -> HealthOut:
    """Say that the process lives."""
    return HealthOut(status="ok")


@router.get("/readyz", summary="可以服务 · ready")
async def get_ready(request: Request, services: Served) -> ReadyOut:
    """Say whether graph and cache answer and the schema is current; without the cache answers are slower, no worse.

    A required list that is late is named and makes no process unready: all would be, and others are no fresher.
    """
    alone = request.query_params.get(ONLY) == "process"
    checks = dict[str, bool]() if alone else await services.ready()
    failed = [name for name, good in checks.items() if not good and name not in SPARED]
    if failed:
        raise StoreUnavailable(f"尚未就绪：{'、'.join(failed)}。", f"Not ready: {', '.join(failed)}")
    return ReadyOut(status="ready", checks=dict(checks), late_sources=None if alone else await _late(services.lists))


@router.get(
    "/metrics",
    summary="Prometheus 指标 · metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
async def get_metrics(request: Request, services: Served) -> Response:
    """Show what is counted; to callers on this machine alone, unless configured otherwise."""
    if not services.settings.metrics_public and not is_local(request):
        raise Denied("仅限本机访问。", "To be read from this machine alone, unless CREDIT_METRICS_PUBLIC is set")
    metrics: Metrics = request.app.state.metrics
    lists = services.lists
    metrics.tell_sources(await lists.standing(ask=False), await lists.others())
    return Response(metrics.text(), media_type="text/plain; version=0.0.4")


@router.get("/v1/keys", summary="签名公钥 · public keys")
async def get_keys(services: Served) -> KeysOut:
    """Show every public key that kept checks are signed with."""
    keys = services.signer.public_keys()
    return KeysOut(
        items=tuple(
            KeyOut(key_id=key_id, algorithm="Ed25519", public_key=base64.b64encode(raw).decode())
            for key_id, raw in keys.items()
        )
    )


async def _late(lists: Lists) -> tuple[LateSourceOut, ...] | None:
    """Name the required lists that are late; None where that cannot be told, which is no reason to be unready."""
    try:
        return tuple(LateSourceOut.of(one) for one in await lists.standing(ask=True) if one.late)
    except StoreUnavailable:
        return None


def is_local(request: Request) -> bool:
    """Tell whether a request came from this machine, and not through a proxy on it."""
    if request.client is None or {"x-forwarded-for", "forwarded", "x-real-ip"} & set(request.headers):
        return False
    try:
        return ip_address(request.client.host).is_loopback
    except ValueError:
        return False
