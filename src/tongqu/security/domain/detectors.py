"""Recognising sensitive columns from their name and a sample: a proposal, not a decision."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tongqu.security.vocabulary import LevelProposal, Mask

LIKELY = Decimal("0.5")  # part of the values that must match
LIKELY_BY_NAME = Decimal("0.2")  # the same where the column's name points there, too
DEFAULT_LEVEL = 1

ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ID_CHECKS = "10X98765432"
ID_SHAPE = re.compile(
    r"[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]"
)
MOBILE = re.compile(r"(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}")
PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领][A-Z][·\- ]?"
    r"[A-HJ-NP-Z0-9]{4,5}[A-HJ-NP-Z0-9挂学警港澳超]"
)
USCC_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_SHAPE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}")
VIN_SHAPE = re.compile(r"[A-HJ-NPR-Z0-9]{17}")
VIN_VALUES = {c: int(c) for c in "0123456789"} | dict(
    zip(
        "ABCDEFGHJKLMNPRSTUVWXYZ",
        (1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9),
        strict=True,
    )
)
VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
CARD_SHAPE = re.compile(r"(?:62|4|5[1-5]|3[47])\d{11,17}")
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎"
    "鲁韦昌马苗凤花方俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹"
    "姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆"
    "高夏蔡田樊胡凌霍虞万支柯管卢莫房解应宗丁宣邓郁单杭洪包左石崔吉龚程邢裴陆荣翁荀羊惠甄曲封储靳段富巫乌焦侯"
    "宓全班仰秋仲伊宫宁仇栾甘厉祖武符刘景詹束龙叶幸司黎蒲赖卓蔺屠蒙池乔胥能苍双闻莘党翟谭贡劳姬申扶冉桑桂牛"
    "寿边燕冀尚农温庄晏瞿阎连习容向古易廖步耿满匡文寇广东欧沃利师聂关荆司马上官欧阳诸葛岳帅涂肖闫覃"
)
CHINESE_NAME = re.compile(rf"[{SURNAMES}][·一-龥]{{1,3}}")
NUMBER = re.compile(r"[+-]?\d{1,3}(?:\.\d+)?")


def is_id_card(text: str) -> bool:
    """Decide by shape and check digit (GB 11643) whether this is a citizen's number."""
    if not ID_SHAPE.fullmatch(text):
        return False
    total = sum(int(c) * w for c, w in zip(text[:17], ID_WEIGHTS, strict=True))
    return ID_CHECKS[total % 11] == text[17].upper()


def is_uscc(text: str) -> bool:
    """Decide by shape and check letter (GB 32100) whether this is a 统一社会信用代码."""
    if not USCC_SHAPE.fullmatch(text):
        return False
    total = sum(USCC_LETTERS.index(c) * pow(3, i, 31) for i, c in enumerate(text[:17]))
    return USCC_LETTERS[-total % 31] == text[17]


def is_vin(text: str) -> bool:
    """Decide by shape and check digit (GB 16735) whether this is a vehicle's number."""
    if not VIN_SHAPE.fullmatch(text) or text.isdigit():
        return False
    total = sum(VIN_VALUES[c] * w for c, w in zip(text, VIN_WEIGHTS, strict=True))
    return "0123456789X"[total % 11] == text[8]


def is_bank_card(text: str) -> bool:
    """Decide by issuer range and Luhn digit whether this is a bank card's number."""
    if not CARD_SHAPE.fullmatch(text):
        return False
    digits = [int(c) for c in reversed(text)]
    return (sum(digits[::2]) + sum(sum(divmod(2 * d, 10)) for d in digits[1::2])) % 10 == 0


def _within(limit: int) -> Callable[[str], bool]:
    def check(text: str) -> bool:
        return NUMBER.fullmatch(text) is not None and abs(float(text)) <= limit

    return check


def _shaped(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda text: pattern.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Detector:
    name: str
    title: str
    level: int
    mask: Mask
    hint: re.Pattern[str]  # column names that point here
    matches: Callable[[str], bool]
    needs_hint: bool = False  # the values alone say too little


def _hint(words: str) -> re.Pattern[str]:
    return re.compile(words, re.IGNORECASE)


DETECTORS = (
    Detector("id_card", "公民身份号码", 4, Mask.COVER,
             _hint(r"身份证|公民身份|id_?card|(^|_)sfzh?"), is_id_card),
    Detector("bank_card", "银行卡号", 4, Mask.COVER,
             _hint(r"银行卡|银行账号|bank_?(card|account)|card_?no"), is_bank_card),
    Detector("mobile", "手机号码", 3, Mask.COVER,
             _hint(r"手机|电话|联系方式|mobile|phone|(^|_)tel($|_)|sjh"), _shaped(MOBILE)),
    Detector("person_name", "人员姓名", 3, Mask.COVER,
             _hint(r"姓名|驾驶员$|司机$|联系人$|负责人$|经办人$|(^|_)xm($|_)"
                   r"|(driver|person|contact|owner|passenger|full|real)_?name"),
             _shaped(CHINESE_NAME), needs_hint=True),
    Detector("email", "电子邮箱", 3, Mask.COVER, _hint(r"邮箱|e_?mail"), _shaped(EMAIL)),
    Detector("plate", "机动车号牌", 3, Mask.COVER,
             _hint(r"车牌|号牌|plate|(^|_)(cph|hphm)($|_)"), _shaped(PLATE)),
    Detector("vin", "车辆识别代号", 3, Mask.COVER,
             _hint(r"车架|识别代号|(^|_)vin($|_)"), is_vin),
    Detector("longitude", "经度", 2, Mask.GENERALISE,
             _hint(r"经度|(^|_)(lon|lng|longitude)($|_)"), _within(180), needs_hint=True),
    Detector("latitude", "纬度", 2, Mask.GENERALISE,
             _hint(r"纬度|(^|_)(lat|latitude)($|_)"), _within(90), needs_hint=True),
    Detector("uscc", "统一社会信用代码", 1, Mask.NONE,
             _hint(r"信用代码|uscc"), is_uscc),
)  # fmt: skip


def propose_level(name: str, sample: Sequence[str]) -> LevelProposal:
    """Return the most sensitive kind that the name and the values support.

    With an empty sample the name alone decides. The evidence counts, it never quotes.
    """
    values = [text for value in sample if (text := str(value).strip())]
    found = [proposal for detector in DETECTORS if (proposal := _judge(detector, name, values))]
    if found:
        return max(found, key=lambda proposal: (proposal.level, proposal.share))
    what = f"抽样 {len(values)} 个值未识别到敏感特征" if values else "没有可供识别的值"
    return LevelProposal(DEFAULT_LEVEL, "", Decimal(0), Mask.NONE, f"{what}，请编目员核定")


def _judge(detector: Detector, name: str, values: list[str]) -> LevelProposal | None:
    is_hinted = detector.hint.search(name) is not None
    if detector.needs_hint and not is_hinted:
        return None
    if not values:
        if not is_hinted:
            return None
        evidence = f"列名提示为{detector.title}，没有可供核对的值"
        return LevelProposal(detector.level, detector.name, Decimal(0), detector.mask, evidence)
    count = sum(map(detector.matches, values))
    share = (Decimal(count) / len(values)).quantize(Decimal("0.001"))
    if share < (LIKELY_BY_NAME if is_hinted else LIKELY):
        return None
    evidence = f"抽样 {len(values)} 个值，{share:.1%} 符合{detector.title}特征"
    if is_hinted:
        evidence += "，列名相符"
    return LevelProposal(detector.level, detector.name, share, detector.mask, evidence)
