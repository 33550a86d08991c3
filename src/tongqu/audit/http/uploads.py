"""Checking a file that somebody sent: kept only while it is read."""

import tempfile
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile

from tongqu.audit.public import Finding, verify_file


def verify_upload(upload: "UploadedFile[bytes]") -> list[Finding]:
    """Return the findings on an uploaded receipt, proof or export."""
    with tempfile.NamedTemporaryFile(prefix="verify-") as file:
        for chunk in upload.chunks():
            file.write(chunk)
        file.flush()
        return verify_file(Path(file.name))
