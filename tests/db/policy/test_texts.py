"""The operator imports the official wording; the repository ships none."""

import pytest

from tests.conftest import POLICY
from tongqu.kernel.problems import Rejected
from tongqu.policy.models import OfficialText
from tongqu.policy.public import clause, import_text
from tongqu.policy.queries import search, wording

NO_TEXTS = not POLICY.is_dir()
pytestmark = pytest.mark.django_db
SAMPLE = """交通运输政务数据共享管理办法

第一章 总则

第一条 示例文字甲。

第二条 示例文字乙，
分为两行。
第二章 其他
第三条 示例文字丙。
"""


def test_articles_are_cut_at_their_numbers_and_chapters_left_out(tmp_path) -> None:
    file = tmp_path / "text.txt"
    file.write_text(SAMPLE, encoding="gb18030")

    assert import_text(file) == 3
    assert import_text(file) == 3

    assert OfficialText.objects.count() == 3
    assert OfficialText.objects.get(place="第二条").text == "示例文字乙，\n分为两行。"


def test_imported_wording_is_searched(tmp_path) -> None:
    file = tmp_path / "text.txt"
    file.write_text(SAMPLE, encoding="utf-8")
    import_text(file)

    assert {c.place for c in search("示例文字丙")} == {"第三条"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("某某办法\n第一条 甲", "DOCUMENT_UNKNOWN"),
        ("交通运输政务数据共享管理办法\n没有条文", "NO_ARTICLES"),
    ],
)
def test_a_file_that_is_not_such_a_text_is_refused(tmp_path, text, code) -> None:
    file = tmp_path / "text.txt"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(Rejected) as caught:
        import_text(file)

    assert caught.value.problem.code == code
    assert not OfficialText.objects.exists()


@pytest.mark.skipif(NO_TEXTS, reason="the official texts are not beside the repository")
def test_the_measures_are_imported_whole() -> None:
    assert import_text(POLICY / "002-mot-2021-sharing.txt") == 26

    found = clause("mot-2021-sharing 第十二条")
    assert found is not None
    assert found.phrase in wording(found).replace("\n", "")
