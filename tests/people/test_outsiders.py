"""Signed-out visitors see nothing of anybody."""

import pytest

from intranet.kernel.viewer import ANONYMOUS
from tests.cast import Cast
from tests.fixtures import AsViewer

READING = (
    "/people", "/people/alice", "/people/alice/card", "/people/alice/followers", "/people/alice/following",
    "/people/alice/org", "/people/alice/skills", "/here-today", "/settings/profile", f"/photos/{'0' * 64}/small",
    "/api/v1/me", "/api/v1/people", "/api/v1/people/alice", "/api/v1/suggestions/people?q=a",
    "/topics", "/topics/kafka", "/topics/kafka/followers", "/people/alice/skills/kafka", "/people/alice/vouch?topic=x",
    "/api/v1/suggestions/topics?q=k",
)  # fmt: skip
WRITING = (
    "/people/alice/follow", "/people/alice/unfollow", "/settings/profile", "/settings/profile/status",
    "/settings/profile/place", "/settings/profile/photo", "/settings/profile/photo/remove", "/presence", "/skills",
    "/skills/kafka/drop", "/people/alice/vouch", "/endorsements/1/withdraw", "/topics/kafka/follow",
    "/topics/kafka/unfollow", "/topics/kafka/edit",
)  # fmt: skip


@pytest.mark.parametrize("address", READING)
def test_a_visitor_who_is_not_signed_in_reads_nothing(cast: Cast, as_viewer: AsViewer, address: str) -> None:
    answer = as_viewer(ANONYMOUS).get(address)
    assert answer.status_code in {302, 401}
    assert "Example" not in answer.text


@pytest.mark.parametrize("address", WRITING)
def test_a_visitor_who_is_not_signed_in_changes_nothing(cast: Cast, as_viewer: AsViewer, address: str) -> None:
    answer = as_viewer(ANONYMOUS).post(address, headers={"Accept": "application/json"})
    assert answer.status_code == 401
