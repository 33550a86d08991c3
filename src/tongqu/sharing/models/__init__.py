"""Tables of sharing: requests and use, talks and entrustment, needs, lists, flows."""

from tongqu.sharing.models.flows import RequestFlow
from tongqu.sharing.models.lists import (
    Bundle,
    BundleApplication,
    BundleCase,
    DutyItem,
    DutyList,
)
from tongqu.sharing.models.needs import Need, SupplyTask
from tongqu.sharing.models.requests import (
    DailyNumber,
    Decision,
    Feedback,
    FeedbackDue,
    RequestEvent,
    RevocationTask,
    ShareRequest,
)
from tongqu.sharing.models.talks import (
    Coordination,
    Entrustment,
    PurposeChange,
    ReviewDigest,
    TalkNote,
)

__all__ = [
    "Bundle", "BundleApplication", "BundleCase", "Coordination", "DailyNumber", "Decision",
    "DutyItem", "DutyList", "Entrustment", "Feedback", "FeedbackDue", "Need", "PurposeChange",
    "RequestEvent", "RequestFlow", "ReviewDigest", "RevocationTask", "ShareRequest", "SupplyTask",
    "TalkNote",
]  # fmt: skip
