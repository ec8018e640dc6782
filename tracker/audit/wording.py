"""The trail in words: acts, what they carry, and what can be wrong with the chain."""

from collections.abc import Callable, Mapping
from typing import Any

from tracker.audit.rules import Fault, carried
from tracker.core.i18n import gettext as _
from tracker.core.i18n import lazy_gettext as _l

ACTS: Mapping[str, object] = {
    "sign_in": _l("登录"),
    "sign_in.code": _l("用一次性口令登录"),
    "sign_in.wrong": _l("登录失败"),
    "sign_in.locked": _l("锁定期间登录"),
    "sign_out": _l("退出登录"),
    "password.set": _l("设置密码"),
    "password.change": _l("修改密码"),
    "refused": _l("越权被拒"),
    "organ.set_up": _l("建立系统"),
    "unit.add": _l("增加单位"),
    "unit.change": _l("修改单位"),
    "unit.shut": _l("停用单位"),
    "unit.reopen": _l("启用单位"),
    "substitute.name": _l("指定代理人"),
    "substitute.end": _l("结束代理"),
    "person.name": _l("登记姓名"),
    "person.add": _l("增加人员"),
    "person.change": _l("修改人员"),
    "account.open": _l("开通账号"),
    "account.issue_code": _l("发一次性口令"),
    "account.deactivate": _l("停用账号"),
    "account.reactivate": _l("启用账号"),
    "grant.add": _l("授予角色"),
    "grant.revoke": _l("撤销角色"),
    "change_setting": _l("修改设置"),
    "reminder_rule.change": _l("修改提醒规则"),
    "reminder_preference.choose": _l("设置自己的提醒"),
    "calendar_day.correct": _l("修改工作日历"),
    "reminder_rule.add": _l("新增提醒规则"),
    "rule_set.copy": _l("复制一套提醒规则"),
    "source.choose_rules": _l("选用提醒规则"),
    "trail.export": _l("导出操作日志"),
    "submission_form.draw_up": _l("上传上级空白表"),
    "submission_form.discard": _l("删除上级报表"),
    "submission_form.explain": _l("核对上级报表各列"),
    "submission.issue": _l("生成上级报表"),
    "submission.refill": _l("重新填写上级报表"),
    "submission.hand_in": _l("登记上级报表报送"),
    "submission.download": _l("下载上级报表"),
    "intake.begin": _l("读取反馈意见"),
    "intake.discard": _l("放弃录入"),
    "ledger.begin": _l("上传台账"),
    "ledger.explain_heading": _l("说明表头含义"),
    "ledger.discard": _l("放弃导入"),
    "ledger.carry_out": _l("导入台账"),
    "source.draw_up": _l("建立来源"),
    "source.edit": _l("修改来源"),
    "source.add_section": _l("增加方面或类别"),
    "source.retitle_section": _l("修改方面或类别"),
    "source.set_chain": _l("修改销号程序"),
    "source.download": _l("下载反馈意见原文"),
    "source.file_document": _l("存入来源文件"),
    "source.remove_document": _l("移除来源文件"),
    "source.download_document": _l("下载来源文件"),
    "source.set_milestone": _l("设定来源节点"),
    "source.change_milestone": _l("修改来源节点"),
    "source.hand_in": _l("登记来源节点报送"),
    "source.remove_milestone": _l("删除来源节点"),
    "item.draw_up": _l("拟定事项"),
    "item.assign": _l("修改分工"),
    "item.declare": _l("单位自报完成情况"),
    "item.issue": _l("下发"),
    "item.void": _l("作废"),
    "item.take_over": _l("导入整改中事项"),
    "item.close_on_import": _l("导入已销号事项"),
    "item.accept": _l("签收"),
    "item.reassign": _l("改派"),
    "item.ask_reassignment": _l("申请改派"),
    "item.refuse_reassignment": _l("不同意改派"),
    "item.apply": _l("申请销号"),
    "item.retract": _l("撤回申请"),
    "item.send_back": _l("退回补充整改"),
    "item.close": _l("销号"),
    "item.sustain": _l("转持续整改"),
    "item.reopen": _l("重新整改"),
    "item.withdraw": _l("核减"),
    "item.restore": _l("恢复"),
    "item.extend": _l("延期"),
    "item.correct": _l("冲正"),
    "item.follow": _l("随分项变动"),
    "item.follow_children": _l("随分项变动"),
    "milestone.add": _l("增加节点"),
    "milestone.edit": _l("修改节点"),
    "milestone.hand_in": _l("登记节点报送"),
    "milestone.remove": _l("删除节点"),
    "measure.add": _l("增加措施"),
    "measure.edit": _l("修改措施"),
    "measure.remove": _l("删除措施"),
    "measure.tick": _l("勾选措施完成"),
    "measure.untick": _l("取消措施完成"),
    "entry.write": _l("填写进展"),
    "entry.accept": _l("采用填报内容"),
    "entry.return": _l("退回填报内容"),
    "rhythm.set": _l("设置填报周期"),
    "rhythm.drop": _l("取消填报周期"),
    "round.nudge": _l("催报"),
    "phone_call.log": _l("登记电话催办"),
    "evidence.add": _l("上传佐证材料"),
    "evidence.remove": _l("删除佐证材料"),
    "evidence.download": _l("下载佐证材料"),
    "outcome.add": _l("登记成效"),
    "outcome.remove": _l("删除成效"),
    "application.file": _l("提交销号申请"),
    "application.retract": _l("撤回销号申请"),
    "review.decide": _l("审核"),
    "amendment.ask": _l("申请变更"),
    "amendment.retract": _l("撤回变更申请"),
    "amendment.decide": _l("审批变更申请"),
    "amendment.download": _l("下载变更签批件"),
    "correction.ask": _l("申请冲正或重新整改"),
    "correction.retract": _l("撤回冲正申请"),
    "correction.decide": _l("审批冲正申请"),
    "correction.download": _l("下载冲正签批件"),
    "extension.ask": _l("申请延期"),
    "extension.retract": _l("撤回延期申请"),
    "extension.decide": _l("决定延期"),
    "extension.download": _l("下载延期申请表"),
    "nudge.send": _l("催办"),
    "nudge.reply": _l("回复催办"),
    "notice.draft": _l("拟督办单"),
    "notice.extend": _l("督办单草稿增加事项"),
    "notice.trim": _l("督办单草稿移出事项"),
    "notice.edit": _l("修改督办单"),
    "notice.sign": _l("签发督办单"),
    "notice.send": _l("发出督办单"),
    "notice.answer": _l("反馈督办单"),
    "notice.void": _l("作废督办单"),
    "notice.download": _l("下载督办单"),
    "list.export": _l("导出清单"),
    "report.download": _l("下载报告"),
    "outlet.add": _l("增加外部渠道"),
    "outlet.change": _l("修改外部渠道"),
    "outlet.switch_on": _l("启用外部渠道"),
    "outlet.switch_off": _l("停用外部渠道"),
    "outlet.test": _l("测试外部渠道"),
    "mail.test": _l("发送测试邮件"),
    "reminders.release": _l("放行暂缓的提醒"),
    "reminders.discard": _l("作废暂缓的提醒"),
    "message.retry": _l("重发消息"),
    "message.retry_all": _l("重发全部失败消息"),
}

LABELS: Mapping[str, object] = {
    "confirmed_on": _l("上级认定日期"),
    "day": _l("每期的日子"),
    "issue": _l("期次"),
    "whom": _l("通话对象"),
    "accepted_by_id": _l("签收人"),
    "accepted_on": _l("签收日期"),
    "amount": _l("数量"),
    "answer": _l("答复"),
    "as_of": _l("统计截止日"),
    "calendar_day.name": _l("名称"),
    "body": _l("正文模板"),
    "cause": _l("产生原因"),
    "changed": _l("变动"),
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
    "report.refused": _l("未写入的语句"),
    "renewed": _l("重新填写"),
    "role": _l("角色"),
    "round": _l("轮次"),
    "rounds": _l("轮次"),
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
