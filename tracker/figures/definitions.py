"""What each figure is called and means (口径)."""

from collections.abc import Mapping
from typing import NamedTuple

from tracker.core.i18n import lazy_gettext as _l
from tracker.core.i18n import lazy_pgettext
from tracker.figures.rules import FigureName


class Definition(NamedTuple):
    """What a figure is called on pages, and the sentence (口径) printed under it."""

    label: object
    sentence: object


DEFINITIONS: Mapping[FigureName, Definition] = {
    FigureName.TOTAL: Definition(
        _l("反馈总数"),
        _l("全部反馈事项，即待下发、已下发、整改中、申请销号、持续整改、已销号之和；含已批准延期，不含核减和作废。"),
    ),
    FigureName.DRAFT: Definition(_l("待下发"), _l("已登记、尚未下发的事项，自来源反馈之日起计入总数。")),
    FigureName.ISSUED: Definition(_l("已下发"), _l("已下发、牵头单位尚未签收的事项。")),
    FigureName.WORKING: Definition(_l("整改中"), _l("已签收、正在整改的事项，含被退回补充整改的事项。")),
    FigureName.APPLIED: Definition(lazy_pgettext("state", "申请销号"), _l("已申请销号、审批尚未办结的事项。")),
    FigureName.SUSTAINED: Definition(_l("持续整改"), _l("经批准转为持续整改的事项，计入总数，不计入已销号。")),
    FigureName.CLOSED: Definition(_l("已销号"), _l("销号申请经最后一级审批同意的事项，含逾期销号。")),
    FigureName.OPEN: Definition(_l("未销号"), _l("反馈总数减去已销号。")),
    FigureName.RUNNING: Definition(
        _l("在办"), _l("已下发、整改中、申请销号之和，不含待下发和持续整改；逾期和到期只就在办事项统计。")
    ),
    FigureName.WITHDRAWN: Definition(
        lazy_pgettext("figure", "核减"), _l("经批准核减（任务为终止）的事项，不计入总数和各项比率。")
    ),
    FigureName.BASICALLY_COMPLETED: Definition(
        _l("基本完成"), _l("责任单位申报基本完成并经整改办认可、尚未销号的事项，不计入已销号，也不计入整改完成率。")
    ),
    FigureName.COMPLETED_BY_UNIT: Definition(
        _l("单位申报完成"), _l("责任单位申报已完成、尚未销号的事项，不计入已销号。")
    ),
    FigureName.CONFIRMED: Definition(_l("上级认定"), _l("本级销号后又经上级认定的事项，与本级销号分别统计。")),
    FigureName.OVERDUE: Definition(
        _l("逾期"), _l("统计截止日已超过现行整改时限（含已批准延期）的已下发、整改中、申请销号事项。")
    ),
    FigureName.OVERDUE_FIRST_DEADLINE: Definition(
        _l("超过原定时限"), _l("统计截止日已超过原定整改时限的已下发、整改中、申请销号事项，不论是否批准延期。")
    ),
    FigureName.DUE_SOON: Definition(
        _l("临近时限"), _l("距现行整改时限不超过7天、尚未逾期的已下发、整改中、申请销号事项。")
    ),
    FigureName.CLOSED_ON_TIME: Definition(
        _l("按期销号"), _l("在现行整改时限（含已批准延期）当日或之前销号的事项；没有时限的事项销号即为按期。")
    ),
    FigureName.CLOSED_ON_TIME_FIRST_DEADLINE: Definition(
        _l("按原定时限销号"), _l("在原定整改时限当日或之前销号的事项；没有时限的事项销号即为按期。")
    ),
    FigureName.AT_ONCE: Definition(_l("立行立改"), _l("整改时限为立行立改的事项，不论是否销号。")),
    FigureName.EXTENDED: Definition(_l("延期"), _l("至少有一次延期获得批准的事项，不论是否销号。")),
    FigureName.LEFT_OUT: Definition(
        _l("不计入分母"),
        _l("来源约定持续整改不计入分母的，其持续整改事项；仍在反馈总数内，不在销号率和整改完成率的分母内。"),
    ),
    FigureName.LEFT_OUT_COMPLETED: Definition(
        _l("不计入分母的单位申报完成"), _l("不计入分母的事项中，责任单位申报已完成的；不计入整改完成率。")
    ),
    FigureName.OPEN_30: Definition(_l("未销号30天以内"), _l("自来源反馈之日至统计截止日不超过30天的未销号事项。")),
    FigureName.OPEN_90: Definition(_l("未销号31至90天"), _l("自来源反馈之日至统计截止日31至90天的未销号事项。")),
    FigureName.OPEN_180: Definition(_l("未销号91至180天"), _l("自来源反馈之日至统计截止日91至180天的未销号事项。")),
    FigureName.OPEN_LONGER: Definition(_l("未销号180天以上"), _l("自来源反馈之日至统计截止日超过180天的未销号事项。")),
    FigureName.CLOSURE_RATE: Definition(
        _l("销号率"),
        _l(
            "销号率 = 已销号 ÷ 反馈总数（含持续整改、含已批准延期，不含核减；来源约定不计入分母的除外）；"
            "全部销号才显示100%。"
        ),
    ),
    FigureName.COMPLETION_RATE: Definition(
        _l("整改完成率"),
        _l(
            "整改完成率 =（已销号 + 单位申报完成且未销号）÷ 反馈总数；来源约定不计入分母的，分子分母都不含；"
            "以责任单位申报为准，不等于销号率。"
        ),
    ),
    FigureName.ON_TIME_RATE: Definition(
        _l("按期完成率（按批准延期后时限）"),
        _l("按期完成率 = 按期销号 ÷（已销号 + 逾期未销号），以批准延期后的现行时限为准。"),
    ),
    FigureName.ON_TIME_RATE_FIRST_DEADLINE: Definition(
        _l("按期完成率（按原定时限）"),
        _l("按期完成率 = 按原定时限销号 ÷（已销号 + 超过原定时限未销号），以原定时限为准，不计延期。"),
    ),
}
