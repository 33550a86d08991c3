"""设施模型: versions of a structure's model (ING-17, ING-21)."""

import json

import pytest

from tests import factories_assets as files
from tests.factories_assets import API, post, upload_of
from tests.factories_catalog import published_entry

GLTF = json.dumps(
    {"asset": {"version": "2.0"}, "nodes": [{"mesh": 0}, {"mesh": 1}, {"name": "示例"}]}
).encode()


def send(client, entry, name: str, content: bytes) -> str:
    given = {"file": upload_of(name, content), "title": f"示例 {name}", "domain": "maintenance",
             "entry_code": entry.code}  # fmt: skip
    answer = client.post(f"{API}/media", given)
    assert answer.status_code == 201, answer.content
    return answer.json()["number"]


@pytest.mark.req("ING-17", "ING-21")
def test_the_page_of_a_bridge_shows_the_version_and_elements_of_its_model(
    browser_of, world, at, shelf
) -> None:
    client, entry = browser_of("cataloguer"), published_entry(world)
    bridge = {"code": "G60-K812-QL", "name": "示例赣江特大桥", "kind": "bridge"}
    assert post(client, "/structures", bridge).status_code == 201
    first = send(client, entry, "a.ifc", files.ifc(1200, 34))
    second = send(client, entry, "b.ifc", files.ifc(1201, 34, schema="IFC4X3_ADD2"))
    third = send(client, entry, "c.gltf", GLTF)

    for number in (first, second, third, second):
        answer = client.post("/manage/structures/G60-K812-QL/", {"number": number, "note": "示例"})
        assert answer.status_code == 302

    page = client.get("/manage/structures/G60-K812-QL/").content.decode()
    assert "第 3 版，构件 2 个" in page
    assert "1,235" in page
    found = client.get(f"{API}/structures/G60-K812-QL").json()["models"]
    assert [(m["version"], m["kind"], m["element_count"]) for m in found] == [
        (3, "gltf", 2), (2, "ifc", 1235), (1, "ifc", 1234),
    ]  # fmt: skip
    assert "IFC4X3_ADD2" in page
    assert "示例赣江特大桥" in client.get(f"/manage/media/{first}/").content.decode()


def test_a_drawing_is_no_model_and_a_strangers_bridge_no_place(
    browser_of, world, at, shelf
) -> None:
    client, entry = browser_of("cataloguer"), published_entry(world)
    post(client, "/structures", {"code": "QL-1", "name": "示例", "kind": "bridge"})
    plan = send(client, entry, "plan.dwg", files.dwg())

    answer = post(client, "/structures/QL-1/models", {"media": plan})

    assert answer.status_code == 422
    assert post(client, "/structures/NO-1/models", {"media": plan}).status_code == 404
    assert post(client, "/structures/QL-1/models", {"media": "MT-0"}).status_code == 404
    again = {"code": "QL-1", "name": "别的", "kind": "tunnel"}
    assert post(client, "/structures", again).status_code == 409
