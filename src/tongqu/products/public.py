"""Doors of products: ask one."""

from tongqu.products.actions.route import farthest, route

__all__ = ["farthest", "route"]
