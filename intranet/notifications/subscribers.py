"""What happened elsewhere, turned into notices: who is concerned, and for which reason first."""

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.accounts.queries import active_admins
from intranet.chat.inspection.events import ConversationInspected, InspectionAsked
from intranet.chat.inspection.models import Inspection
from intranet.chat.inspection.queries import concerned
from intranet.groups import events as group_events
from intranet.kernel import clock, jobs
from intranet.kernel.audience import EVERYONE
from intranet.kernel.outbox import delivery_of, record, subscribe
from intranet.kernel.prepared import Prepared
from intranet.kernel.tables import BigId
from intranet.kernel.text import fold, plain
from intranet.notifications.events import NoticesChanged
from intranet.notifications.keywords import who_watches
from intranet.notifications.models import Notice, Source
from intranet.notifications.places.telling import tell_of_new
from intranet.notifications.spreading import SPREAD
from intranet.notifications.telling import Matter, bring_back, take_back, tell, withdraw
from intranet.people.events import PersonFollowed
from intranet.posts import events as post_events
from intranet.posts.anonymous.queries import asker_of, writer_of
from intranet.posts.models import Comment, Post, PostKind, PostMention, Reaction
from intranet.posts.muted.queries import who_muted
from intranet.questions.events import AcceptanceWithdrawn, AnswerAccepted
from intranet.questions.routing.events import PersonAsked
from intranet.questions.routing.models import AskedPerson, Why
from intranet.topics.events import Endorsed, EndorsementWithdrawn

_MOST_IN_A_THREAD = 200
_NAMED = Prepared(select(PostMention.person_id).where(PostMention.item_id == bindparam("item_id", type_=BigId)))


def register() -> None:
    """Listen to everything that concerns somebody."""
    for event_type, handler in (
        (post_events.PostPublished, published),
        (post_events.PostEdited, edited),
        (post_events.PostDeleted, post_gone),
        (post_events.CommentAdded, replied),
        (post_events.CommentEdited, reply_edited),
        (post_events.CommentDeleted, reply_gone),
        (post_events.PersonMentioned, mentioned),
        (post_events.PersonPraised, praised),
        (post_events.AnnouncementReminded, reminded),
        (post_events.AnnouncementAcknowledged, acknowledged),
        (post_events.ReactionChanged, reacted),
        (AnswerAccepted, accepted),
        (PersonAsked, asked),
        (AcceptanceWithdrawn, acceptance_gone),
        (Endorsed, endorsed),
        (EndorsementWithdrawn, endorsement_gone),
        (PersonFollowed, followed),
        (group_events.JoinAsked, asked_to_join),
        (group_events.PersonInvited, invited),
        (group_events.RequestAnswered, answered),
        (ConversationInspected, inspected),
        (InspectionAsked, inspection_asked),
    ):
        subscribe("notifications", event_type, handler)  # type: ignore[arg-type]  # each with its own event


def published(session: Session, happened: post_events.PostPublished) -> None:
    """A post: whom it names, whose post it passes on, who watches for its words, and everybody if it is announced."""
    post = session.get(Post, happened.post_id)
    if post is None or post.deleted_at is not None:
        return
    _tell_of_names(session, post)
    if post.quoted_id is not None:
        quoted = session.get(Post, post.quoted_id)
        if quoted is not None:
            tell(session, _of_item(post, Source.SHARED, f"shared:{quoted.id}"), [quoted.author_id])
    if post.kind is PostKind.ANNOUNCEMENT:
        jobs.later(session, SPREAD, {"post_id": str(post.id), "event_id": delivery_of(session).event_id})
    _tell_watchers(session, post)
    tell_of_new(session, post)


def replied(session: Session, happened: post_events.CommentAdded) -> None:
    """A reply: whom it names, whose post it answers, who took part before, and who watches for its words."""
    comment = session.get(Comment, happened.comment_id)
    post = session.get(Post, happened.post_id)
    if comment is None or post is None or comment.deleted_at is not None or post.deleted_at is not None:
        return
    _tell_of_names(session, comment)
    answered_ids = {asker_of(session, post)}
    if comment.parent_id is not None:
        parent = session.get(Comment, comment.parent_id)
        answered_ids |= {writer_of(session, parent)} if parent is not None else set()
    muted = who_muted(session, post.id)
    writer = writer_of(session, comment)
    tell(session, _of_item(comment, Source.REPLY, f"reply:{post.id}"), answered_ids - muted - {writer})
    earlier = select(Comment.author_id).where(Comment.post_id == post.id, Comment.deleted_at.is_(None))
    taking_part = set(session.scalars(earlier.order_by(Comment.id.desc()).limit(_MOST_IN_A_THREAD)))
    tell(session, _of_item(comment, Source.THREAD, f"thread:{post.id}"), taking_part - muted)
    _tell_watchers(session, comment)


def mentioned(session: Session, happened: post_events.PersonMentioned) -> None:
    """Also a name that came in with an edit; what its reader heard of already stays one notice."""
    item: Post | Comment | None = session.get(Post, happened.post_id)
    if happened.comment_id is not None:
        item = session.get(Comment, happened.comment_id)
    if item is not None and item.deleted_at is None:
        tell(session, _of_item(item, Source.MENTION, f"mention:{item.id}"), [happened.recipient_id])


def praised(session: Session, happened: post_events.PersonPraised) -> None:
    post = session.get(Post, happened.post_id)
    if post is not None and post.deleted_at is None:
        tell(session, _of_item(post, Source.PRAISED, f"praised:{post.id}"), [happened.recipient_id])


def reminded(session: Session, happened: post_events.AnnouncementReminded) -> None:
    """The one reminder of an announcement, for those who have not acknowledged it."""
    payload = {"post_id": str(happened.post_id), "event_id": delivery_of(session).event_id, "is_reminder": True}
    jobs.later(session, SPREAD, payload)


def acknowledged(session: Session, happened: post_events.AnnouncementAcknowledged) -> None:
    """Whoever acknowledged it, wherever that was, has seen what there was to be said of it."""
    theirs = (Notice.person_id == happened.person_id, Notice.item_id == happened.post_id, Notice.read_at.is_(None))
    waiting = session.scalars(select(Notice).where(*theirs)).all()
    for notice in waiting:
        notice.read_at = clock.now()
    if waiting:
        record(session, NoticesChanged(happened.person_id))


def _tell_of_names(session: Session, item: Post | Comment) -> None:
    named = _NAMED.scalars(session, {"item_id": item.id})
    tell(session, _of_item(item, Source.MENTION, f"mention:{item.id}"), named)


def _tell_watchers(session: Session, item: Post | Comment) -> None:
    title = item.title if isinstance(item, Post) else ""
    watching = who_watches(session, fold(f"{title}\n{plain(item.html)}"))
    tell(session, _of_item(item, Source.KEYWORD, f"keyword:{item.id}"), watching)


def _of_item(item: Post | Comment, source: Source, thread: str) -> Matter:
    """One notice for each person about one text, whichever reason came first."""
    return Matter(
        source=source,
        about=f"item:{item.id}",
        thread=thread,
        actor_id=item.author_id,
        audience_id=item.audience_id,
        post_id=item.post_id if isinstance(item, Comment) else item.id,
        item_id=item.id,
    )


def edited(session: Session, happened: post_events.PostEdited) -> None:
    bring_back(session, post_id=happened.post_id)


def reply_edited(session: Session, happened: post_events.CommentEdited) -> None:
    bring_back(session, item_id=happened.comment_id)


def post_gone(session: Session, happened: post_events.PostDeleted) -> None:
    withdraw(session, post_id=happened.post_id)


def reply_gone(session: Session, happened: post_events.CommentDeleted) -> None:
    withdraw(session, item_id=happened.comment_id)


def reacted(session: Session, happened: post_events.ReactionChanged) -> None:
    """One notice for each person who reacted; it goes when the last reaction of theirs is taken back unread."""
    about = f"reaction:{happened.item_id}:{happened.person_id}"
    theirs = select(Reaction.kind).where(Reaction.item_id == happened.item_id, Reaction.person_id == happened.person_id)
    if session.scalar(theirs.limit(1)) is None:
        take_back(session, about)
        return
    item = session.get(Post, happened.item_id) or session.get(Comment, happened.item_id)
    if item is None or item.deleted_at is not None:
        return
    matter = Matter(
        source=Source.REACTION,
        about=about,
        thread=f"reaction:{item.id}",
        actor_id=happened.person_id,
        audience_id=item.audience_id,
        post_id=happened.post_id,
        item_id=item.id,
    )
    tell(session, matter, {item.author_id} - who_muted(session, happened.post_id))


def accepted(session: Session, happened: AnswerAccepted) -> None:
    """A notice of its own beside those about the answer's text, which its author wrote themselves."""
    matter = Matter(
        source=Source.ACCEPTED,
        about=f"accepted:{happened.comment_id}",
        thread=f"accepted:{happened.comment_id}",
        actor_id=happened.actor_id,
        audience_id=happened.audience_id,
        post_id=happened.post_id,
        item_id=happened.comment_id,
    )
    tell(session, matter, [happened.person_id])


def asked(session: Session, happened: PersonAsked) -> None:
    """A notice of its own, once, and once more at the time that the asked person chose. It is not whoever asked that
    speaks to those around a topic."""
    post = session.get(Post, happened.post_id)
    row = session.get(AskedPerson, (happened.post_id, happened.recipient_id))
    if post is None or post.deleted_at is not None or row is None:
        return
    is_around = row.why in {Why.FOLLOWS, Why.STEWARD}
    matter = Matter(
        source=Source.AROUND if is_around else Source.ASKED,
        about=f"asked:{post.id}" + (":again" if happened.is_again else ""),
        thread=f"asked:{post.id}",
        actor_id=post.author_id,
        audience_id=post.audience_id,
        post_id=post.id,
        item_id=post.id,
    )
    tell(session, matter, [happened.recipient_id])


def acceptance_gone(session: Session, happened: AcceptanceWithdrawn) -> None:
    take_back(session, f"accepted:{happened.comment_id}")


def endorsed(session: Session, happened: Endorsed) -> None:
    matter = Matter(
        source=Source.ENDORSED,
        about=f"endorsed:{happened.endorsement_id}",
        thread=f"endorsed:{happened.topic_id}",
        actor_id=happened.endorser_id,
        subject_id=happened.topic_id,
    )
    tell(session, matter, [happened.person_id])


def endorsement_gone(session: Session, happened: EndorsementWithdrawn) -> None:
    take_back(session, f"endorsed:{happened.endorsement_id}")


def followed(session: Session, happened: PersonFollowed) -> None:
    about = f"follower:{happened.follower_id}"
    matter = Matter(source=Source.FOLLOWER, about=about, thread="follower", actor_id=happened.follower_id)
    tell(session, matter, [happened.recipient_id])


def asked_to_join(session: Session, happened: group_events.JoinAsked) -> None:
    _of_group(session, Source.GROUP_ASKED, happened.group_id, happened.person_id, happened.recipient_id)


def invited(session: Session, happened: group_events.PersonInvited) -> None:
    _of_group(session, Source.GROUP_INVITED, happened.group_id, happened.inviter_id, happened.recipient_id)


def answered(session: Session, happened: group_events.RequestAnswered) -> None:
    _of_group(session, Source.GROUP_ANSWERED, happened.group_id, None, happened.recipient_id)


def _of_group(session: Session, source: Source, group_id: int, actor_id: int | None, recipient_id: int) -> None:
    """Asking, inviting and answering may come again after a while: each event is a notice of its own."""
    matter = Matter(
        source=source,
        about=f"{source}:{group_id}:{delivery_of(session).event_id}",
        thread=f"{source}:{group_id}",
        actor_id=actor_id,
        audience_id=group_id if source is Source.GROUP_ASKED else EVERYONE,
        subject_id=group_id,
    )
    tell(session, matter, [recipient_id] if session.get(Person, recipient_id) else [])


def inspected(session: Session, happened: ConversationInspected) -> None:
    """Somebody may read a conversation that they are not in: whoever is in it, or said something there and left."""
    matter = Matter(
        source=Source.INSPECTED,
        about=f"inspected:{happened.inspection_id}",
        thread=f"inspected:{happened.conversation_id}",
        actor_id=happened.actor_id,
        subject_id=happened.conversation_id,
    )
    tell(session, matter, concerned(session, happened.conversation_id))


def inspection_asked(session: Session, happened: InspectionAsked) -> None:
    """Somebody asks to read a private conversation: the other administrators, one of whom must agree."""
    if session.get(Inspection, happened.inspection_id) is None:
        return
    matter = Matter(
        source=Source.INSPECTION_ASKED,
        about=f"inspection:{happened.inspection_id}",
        thread=f"inspection:{happened.inspection_id}",
        actor_id=happened.actor_id,
        subject_id=happened.inspection_id,
    )
    tell(session, matter, session.scalars(active_admins()))
