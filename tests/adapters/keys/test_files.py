"""Keys in files: made once, closed to others, verifiable after their retirement."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tongqu.adapters.keys.files import FileKeys
from tongqu.audit.domain.signatures import holds


def test_keys_and_secrets_are_closed_to_others(tmp_path: Path) -> None:
    keys = FileKeys(tmp_path / "keys")
    keys.sign(b"x")
    keys.secret("mask")

    modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in (tmp_path / "keys").iterdir()}

    if os.name == "posix":
        assert modes == {"signing.pem": 0o600, "mask.secret": 0o600}


def test_many_starting_at_once_agree_on_one_key(tmp_path: Path) -> None:
    def start(_: int) -> tuple[str, str]:
        keys = FileKeys(tmp_path / "keys")
        return keys.active_key().key_id, keys.secret("mask")

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(start, range(16)))) == 1
    assert sorted(p.name for p in (tmp_path / "keys").iterdir()) == ["mask.secret", "signing.pem"]


def test_asking_for_the_public_keys_makes_none(tmp_path: Path) -> None:
    assert FileKeys(tmp_path / "keys").public_keys() == ()
    assert not (tmp_path / "keys").exists()


def test_a_retired_key_still_verifies_what_it_signed(tmp_path: Path) -> None:
    keys = FileKeys(tmp_path)
    signature, old = keys.sign(b"x"), keys.active_key()

    new = keys.rotate()

    assert new.key_id != old.key_id
    assert keys.public_keys() == (new, old)
    assert holds(b"x", signature, old)
    assert not holds(b"x", signature, new)


def test_a_foreign_key_file_is_refused(tmp_path: Path) -> None:
    foreign = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    (tmp_path / "signing.pem").write_bytes(foreign)

    with pytest.raises(TypeError, match="Ed25519"):
        FileKeys(tmp_path).sign(b"x")
