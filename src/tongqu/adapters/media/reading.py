"""Reading untrusted files: bounded, and never past the end."""

import struct
from typing import BinaryIO

from tongqu.assets.ports import Unfit


def broken(kind: str) -> Unfit:
    return Unfit("FILE_BROKEN", f"文件按 {kind} 读不通，可能已损坏。", "请核对原文件后重新上传。")


def bomb() -> Unfit:
    return Unfit(
        "DECOMPRESSION_BOMB", "文件展开后异常庞大，已停止读取。", "请核对文件，缩小后重新上传。"
    )


def exactly(file: BinaryIO, size: int, kind: str) -> bytes:
    """Return so many bytes. Raises ``Unfit`` where the file ends before."""
    found = file.read(size)
    if len(found) != size:
        raise broken(kind)
    return found


def number(data: bytes, form: str, at: int = 0) -> int:
    """Return one number; ``form`` as in struct, big or little end said."""
    value: int = struct.unpack_from(form, data, at)[0]
    return value
