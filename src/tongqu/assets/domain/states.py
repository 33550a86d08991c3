"""The life of a device. The platform moves it, but for 停用 and 启用."""

from enum import StrEnum

from tongqu.assets.vocabulary import DeviceState as S
from tongqu.identity.vocabulary import Role
from tongqu.kernel.states import StateTable, Step
from tongqu.policy.clauses import measures_2021 as law


class DeviceCommand(StrEnum):
    REPORT = "report"
    ALARM = "alarm"
    FALL_SILENT = "fall_silent"
    DISABLE = "disable"
    ENABLE = "enable"


_C = DeviceCommand
_BY = Role.CATALOGUER.value

DEVICE = StateTable(
    name="感知设备",
    initial=S.OFFLINE,
    steps=(
        Step(S.OFFLINE, _C.REPORT, S.ONLINE, "platform", law.QUALITY, "恢复上报"),
        Step(S.ONLINE, _C.REPORT, S.ONLINE, "platform", law.QUALITY, "上报"),
        Step(S.ALARM, _C.REPORT, S.ONLINE, "platform", law.QUALITY, "告警解除"),
        Step(S.OFFLINE, _C.ALARM, S.ALARM, "platform", law.QUALITY, "告警"),
        Step(S.ONLINE, _C.ALARM, S.ALARM, "platform", law.QUALITY, "告警"),
        Step(S.ALARM, _C.ALARM, S.ALARM, "platform", law.QUALITY, "告警"),
        Step(S.ONLINE, _C.FALL_SILENT, S.OFFLINE, "platform", law.QUALITY, "三个周期未上报"),
        Step(S.ALARM, _C.FALL_SILENT, S.OFFLINE, "platform", law.QUALITY, "三个周期未上报"),
        Step(S.OFFLINE, _C.DISABLE, S.DISABLED, _BY, law.PROVIDER_DUTY, "停用"),
        Step(S.ONLINE, _C.DISABLE, S.DISABLED, _BY, law.PROVIDER_DUTY, "停用"),
        Step(S.ALARM, _C.DISABLE, S.DISABLED, _BY, law.PROVIDER_DUTY, "停用"),
        Step(S.DISABLED, _C.ENABLE, S.OFFLINE, _BY, law.PROVIDER_DUTY, "启用"),
    ),
)
