"""What can stand in the way of a ticket or a case, worded once."""

from tongqu.kernel.problems import Problem
from tongqu.policy.clauses import jx_2026 as plan
from tongqu.policy.clauses import measures_2021 as law

LEAST_NOTE = 5  # characters: "不成立" alone is no reason

NO_TICKET = Problem("NO_SUCH_TICKET", "没有这张工单。", "请从工单列表重新进入。")
NO_CASE = Problem("NO_SUCH_CASE", "没有这个事项，或不在你的办理范围内。", "请从列表重新进入。")
NOT_YOURS = Problem(
    code="NOT_YOUR_TICKET",
    title="该工单由产生数据的部门办理。",
    next_step="请联系提供部门审核人。",
    basis=law.CORRECTION,
    who="提供部门审核人",
)
NOT_YOUR_CASE = Problem(
    code="NOT_YOUR_TICKET",
    title="这一步由其他单位办理。",
    next_step="请核对办理单位和岗位。",
    basis=plan.QUALITY_LOOP,
    who="办理单位",
)
NOT_GRANTED = Problem(
    code="NOT_GRANTED",
    title="使用部门只能对已授权使用的数据反馈质量问题。",
    next_step="请先申请共享；对公开信息有疑问的，可在开放页面提交纠错。",
    basis=law.CORRECTION,
    who="使用部门",
)
NOTE = Problem(
    code="NOTE_REQUIRED",
    title="请写明发现的问题。",
    next_step="请说明哪个信息项、什么情况，不少于 5 个字。",
    basis=law.CORRECTION,
    fields={"title": "请写明发现的问题，不少于 5 个字。"},
)
REASON = Problem(
    code="NOTE_REQUIRED",
    title="这一步须写明理由。",
    next_step="请补充理由，不少于 5 个字。",
    basis=law.CORRECTION,
    fields={"note": "请写明理由，不少于 5 个字。"},
)
NO_ITEM = Problem(
    code="ITEM_UNKNOWN",
    title="该目录没有这个信息项。",
    next_step="请从信息项列表中选择。",
    basis=law.CORRECTION,
    fields={"item": "请选择本目录的信息项。"},
)
APPEALED = Problem(
    code="APPEALED_ALREADY",
    title="该工单已申诉过一次。",
    next_step="仍有异议的，请联系主管部门协调。",
    basis=law.CORRECTION,
    who="主管部门",
)
CONFIRMED = Problem(
    code="CONFIRMED_ALREADY",
    title="该问题已经核实确认，不能认定不成立。",
    next_step="请更正数据；确需延期的，与实施机构协商。",
    basis=plan.CHECK_CONFIRMED,
    who="实施机构",
)
NOT_PRODUCER = Problem(
    code="NOT_YOUR_TICKET",
    title="问题数据清单只提供给产生数据的部门。",
    next_step="请联系提供部门。",
    basis=law.CORRECTION,
    who="提供部门",
)
NO_ROWS = Problem(
    code="NO_WRONG_ROWS",
    title="该工单没有逐行的问题数据。",
    next_step="请按工单所述问题核对数据。",
    basis=law.CORRECTION,
)
NO_UNIT = Problem(
    code="UNIT_UNKNOWN",
    title="没有这个部门，或该部门已撤销。",
    next_step="请核对部门代码。",
    basis=law.CORRECTION,
    fields={"department": "请核对部门代码。"},
)
NEEDS_BOTH = Problem(
    code="EXTENSION_NEEDS_BOTH",
    title="延期须由提供部门与实施机构协商一致。",
    next_step="请等待另一方同意；同意前仍按原期限办理。",
    basis=plan.CHECK_TERM,
    who="实施机构或提供部门",
)
NO_EXTENSION = Problem(
    code="EXTENSION_UNKNOWN",
    title="没有待同意的延期。",
    next_step="请先由一方提出延期和理由。",
    basis=plan.CHECK_TERM,
    who="实施机构或提供部门",
)
TOO_EARLY = Problem(
    code="EXTENSION_TOO_EARLY",
    title="拟延至的日期须晚于现在的截止日，且须为工作日。",
    next_step="请另选日期。",
    basis=plan.CHECK_TERM,
    fields={"until": "须晚于现在的截止日，且为工作日。"},
)
STALE = Problem(
    code="PRODUCTS_STALE",
    title="还有受影响的成果没有重算，不能办结。",
    next_step="请技术支持部门重算所列成果后再办理。",
    basis=plan.QUALITY_LOOP,
    who="技术支持部门",
)
NOT_VERIFIED = Problem(
    code="IDENTITY_NOT_VERIFIED",
    title="提出异议须登录并完成实名核验。",
    next_step="请登录后提出；尚未核验的，请到政务服务窗口核验身份。",
    basis=plan.QUALITY_LOOP,
    who="政务服务窗口",
)
VALUES = Problem(
    code="VALUES_REQUIRED",
    title="异议成立的，须写明原值和更正后的值。",
    next_step="请补填两项。两项加密保存，只向提出人和核实部门显示。",
    basis=plan.QUALITY_LOOP,
    fields={"old_value": "请填写原值。", "new_value": "请填写更正后的值。"},
)
NOT_CURED = Problem(
    code="NOT_CURED",
    title="采用规则包后的检测仍有不符，或还没有检测，不能销账。",
    next_step="请更正数据并再次检测，通过后销账。",
    basis=law.QUALITY,
    who="技术支持部门",
)
REMEDY = Problem(
    code="REMEDY_UNKNOWN",
    title="该类别没有这项治理措施。",
    next_step="请从所列措施中选择。",
    fields={"remedy": "请选择一项措施。"},
)
CLASS = Problem(
    code="CLASS_REQUIRED",
    title="请选择问题类别。",
    next_step="四类中选择一类。",
    fields={"hardship": "请选择一类。"},
)
NO_PACK = Problem(
    code="NO_RULES",
    title="该目录还没有这一类的检测规则。",
    next_step="请技术支持部门先为该目录编制规则包，或选择其他目录。",
    basis=law.QUALITY,
    who="技术支持部门",
    fields={"entry": "请填写有规则包的目录编码。"},
)
