"""``/v1/rules``: the catalogue in force, with its sources and marks."""

from typing import Any

from fastapi import APIRouter

from credit.api.deps import Ask, IdPath
from credit.api.replies import Json
from credit.api.routes import Route, allows

router = APIRouter(route_class=Route, tags=["rules"])


@router.get("/v1/rules", summary="规则目录 · the catalogue", response_model=dict[str, Any], openapi_extra=allows())
async def get_rules(ask: Ask) -> Json:
    """Show the catalogue with version and digest."""
    return Json(ask.services.eligibility.rules())


@router.get("/v1/rules/{rule}", summary="规则 · a rule", response_model=dict[str, Any], openapi_extra=allows())
async def get_rule(ask: Ask, rule: IdPath) -> Json:
    """Show one rule with its source."""
    return Json(ask.services.eligibility.rule(rule))
