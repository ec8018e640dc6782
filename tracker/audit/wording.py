"""The trail in words: acts, what they carry, and what can be wrong with the chain."""

from collections.abc import Callable, Mapping
from typing import Any

from tracker.audit.acts import ACTS
from tracker.audit.rules import Fault, carried
from tracker.core.i18n import gettext as _
from tracker.core.i18n import lazy_gettext as _l

LABELS: Mapping[str, object] = {
    "carrier": _l("承办事项"),
    "application.evidence": _l("佐证材料"),
    "application.measures": _l("措施完成情况"),
    "confirmed_on": _l("上级认定日期"),
    "explanation": _l("未完成的原因"),
    "is_pledged": _l("真实性承诺"),
    "mechanism": _l("长效机制"),
    "similar_checked": _l("举一反三排查"),
    "similar_found": _l("举一反三结果"),
    "day": _l("每期的日子"),
    "issue": _l("期次"),
    "files": _l("文件"),
    "findings": _l("检查情况"),
    "inspected_on": _l("检查日期"),
    "inspector_id": _l("检查人"),
    "is_kept": _l("坚持得好"),
    "next_on": _l("下次检查日期"),
    "check_months": _l("检查间隔（月）"),
    "leaves_out_sustained": _l("持续整改不计入分母"),
    "counting": _l("计数"),
    "look": _l("检查结果"),
    "reinspection.until": _l("完成期限"),
    "population": _l("总体数"),
    "recurs_of": _l("是它的反弹"),
    "recurred": _l("新立事项"),
    "seed": _l("随机种子"),
    "size": _l("抽取数"),
    "whom": _l("通话对象"),
    "accepted_by_id": _l("签收人"),
    "accepted_on": _l("签收日期"),
    "amount": _l("数量"),
    "archive_number": _l("档号"),
    "folders": _l("卷数"),
    "answer": _l("答复"),
    "as_of": _l("统计截止日"),
    "calendar_day.name": _l("名称"),
    "body": _l("正文模板"),
    "cause": _l("产生原因"),
    "changed": _l("变动"),
    "named": _l("指定审核人"),
    "route": _l("改由谁审核"),
    "recusal.person_id": _l("改由谁审核"),
    "review.body": _l("作出决定的会议或机关"),
    "item.body": _l("上级机关"),
    "review.signer_id": _l("签批人"),
    "declaration.on": _l("申报的完成日期"),
    "closed_on": _l("销号日期"),
    "conditions": _l("查询条件"),
    "copied_from": _l("复制自"),
    "amendment.body": _l("决定机构"),
    "approval": _l("决定"),
    "correction.body": _l("决定机构"),
    "correction_kind": _l("申请"),
    "count": _l("条数"),
    "days": _l("天数"),
    "deadline_kind": _l("时限类型"),
    "deadline_moved_on": _l("时限变动日期"),
    "decision": _l("审核决定"),
    "done_on": _l("措施完成日期"),
    "decider_id": _l("签批人"),
    "extension.body": _l("决定机构"),
    "extension.until": _l("延期至"),
    "extension_step": _l("环节"),
    "extensions": _l("延期次数"),
    "draft": _l("草稿号"),
    "digest_hour": _l("每日提醒的时间"),
    "document_number": _l("文号"),
    "due_on": _l("整改时限"),
    "due_text": _l("时限原文"),
    "field": _l("表头含义"),
    "file": _l("文件名"),
    "file_name": _l("文件名"),
    "file_sha256": _l("校验码"),
    "demand": _l("督办要求"),
    "handover.duty": _l("移交内容"),
    "handover.to": _l("接收人"),
    "feedback": _l("办理情况反馈"),
    "feedback_due_on": _l("反馈时限"),
    "filter": _l("查询条件"),
    "finding": _l("具体问题"),
    "first_due_on": _l("原定时限"),
    "goal": _l("整改目标"),
    "handed_in_on": _l("报送日期"),
    "handler_id": _l("经办人"),
    "is_active": _l("启用"),
    "is_for_others": _l("代录"),
    "is_working": _l("上班"),
    "issued_on": _l("下发日期"),
    "kind": _l("类别"),
    "known_at": _l("取数时间"),
    "keeper_id": _l("管理人"),
    "lead_unit_id": _l("牵头单位"),
    "leader_id": _l("责任领导"),
    "ledger.changed": _l("修改"),
    "ledger.conflict": _l("冲突"),
    "ledger.faulty": _l("有误"),
    "ledger.files": _l("表格数"),
    "ledger.new": _l("新增"),
    "ledger.same": _l("相同"),
    "level": _l("层级"),
    "list.ledger": _l("全部栏目"),
    "login": _l("账号"),
    "mail": _l("邮箱"),
    "measure": _l("措施号"),
    "milestone": _l("节点号"),
    "obstacle": _l("存在的困难"),
    "next_step": _l("下步打算"),
    "meeting_kind": _l("会议类型"),
    "held_on": _l("会议日期"),
    "points": _l("议题"),
    "decision_text": _l("议定事项"),
    "message": _l("说明"),
    "method": _l("方式"),
    "name": _l("姓名"),
    "note": _l("说明"),
    "notice.name": _l("文件"),
    "notice.on": _l("签发日期"),
    "nth": _l("第几次"),
    "numbers": _l("事项"),
    "on": _l("生效日期"),
    "opinion": _l("审核意见"),
    "answers": _l("作答"),
    "decimals": _l("百分比小数位"),
    "heading": _l("标题"),
    "marked": _l("替换的句子"),
    "open_blanks": _l("未作答的空白"),
    "year": _l("年度"),
    "years": _l("改正的年份"),
    "own_word": _l("单位自报"),
    "own_word_on": _l("自报日期"),
    "overdue_singly": _l("逾期事项逐件发邮件"),
    "owner_id": _l("责任人"),
    "person.title": _l("职务"),
    "nudge.person_id": _l("催办对象"),
    "paper_on": _l("决定日期"),
    "person_id": _l("指定人员"),
    "phone": _l("电话"),
    "place": _l("发往"),
    "reason": _l("理由"),
    "received_on": _l("反馈日期"),
    "reply": _l("回复"),
    "remark": _l("备注"),
    "report": _l("报告"),
    "report_state": _l("报告状态"),
    "report.refused": _l("未写入的语句"),
    "report_kind": _l("报告类型"),
    "edition": _l("稿别"),
    "facts_sha256": _l("数据校验码"),
    "text_sha256": _l("文稿校验码"),
    "held": _l("没有接受的"),
    "length": _l("字数"),
    "wording": _l("行文模板"),
    "renewed": _l("重新填写"),
    "role": _l("角色"),
    "round": _l("轮次"),
    "rounds": _l("轮次"),
    "page": _l("页"),
    "rows": _l("行数"),
    "section_id": _l("方面、类别"),
    "serial": _l("编号"),
    "sha256": _l("校验码"),
    "size_bytes": _l("大小（字节）"),
    "rule": _l("提醒规则"),
    "rule_set": _l("规则套别"),
    "trigger": _l("何时提醒"),
    "counts": _l("按什么日计算"),
    "light": _l("亮灯"),
    "label": _l("亮灯的叫法"),
    "slip": _l("文书名称"),
    "recipients": _l("提醒对象"),
    "shift": _l("遇周末、节假日"),
    "starts_on": _l("从哪天起"),
    "channels": _l("通道"),
    "drafts_notice": _l("拟督办单"),
    "scan": _l("签字扫描件"),
    "sentence": _l("附言"),
    "since": _l("开始日期"),
    "signer_id": _l("签发人"),
    "state": _l("状态"),
    "statement": _l("申请说明"),
    "step": _l("环节"),
    "supervisor_id": _l("分管领导"),
    "supports": _l("配合单位"),
    "tells_more": _l("写明单位和时限"),
    "substitute.person_id": _l("代理人"),
    "text": _l("内容"),
    "texts": _l("内容"),
    "then_sustained": _l("到期后长期坚持"),
    "title": _l("标题"),
    "unit": _l("单位"),
    "unit_id": _l("单位"),
    "until": _l("结束日期"),
    "verdict": _l("决定"),
    "wrong": _l("所指的决定"),
    "wrong_on": _l("原生效日期"),
    "wrong_serial": _l("第几次变动"),
}

FAULTS: Mapping[Fault, object] = {
    Fault.MISSING: _l("从这一条起缺少记录"),
    Fault.INSERTED: _l("不是系统写入的记录"),
    Fault.REWRITTEN: _l("内容被改动"),
    Fault.UNCHAINED: _l("与前后记录接不上：本条或前一条被改动、删除"),
    Fault.CUT_OFF: _l("从这一条起末尾被截断"),
    Fault.HEAD_DIFFERS: _l("末条与链头记录不符"),
    Fault.HEAD_MISSING: _l("链头记录不见了"),
}

# What upper rooms call the value that stands under a key: a name for an id, a word for a code; None when unknown.
WordsOf = Callable[[str, Any], str | None]


def act(code: str) -> str:
    """An act in words; its code when there are none."""
    return str(ACTS.get(code, code))


def sentences(action: str, details: str, words_of: WordsOf) -> list[str]:
    """What an act carries, a sentence for each thing: what it was and what it is now, or what it says."""
    noun = action.partition(".")[0]
    told = carried(details)
    lines = []
    if "before" in told or "after" in told:
        lines.append(_change(told.pop("before", None), told.pop("after", None)))
    for key, value in told.items():
        words = _value(key, value, words_of)
        if words:
            label = LABELS.get(f"{noun}.{key}", LABELS.get(key, key))
            lines.append(_("%(label)s：%(words)s", label=label, words=words))
    return lines


def in_words(values: Mapping[str, Any], words_of: WordsOf) -> dict[str, str]:
    """What these hold, by label; a key that is a label already stays."""
    return {str(LABELS.get(key, key)): _plain(key, value, words_of) for key, value in values.items()}


def _value(key: str, value: Any, words_of: WordsOf) -> str:
    if isinstance(value, list) and len(value) == 2:
        return _change(_plain(key, value[0], words_of), _plain(key, value[1], words_of))
    return _plain(key, value, words_of)


def _plain(key: str, value: Any, words_of: WordsOf) -> str:
    if isinstance(value, list):
        return "、".join(_plain(key, each, words_of) for each in value)
    if isinstance(value, dict):
        return "，".join(f"{LABELS.get(name, name)} {_plain(name, each, words_of)}" for name, each in value.items())
    if isinstance(value, bool):
        return str(_("是") if value else _("否"))
    if value is None or value == "":
        return ""
    is_id = isinstance(value, int) and (key.endswith("_id") or key == "supports")
    return words_of(key, value) or (f"#{value}" if is_id else str(value))


def _change(before: Any, after: Any) -> str:
    blank = str(_("空"))
    return f"{_shown(before) or blank} → {_shown(after) or blank}"


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return "、".join(str(each) for each in value)
    return "" if value is None else str(value)
