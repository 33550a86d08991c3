"""The one router of this room: its operations stand in three modules."""

from ninja import Router

router = Router()
