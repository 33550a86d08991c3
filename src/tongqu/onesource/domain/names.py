"""What a column's names mean: words made plain, the head apart from what narrows it.

A Chinese name ends with its head: in 企业联系电话 the head is 电话, narrowed by 企业 and 联系.
A head alone (名称, 状态) says nothing: the object of its entry narrows it.
"""

import re
from functools import lru_cache

# Spellings of one thing → the word we keep. Longer spellings are replaced first.
SYNONYMS: dict[str, str] = {
    "统一社会信用代码": "信用代码", "社会信用代码": "信用代码", "统一信用代码": "信用代码",
    "组织机构代码": "信用代码", "单位代码": "信用代码",
    "车牌号码": "车牌号", "号牌号码": "车牌号", "车辆号牌": "车牌号", "机动车号牌": "车牌号",
    "牌照号": "车牌号", "号牌颜色": "车牌颜色", "牌照颜色": "车牌颜色",
    "车辆识别代号": "车架号", "车辆识别代码": "车架号", "车辆识别码": "车架号",
    "居民身份证号码": "证件号", "公民身份号码": "证件号", "身份证号码": "证件号",
    "身份证号": "证件号", "身份证件号码": "证件号", "证件号码": "证件号",
    "手机号码": "电话", "手机号": "电话", "联系电话": "电话", "电话号码": "电话",
    "联系方式": "电话", "移动电话": "电话",
    "业户": "企业", "经营者": "企业", "公司": "企业", "单位": "企业", "经营单位": "企业",
    "运输企业": "企业", "法人": "企业", "经营业户": "企业", "全称": "名称", "字号": "名称",
    "法定代表人": "负责人", "企业负责人": "负责人", "法人代表": "负责人", "负责人": "负责人",
    "驾驶员": "从业人员", "司机": "从业人员", "驾驶人": "从业人员",
    "注册地址": "地址", "经营地址": "地址", "详细地址": "地址", "通讯地址": "地址",
    "种类": "类型", "类别": "类型",
    "船舶": "船", "船名": "船名称", "站点": "站", "站名": "站名称",
    "住址": "地址", "住所": "地址", "注册地": "地址", "坐落": "地址",
    "发放日期": "发证日期", "核发日期": "发证日期", "签发日期": "发证日期",
    "颁发日期": "发证日期", "发证时间": "发证日期",
    "有效期截止日期": "有效期止", "有效期至": "有效期止", "截止日期": "有效期止",
    "到期日期": "有效期止", "失效日期": "有效期止", "有效期限": "有效期止",
    "编码": "编号", "编码号": "编号", "序列号": "编号", "许可证号": "许可证编号",
    "证书编号": "证编号", "证号": "证编号",
    "行政区划代码": "行政区划", "所属地区": "行政区划", "所在地区": "行政区划",
    "区划代码": "行政区划", "行政区域": "行政区划",
    "上报时间": "更新时间", "更新日期": "更新时间", "修改时间": "更新时间",
}  # fmt: skip
HEADS = (
    "信用代码", "车牌号", "车牌颜色", "车架号", "证件号", "电话", "名称", "姓名", "地址", "编号",
    "代码", "类型", "类别", "等级", "状态", "日期", "时间", "有效期止", "经度", "纬度", "行政区划",
    "金额", "数量", "里程", "面积", "长度", "宽度", "吨位", "质量", "载重", "颜色", "范围",
    "负责人", "机关", "部门", "结果", "原因", "得分", "分数", "桩号", "方向", "速度", "流量",
    "次数", "备注", "说明", "号", "数", "率", "人",
)  # fmt: skip
GENERIC = frozenset(
    {"名称", "编号", "代码", "类型", "类别", "等级", "状态", "日期", "时间", "电话", "地址", "备注",
     "说明", "结果", "原因", "号", "数", "面积", "长度", "经度", "纬度", "行政区划", "范围",
     "负责人", "更新时间"}
)  # fmt: skip
# Words of an entry's name that do not tell its object.
_NOISE = re.compile(
    r"信息|数据|基本|登记|管理|台账|表|目录|情况|资料|一览|库|清单|查询|全省|我省|示例"
)
_ENGLISH: dict[str, str] = {
    "nm": "name", "mc": "name", "no": "number", "num": "number", "code": "number", "id": "number",
    "bh": "number", "dm": "number", "tel": "phone", "mobile": "phone", "telephone": "phone",
    "dt": "date", "time": "date", "addr": "address", "dz": "address", "corp": "enterprise",
    "company": "enterprise", "org": "enterprise", "ent": "enterprise", "unit": "enterprise",
    "operator": "enterprise", "plate": "plate", "licence": "license", "lic": "license",
    "cert": "certificate", "lng": "lon", "longitude": "lon", "latitude": "lat", "veh": "vehicle",
    "vessel": "ship", "stat": "status", "state": "status", "div": "division", "region": "division",
    "area": "division", "uscc": "uscc", "credit": "uscc", "driver": "person", "staff": "person",
    "expire": "expiry", "end": "expiry", "valid": "expiry", "to": "expiry", "idcard": "idno",
}  # fmt: skip
# Longest first; 站名 is not found inside 站名称.
_SPELLINGS = re.compile(
    "|".join(
        spelling + ("(?!称)" if spelling.endswith("名") else "")
        for spelling in sorted(SYNONYMS, key=len, reverse=True)
    )
)
_PREFIX = re.compile(r"^(所属|所在|服务|当前|现|本)(?=..)")
_EMPTY = frozenset({"the", "of", "is", "f", "fld", "col"})


@lru_cache(maxsize=65_536)
def plain(name: str) -> str:
    """Return a name in the words we keep, without brackets, units and blanks."""
    text = re.sub(r"[（(].*?[）)]|[\s·_\-/、]", "", name)
    text = _SPELLINGS.sub(lambda found: SYNONYMS[found[0]], text)
    text = _PREFIX.sub("", text).replace("负责人姓名", "负责人")
    return f"{text}名称" if text.endswith("企业") else text


@lru_cache(maxsize=65_536)
def parted(name: str) -> tuple[str, str]:
    """Return (what narrows it, head) of a name made plain; no known head: the whole is one."""
    text = plain(name)
    head = next((h for h in sorted(HEADS, key=len, reverse=True) if text.endswith(h)), text)
    return text[: len(text) - len(head)], head


@lru_cache(maxsize=65_536)
def subject(entry_name: str) -> str:
    """Return the object an entry is about: 企业 of 道路运输业户基本信息表."""
    return plain(_NOISE.sub("", entry_name))


@lru_cache(maxsize=65_536)
def bigrams(text: str) -> frozenset[str]:
    return frozenset(text[i : i + 2] for i in range(len(text) - 1)) or frozenset({text} - {""})


@lru_cache(maxsize=65_536)
def english(name: str) -> frozenset[str]:
    """Return the words of a column's name, abbreviations spelled out."""
    parts = re.findall(r"[a-z]+", re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower())
    return frozenset(_ENGLISH.get(part, part) for part in parts) - _EMPTY
