"""How much a request may upload, told by who sends it, before a byte more is taken."""

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

from tongqu.identity.public import actor_of
from tongqu.identity.vocabulary import Permission

SMALL = 6 << 20  # what every other form of ours may bring


class LimitedUpload(FileUploadHandler):
    """Stop an upload at the limit. It stands before Django's own handlers and stores nothing.

    The CSRF check reads a whole form before the page asks for the permission: without this,
    whoever has no account could fill the disk.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.taken = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:  # noqa: ARG002  (Django's)
        self.taken += len(raw_data)
        if self.taken > self._limit():
            for handler in self.request.upload_handlers if self.request else ():
                handler.upload_interrupted()  # lets go of what was stored so far
            raise RequestDataTooBig("the upload is beyond the limit of who sends it")
        return raw_data

    def file_complete(self, file_size: int) -> None:  # noqa: ARG002  (Django's)
        return None

    def _limit(self) -> int:
        if self.request is not None and actor_of(self.request).may(Permission.INGEST_LOAD_RUN):
            return int(settings.UPLOAD_MAX)
        return SMALL
