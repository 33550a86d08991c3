"""Template words used on every page; loaded for all templates by the settings."""

from django import template

register = template.Library()
