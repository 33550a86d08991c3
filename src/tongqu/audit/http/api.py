"""The API of this room, under ``/api/v1/``."""

from ninja import Router

router = Router()
