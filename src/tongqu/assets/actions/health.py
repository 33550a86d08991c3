"""The health job: who fell silent, and what that does to their datasets (ING-04)."""

from django.db import transaction
from django.db.models import Count

from tongqu.assets.domain.states import DEVICE, DeviceCommand
from tongqu.assets.models import Device
from tongqu.assets.vocabulary import SILENT_PERIODS, DeviceState
from tongqu.audit.public import record
from tongqu.identity.public import notify
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.policy.clauses import measures_2021 as law


@transaction.atomic
def check_health(*, by: Actor) -> int:
    """Turn devices silent for three of their periods to 离线; return how many these were.

    One statement a state: the moment at which a device counts as silent is stored with it.
    """
    now = clock.now()
    silent = Device.objects.filter(silent_after__lte=now)
    turned: list[Device] = []
    for step in DEVICE.steps:
        if step.command is DeviceCommand.FALL_SILENT:
            found = list(silent.select_for_update().filter(state=step.source.value))
            silent.filter(pk__in=[d.pk for d in found]).update(state=step.target.value)
            turned += found
    if turned:
        record("assets.device.silent", by=by, subject=f"{len(turned)} 台", basis=law.QUALITY,
               details={"devices": [device.code for device in turned[:100]]})  # fmt: skip
        _tell(turned)
    return len(turned)


def _tell(turned: list[Device]) -> None:
    """Tell each provider once an hour at most how many of its devices are silent."""
    hour = f"{clock.now():%Y%m%d%H}"
    providers = {device.provider_id for device in turned}
    offline = Device.objects.filter(provider__in=providers, state=DeviceState.OFFLINE.value)
    for row in offline.order_by().values("provider_id").annotate(n=Count("pk")):
        notify(
            f"{row['n']} 台感知设备离线（连续 {SILENT_PERIODS} 个周期未上报），所属数据不完整",
            key=f"devices-silent-{row['provider_id']}-{hour}",
            kind="设备离线",
            url="/manage/devices/?state=offline",
            organisation_id=row["provider_id"],
        )
