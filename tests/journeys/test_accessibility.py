"""axe finds nothing serious on the pages of posts, in any of their states."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from intranet.config import ROOT
from tests.journeys.conftest import Open, Town

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

AXE: Path = ROOT / "node_modules" / "axe-core" / "axe.min.js"
RICH = """# Title

- [x] done
- [ ] open

| a | b |
|---|---|
| 1 | 2 |

> said

```python
x = 1
```

@bob #ssl"""


def serious(page: Page) -> list[str]:
    page.evaluate(AXE.read_text())
    found: dict[str, Any] = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{problem['id']}: {problem['nodes'][0]['html'][:200]}"
        for problem in found["violations"]
        if problem["impact"] in {"serious", "critical"}
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(opened: Open, town: Town, scheme: str) -> None:
    post_id = town.post("bob", RICH)
    town.post("alice", "Quite right", reply_to=post_id)
    page = opened("alice", "/?view=everyone", color_scheme=scheme)
    assert serious(page) == []
    page.locator(f"#item-{post_id} [data-show-thread]").click()
    page.wait_for_selector(f"#reply-{post_id} textarea:focus")
    page.locator(f"#item-{post_id} > .post-main > .post-actions .reaction-menu summary").click()
    page.locator("#composer textarea").press_sequentially("Hello @bo")
    page.wait_for_selector("#composer [role=option]:visible")
    assert serious(page) == []
    page.fill("#composer textarea", "")
    for path in (f"/posts/{post_id}", f"/posts/{post_id}/history", "/compose", "/bookmarks", "/people/bob/posts"):
        page.goto(path)
        assert serious(page) == [], path
