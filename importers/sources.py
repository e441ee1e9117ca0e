"""The sources that are offered, by their ids."""

from collections.abc import Callable, Mapping
from typing import Final

from credit.errors import Unknown
from importers import (
    bods,
    ccgp_list,
    company_register,
    complaint_ledger,
    complaint_notices,
    court_list,
    creditchina_page,
    debarments,
    double_publicity,
    double_publicity_licences,
    followthemoney,
    ggzy_notices,
    ocds,
    published_lists,
    supervision_results,
    us_exclusions,
)
from importers.source import Importer

SOURCES: Final[Mapping[str, Callable[[], Importer]]] = {
    "company_register": company_register.importer,
    "double_publicity": double_publicity.importer,
    "double_publicity_licences": double_publicity_licences.importer,
    "court_list": court_list.importer,
    "ccgp_list": ccgp_list.importer,
    "creditchina_page": creditchina_page.importer,
    "tax_violations": published_lists.tax_violations,
    "serious_violations": published_lists.serious_violations,
    "abnormal_operations": published_lists.abnormal_operations,
    "wage_arrears": published_lists.wage_arrears,
    "safety_list": published_lists.safety_list,
    "ggzy_notices": ggzy_notices.importer,
    "supervision_results": supervision_results.importer,
    "complaint_ledger": complaint_ledger.importer,
    "complaint_notices": complaint_notices.importer,
    "ocds": ocds.importer,
    "bods": bods.importer,
    "followthemoney": followthemoney.importer,
    "worldbank": debarments.worldbank,
    "idb": debarments.idb,
    "ebrd": debarments.ebrd,
    "adb": debarments.adb,
    "afdb": debarments.afdb,
    "us_exclusions": us_exclusions.importer,
}
"""The importers by the id of their source."""


def importer_of(source: str) -> Importer:
    """Return the importer of a source.

    Raises: Unknown.
    """
    if source not in SOURCES:
        known = "、".join(SOURCES)
        raise Unknown(
            f"没有来源“{source}”，可用：{known}", f"there is no source {source!r}; there are {', '.join(SOURCES)}"
        )
    return SOURCES[source]()
