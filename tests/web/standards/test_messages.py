"""Electronic freight documents: a sample, a validator that names the element."""

import json

import pytest

from tests.factories_standards import COLOUR, USCC, WAYBILL, code_table, waybill
from tongqu.kernel.actor import PLATFORM
from tongqu.kernel.problems import Rejected
from tongqu.project.packs.loading import Outcome, load_pack
from tongqu.project.packs.reading import read_pack
from tongqu.standards import public as standards

pytestmark = pytest.mark.django_db
API = "/api/v1/standards/messages"
PAGE = "/manage/standards/messages/MF-WAYBILL/"


@pytest.fixture
def form(world, at):
    return waybill()


def validate(client, message):
    return client.post(f"{API}/MF-WAYBILL/validate", {"message": message},
                       content_type="application/json").json()  # fmt: skip


def without(path):
    message = json.loads(json.dumps(WAYBILL["sample"]))
    *way, last = path.split(".")
    part = message
    for step in way:
        part = part[step]
    del part[last]
    return message


@pytest.mark.req("STD-14")
def test_a_waybill_that_lacks_the_shippers_uscc_is_refused_naming_the_element(
    form, client, browser_of
) -> None:
    message = without("shipper.uscc")

    found = validate(client, message)
    page = browser_of("consumer").post(PAGE, {"message": json.dumps(message)}).content.decode()

    assert found["is_valid"] is False
    assert [(f["path"], f["element"]) for f in found["findings"]] == [
        ("shipper.uscc", "托运人统一社会信用代码")
    ]
    assert found["findings"][0]["message"] == "缺少托运人统一社会信用代码"
    assert "缺少托运人统一社会信用代码" in page
    assert "不符合" in page


def test_the_sample_passes_its_own_format(form, client, browser_of) -> None:
    assert validate(client, WAYBILL["sample"]) == {"is_valid": True, "findings": []}
    first = browser_of("consumer").get(PAGE)
    assert "91350100M000100Y43" in first.content.decode()
    assert "全部要素符合格式" in browser_of("consumer").post(
        PAGE, {"message": first.context["form"].initial["message"]}
    ).content.decode()  # fmt: skip


def test_values_are_judged_by_their_elements(form, client) -> None:
    message = without("waybill_no") | {
        "waybill_no": "1",
        "shipper": {"name": ["x"], "uscc": "91350100M000100Y44"},
        "goods": [{"name": "a"}, {"mass": 2}],
        "vehicle": {"colour": 7},
        "surprise": {"deep": 1},
    }

    found = validate(client, message)["findings"]

    assert {(f["path"], f["check"]) for f in found} == {
        ("shipper.name", ""), ("shipper.uscc", "R-USCC"), ("goods[2].name", ""),
        ("vehicle.colour", "DE-PCOL.codes"), ("surprise.deep", ""),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "不是正确的 JSON"),
        ("[]", "应是一个 JSON 对象"),
        ('{"a": NaN}', "不是正确的 JSON"),
        ("[" * 50_000, "不是正确的 JSON"),
    ],
)
def test_what_is_no_message_is_refused(form, browser_of, text, says) -> None:
    answer = browser_of("consumer").post(PAGE, {"message": text})

    assert answer.status_code == 422
    assert says in answer.content.decode()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"fields": []}, "没有任何要素"),
        ({"fields": [{"path": "a b", "name": "x"}]}, "path 应如"),
        ({"fields": [{"path": "a", "name": "x"}, {"path": "a", "name": "y"}]}, "要素 a 重复"),
        ({"fields": [{"path": "a", "name": "x", "element": "DE-NONE"}]}, "没有数据元 DE-NONE"),
        ({"sample": {"waybill_no": "1"}}, "样例"),
        ({"sample": WAYBILL["sample"] | {"x": 1}}, "没有这一要素"),
        ({"foo": 1}, "不认识的键 foo"),
    ],
)
def test_a_format_that_cannot_be_followed_is_not_kept(world, at, change, says) -> None:
    code_table()
    standards.save_elements([COLOUR, USCC], by=PLATFORM)

    with pytest.raises(Rejected) as refused:
        standards.save_message_format(WAYBILL | change, by=PLATFORM)

    assert says in refused.value.problem.title


def test_a_format_can_be_put_and_read(world, at, browser_of) -> None:
    code_table()
    standards.save_elements([COLOUR, USCC], by=PLATFORM)
    support = browser_of("support")

    kept = support.put(API, {"document": WAYBILL}, content_type="application/json")

    assert kept.json() == {"code": "MF-WAYBILL", "count": 1}
    assert support.get(f"{API}/MF-WAYBILL").json()["fields"][2]["required"] is True
    assert "道路货物运单" in support.get("/manage/standards/messages/").content.decode()
    assert support.get(f"{API}/NONE").status_code == 404


@pytest.mark.req("STD-14")
def test_the_packs_waybill_stands_on_the_page_and_names_what_a_message_lacks(
    world, at, client, browser_of
) -> None:
    provider = world.organisations["990000-MH"].pk
    first = load_pack("jiangxi-2026", provider_id=provider)
    again = load_pack("jiangxi-2026", provider_id=provider)
    listed = browser_of("consumer").get("/manage/standards/messages/").content.decode()
    (form,) = read_pack("jiangxi-2026").messages
    address = f"{API}/{form['code']}/validate"
    lacking = {**form["sample"], "shipper": {"name": "示例托运企业"}}

    def findings(message):
        answer = client.post(address, {"message": message}, content_type="application/json")
        return [(f["path"], f["element"]) for f in answer.json()["findings"]]

    assert "示例：道路货物运单" in listed
    assert [(t.name, t.outcome.value) for t in first.things if t.kind == "单据格式"] == [
        (form["code"], "made")
    ]
    assert again.count(Outcome.MADE) == 0
    assert not again.proposals
    assert findings(form["sample"]) == []
    assert findings(lacking) == [("shipper.uscc", "托运人统一社会信用代码")]
