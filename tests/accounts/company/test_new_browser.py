"""Whoever comes in with the company's sign-in hears of a browser that is new, as after a password."""

from collections.abc import Callable
from dataclasses import replace

from flask import Flask

from intranet.kernel.db import Database
from intranet.kernel.runtime import runtime
from tests.accounts.company.conftest import Browser
from tests.notifications.working import Work


def test_a_browser_that_is_new_is_told_of_and_neither_the_first_nor_a_known_one(
    app: Flask, browser: Callable[[], Browser], database: Database
) -> None:
    runtime(app).settings = replace(runtime(app).settings, oidc_trusts_email=True)
    work, first = Work(app, database), browser()
    work.stopped.close()  # the company has a clock of its own
    for _time in range(2):
        first.come_in("ada")
        first.client.post("/sign-out")
    work.do()
    assert [mail["Subject"] for mail in work.mails] == []
    second = browser()
    second.come_in("ada")
    work.do()
    (mail,) = work.mails
    assert mail["Subject"] == "Somebody signed in as you with a browser that is new here"
    assert str(mail["To"]) == "Ada Almond <ada@example.org>"
    assert "signed in as you with a browser that is new here" in second.client.get("/notifications").text
