"""What quality keeps: packs and scans, tickets."""

from tongqu.quality.models.runs import RulePack, RuleResult, Scan
from tongqu.quality.models.tickets import Ticket, TicketEvent

__all__ = ["RulePack", "RuleResult", "Scan", "Ticket", "TicketEvent"]
