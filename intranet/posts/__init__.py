"""Posts: what people tell each other, with comments, reactions, bookmarks and drafts."""

from flask import Flask

from intranet.files.sweeping import keeps
from intranet.groups import talk
from intranet.kernel.page import Slot, fill
from intranet.kernel.reactions import REACTION_NAMES
from intranet.posts import api, live, merging, passing, suggesting, views
from intranet.posts.announcements import views as announcement_views
from intranet.posts.announcements.queries import ANNOUNCEMENT
from intranet.posts.anonymous.slots import wrote
from intranet.posts.cards import marked
from intranet.posts.collected import views as collected_views
from intranet.posts.collected.mentions import LentMentions
from intranet.posts.collected.talk import LentTalk
from intranet.posts.links import views as link_views
from intranet.posts.links.actions import names_picture
from intranet.posts.muted import views as muted_views
from intranet.posts.parts.registry import add_part
from intranet.posts.person import slots as person_slots
from intranet.posts.polls import views as poll_views
from intranet.posts.polls.queries import POLL
from intranet.posts.praise import views as praise_views
from intranet.posts.praise.queries import PRAISE
from intranet.posts.scheduled import live as scheduled_live
from intranet.posts.scheduled import publishing as scheduled_publishing
from intranet.posts.scheduled import views as scheduled_views
from intranet.topics import pulse


def register(app: Flask) -> None:
    """Take the feature into the application."""
    live.set_up()
    scheduled_live.set_up()
    add_part(POLL)
    add_part(PRAISE)
    add_part(ANNOUNCEMENT)
    talk.lend(LentTalk())
    pulse.lend(LentMentions())
    app.jinja_env.globals.update(reaction_names=REACTION_NAMES, marked=marked, wrote=wrote)
    fill(Slot.HOME_TOP, announcement_views.banner)
    fill(Slot.BANNERS, announcement_views.urgent_banner)
    fill(Slot.PROFILE_TABS, praise_views.tab)
    fill(Slot.PROFILE_MORE, person_slots.profile_sheet)
    fill(Slot.PROFILE_MORE, praise_views.newest_on_profile)
    fill(Slot.GROUP_TABS, collected_views.group_tab)
    fill(Slot.SETTINGS_PARTS, muted_views.settings_part)
    keeps(names_picture)
    fill(Slot.TOPIC_RAIL, collected_views.topic_rail)
    fill(Slot.PERSON_CARD, person_slots.on_card)
    views.feature.mount(app)


__all__ = [
    "api",
    "link_views",
    "merging",
    "passing",
    "poll_views",
    "register",
    "scheduled_publishing",
    "scheduled_views",
    "suggesting",
]
