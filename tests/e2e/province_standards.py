"""Something on every page of standards: a replaced one, one in the making, tables, messages."""

from tests import factories_standards
from tests.world import World
from tongqu.standards.actions import library, workflow
from tongqu.standards.vocabulary import Answer, StandardCommand

OWN = "T/GZJT 1-2026"


def make(world: World) -> dict[str, str]:
    """Return the codes under which the tests find them."""
    factories_standards.colours()
    factories_standards.waybill()
    old = factories_standards.standard()
    factories_standards.standard("JT/T 697.7-2026", replaces=[old])
    office = world.actor("managing")
    document = {"code": OWN, "version": "2026", "title": "示例运单数据规范", "kind": "group",
                "topic": "exchange", "is_example": True}  # fmt: skip
    library.propose(document, by=office)
    for command in (StandardCommand.DRAFT, StandardCommand.CONSULT):
        workflow.take_step(OWN, command, by=office)
    for text in ("示例意见一", "示例意见二"):
        comment = workflow.give_comment(OWN, text=text, place="第二章", by=world.actor("consumer"))
    workflow.answer_comment(comment.pk, answer=Answer.REFUSED, reason="示例理由", by=office)
    return {"old_standard": old, "own_standard": OWN}
