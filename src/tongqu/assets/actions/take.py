"""Take one message of a device: known, signed, in sequence; marked where something is odd."""

import hashlib
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from tongqu.assets import ports
from tongqu.assets.domain import problems
from tongqu.assets.domain.states import DEVICE, DeviceCommand
from tongqu.assets.domain.trust import Window, marks_of, seen_after
from tongqu.assets.models import Device, Message
from tongqu.assets.queries import policy_of
from tongqu.assets.vocabulary import (
    MOST_PAYLOAD,
    SILENT_PERIODS,
    DeviceState,
    Envelope,
    KeyKind,
    PathType,
    Policy,
    Taken,
)
from tongqu.kernel import clock
from tongqu.kernel.actor import PUBLIC, Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.security import public as security
from tongqu.security.vocabulary import EventKind

QUIET = timedelta(minutes=1)  # between two events of one device: a flood is one event a minute
MOST_SEQUENCE = (1 << 63) - 1


def take(envelope: Envelope, *, address: str = "") -> Taken:
    """Keep a message for the next load and say what was noticed about it.

    ``address`` is where it came from, in full form. The caller has no account: the signature
    speaks for the device.

    Raises: ``Rejected`` DEVICE_UNKNOWN, TOO_LARGE, DEVICE_DISABLED, UNSIGNED, SIGNATURE_WRONG or
    SECRECY_MARK (with a security event), REPLAYED.
    """
    if len(envelope.payload.encode()) > MOST_PAYLOAD:
        raise Rejected(problems.TOO_LARGE)
    device = Device.objects.select_related("provider").filter(code=envelope.device).first()
    if device is None:
        raise Rejected(problems.DEVICE_UNKNOWN)
    is_signed = _verified(device, envelope, address)
    if device.state == DeviceState.DISABLED:
        raise Rejected(problems.DEVICE_DISABLED)
    _refuse_marked(device, envelope.payload)
    try:
        return _keep(device.pk, envelope, address, is_signed=is_signed)
    except Rejected:  # after the rollback: the count of refusals must not go with it
        Device.objects.filter(pk=device.pk).update(refused=F("refused") + 1)
        raise


def _verified(device: Device, envelope: Envelope, address: str) -> bool:
    """Decide whether the message is signed. A signature that does not hold never passes."""
    if not envelope.signature:
        if policy_of(device.source_code) is Policy.REQUIRED:
            _refuse(device, problems.UNSIGNED, address)
        return False
    holds = (
        device.key_kind != KeyKind.NONE
        and envelope.sequence is not None
        and envelope.collected_at is not None
        and ports.signatures().holds(
            KeyKind(device.key_kind), device.key, envelope.signed_bytes, envelope.signature
        )
    )
    if not holds:
        _refuse(device, problems.SIGNATURE_WRONG, address)
    return True


def _refuse(device: Device, problem: Problem, address: str) -> None:
    """Raise ``Rejected``, once the event stands: a refusal rolls nothing of it back."""
    now = clock.now()
    is_quiet = device.last_refusal_at is not None and now - device.last_refusal_at < QUIET
    Device.objects.filter(pk=device.pk).update(refused=F("refused") + 1, last_refusal_at=now)
    if not is_quiet:
        security.raise_event(
            EventKind.SIGNATURE_INVALID,
            by=stranger(device),
            subject=device.code,
            details={"source": device.source_code, "address": address},
            organisations=[device.provider_id],
        )
    raise Rejected(problem)


def _refuse_marked(device: Device, payload: str) -> None:
    """Keep nothing that carries a mark of state secrecy, in any carrier (article 2)."""
    mark = security.secrecy_mark(payload)
    if mark is None:
        return
    Device.objects.filter(pk=device.pk).update(refused=F("refused") + 1)
    security.raise_event(
        EventKind.SECRECY_MARK,
        by=stranger(device),
        subject=device.code,
        details={"source": device.source_code, "mark": mark[:2],
                 "sha256": hashlib.sha256(payload.encode()).hexdigest()},
        organisations=[device.provider_id],
    )  # fmt: skip
    raise Rejected(problems.SECRECY_MARK)


def stranger(device: Device) -> Actor:
    """Return who claims to be a device: nobody that we know."""
    return Actor(kind=PUBLIC.kind, key=f"device:{device.code}", name=device.name)


@transaction.atomic
def _keep(pk: int, envelope: Envelope, address: str, *, is_signed: bool) -> Taken:
    device = Device.objects.select_for_update().get(pk=pk)
    now = clock.now()
    is_late = _note_sequence(device, envelope.sequence)
    marks = marks_of(
        is_signed=is_signed, is_late=is_late, collected_at=envelope.collected_at, now=now
    )
    _note_health(device, envelope, address, now)
    Message.objects.create(
        device=device, source_code=device.source_code, sequence=envelope.sequence,
        collected_at=envelope.collected_at, received_at=now, payload=envelope.payload,
        marks=" ".join(mark.value for mark in marks),
    )  # fmt: skip
    return Taken(device.code, envelope.sequence, now, marks)


def _note_sequence(device: Device, sequence: int | None) -> bool:
    """Put a sequence into the window; return whether a higher one came before."""
    if sequence is None:
        return False
    if not 0 <= sequence <= MOST_SEQUENCE:
        raise Rejected(problems.invalid(sequence="序号为 0 以上的整数"))
    window = seen_after(Window(device.last_sequence, device.window), sequence)
    if window is None:
        raise Rejected(problems.REPLAYED)
    device.last_sequence, device.window = window.highest, window.seen
    return sequence != window.highest


def _note_health(device: Device, envelope: Envelope, address: str, now: datetime) -> None:
    command = DeviceCommand.ALARM if envelope.alarm else DeviceCommand.REPORT
    device.state = DEVICE.step(DeviceState(device.state), command).target.value
    device.alarm = envelope.alarm[:120]
    device.last_seen_at = now
    device.silent_after = now + SILENT_PERIODS * timedelta(seconds=device.period_seconds)
    device.last_address = address[:45]
    if envelope.path_type in set(PathType):
        device.path_type = envelope.path_type
    device.save()
