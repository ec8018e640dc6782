"""Sentences of the item page, told from data."""

from collections.abc import Mapping
from decimal import Decimal

from tracker.closure.rules import ROUTE_LABELS, Decision
from tracker.core import clock
from tracker.core.i18n import format_datetime
from tracker.core.i18n import gettext as _
from tracker.core.i18n import lazy_gettext as _l
from tracker.corrections.rules import EVENT_LABELS, KIND_LABELS, CorrectionKind
from tracker.desk.rules.acts import Act, WhyNot
from tracker.desk.rules.next_ones import NextCode
from tracker.desk.rules.piece import Piece, What, is_backdated, step_kind, step_route
from tracker.extensions.rules import LEVEL_LABELS, VERDICT_LABELS, Level, Verdict
from tracker.items.rules import OWN_WORD_LABELS, Event, OwnWord
from tracker.progress.rules import (
    OUTCOME_LABELS,
    OUTCOME_UNITS,
    STANDING_LABELS,
    EntryStanding,
    OutcomeKind,
    printed_amount,
)
from tracker.reinspections.rules import LOOK_LABELS, LookState
from tracker.requests.rules import STATE_LABELS as REQUEST_STATES
from tracker.requests.rules import RequestState
from tracker.sources.rules import STEP_LABELS

ACT_LABELS: Mapping[Act, object] = {
    Act.ASSIGN: _l("分工与时限"),
    Act.ISSUE: _l("下发"),
    Act.ADD_MEASURES: _l("添加措施"),
    Act.SPLIT: _l("拆分为分项"),
    Act.LINK_RECURRENCE: _l("登记反弹关联"),
    Act.VOID: _l("作废"),
    Act.ACCEPT: _l("签收"),
    Act.ASK_REASSIGNMENT: _l("申请改派"),
    Act.REASSIGN: _l("改派"),
    Act.REFUSE_REASSIGNMENT: _l("不同意改派"),
    Act.ASK_EXTENSION: _l("申请延期"),
    Act.DECIDE_EXTENSION: _l("决定延期申请"),
    Act.WITHDRAW: _l("核减"),
    Act.RESTORE: _l("恢复整改"),
    Act.WRITE_ENTRY: _l("填报进展"),
    Act.ADD_EVIDENCE: _l("上传佐证"),
    Act.ADD_OUTCOME: _l("登记成效"),
    Act.APPLY: _l("申请销号"),
    Act.RETRACT: _l("撤回申请"),
    Act.DECIDE: _l("审核"),
    Act.DECLARE: _l("申报整改情况"),
    Act.ANSWER_DECLARATION: _l("认可基本完成"),
    Act.ENTER_DECISION: _l("登记线下签批"),
    Act.CONFIRM: _l("登记上级认定"),
    Act.SET_RECUSAL: _l("回避设置"),
    Act.ASK_AMENDMENT: _l("申请变更"),
    Act.DECIDE_AMENDMENT: _l("审批变更申请"),
    Act.ASK_CORRECTION: _l("申请冲正或重新整改"),
    Act.DECIDE_CORRECTION: _l("审批冲正申请"),
    Act.LOOK_AGAIN: _l("登记回头看结果"),
    Act.CHECK_LASTING: _l("登记长期整改检查"),
    Act.LOG_CALL: _l("记通话"),
    Act.JOIN: _l("并案整改"),
    Act.PART: _l("解除并案"),
    Act.NUDGE: _l("催办"),
}

WHY_NOT: Mapping[WhyNot, object] = {
    WhyNot.INCOMPLETE: _l("先明确牵头单位和整改时限。"),
    WhyNot.REQUEST_OPEN: _l("已申请改派，等整改办决定后再办理。"),
    WhyNot.EXTENSION_OPEN: _l("已有延期申请，等待决定。"),
    WhyNot.PAST_DUE: _l("延期须在时限届满前申请，现已届满。"),
    WhyNot.AMENDMENT_OPEN: _l("已有变更申请，等待审批。"),
    WhyNot.CORRECTION_OPEN: _l("已有冲正或重新整改的申请，等待审批。"),
    WhyNot.NO_EVIDENCE: _l("还没有佐证材料，上传后才能申请销号。"),
    WhyNot.OWN_APPLICATION: _l("您是申请人，须由其他人审核。"),
    WhyNot.DECIDED_EARLIER: _l("您已审核过这份申请的前一环节，须由其他人审核。"),
    WhyNot.PARTY: _l("您与这个事项有关，应当回避，由其他人决定。"),
    WhyNot.DECLARED: _l("已申报基本完成，等整改办认可。"),
    WhyNot.JOINT: _l("正与其他事项并案整改，请先解除并案。"),
    WhyNot.ALREADY_DECIDED: _l("已有环节作出决定，不能再撤回。"),
}

NEXT_LABELS: Mapping[NextCode, object] = {
    NextCode.ISSUE: _l("等待整改办下发"),
    NextCode.ACCEPT: _l("等待牵头单位签收"),
    NextCode.REASSIGN: _l("等待整改办决定改派申请"),
    NextCode.WORK: _l("由经办人组织整改，完成后申请销号"),
    NextCode.UNIT_HEAD: _l("等待单位负责人审核"),
    NextCode.OFFICE: _l("等待整改办初审"),
    NextCode.LEADER: _l("等待责任领导审批"),
    NextCode.COLLECTIVE: _l("等待集体研究，由整改办登记会议纪要"),
    NextCode.SUPERIOR: _l("等待上级审核，由整改办登记"),
    NextCode.CONFIRM: _l("已在本级销号，等待上级认定，由整改办登记"),
    NextCode.CHILDREN: _l("总项随分项办结，请看各分项"),
}

_CHANGES: Mapping[str, object] = {
    Event.DRAW_UP: _l("%(by)s立项"),
    Event.ASSIGN: _l("%(by)s明确分工和时限"),
    Event.DECLARE: _l("%(by)s申报“%(word)s”"),
    Event.ISSUE: _l("%(by)s下发给%(unit)s"),
    Event.VOID: _l("%(by)s作废"),
    Event.TAKE_OVER: _l("%(by)s从台账导入，此前已在整改中"),
    Event.CLOSE_ON_IMPORT: _l("%(by)s从台账导入，此前已线下销号"),
    Event.ACCEPT: _l("%(by)s签收，经办人%(other)s"),
    Event.REASSIGN: _l("%(by)s改派给%(unit)s"),
    Event.APPLY: _l("%(by)s申请销号"),
    Event.RETRACT: _l("%(by)s撤回销号申请"),
    Event.SEND_BACK: _l("%(by)s退回补充整改"),
    Event.CLOSE: _l("销号，%(by)s最后审批"),
    Event.CONFIRM: _l("%(by)s登记上级认定"),
    Event.SUSTAIN: _l("%(by)s转为持续整改"),
    Event.REOPEN: _l("%(by)s决定重新整改"),
    Event.WITHDRAW: _l("%(by)s核减"),
    Event.RESTORE: _l("%(by)s恢复整改"),
    Event.EXTEND: _l("延期获准（%(by)s登记）"),
    Event.CORRECT: _l("%(by)s批准冲正"),
    Event.FOLLOW: _l("随分项更新状态"),
}

_DECISIONS: Mapping[str, object] = {
    Decision.PASS: _l("%(by)s（%(step)s）同意"),
    Decision.RETURN: _l("%(by)s（%(step)s）退回"),
    Decision.SUSTAIN: _l("%(by)s（%(step)s）转为持续整改"),
}


def tell(piece: Piece) -> str:
    """What happened, as a sentence with its reason or opinion."""
    return {
        What.CHANGE: _tell_change,
        What.ENTRY: _tell_entry,
        What.CALL: _tell_call,
        What.EVIDENCE: _tell_evidence,
        What.OUTCOME: _tell_outcome,
        What.APPLICATION: _tell_application,
        What.REVIEW: _tell_review,
        What.REQUEST: _tell_request,
        What.DECLARATION: _tell_declaration,
        What.NUDGE: _tell_nudge,
        What.EXTENSION: _tell_extension,
        What.EXTENSION_STEP: _tell_extension_step,
        What.CORRECTION: _tell_correction,
        What.AMENDMENT: _tell_amendment,
        What.JOINT: _tell_joint,
        What.LOOK: _tell_look,
        What.CHECK: _tell_check,
    }[What(piece.what)](piece)


def tell_outcome(piece: Piece) -> str:
    """A counted result, e.g. 追回资金66.57万元."""
    kind = OutcomeKind(piece.code or "")
    amount = printed_amount(piece.amount or Decimal(0))
    return str(_("%(kind)s%(amount)s%(unit)s", kind=OUTCOME_LABELS[kind], amount=amount, unit=OUTCOME_UNITS[kind]))


def told_at(piece: Piece) -> str:
    """The moment of a happening, to the minute."""
    return str(format_datetime(piece.at, "yyyy-MM-dd HH:mm"))


def _with(sentence: str, words: str | None) -> str:
    return str(_("%(sentence)s：%(words)s", sentence=sentence, words=words)) if words else sentence


def _by(piece: Piece) -> str:
    by = piece.by or str(_("系统"))
    return str(_("%(by)s（代 %(name)s）", by=by, name=piece.for_name)) if piece.for_name else by


def _tell_change(piece: Piece) -> str:
    word = OWN_WORD_LABELS[OwnWord(piece.note or OwnWord.NONE)]
    by = f"{_by(piece)}{_for_others(piece)}"
    values = {"by": by, "unit": piece.unit or "—", "other": piece.other or "—", "word": word}
    sentence = _with(str(_CHANGES[piece.code or ""]) % values, piece.text)
    if piece.former and piece.other_day:
        days = {"old": piece.former.isoformat(), "new": piece.other_day.isoformat()}
        sentence = str(_("%(sentence)s，时限由%(old)s改为%(new)s", sentence=sentence, **days))
    if piece.code == Event.DRAW_UP and piece.day:
        return str(_("%(sentence)s，自%(day)s起计入", sentence=sentence, day=piece.day.isoformat()))
    if piece.at and piece.day and is_backdated(piece, clock.civil_date(piece.at)):
        return str(_("%(sentence)s（补录，%(day)s生效）", sentence=sentence, day=piece.day.isoformat()))
    return sentence


def _for_others(piece: Piece) -> str:
    return str(_("（代录）")) if piece.flag else ""


def _tell_entry(piece: Piece) -> str:
    by = f"{_by(piece)}{_for_others(piece)}"
    sentence = _with(str(_("%(by)s填报%(unit)s进展", by=by, unit=piece.unit or "")), piece.text)
    words = STANDING_LABELS[EntryStanding(piece.state or EntryStanding.FREE)]
    sentence = str(_("%(sentence)s（%(words)s）", sentence=sentence, words=words)) if words else sentence
    return (
        str(_("%(sentence)s，退回理由：%(reason)s", sentence=sentence, reason=piece.note)) if piece.note else sentence
    )


def _tell_call(piece: Piece) -> str:
    return _with(str(_("%(by)s致电%(other)s", by=_by(piece), other=piece.other or "")), piece.text)


def _tell_evidence(piece: Piece) -> str:
    values = {"by": f"{_by(piece)}{_for_others(piece)}", "number": piece.number, "name": piece.text}
    if piece.code == "removed" and piece.by is None:
        return str(_("佐证%(number)s“%(name)s”被移除", **values))
    if piece.code == "removed":
        return str(_("%(by)s移除佐证%(number)s“%(name)s”", **values))
    return str(_("%(by)s上传佐证%(number)s“%(name)s”", **values))


def _tell_outcome(piece: Piece) -> str:
    return _with(str(_("%(by)s登记成效 %(counted)s", by=_by(piece), counted=tell_outcome(piece))), piece.text)


def _tell_application(piece: Piece) -> str:
    sentence = _("%(by)s申请销号（第%(round)s轮）", by=_by(piece), round=piece.number)
    return _with(str(sentence), piece.text)


def _tell_review(piece: Piece) -> str:
    by, step = _by(piece), step_words(piece)
    if piece.flag:
        told = {"day": piece.day.isoformat() if piece.day else "—", "who": piece.other or "—"}
        step = str(_("%(step)s，线下签批，%(day)s，%(who)s代录", step=step, **told))
    return _with(str(_DECISIONS[piece.state or ""]) % {"by": by, "step": step}, piece.text)


def step_words(step: Piece) -> str:
    """A step in words, with the recusal that brought somebody else in: 整改办初审（回避：机关纪委）."""
    label, route = str(STEP_LABELS[step_kind(step)]), step_route(step)
    return str(_("%(step)s（回避：%(route)s）", step=label, route=ROUTE_LABELS[route])) if route else label


def _tell_request(piece: Piece) -> str:
    if piece.code == "granted":
        return _with(str(_("%(by)s同意改派", by=_by(piece))), piece.note)
    if piece.code == "refused":
        return _with(str(_("%(by)s不同意改派", by=_by(piece))), piece.note)
    sentence = _("%(by)s申请改派给%(unit)s", by=_by(piece), unit=piece.unit) if piece.unit else None
    return _with(str(sentence or _("%(by)s申请改派", by=_by(piece))), piece.text)


def _tell_declaration(piece: Piece) -> str:
    if piece.code == "granted":
        return _with(str(_("%(by)s认可基本完成", by=_by(piece))), piece.note)
    if piece.code == "refused":
        return _with(str(_("%(by)s不认可基本完成", by=_by(piece))), piece.note)
    day = piece.day.isoformat() if piece.day else "—"
    return _with(str(_("%(by)s申报基本完成（%(day)s），等整改办认可", by=_by(piece), day=day)), piece.text)


def _tell_extension(piece: Piece) -> str:
    day = piece.day.isoformat() if piece.day else "—"
    return _with(str(_("%(by)s申请延期至%(day)s（第%(n)s次）", by=_by(piece), day=day, n=piece.number)), piece.text)


def _tell_extension_step(piece: Piece) -> str:
    told = {"by": _by(piece), "step": LEVEL_LABELS[Level(piece.code or "")]}
    sentence = str(_("%(by)s（%(step)s）%(verdict)s", verdict=VERDICT_LABELS[Verdict(piece.state or "")], **told))
    if piece.day:
        sentence = str(_("%(sentence)s至%(day)s", sentence=sentence, day=piece.day.isoformat()))
    if piece.other_day:
        values = {"day": piece.other_day.isoformat(), "name": piece.other or "—"}
        sentence = str(_("%(sentence)s（%(day)s线下决定，%(name)s代录）", sentence=sentence, **values))
    return _with(sentence, piece.text)


def _tell_correction(piece: Piece) -> str:
    kind = KIND_LABELS[CorrectionKind(piece.code)] if piece.code in set(CorrectionKind) else _("冲正")
    if piece.code == "settled":
        state = REQUEST_STATES[RequestState(piece.state or "")]
        return str(_("%(by)s对冲正或重新整改的申请作出决定：%(state)s", by=_by(piece), state=state))
    label = EVENT_LABELS.get(Event(piece.note or "")) or _("销号")
    day = piece.day.isoformat() if piece.day else "—"
    sentence = _("%(by)s申请%(kind)s（%(day)s起生效的“%(what)s”）", by=_by(piece), kind=kind, day=day, what=label)
    return _with(str(sentence), piece.text)


def _tell_amendment(piece: Piece) -> str:
    if piece.code == "settled":
        state = REQUEST_STATES[RequestState(piece.state or "")]
        return str(_("%(by)s对变更申请作出决定：%(state)s", by=_by(piece), state=state))
    return _with(str(_("%(by)s申请变更", by=_by(piece))), piece.text)


def _tell_joint(piece: Piece) -> str:
    values = {"by": _by(piece), "number": piece.unit}
    if piece.code == "parted":
        return _with(str(_("%(by)s解除与%(number)s的并案", **values)), piece.text)
    if piece.flag:
        return _with(str(_("%(by)s将%(number)s与本事项并案整改，由本事项承办", **values)), piece.text)
    return _with(str(_("%(by)s将本事项与%(number)s并案整改，由%(number)s承办", **values)), piece.text)


def _tell_look(piece: Piece) -> str:
    day = piece.day.isoformat() if piece.day else "—"
    told = {
        "by": _by(piece),
        "name": piece.other or "—",
        "day": day,
        "state": LOOK_LABELS[LookState(piece.state or "")],
    }
    sentence = _("%(by)s登记回头看（%(name)s %(day)s检查）：%(state)s", **told)
    return _with(f"{sentence}{_for_others(piece)}", piece.text)


def _tell_check(piece: Piece) -> str:
    result = _("坚持得好") if piece.flag else _("有所松懈")
    day = piece.day.isoformat() if piece.day else "—"
    return _with(str(_("%(by)s登记%(day)s的检查：%(result)s", by=_by(piece), day=day, result=result)), piece.text)


def _tell_nudge(piece: Piece) -> str:
    if piece.code == "replied":
        return _with(str(_("%(by)s回复催办", by=_by(piece))), piece.note)
    return _with(str(_("%(by)s催办", by=_by(piece))), piece.text)
