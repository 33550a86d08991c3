"""A right row of each of the 35 resources is stored, without a word of warning."""

import pytest

from tests.res import pack


@pytest.mark.parametrize("slug", sorted(pack.resources()))
def test_a_right_row_is_stored(res, slug: str) -> None:
    batch = res.load(slug, pack.rights(slug, 3))

    assert (batch["stored"], batch["findings"]) == (3, [])
