"""The client of Spark Connect loads in any process, and never ends it."""

import sys
from types import ModuleType

import pytest

from tongqu.adapters.engines import spark

pytest.importorskip("pyspark")
SESSION = "pyspark.sql.connect.session"


class Leaves:
    """An import hook: who loads the session's module is told to leave, as pyspark does."""

    def find_spec(self, name: str, *_: object) -> None:
        if name == SESSION:
            sys.exit(-1)


@pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas")
def test_the_client_loads_where_python_was_started_without_a_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    spark.client()
    from pyspark.sql.connect.utils import check_dependencies

    bare = ModuleType("__main__")  # as in ``python -c``: neither spec nor file
    monkeypatch.setitem(sys.modules, "__main__", bare)
    with spark.as_a_program():
        check_dependencies()

    assert bare.__spec__ is None
    assert not hasattr(bare, "__file__")


def test_a_client_that_leaves_while_it_loads_does_not_take_the_process_along(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    spark.client()
    monkeypatch.delitem(sys.modules, SESSION)
    monkeypatch.setattr(sys, "meta_path", [Leaves(), *sys.meta_path])

    with pytest.raises(ImportError, match="gave up"):
        spark.client()
