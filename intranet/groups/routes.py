"""The feature that all pages of groups hang on, and the limits on what one may do."""

from datetime import timedelta

from intranet.kernel.web import Feature
from intranet.people.routes import at_most

feature = Feature("groups")

found_limit = at_most(10, timedelta(hours=1), "found-group")
join_limit = at_most(60, timedelta(minutes=10), "join-group")
invite_limit = at_most(60, timedelta(hours=1), "invite-to-group")
