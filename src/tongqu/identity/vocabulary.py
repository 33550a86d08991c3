"""Words of identity: kinds of organisations, roles, permissions."""

from enum import StrEnum

PROBLEM_STATUS: dict[str, int] = {  # codes answered with something else than 422
    "TOKEN_INVALID": 401,
    "ENV_NOT_REGISTERED": 403,
    "CSRF_FAILED": 403,
    "CODE_TAKEN": 409,
    "ABOLISHED_ALREADY": 409,
    "PILOT_SCOPE": 403,
}


class OrganisationKind(StrEnum):
    """组织类型. Only the first three are 政务部门 (measures, article 2)."""

    GOVERNMENT = "government"  # 政府部门
    AUTHORISED_INSTITUTION = "authorised_institution"  # 法律法规授权的事业单位
    AUTHORISED_SOCIETY = "authorised_society"  # 法律法规授权的社会组织
    ENTERPRISE = "enterprise"  # 企业
    RESEARCH = "research"  # 高校、科研机构


GOVERNMENT_KINDS = frozenset(
    {
        OrganisationKind.GOVERNMENT,
        OrganisationKind.AUTHORISED_INSTITUTION,
        OrganisationKind.AUTHORISED_SOCIETY,
    }
)


class Level(StrEnum):
    MINISTRY = "ministry"  # 部
    PROVINCE = "province"  # 省
    CITY = "city"  # 市
    COUNTY = "county"  # 县（区）


class PilotState(StrEnum):
    """试点状态 of a function."""

    PILOTING = "piloting"  # 试点中
    PROMOTED = "promoted"  # 已推广
    WITHDRAWN = "withdrawn"  # 已撤回


PILOT_LABELS: dict[PilotState, str] = {
    PilotState.PILOTING: "试点中",
    PilotState.PROMOTED: "已推广",
    PilotState.WITHDRAWN: "已撤回",
}


class Role(StrEnum):
    """岗位. One person may hold several, each bound to one organisation."""

    MANAGING_OFFICE = "managing_office"  # 主管部门（科技主管）
    CATALOGUER = "cataloguer"  # 提供部门编目员
    PROVIDER_REVIEWER = "provider_reviewer"  # 提供部门审核人
    FIRST_RESPONSIBLE = "first_responsible"  # 第一责任人
    CONSUMER = "consumer"  # 使用部门
    SUPPORT = "support"  # 技术支持部门
    SECURITY_OFFICER = "security_officer"  # 数据安全员
    SUPERVISOR = "supervisor"  # 数据监管
    AUDITOR = "auditor"  # 审计员
    HUB_ADMIN = "hub_admin"  # 市县枢纽管理员
    BUYER = "buyer"  # 经营主体
    STANDARDS_COMMITTEE = "standards_committee"  # 标准委员会委员
    IMPLEMENTER = "implementer"  # 实施机构
    OPERATOR = "operator"  # 运营机构
    SYSTEM_ADMIN = "system_admin"  # 系统管理员
    PUBLIC = "public"  # 公众


class Permission(StrEnum):
    """``<room>.<thing>.<action>``, alphabetical. A new one needs a row in the matrix."""

    ASSETS_CAMERA_EDIT = "assets.camera.edit"
    ASSETS_DEVICE_EDIT = "assets.device.edit"
    ASSETS_DEVICE_READ = "assets.device.read"
    ASSETS_HANDLE_ISSUE = "assets.handle.issue"
    ASSETS_HANDLE_PLAY = "assets.handle.play"
    ASSETS_MEDIA_EDIT = "assets.media.edit"
    ASSETS_MEDIA_READ = "assets.media.read"
    ASSETS_MESSAGE_POST = "assets.message.post"
    AUDIT_CHAIN_VERIFY = "audit.chain.verify"
    AUDIT_TRAIL_READ = "audit.trail.read"
    CATALOG_CHANGE_REGISTER = "catalog.change.register"
    CATALOG_ENTRY_CHECK = "catalog.entry.check"
    CATALOG_ENTRY_DRAFT = "catalog.entry.draft"
    CATALOG_ENTRY_PUBLISH = "catalog.entry.publish"
    CATALOG_ENTRY_READ = "catalog.entry.read"
    CATALOG_EXCEPTION_APPROVE = "catalog.exception.approve"
    CATALOG_RECEIPT_CHECK = "catalog.receipt.check"
    CATALOG_RECEIPT_ISSUE = "catalog.receipt.issue"
    DELIVERY_DATA_USE = "delivery.data.use"
    DELIVERY_QUERY_RUN = "delivery.query.run"
    FUNCTIONS_REGISTER_APPROVE = "functions.register.approve"
    FUNCTIONS_REGISTER_CONFIRM = "functions.register.confirm"
    FUNCTIONS_REGISTER_EDIT = "functions.register.edit"
    FUNCTIONS_REGISTER_READ = "functions.register.read"
    IDENTITY_CLIENT_MANAGE = "identity.client.manage"
    IDENTITY_ORGANISATION_EDIT = "identity.organisation.edit"
    IDENTITY_ORGANISATION_READ = "identity.organisation.read"
    IDENTITY_PILOT_EDIT = "identity.pilot.edit"
    INGEST_BATCH_READ = "ingest.batch.read"
    INGEST_LOAD_RUN = "ingest.load.run"
    INGEST_SOURCE_REGISTER = "ingest.source.register"
    LAKE_LINEAGE_READ = "lake.lineage.read"
    LAKE_MODEL_EDIT = "lake.model.edit"
    LAKE_MODEL_RUN = "lake.model.run"
    LAKE_SQL_RUN = "lake.sql.run"
    LAKE_TABLE_READ = "lake.table.read"
    LAKE_TOPIC_ASK = "lake.topic.ask"
    LAKE_UPKEEP_RUN = "lake.upkeep.run"
    LEDGER_BATCH_EDIT = "ledger.batch.edit"
    LEDGER_BATCH_SIGN = "ledger.batch.sign"
    LEDGER_FLOW_EDIT = "ledger.flow.edit"
    LEDGER_FLOW_RUN = "ledger.flow.run"
    LEDGER_MERGE_DECIDE = "ledger.merge.decide"
    LEDGER_METADATA_EDIT = "ledger.metadata.edit"
    LEDGER_REPORT_READ = "ledger.report.read"
    LEDGER_STOCK_MEASURE = "ledger.stock.measure"
    LEDGER_SURVEY_ANSWER = "ledger.survey.answer"
    LEDGER_SURVEY_MANAGE = "ledger.survey.manage"
    LEDGER_SURVEY_READ = "ledger.survey.read"
    MASTERS_CHECK_READ = "masters.check.read"
    MASTERS_DESK_DECIDE = "masters.desk.decide"
    MASTERS_DESK_READ = "masters.desk.read"
    MASTERS_PROPOSAL_FILE = "masters.proposal.file"
    MASTERS_RECORD_READ = "masters.record.read"
    MASTERS_RUN_START = "masters.run.start"
    ONESOURCE_AUTHORITY_EDIT = "onesource.authority.edit"
    ONESOURCE_PAIR_DECIDE = "onesource.pair.decide"
    ONESOURCE_REGISTER_READ = "onesource.register.read"
    OPENING_CASE_DECIDE = "opening.case.decide"
    OPENING_CASE_LEGAL = "opening.case.legal"
    OPENING_CASE_PROPOSE = "opening.case.propose"
    OPENING_CASE_READ = "opening.case.read"
    OPENING_CASE_SAFETY = "opening.case.safety"
    OPENING_SET_READ = "opening.set.read"
    OPENING_VOICE_ANSWER = "opening.voice.answer"
    OPENING_VOICE_GIVE = "opening.voice.give"
    POLICY_CALENDAR_EDIT = "policy.calendar.edit"
    POLICY_PROFILE_EDIT = "policy.profile.edit"
    POLICY_TEXT_READ = "policy.text.read"
    PORTAL_DESK_READ = "portal.desk.read"
    PORTAL_PAGE_READ = "portal.page.read"
    QUALITY_ASSESSMENT_EDIT = "quality.assessment.edit"
    QUALITY_CASE_DECIDE = "quality.case.decide"
    QUALITY_CHECK_ACT = "quality.check.act"
    QUALITY_CHECK_FILE = "quality.check.file"
    QUALITY_CHECK_READ = "quality.check.read"
    QUALITY_GATE_WAIVE = "quality.gate.waive"
    QUALITY_HARDSHIP_EDIT = "quality.hardship.edit"
    QUALITY_OBJECTION_FILE = "quality.objection.file"
    QUALITY_OBJECTION_HANDLE = "quality.objection.handle"
    QUALITY_RESULT_READ = "quality.result.read"
    QUALITY_SCAN_RUN = "quality.scan.run"
    QUALITY_STANDARD_EDIT = "quality.standard.edit"
    QUALITY_STARS_GIVE = "quality.stars.give"
    QUALITY_TICKET_FILE = "quality.ticket.file"
    QUALITY_TICKET_HANDLE = "quality.ticket.handle"
    SECURITY_EVENT_READ = "security.event.read"
    SHARING_FEEDBACK_GIVE = "sharing.feedback.give"
    SHARING_GRANT_READ = "sharing.grant.read"
    SHARING_GRANT_REVOKE = "sharing.grant.revoke"
    SHARING_REQUEST_FIRST_REVIEW = "sharing.request.first_review"
    SHARING_REQUEST_MANAGING_APPROVE = "sharing.request.managing_approve"
    SHARING_REQUEST_PROVIDER_REVIEW = "sharing.request.provider_review"
    SHARING_REQUEST_READ = "sharing.request.read"
    SHARING_REQUEST_SUBMIT = "sharing.request.submit"
    STANDARDS_BALLOT_VOTE = "standards.ballot.vote"
    STANDARDS_COMMENT_GIVE = "standards.comment.give"
    STANDARDS_DRAFT_READ = "standards.draft.read"
    STANDARDS_LIBRARY_EDIT = "standards.library.edit"
    STANDARDS_LIBRARY_READ = "standards.library.read"
    STANDARDS_RULE_EDIT = "standards.rule.edit"
    SUPERVISION_PROJECT_CHECK = "supervision.project.check"
    SUPERVISION_PROJECT_EDIT = "supervision.project.edit"
    SUPERVISION_PROJECT_READ = "supervision.project.read"


ROLE_LABELS: dict[Role, str] = {
    Role.MANAGING_OFFICE: "主管部门",
    Role.CATALOGUER: "提供部门编目员",
    Role.PROVIDER_REVIEWER: "提供部门审核人",
    Role.FIRST_RESPONSIBLE: "第一责任人",
    Role.CONSUMER: "使用部门",
    Role.SUPPORT: "技术支持部门",
    Role.SECURITY_OFFICER: "数据安全员",
    Role.SUPERVISOR: "数据监管",
    Role.AUDITOR: "审计员",
    Role.HUB_ADMIN: "市县枢纽管理员",
    Role.BUYER: "企业（经营主体）",
    Role.STANDARDS_COMMITTEE: "标准委员会委员",
    Role.IMPLEMENTER: "实施机构",
    Role.OPERATOR: "运营机构",
    Role.SYSTEM_ADMIN: "系统管理员",
    Role.PUBLIC: "公众",
}

KIND_LABELS: dict[OrganisationKind, str] = {
    OrganisationKind.GOVERNMENT: "政府部门",
    OrganisationKind.AUTHORISED_INSTITUTION: "法律法规授权的事业单位",
    OrganisationKind.AUTHORISED_SOCIETY: "法律法规授权的社会组织",
    OrganisationKind.ENTERPRISE: "企业",
    OrganisationKind.RESEARCH: "高校、科研机构",
}
LEVEL_LABELS: dict[Level, str] = {
    Level.MINISTRY: "部",
    Level.PROVINCE: "省",
    Level.CITY: "市",
    Level.COUNTY: "县（区）",
}
