"""What the lake needs from outside: a store of tables and an engine that reads them.

The adapters are plugged in by the project's wiring as factories, so that a process that
never touches data does not load Arrow, DuckDB and Iceberg. The singletons belong to one
process: a fork begins with none.
"""

import os
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from tongqu.lake.ports.engines import Engine
from tongqu.lake.ports.gates import pass_gate, use_gate
from tongqu.lake.ports.outlets import Emit, emitter, loads, use_emitter, use_loads
from tongqu.lake.ports.stores import (
    NO_PROPERTIES,
    ControlCopy,
    EngineResult,
    FileKind,
    Paths,
    Refs,
    Snapshots,
    TableData,
    TableStore,
    Vault,
)
from tongqu.lake.vocabulary import TableRef

__all__ = [
    "NO_PROPERTIES",
    "ControlCopy",
    "Emit",
    "Engine",
    "EngineResult",
    "FileKind",
    "Paths",
    "Refs",
    "Snapshots",
    "TableData",
    "TableStore",
    "Vault",
    "compute",
    "control_copy",
    "emitter",
    "engine",
    "kept_by_rooms",
    "loads",
    "pass_gate",
    "provide",
    "provide_backup",
    "register_keeper",
    "reset",
    "store",
    "use_emitter",
    "use_gate",
    "use_loads",
    "vault",
]


@dataclass(slots=True)
class _Plugs:
    make_store: Callable[[], TableStore] | None = None
    make_engine: Callable[[TableStore], Engine] | None = None
    make_computer: Callable[[TableStore, Engine], Engine] | None = None
    store: TableStore | None = None
    engine: Engine | None = None
    computer: Engine | None = None
    lock: threading.RLock = field(default_factory=threading.RLock)


_plugs = _Plugs()
_vault: Callable[[], Vault | None] | None = None
_control: Callable[[], ControlCopy] | None = None
_keepers: list[Callable[[TableRef], Iterable[int]]] = []


def provide_backup(vault: Callable[[], Vault | None], control: Callable[[], ControlCopy]) -> None:
    """Plug in where backups go (None: nowhere) and how the control database is copied."""
    global _vault, _control  # one wiring a process
    _vault, _control = vault, control


def vault() -> Vault | None:
    return _vault() if _vault else None


def control_copy() -> ControlCopy:
    if _control is None:
        raise RuntimeError("no copier of the control database is plugged in")
    return _control()


def register_keeper(keeper: Callable[[TableRef], Iterable[int]]) -> None:
    """Let a room say which snapshots of a table it still needs: they are not forgotten."""
    if keeper not in _keepers:
        _keepers.append(keeper)


def kept_by_rooms(ref: TableRef) -> frozenset[int]:
    return frozenset(number for keeper in _keepers for number in keeper(ref))


def provide(
    store: Callable[[], TableStore],
    engine: Callable[[TableStore], Engine],
    computer: Callable[[TableStore, Engine], Engine] | None = None,
) -> None:
    """Plug the adapters in; called by the wiring. ``computer``: see ``compute``."""
    _plugs.make_store, _plugs.make_engine, _plugs.make_computer = store, engine, computer


def store() -> TableStore:
    """Return this process's store, made at its first use."""
    with _plugs.lock:
        if _plugs.store is None:
            if _plugs.make_store is None:
                raise RuntimeError("no table store is plugged in: see project/wiring.py")
            _plugs.store = _plugs.make_store()
        return _plugs.store


def engine() -> Engine:
    """Return this process's engine, made at its first use."""
    with _plugs.lock:
        if _plugs.engine is None:
            if _plugs.make_engine is None:
                raise RuntimeError("no engine is plugged in: see project/wiring.py")
            _plugs.engine = _plugs.make_engine(store())
        return _plugs.engine


def compute() -> Engine:
    """Return the engine of models and scans, perhaps a distributed one; ``engine`` serves."""
    with _plugs.lock:
        if _plugs.computer is None:
            made = engine()
            _plugs.computer = _plugs.make_computer(store(), made) if _plugs.make_computer else made
        return _plugs.computer


def reset() -> None:
    """Close and forget the singletons: after settings changed."""
    with _plugs.lock:
        if _plugs.computer is not None and _plugs.computer is not _plugs.engine:
            _plugs.computer.close()
        if _plugs.engine is not None:
            _plugs.engine.close()
        if _plugs.store is not None:
            _plugs.store.close()
        _plugs.computer = _plugs.engine = _plugs.store = None


def _forget_after_fork() -> None:
    """Connections and threads do not survive a fork; closing them would harm the parent."""
    _plugs.computer = _plugs.engine = _plugs.store = None
    _plugs.lock = threading.RLock()


os.register_at_fork(after_in_child=_forget_after_fork)
