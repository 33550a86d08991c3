"""What the steps of the showcase share: posts, the pack, the identifiers of its entries."""

from datetime import date
from functools import cached_property

from tongqu.catalog import public as catalog
from tongqu.identity.models import Person
from tongqu.identity.public import actor_for, organisation
from tongqu.kernel.actor import Actor
from tongqu.project.demo.stage import Unmet
from tongqu.project.packs.reading import Pack, read_pack

PACK = "jiangxi-2026"
SHOWN = date(2026, 10, 14)  # the day after the main job ends: no clock is set back

# The transport department itself provides what the list names.
DEPARTMENT = "990000"
CATALOGUER, REVIEWER, HEAD = "demo-dept-cataloguer", "demo-dept-reviewer", "demo-dept-responsible"
OFFICE, SUPPORT, SUPERVISOR = "demo-managing", "demo-support", "demo-supervisor"


class Scene:
    """A running showcase: it only looks up, so a step finds what an earlier run left."""

    @cached_property
    def pack(self) -> Pack:
        return read_pack(PACK)

    @cached_property
    def codes(self) -> dict[str, str]:
        """Return the published entries of the pack: slug → identifier."""
        by_name = {line.name: line.code for line in catalog.lines(provider_id=self.department)}
        return {entry.slug: by_name[entry.name] for entry in self.pack.entries}

    @cached_property
    def department(self) -> int:
        return self.unit(DEPARTMENT)

    def unit(self, code: str) -> int:
        found = organisation(code)
        if found is None:
            raise Unmet(f"没有示例单位 {code}")
        return int(found.pk)

    def actor(self, username: str) -> Actor:
        return actor_for(Person.objects.get(username=username))
