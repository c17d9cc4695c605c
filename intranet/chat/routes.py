"""The feature that all pages of chat hang on, and the limits on what one may do."""

from datetime import timedelta

from intranet.kernel.web import Feature
from intranet.people.routes import at_most

feature = Feature("chat")

start_limit = at_most(60, timedelta(minutes=10), "start-conversation")
bring_limit = at_most(60, timedelta(minutes=10), "bring-into-conversation")
ask_limit = at_most(30, timedelta(minutes=10), "ask-author")
