"""Runs of models, column lineage, and what is known about tables beyond their snapshots."""

from tongqu.lake.models.keeping import (
    BusinessModel,
    BusinessModelVersion,
    FileDamage,
    ModelAdoption,
    RecoveryTarget,
    Topic,
    TopicTemplate,
    UpkeepRun,
)
from tongqu.lake.models.running import (
    InstalledModel,
    LakeTable,
    LineageEdge,
    LineageEvent,
    ModelRun,
    ModelStep,
    TableFlag,
    TableTouch,
)

__all__ = [
    "BusinessModel",
    "BusinessModelVersion",
    "FileDamage",
    "InstalledModel",
    "LakeTable",
    "LineageEdge",
    "LineageEvent",
    "ModelAdoption",
    "ModelRun",
    "ModelStep",
    "RecoveryTarget",
    "TableFlag",
    "TableTouch",
    "Topic",
    "TopicTemplate",
    "UpkeepRun",
]
