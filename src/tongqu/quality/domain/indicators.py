"""GB/T 36344-2018 as a versioned profile: six dimensions, twenty indicators, their direction.

The standard gives neither weights nor the words of the regulations; the mapping is ours.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from tongqu.kernel.law import Assumption
from tongqu.quality.vocabulary import Dimension

PROFILE = "GB/T 36344-2018"
MAPPED = Assumption("各维度与三份文件用语的对应关系由平台拟定")


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator: X = A / B. ``is_inverse``: a share of what is bad, so 1 - X counts."""

    code: str
    name: str
    dimension: Dimension
    counts: str  # what A counts
    is_inverse: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """What the documents call a dimension; empty where they have no word for it."""

    measures_2021: str
    operation_2026: str
    governance_2024: str


D = Dimension
_2018 = (
    Indicator("0101", "数据标准", D.CONFORMITY, "符合数据标准的元素"),
    Indicator("0102", "数据模型", D.CONFORMITY, "符合数据模型的元素"),
    Indicator("0103", "元数据", D.CONFORMITY, "符合元数据定义的元素"),
    Indicator("0104", "业务规则", D.CONFORMITY, "符合业务规则的元素"),
    Indicator("0105", "权威参考数据", D.CONFORMITY, "符合参考数据的元素"),
    Indicator("0106", "安全规范", D.CONFORMITY, "符合安全要求的元素"),
    Indicator("0201", "数据元素完整性", D.COMPLETENESS, "已赋值的元素，以应赋值的为分母"),
    Indicator("0202", "数据记录完整性", D.COMPLETENESS, "已有的记录，以应有的为分母"),
    Indicator("0301", "数据内容正确性", D.ACCURACY, "内容正确的元素"),
    Indicator("0302", "数据格式合规性", D.ACCURACY, "类型、长度、精度合格的元素"),
    Indicator("0303", "数据重复率", D.ACCURACY, "重复的元素", is_inverse=True),
    Indicator("0304", "数据唯一性", D.ACCURACY, "满足唯一性的元素"),
    Indicator("0305", "脏数据出现率", D.ACCURACY, "脏数据", is_inverse=True),
    Indicator("0401", "相同数据一致性", D.CONSISTENCY, "各处一致的元素"),
    Indicator("0402", "关联数据一致性", D.CONSISTENCY, "满足关联约束的元素"),
    Indicator("0501", "基于时间段的正确性", D.TIMELINESS, "各时段记录数、频率合格的元素"),
    Indicator("0502", "基于时间点及时性", D.TIMELINESS, "在要求时限内的元素"),
    Indicator("0503", "时序性", D.TIMELINESS, "相对时序正确的元素"),
    Indicator("0601", "可访问", D.ACCESSIBILITY, "需要时可取得的元素"),
    Indicator("0602", "可用性", D.ACCESSIBILITY, "有效期内可用的元素"),
)
PROFILES: Mapping[str, tuple[Indicator, ...]] = {PROFILE: _2018}
INDICATORS: Mapping[str, Indicator] = {one.code: one for one in PROFILES[PROFILE]}
WORDS: Mapping[Dimension, Words] = {
    D.CONFORMITY: Words("可用性", "准确性", "准确"),
    D.COMPLETENESS: Words("完整性", "完整性", "完整"),
    D.ACCURACY: Words("准确性", "准确性", "准确"),
    D.CONSISTENCY: Words("准确性", "准确性", "准确"),
    D.TIMELINESS: Words("时效性", "及时性", "鲜活"),
    D.ACCESSIBILITY: Words("可用性", "", ""),
}
SAFETY = {"0106": Words("可用性", "安全性", "安全")}  # the one indicator with words of its own


def words_of(indicator: str) -> Words:
    """Return what the documents call that which an indicator measures."""
    return SAFETY.get(indicator) or WORDS[INDICATORS[indicator].dimension]
