"""The catalogue for readers of Iceberg, attacked: names, keys, signatures, ranges, ended rights."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from django.test import Client

from tests import factories_delivery as make
from tests.world import World
from tongqu.audit.models import AuditEntry
from tongqu.delivery import public
from tongqu.delivery.actions.copies import clear_copies
from tongqu.delivery.models import FileKey, GrantUsage, TableCopy
from tongqu.delivery.vocabulary import Filter, Operator
from tongqu.identity.actions.clients import register_client, switch_client
from tongqu.kernel import clock
from tongqu.lake.public import store, svc_ref
from tongqu.policy.clauses import measures_2021 as law

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("lake")]
COLUMNS = ("id", "name", "phone", "origin", "delay")
ROWS = (Filter("origin", Operator.IN, ("JFK", "LGA")),)
HOST = "http://testserver"


class Hub:
    """A grant of twenty rows and five columns, and a system that holds it."""

    def __init__(self, world: World, **given: object) -> None:
        make.served_table()
        self.world = world
        self.grant = make.grant(world, **{"items": COLUMNS, "row_filter": ROWS} | given)
        self.system, self.secret = register_client(
            system_name="示例", networks=[], by=world.actor("consumer")
        )
        self.token = token(self.system.client_id, self.secret)

    def get(self, path: str, **more: object):
        return Client().get(
            f"/iceberg/v1/{path}", headers={"Authorization": f"Bearer {self.token}"}, **more
        )

    def prefix(self, purpose: str = make.PURPOSE) -> str:
        return f"{self.grant.number}.{purpose.encode().hex()}"

    def load(self, table: str = "svc_example"):
        return self.get(f"{self.prefix()}/namespaces/shared/tables/{table}")

    def revoke(self) -> None:
        public.revoke_grant(
            self.grant.number, by=self.world.actor("provider"), basis=law.RECTIFICATION,
            reason="示例：用途不符",
        )  # fmt: skip


def token(client_id: str, secret: str) -> str:
    asked = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret}
    answer = Client().post("/iceberg/v1/oauth/tokens", asked | {"scope": "PRINCIPAL_ROLE:ALL"})
    assert answer.status_code == 200, answer.content
    return str(answer.json()["access_token"])


def signed(loaded: dict, path: str, method: str = "GET", **headers: str) -> dict[str, str]:
    """Return the headers of a call as Amazon's own library signs it, without our code."""
    keys = Credentials(
        loaded["config"]["s3.access-key-id"], loaded["config"]["s3.secret-access-key"]
    )
    request = AWSRequest(method, HOST + path, headers={"Host": "testserver", **headers})
    S3SigV4Auth(keys, "s3", "us-east-1").add_auth(request)
    return dict(request.headers)


def path_in(address: str) -> str:
    return "/" + address.removeprefix("s3://")


def fetch(path: str, headers: dict[str, str], method: str = "GET", **more: object):
    return getattr(Client(), method.lower())(path, headers=headers, **more)


def body(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


@pytest.fixture
def hub(world: World) -> Hub:
    return Hub(world)


def test_only_the_named_grant_is_there_and_what_is_not_granted_is_absent(hub: Hub) -> None:
    theirs = hub.world.organisations["990000-WL"].pk
    other = make.grant(hub.world, consumer_id=theirs, source_reference="SX-9").number
    purpose = make.PURPOSE
    found = hub.get("config", data={"warehouse": f"{hub.grant.number}/{purpose}"})
    assert found.json()["overrides"] == {"prefix": hub.prefix()}
    assert hub.get(f"{hub.prefix()}/namespaces").json() == {"namespaces": [["shared"]]}
    listed = hub.get(f"{hub.prefix()}/namespaces/shared/tables").json()["identifiers"]
    assert listed == [{"namespace": ["shared"], "name": "svc_example"}]

    absent = [
        *(hub.get("config", data={"warehouse": w}) for w in (
            "", "SQ-2026-0101-999/emergency", "'; DROP TABLE x; --", "../../etc", "own",
            f"{other}/{purpose}",
        )),
        hub.get(f"{hub.prefix()}/namespaces/ods"),
        hub.get(f"{hub.prefix()}/namespaces/shared%1Fods/tables"),
        *(hub.load(name) for name in (
            "ods_flights", "svc_example%22%20UNION%20SELECT", "svc_other", "..", "%00",
            "svc_example;SELECT",
        )),
        hub.get(f"{other}.{purpose.encode().hex()}/namespaces/shared/tables/svc_example"),
        hub.get("SQ-2026-0101-999.00ff/namespaces"),
        hub.get(f"{hub.grant.number}.zz/namespaces"),
    ]  # fmt: skip
    codes = [answer.status_code for answer in absent]
    assert set(codes) <= {400, 403, 404}
    assert codes.count(403) == 1  # tables of one's own need a person's right
    told = {a.content for a in absent if a.content.startswith(b"{") and a.status_code == 404}
    assert len(told) == 1  # unknown, malformed and somebody else's sound alike
    assert not TableCopy.objects.exists()


def test_no_token_a_wrong_purpose_and_writes_are_refused(hub: Hub) -> None:
    where = f"/iceberg/v1/{hub.prefix()}/namespaces/shared/tables/svc_example"

    assert Client().get(where).status_code == 401
    assert Client().get(where).json()["error"]["type"] == "NotAuthorizedException"
    wrong = hub.get(f"{hub.prefix('traffic')}/namespaces/shared/tables/svc_example")
    assert wrong.status_code == 403
    assert "PURPOSE_MISMATCH" in wrong.json()["error"]["message"]
    for method in ("post", "put", "delete"):
        headers = {"Authorization": f"Bearer {hub.token}"}
        assert getattr(Client(), method)(where, headers=headers).status_code == 405
    assert not TableCopy.objects.exists()


def test_the_files_hold_exactly_the_granted_columns_rows_and_masks(hub: Hub) -> None:
    loaded = hub.load().json()
    folder = TableCopy.objects.get().folder
    from django.conf import settings

    files = [p for p in (Path(settings.EXPORTS) / "copies" / folder).rglob("*") if p.is_file()]
    everything = b"".join(path.read_bytes() for path in files)

    import pyarrow.parquet as pq

    (data,) = [path for path in files if path.suffix == ".parquet"]
    rows = pq.read_table(data).to_pylist()
    assert {row["origin"] for row in rows} == {"JFK", "LGA"}
    assert len(rows) == 20
    assert list(rows[0]) == list(COLUMNS)
    assert {row["phone"] for row in rows} == {"138****5678"}
    for secret in (b"1380001", b"EWR", b"secret-", b"identity_number", b"_row_hash"):
        assert secret not in everything
    names = [field["name"] for field in loaded["metadata"]["schemas"][0]["fields"]]
    assert names == list(COLUMNS)


def test_a_file_leaves_only_to_whoever_signs_with_a_living_key(hub: Hub, at) -> None:
    at.instant = at.instant  # botocore takes the real time: so do we
    with clock.use(clock.SystemClock()):
        loaded = hub.load().json()
        path = path_in(loaded["metadata-location"])
        good = signed(loaded, path)

        answer = fetch(path, good)
        assert answer.status_code == 200
        assert json.loads(body(answer)) == loaded["metadata"]
        assert fetch(path, signed(loaded, path, "HEAD"), "HEAD").headers["Content-Length"] == str(
            len(json.dumps(loaded["metadata"]).encode()) and len(body(fetch(path, good)))
        )

        forged = {**good, "Authorization": good["Authorization"][:-4] + "0000"}
        unknown = {**good, "Authorization": good["Authorization"].replace("TQ", "TX", 1)}
        stale = {**good, "X-Amz-Date": "20200101T000000Z"}
        other = path.replace("00000.", "00001.")
        bad = [fetch(path, h) for h in (forged, unknown, stale, {}, {"Authorization": "AWS x"})]
        bad += [
            fetch(other, good),  # a signature for another path
            fetch(path, good, "HEAD"),  # and for another method
            fetch(path + "?versionId=1", good),
            fetch(f"/iceberg/files/{'0' * 32}/metadata/x.json",
                  signed(loaded, f"/iceberg/files/{'0' * 32}/metadata/x.json")),
        ]  # fmt: skip
        assert {a.status_code for a in bad} == {403}
        assert b"AccessDenied" in bad[0].content
        gone = [
            "/iceberg/files/../../etc/passwd", path.replace("/metadata/", "/metadata/../data/"),
            path.replace("/metadata/", "%2F..%2F"), "/iceberg/files/", "/iceberg/?list-type=2",
            path + "%00", path.replace("metadata/", "secret/"),
        ]  # fmt: skip
        assert {fetch(p, signed(loaded, p)).status_code for p in gone} <= {400, 404}
        assert {fetch(path, good, m).status_code for m in ("PUT", "POST", "DELETE")} == {405}
        missing = path.replace("00000.", "00009.")
        assert fetch(missing, signed(loaded, missing)).status_code == 404  # within one's own

        FileKey.objects.update(expires_at=clock.now())
        assert fetch(path, signed(loaded, path)).status_code == 403


def test_ranges_are_given_as_readers_of_parquet_ask(hub: Hub) -> None:
    loaded = hub.load().json()
    path = path_in(loaded["metadata-location"])
    whole = body(fetch(path, signed(loaded, path)))
    size = len(whole)

    def ask(asked: str):
        return fetch(path, signed(loaded, path), HTTP_RANGE=asked)

    for asked, part in {
        "bytes=0-3": whole[:4], "bytes=-8": whole[-8:], f"bytes={size - 2}-": whole[-2:],
        f"bytes=5-{size * 9}": whole[5:], f"bytes=-{size * 9}": whole,
    }.items():  # fmt: skip
        answer = ask(asked)
        assert body(answer) == part, asked
    assert ask("bytes=0-3").headers["Content-Range"] == f"bytes 0-3/{size}"
    for asked in (f"bytes={size}-", f"bytes={size + 5}-{size + 9}", "bytes=-0"):
        assert ask(asked).status_code == 416
    for asked in ("bytes=4-2", "bytes=0-1,4-5", "bytes=a-b", "rows=1-2", "bytes=", "bytes=-"):
        answer = ask(asked)
        assert (answer.status_code, len(body(answer))) == (200, size), asked


def test_a_key_opens_one_copy_and_ends_with_the_right(hub: Hub) -> None:
    loaded = hub.load().json()
    second = Hub.__new__(Hub)
    second.world, second.token = hub.world, hub.token
    second.grant = make.grant(hub.world, items=("id", "origin"), source_reference="SX-2")
    theirs = second.load().json()
    path, foreign = (path_in(found["metadata-location"]) for found in (loaded, theirs))

    assert fetch(path, signed(loaded, path)).status_code == 200
    assert fetch(foreign, signed(loaded, foreign)).status_code == 403

    hub.revoke()
    assert hub.load().status_code == 403
    assert "GRANT_REVOKED" in hub.load().json()["error"]["message"]
    assert fetch(path, signed(loaded, path)).status_code == 403
    assert fetch(foreign, signed(theirs, foreign)).status_code == 200
    switch_client(hub.system.client_id, is_active=False, by=hub.world.actor("consumer"))
    assert fetch(foreign, signed(theirs, foreign)).status_code == 403


def test_a_copy_follows_its_source_and_goes_with_its_grant(hub: Hub) -> None:
    from django.conf import settings

    home = Path(settings.EXPORTS) / "copies"
    first = hub.load().json()
    assert hub.load().json()["metadata"] == first["metadata"]
    make.served_table(rows=make.ROWS[:6], seq=2)

    newer = hub.load().json()

    assert newer["metadata"]["table-uuid"] == first["metadata"]["table-uuid"]
    assert newer["metadata-location"] != first["metadata-location"]
    old, new = TableCopy.objects.order_by("pk")
    assert (old.rows, new.rows) == (20, 4)
    assert new.snapshot_id == store().current(svc_ref("svc_example")).id
    path = path_in(first["metadata-location"])
    assert fetch(path, signed(first, path)).status_code == 200  # a reader under way reads on

    TableCopy.objects.filter(pk=old.pk).update(superseded_at=clock.now() - timedelta(minutes=17))
    assert clear_copies() == 1
    assert [found.name for found in home.iterdir()] == [new.folder]
    hub.revoke()
    assert clear_copies() == 1
    assert list(home.iterdir()) == []
    told = AuditEntry.objects.filter(action="delivery.copy.read", grant=hub.grant.number)
    assert [entry.details["fetches"] for entry in told] == [1]
    assert not FileKey.objects.exists()


def test_rows_count_once_a_day_and_the_quota_holds(world: World, at) -> None:
    hub = Hub(world, quota_rows_per_day=25)

    assert [hub.load().status_code for _ in range(3)] == [200] * 3

    used = GrantUsage.objects.get()
    assert (used.download_calls, used.download_rows) == (3, 20)
    assert set(AuditEntry.objects.filter(rows=20).values_list("grant", "purpose")) == {
        (hub.grant.number, make.PURPOSE)
    }
    make.served_table(rows=make.ROWS[:9], seq=2)  # six more rows of another state: 26 in all
    assert hub.load().status_code == 429
    assert GrantUsage.objects.get().rows == 20
    assert TableCopy.objects.filter(superseded_at=None).get().counted_on is None
    at.instant += timedelta(days=1)
    hub.token = token(hub.system.client_id, hub.secret)
    assert hub.load().status_code == 200


def test_a_person_attaches_the_units_own_tables_with_a_token_of_the_day(
    world: World, browser_of
) -> None:
    make.served_table()
    make.served_entry(world)
    page = browser_of("provider").post("/desk/reader-token/").content.decode()
    key = re.search(r"TOKEN &#x27;([^&]+)|TOKEN '([^']+)'", page)
    bearer = {"Authorization": f"Bearer {key[1] or key[2]}"}

    def ask(path: str):
        return Client().get(path, headers=bearer)

    assert ask("/iceberg/v1/config?warehouse=own").json()["overrides"] == {"prefix": "own"}
    loaded = ask("/iceberg/v1/own/namespaces/shared/tables/svc_example").json()
    names = [field["name"] for field in loaded["metadata"]["schemas"][0]["fields"]]
    assert {"id", "name", "remark"} <= set(names)
    assert not {"identity_number", "address"} & set(names)  # level 3 and no mask: not there
    assert TableCopy.objects.get().holder == f"own:{world.organisations['990000-MH'].pk}"
    assert ask("/iceberg/v1/own/namespaces/shared/tables/ods_example").status_code == 404
    assert ask("/api/v1/lake/tables").status_code == 401  # good at that door alone
    assert browser_of("consumer").post("/desk/reader-token/").status_code == 403

    browser_of("provider").post("/desk/reader-token/")  # another one ends the first
    assert ask("/iceberg/v1/config?warehouse=own").status_code == 401
