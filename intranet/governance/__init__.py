"""Running the place, and being able to trust those who do: the admin area and the audit log."""

from flask import Flask

from intranet.governance import audit_views, subscribers, views
from intranet.governance.guidelines import views as guideline_views
from intranet.governance.inspections import views as inspection_views
from intranet.governance.leaving import views as leaving_views
from intranet.governance.leaving.actions import part
from intranet.governance.letters import views as letter_views
from intranet.governance.mydata import clerk
from intranet.governance.mydata import views as data_views
from intranet.governance.reports import reporting
from intranet.governance.reports import views as report_views
from intranet.kernel.page import Slot, fill
from intranet.kernel.worker import each_turn
from intranet.people.importing import lend_parting

__all__ = ["audit_views", "inspection_views", "letter_views", "register", "reporting"]


def register(app: Flask) -> None:
    """Take the feature into the application."""
    subscribers.register()
    lend_parting(part)
    fill(Slot.POST_ACTIONS, report_views.post_action)
    fill(Slot.NAV_MAIN, report_views.nav_entry)
    fill(Slot.PROFILE_RAIL, report_views.profile_action)
    fill(Slot.GROUP_RAIL, report_views.group_action)
    fill(Slot.HOME_RAIL, report_views.told)
    fill(Slot.HOME_RAIL, leaving_views.offer)
    fill(Slot.SETTINGS_PARTS, guideline_views.settings_entry)
    fill(Slot.SETTINGS_PARTS, data_views.settings_entry)
    each_turn(clerk.turn, every=clerk.EVERY)
    views.feature.mount(app)
