"""The library of clauses, the coverage of the law, holidays and dated rules as pages."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tongqu.audit.models import AuditEntry
from tongqu.policy.models import CalendarYear, OfficialText, PolicyProfile
from tongqu.policy.public import calendar

pytestmark = pytest.mark.django_db
YEAR = "/sys/holidays/2027/"
GOOD = "2027-01-01,放假\n2027-02-14,调休上班"


def text_of(answer) -> str:
    return str(answer.content.decode())


def profile_form(**changes: object) -> dict[str, object]:
    base = PolicyProfile.objects.get(key="mot-2021")
    freshness = {f"freshness_{c}": s for c, s in base.terms["freshness"].items()}
    numbers = {n: v for n, v in base.terms.items() if n != "freshness"}
    said = {"title": "示例：修订版", "regulation": "mot-2021-sharing", "reason": "示例：省厅通知",
            "valid_from": "2027-01-01"}  # fmt: skip
    return numbers | freshness | said | changes


class TestLibrary:
    def test_the_public_reads_every_document_and_the_numbers_in_force(self, at) -> None:
        page = text_of(Client().get("/policies/"))

        assert "交通运输政务数据共享管理办法" in page
        assert "中华人民共和国个人信息保护法" in page
        assert "初审期限（工作日）" in page

    def test_a_search_that_finds_nothing_says_what_to_do(self, at) -> None:
        page = text_of(Client().get("/policies/", {"q": "无此内容"}))

        assert "没有找到条款" in page
        assert "请换一个词" in page

    def test_a_clause_shows_its_rules_its_code_and_that_the_wording_is_not_imported(self) -> None:
        page = text_of(Client().get("/policies/clauses/mot-2021-sharing/第十二条/"))

        assert "有条件共享由技术支持部门三个工作日内初审" in page
        assert "尚未导入官方文本" in page
        assert "tongqu.sharing" in page

    def test_an_unknown_clause_is_404(self) -> None:
        assert Client().get("/policies/clauses/mot-2021-sharing/第九十九条/").status_code == 404

    def test_the_managing_office_imports_the_official_text(self, world, browser_of) -> None:
        text = "交通运输政务数据共享管理办法\n第十二条 示例原文。"
        file = SimpleUploadedFile("text.txt", text.encode("gb18030"))

        answer = browser_of("managing").post("/policies/import/", {"file": file})

        page = text_of(Client().get("/policies/clauses/mot-2021-sharing/第十二条/"))
        assert answer.status_code == 302
        assert OfficialText.objects.get().imported_by == "managing"
        assert "示例原文。" in page

    def test_a_file_that_is_no_text_of_ours_is_refused(self, world, browser_of) -> None:
        file = SimpleUploadedFile("text.bin", b"\xff\xfe\x00binary")

        answer = browser_of("managing").post("/policies/import/", {"file": file})

        assert answer.status_code == 422
        assert "没有导入" in text_of(answer)


class TestCoverage:
    def test_each_article_is_shown_with_how_it_is_kept(self) -> None:
        page = text_of(Client().get("/policies/coverage/"))

        assert page.count('<th scope="row">') == 26
        assert "程序执行" in page
        assert "平台之外" in page

    def test_a_live_figure_is_shown_beside_its_article(self, monkeypatch) -> None:
        from tongqu.policy import coverage

        monkeypatch.setattr(coverage, "_counters", {})
        coverage.count_for(12, "在办申请", lambda: 4711)

        assert "4711" in text_of(Client().get("/policies/coverage/"))


class TestHolidays:
    def test_a_year_shows_its_notice_and_its_working_days(self, world, at, browser_of) -> None:
        page = text_of(browser_of("consumer").get("/sys/holidays/"))

        assert "2026年部分节假日安排" in page
        assert ">248<" in page

    def test_a_year_not_entered_says_so(self, world, at, browser_of) -> None:
        page = text_of(browser_of("consumer").get("/sys/holidays/", {"year": 2027}))

        assert "尚未录入" in page
        assert "暂定" in page

    def test_the_managing_office_enters_2027(self, world, at, browser_of) -> None:
        answer = browser_of("managing").post(YEAR, {"notice": "示例通知", "lines": GOOD})

        assert answer.status_code == 302
        assert CalendarYear.objects.get(year=2027).entered_by == "managing"
        assert 2027 in calendar().known_years
        entry = AuditEntry.objects.latest("pk")
        assert (entry.subject, entry.actor_key) == ("calendar 2027", "managing")

    def test_a_csv_file_is_read_in_either_encoding(self, world, at, browser_of) -> None:
        file = SimpleUploadedFile("2027.csv", f"日期,类型\n{GOOD}".encode("gb18030"))

        answer = browser_of("managing").post(YEAR, {"notice": "示例通知", "file": file})

        assert answer.status_code == 302
        assert CalendarYear.objects.get(year=2027).days.count() == 2

    def test_wrong_lines_are_named_and_what_was_typed_stays(self, world, at, browser_of) -> None:
        lines = f"{GOOD}\n2027-02-30,放假"

        answer = browser_of("managing").post(YEAR, {"notice": "示例通知", "lines": lines})

        assert answer.status_code == 422
        assert "第 3 行：日期应写成 2027-01-01" in text_of(answer)
        assert "2027-02-30,放假" in text_of(answer)
        assert not CalendarYear.objects.filter(year=2027).exists()

    @pytest.mark.parametrize("username", ["consumer", "auditor", "cataloguer"])
    def test_others_may_not_enter_a_year(self, world, at, browser_of, username) -> None:
        assert browser_of(username).post(YEAR, {"lines": GOOD}).status_code == 403


class TestProfiles:
    def test_the_empty_regulation_waits_for_a_person(self, world, at, browser_of) -> None:
        page = text_of(browser_of("consumer").get("/sys/profiles/"))

        assert "政务数据共享条例（2025）" in page
        assert "待补" in page

    def test_a_new_version_starts_from_the_numbers_of_the_last(self, world, at, browser_of) -> None:
        page = text_of(browser_of("managing").get("/sys/profiles/new/"))

        assert 'name="first_review_working_days" value="3"' in page

    def test_the_form_of_the_empty_regulation_is_empty(self, world, at, browser_of) -> None:
        page = text_of(browser_of("managing").get("/sys/profiles/new/?base=sc-2025"))

        assert 'name="first_review_working_days" value' not in page

    def test_a_version_of_the_past_is_refused_under_its_field(self, world, at, browser_of) -> None:
        form = profile_form(valid_from="2026-06-30")

        answer = browser_of("managing").post("/sys/profiles/new/", form)

        assert answer.status_code == 422
        assert "新版本只能从明天或以后开始生效" in text_of(answer)

    def test_a_missing_number_is_named_under_its_field(self, world, at, browser_of) -> None:
        form = profile_form(first_review_working_days="")

        answer = browser_of("managing").post("/sys/profiles/new/", form)

        assert answer.status_code == 422
        assert "请填写此项。" in text_of(answer)


@pytest.mark.req("GEN-10")
def test_a_case_follows_the_rules_of_the_day_on_which_it_was_filed(world, at, browser_of) -> None:
    """Version A (3 days) until 30 June, B (5 days) after: filed on 30 June, opened in July."""
    from datetime import date

    from tongqu.kernel import clock

    at.instant = clock.FixedClock.on(date(2026, 6, 1)).instant
    form = profile_form(valid_from="2026-07-01", first_review_working_days=5)
    saved = browser_of("managing").post("/sys/profiles/new/", form)
    at.instant = clock.FixedClock.on(date(2026, 7, 6)).instant

    def due(filed: str) -> tuple[int, str]:
        terms = Client().get("/api/v1/policy/terms", {"on": filed}).json()
        days = terms["numbers"]["first_review_working_days"]
        found = Client().get("/api/v1/policy/deadline", {"start": filed, "working_days": days})
        return days, found.json()["on"]

    assert saved.status_code == 302
    assert due("2026-06-30") == (3, "2026-07-03")
    assert due("2026-07-01") == (5, "2026-07-08")
