"""The people of the made-up committee office, with what is granted to them."""

from dataclasses import dataclass

from tracker.access.rules import Role

ORGAN, SHORT_NAME = "中共青石市委市直属机关工作委员会", "青石市直机关工委"
ROOT = "市直机关工委"
UNITS = ("整改办", "办公室", "组织部", "宣传部", "纪检监察工委", "机关党校")
PASSWORD = "demo-2026"


@dataclass(frozen=True)
class DemoPerson:
    """One person; ``role_unit`` is where the role is granted, the own unit unless named."""

    name: str
    login: str
    unit: str
    title: str
    roles: tuple[Role, ...]
    phone: str
    role_unit: str = ""


PEOPLE = (
    DemoPerson("陈静", "office", "整改办", "整改办主任", (Role.OFFICE,), "8800101", ROOT),
    DemoPerson("李强", "leader", ROOT, "工委副书记", (Role.LEADER,), "8800001", ROOT),
    DemoPerson("张敏", "leader2", ROOT, "工委委员", (Role.LEADER,), "8800002", ROOT),
    DemoPerson("王敏", "zuzhi-head", "组织部", "组织部部长", (Role.UNIT_HEAD,), "8800201"),
    DemoPerson("李磊", "zuzhi", "组织部", "组织部联络员", (Role.LIAISON,), "8800202"),
    DemoPerson("郑凯", "handler", "组织部", "组织部干部", (Role.HANDLER,), "8800203"),
    DemoPerson("刘洋", "bangong-head", "办公室", "办公室主任", (Role.UNIT_HEAD,), "8800301"),
    DemoPerson("孙浩", "bangong", "办公室", "办公室联络员", (Role.LIAISON,), "8800302"),
    DemoPerson("赵丽", "xuanchuan-head", "宣传部", "宣传部部长", (Role.UNIT_HEAD,), "8800401"),
    DemoPerson("赵倩", "xuanchuan", "宣传部", "宣传部联络员", (Role.LIAISON,), "8800402"),
    DemoPerson("周涛", "jijian-head", "纪检监察工委", "纪检监察工委副书记", (Role.UNIT_HEAD,), "8800501"),
    DemoPerson("吴迪", "jijian", "纪检监察工委", "纪检监察工委联络员", (Role.LIAISON,), "8800502"),
    DemoPerson("何芳", "viewer", ROOT, "工委巡视员", (Role.VIEWER,), "8800003", ROOT),
    DemoPerson("钱进", "admin", "办公室", "系统管理员", (Role.ADMINISTRATOR,), "8800303", ROOT),
    DemoPerson("冯岩", "auditor", "办公室", "安全审计员", (Role.AUDITOR,), "8800304", ROOT),
)
