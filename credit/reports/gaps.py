"""What a report does not know: places that tell nothing, days nobody can count, what is never published.

DOMAIN §7.2, §9 Q1–Q3, Q23.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from credit.model.verdict import Reason
from credit.oversight import tallies
from credit.oversight.deadlines import DeadlineState
from credit.reports.acts import Publisher
from credit.reports.model import Gap, Ledger, Network
from credit.reports.reading import Reading

_ALWAYS: Final = (
    Reason(
        "不予受理和撤诉不对外公告（Q23）：仅从公告得知的投诉中没有撤诉记录，不等于没有撤诉",
        "What was not accepted or was withdrawn is not published (Q23): that public notices tell of no withdrawal does"
        " not mean that there was none",
    ),
    Reason(
        "“12个月内”按提交日计数，同时列出按处理决定日的计数；两者不一致或恰在周年日的，列为待核（Q1）",
        "“Within 12 months” is counted by filing, the count by decision stands beside it; where they differ, or an"
        " anniversary decides, the state is review (Q1)",
    ),
    Reason(
        "仅整件查无实据的计入法定次数；部分成立、撤回、不予受理的不计入（Q2）",
        "Only letters wholly unproven count for the law; partly upheld, withdrawn and not accepted ones do not (Q2)",
    ),
    Reason(
        "全库基准率按登记件数计：同一投诉由机关台账和公告以两个文号登记的，计两次（法定次数不受影响）",
        "The registry's base rates count what is registered: a letter told by an office's ledger and by a notice under"
        " two numbers counts in them twice (the statutory count does not)",
    ),
    Reason(
        "法定次数和关注名单只逐个查看投诉三件以上（或有捏造等认定）的投诉人；件数更少而因关联、同一项目另行投诉应予关注的，"
        "不在关注名单中，见关联网络和投诉人画像",
        "The statutory count and the watch list look at complainants with three letters or more (or a finding such as"
        " fabrication); who has fewer and would be watched for a link or another's letter on its project is not on the"
        " list: see the groups of linked complainants, and profiles",
    ),
    Reason(
        "有关联的投诉人各自计数，从不合并（Q3）；关联只是线索",
        "Linked complainants are counted each alone and never summed (Q3); a link is a lead and no more",
    ),
)


async def gather_gaps(
    reading: Reading, ledger: Ledger, network: Network, published: tuple[Sequence[Publisher], Sequence[str]]
) -> tuple[Gap, ...]:
    """Say what the report does not know, the countable first."""
    silent = await _silent_provinces(reading)
    found = [*_of_places(reading, ledger, silent), *_of_days(ledger), *_of_publications(*published)]
    if parts := sum(not row.whole for row in network.clusters):
        zh = "关联网络过大，只读了一部分"
        found.append(Gap(parts, Reason(zh, "groups of linked complainants that were read in part alone")))
    found += [Gap(None, words) for words in _ALWAYS]
    if (bound := reading.bound_to) is not None:
        zh = f"本报告按“{bound}”的密钥生成，其他机关的案件、整改、关注不在其中"
        found.append(Gap(None, Reason(zh, "Made with the key of one authority: what others handle is not in it")))
    return tuple(found)


async def _silent_provinces(reading: Reading) -> Sequence[str]:
    """Name the provinces of which the registry has no complaint at all."""
    provinces = reading.regions.provinces()
    counts = await reading.services.matters.tallies([tallies.province(code) for code in provinces])
    return [name for code, name in provinces.items() if not counts.get(tallies.province(code))]


def _of_places(reading: Reading, ledger: Ledger, silent: Sequence[str]) -> Iterator[Gap]:
    if silent:
        yield Gap(
            len(silent),
            Reason(
                f"全国次数不含未报送的省份：{'、'.join(silent)}",
                "provinces of which the registry has no complaint: nationwide counts know nothing of them",
            ),
        )
    below = [row for row in ledger.districts if row.code is not None and not row.ever]
    if below:
        yield Gap(
            len(below),
            Reason(
                f"本地区从未报送投诉的下级区划：{'、'.join(row.name for row in below)}",
                "districts of the region of which the registry has no complaint: none, or none reported",
            ),
        )
    if not reading.asked.region.endswith("0000"):
        zh = "登记系统没有县级区划全表，未报送的县（市、区）无法逐一列出"
        yield Gap(None, Reason(zh, "The registry holds no full table of counties: silent ones cannot be named"))
    if ledger.unplaced:
        zh = "全库投诉中受理机关所在地不明，不属于任何地区的报告"
        yield Gap(ledger.unplaced, Reason(zh, "letters to offices whose place is not known are in no region's report"))


def _of_days(ledger: Ledger) -> Iterator[Gap]:
    for words, count in sorted(ledger.unknown_clocks.items(), key=lambda pair: (-pair[1], pair[0].zh)):
        yield Gap(count, Reason(f"期限无法判定：{words.zh}", f"clocks that nobody can tell: {words.en}"))
    doubtful = sum(bool(row.doubts) for row in ledger.letters)
    if doubtful:
        zh = "处理结果前后矛盾、不完整或者经过不可能的投诉，须人工核对"
        yield Gap(doubtful, Reason(zh, "letters whose outcome is contradictory, incomplete or impossible"))
    notices = sum(not row.own_ledger for row in ledger.letters)
    if notices:
        zh = "台账中仅从公告得知的投诉，其受理经过和期限不全"
        yield Gap(notices, Reason(zh, "letters known from public notices alone: their course is not fully told"))


def _of_publications(publishers: Sequence[Publisher], names: Sequence[str]) -> Iterator[Gap]:
    unknown = sum(one.counts.get(DeadlineState.UNKNOWN, 0) for one in publishers)
    if unknown:
        zh = "处罚决定是否按期公示无法判定"
        yield Gap(unknown, Reason(zh, "penalties of which nobody can tell whether they were published in time"))
    listed = "、".join(names) or "无"
    zh = f"公示情况只查了下列机关的处罚：{listed}；其他机关请用 --authority 加入"
    yield Gap(None, Reason(zh, "Publication was looked up for these authorities alone; add others by --authority"))
