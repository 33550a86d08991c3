"""Doors of products: ask one."""

from tongqu.products.actions.route import route

__all__ = ["route"]
