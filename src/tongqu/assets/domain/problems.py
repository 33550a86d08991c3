"""What can stand in the way of devices, documents, cameras and models, worded once."""

from tongqu.kernel.problems import Problem
from tongqu.policy.clauses import measures_2021 as law

DEVICE_UNKNOWN = Problem(
    code="DEVICE_UNKNOWN",
    title="没有登记这台设备。",
    next_step="请核对设备编码，或先登记设备。",
    basis=law.CONNECT_IN_TIME,
    who="提供部门编目员",
)
DEVICE_DISABLED = Problem(
    code="DEVICE_DISABLED",
    title="这台设备已停用，报文未接收。",
    next_step="请提供部门在设备页启用后再上报。",
    basis=law.PROVIDER_DUTY,
    who="提供部门编目员",
)
NOT_YOUR_DEVICE = Problem(
    code="NOT_YOUR_DEVICE",
    title="这台设备属于其他提供部门。",
    next_step="请由该设备的提供部门办理。",
    basis=law.PROVIDER_DUTY,
    who="提供部门",
)
DEVICE_EXISTS = Problem(
    code="DEVICE_EXISTS",
    title="设备编码已登记，内容与本次不同。",
    next_step="请核对编码；改变登记内容请在设备页办理。",
    basis=law.PROVIDER_DUTY,
    fields={"code": "编码已被使用"},
)
UNSIGNED = Problem(
    code="UNSIGNED",
    title="这个来源要求签名，报文没有签名，未接收。",
    next_step="请用登记的密钥签名后上报，并带采集时间和序号。",
    basis=law.AUTHENTICATION,
    who="设备管理方",
)
SIGNATURE_WRONG = Problem(
    code="SIGNATURE_WRONG",
    title="签名不成立，报文未接收，已记为安全事件。",
    next_step="请核对设备密钥、签名范围和报文是否被改动。",
    basis=law.AUTHENTICATION,
    who="设备管理方",
)
REPLAYED = Problem(
    code="REPLAYED",
    title="这个序号已经收到过，报文未接收。",
    next_step="重发同一报文的，不必再发；新报文请用更大的序号。",
    basis=law.AUTHENTICATION,
    who="设备管理方",
)
TOO_LARGE = Problem(
    code="TOO_LARGE",
    title="内容超过上限，未接收。",
    next_step="请减小后重试；单条报文不超过 64 KB。",
    basis=law.CONNECT_IN_TIME,
)
MEDIA_UNKNOWN = Problem(
    code="MEDIA_UNKNOWN",
    title="没有找到这份文件，或不在你单位的查看范围内。",
    next_step="请核对编号，或从媒体库进入。",
    basis=law.AUTHENTICATION,
)
NOT_YOUR_MEDIA = Problem(
    code="NOT_YOUR_MEDIA",
    title="目录条目属于其他部门，不能挂接。",
    next_step="请选择本单位的目录条目。",
    basis=law.PROVIDER_DUTY,
    who="提供部门",
)
SECRECY_MARK = Problem(
    code="SECRECY_MARK",
    title="内容带有国家秘密标志，平台不接收涉密数据，未保存任何内容。",
    next_step="请立即停止经本平台传输，按保密规定处置，并报告本单位保密机构。",
    basis=law.NON_SECRET,
    who="提供部门保密机构",
)
CAMERA_UNKNOWN = Problem(
    code="CAMERA_UNKNOWN",
    title="没有找到这个视频源，或不在你单位的查看范围内。",
    next_step="请核对编码。",
    basis=law.AUTHENTICATION,
)
NO_VIDEO_GRANT = Problem(
    code="NO_VIDEO_GRANT",
    title="你单位没有这个视频源的有效授权。",
    next_step="请在其目录条目提出共享申请；视频只凭授权查看。",
    basis=law.AUTHENTICATION,
    who="提供部门",
)
CAMERA_OFF = Problem(
    code="NO_VIDEO_GRANT",
    title="这个视频源已停用，或只供提供部门查看。",
    next_step="请联系提供部门。",
    basis=law.PROVIDER_DUTY,
    who="提供部门",
)
HANDLE_INVALID = Problem(
    code="HANDLE_INVALID",
    title="播放地址不成立。",
    next_step="请在视频源页重新申请播放地址。",
    basis=law.AUTHENTICATION,
)
HANDLE_EXPIRED = Problem(
    code="HANDLE_EXPIRED",
    title="播放地址已失效。",
    next_step="请在视频源页重新申请播放地址。",
    basis=law.AUTHENTICATION,
)
RELAY_MISSING = Problem(
    code="RELAY_MISSING",
    title="视频暂时取不到。",
    next_step="请稍后重试；持续取不到时请联系技术支持部门核对媒体网关。",
    who="技术支持部门",
)
STRUCTURE_UNKNOWN = Problem(
    code="STRUCTURE_UNKNOWN",
    title="没有找到这个设施编码。",
    next_step="请核对编码，或先登记设施。",
    basis=law.COMPILE,
)
STRUCTURE_EXISTS = Problem(
    code="STRUCTURE_EXISTS",
    title="设施编码已登记，内容与本次不同。",
    next_step="请核对编码。",
    basis=law.COMPILE,
    fields={"code": "编码已被使用"},
)


def invalid(**fields: str) -> Problem:
    return Problem(
        code="INVALID",
        title="填写的内容不符合要求。",
        next_step="请按提示改正后重新提交。",
        basis=law.PROVIDER_DUTY,
        fields=fields,
    )
