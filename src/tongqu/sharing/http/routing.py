"""The router of this room: every part of its API is on it."""

from ninja import Router

router = Router()
