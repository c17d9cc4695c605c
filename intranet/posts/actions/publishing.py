"""Posting and commenting."""

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from intranet.files.actions import MOST_FILES, hand_over
from intranet.groups.queries import is_archived, standing_in
from intranet.kernel import audience, clock, reach
from intranet.kernel.errors import Invalid, NotFound, Refused
from intranet.kernel.ids import new_id
from intranet.kernel.outbox import record
from intranet.kernel.policy import require
from intranet.kernel.viewer import Viewer
from intranet.posts.actions.linking import link, tell_named, write, write_title
from intranet.posts.actions.sharing import find_quoted
from intranet.posts.announcements.actions import AnnouncementDraft, add_announcement, require_announcing
from intranet.posts.anonymous.actions import hidden_asker, hide_asker, hide_comment, nobody, refuse_files
from intranet.posts.asking.actions import AskingDraft, add_asking
from intranet.posts.events import CommentAdded, PostPublished
from intranet.posts.finding import Item, find_comment, find_post, post_id_of
from intranet.posts.links.actions import link_up
from intranet.posts.models import Attachment, Comment, Post, PostKind
from intranet.posts.policy import PostPermission
from intranet.posts.polls.actions import PollDraft, add_poll
from intranet.posts.praise.actions import PraiseDraft, add_praise


@dataclass(frozen=True, slots=True, kw_only=True)
class PostDraft:
    """What somebody wants to post. ``files`` are ids of uploads on the author's own shelf, in order; ``quoted_id`` is a
    post that it passes on, ``title`` what a question asks in one line and ``asking`` what is wished for it."""

    text: str
    kind: PostKind = PostKind.UPDATE
    audience_id: int = audience.EVERYONE
    files: tuple[int, ...] = ()
    quoted_id: int | None = None
    poll: PollDraft | None = None
    title: str = ""
    praise: PraiseDraft | None = None
    announcement: AnnouncementDraft | None = None
    asking: AskingDraft | None = None


def publish_post(session: Session, viewer: Viewer, draft: PostDraft) -> Post:
    """Tell an audience something.

    Raises:
        Invalid: there is nothing to say, or too much.
        NotFound: the audience is hidden from the viewer.
        Refused: the viewer is not in the audience, may not post this kind, or would pass on to more people.
    """
    if draft.kind is not PostKind.ANNOUNCEMENT:
        require(PostPermission.PUBLISH, viewer, draft.kind)
    require_place(session, viewer, draft.audience_id)
    if draft.kind is PostKind.ANNOUNCEMENT:
        require_announcing(session, viewer, draft.audience_id)
    title = write_title(draft.title) if draft.kind is PostKind.QUESTION else ""
    quoted = find_quoted(session, draft.quoted_id, draft.audience_id) if draft.quoted_id else None
    written = write(session, draft.text, may_be_empty=bool(draft.files or quoted or title))
    moment = clock.now()
    hides_asker = _hides_asker(draft)
    post = Post(
        id=new_id(),
        audience_id=draft.audience_id,
        author_id=nobody(session) if hides_asker else viewer.member_id,
        kind=draft.kind,
        title=title,
        text=written.text,
        html=written.html,
        created_at=moment,
        quoted_id=quoted.id if quoted else None,
    )
    session.add(post)
    session.flush()
    _add_part(session, viewer, post, draft)
    link(session, post, written)
    attach(session, viewer, post, draft.files)
    link_up(session, post)
    record(session, PostPublished(post.id, post.audience_id, post.author_id))
    tell_named(session, post, written.people)
    return post


def _hides_asker(draft: PostDraft) -> bool:
    """Whether it is asked without a name.

    Raises:
        Invalid: with a file, which would tell whose it is.
    """
    is_hidden = draft.kind is PostKind.QUESTION and draft.asking is not None and draft.asking.is_anonymous
    if is_hidden:
        refuse_files(draft.files)
    return is_hidden


def _add_part(session: Session, viewer: Viewer, post: Post, draft: PostDraft) -> None:
    """What a post of its kind has beside its words."""
    if post.kind is PostKind.POLL:
        add_poll(session, post, draft.poll or PollDraft(options=()))
    elif post.kind is PostKind.PRAISE:
        add_praise(session, post, draft.praise or PraiseDraft(people=(), topic=""))
    elif post.kind is PostKind.ANNOUNCEMENT:
        add_announcement(session, viewer, post, draft.announcement or AnnouncementDraft())
    elif post.kind is PostKind.QUESTION:
        if _hides_asker(draft):
            hide_asker(session, post, viewer.member_id)
        add_asking(session, post, draft.asking or AskingDraft(), viewer.member_id)


def require_place(session: Session, viewer: Viewer, audience_id: int) -> None:
    """Only those inside speak to an audience, and nobody to a group that is archived.

    Raises:
        NotFound: the audience is hidden from the viewer, or a conversation, where messages are sent and nothing posted.
        Refused: the viewer may read it and is not in it, or it is archived.
    """
    if audience_id == audience.EVERYONE:
        return
    standing = standing_in(session, audience_id, viewer.id)
    if standing is None or standing.kind is audience.AudienceKind.CONVERSATION:
        raise NotFound
    if standing.archived_at is not None:
        raise _archived()
    if viewer.is_system or standing.person_id is not None:
        return
    if audience_id not in reach.readable_ids(session, viewer.id):
        raise NotFound
    raise Refused(str(_("Join the group before you post to it.")))


def refuse_archived(session: Session, audience_id: int) -> None:
    """Nothing new is said in a group that is archived.

    Raises:
        Refused: it is one.
    """
    if audience_id != audience.EVERYONE and is_archived(session, audience_id):
        raise _archived()


def _archived() -> Refused:
    return Refused(str(_("This group is archived.")))


def add_comment(
    session: Session,
    viewer: Viewer,
    *,
    reply_to: int,
    text: str,
    files: tuple[int, ...] = (),
) -> Comment:
    """Reply to a post, or to a comment; a reply to a reply stands beside it.

    Raises:
        Invalid: there is nothing to say, or too much.
        NotFound: what it replies to is not there for this viewer.
        Refused: the post is closed to replies, or its group is archived.
    """
    require(PostPermission.COMMENT, viewer)
    post, parent_id = _place(session, reply_to)
    if post.frozen_at is not None:
        raise Refused(str(_("This post is closed to replies.")))
    refuse_archived(session, post.audience_id)
    written = write(session, text, may_be_empty=bool(files))
    asker = hidden_asker(session, post, viewer, files)
    comment = Comment(
        id=new_id(),
        audience_id=post.audience_id,
        post_id=post.id,
        parent_id=parent_id,
        author_id=post.author_id if asker else viewer.member_id,
        text=written.text,
        html=written.html,
        created_at=clock.now(),
    )
    session.add(comment)
    session.flush()
    hide_comment(session, comment, asker)
    link(session, comment, written)
    attach(session, viewer, comment, files)
    record(session, CommentAdded(comment.id, post.id, comment.audience_id, comment.author_id))
    tell_named(session, comment, written.people)
    return comment


def _place(session: Session, reply_to: int) -> tuple[Post, int | None]:
    try:
        return find_post(session, reply_to), None
    except NotFound:
        comment = find_comment(session, reply_to)
        return find_post(session, comment.post_id), comment.parent_id or comment.id


def attach(session: Session, viewer: Viewer, item: Item, files: tuple[int, ...]) -> None:
    """Hang the author's uploads on an item; from now on its audience may open them.

    Raises:
        Invalid: too many, or one is not on the author's shelf.
    """
    if len(files) > MOST_FILES:
        raise Invalid({"files": str(_("At most %(count)s files.", count=MOST_FILES))})
    hand_over(session, viewer, files, audience_id=item.audience_id)
    session.add_all(
        Attachment(
            item_id=item.id,
            file_id=file_id,
            post_id=post_id_of(item),
            audience_id=item.audience_id,
            position=position,
        )
        for position, file_id in enumerate(files)
    )
