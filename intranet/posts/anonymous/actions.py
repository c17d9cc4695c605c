"""Writing under nobody's name: the row itself carries nobody, so that no page, count, push or mail can tell more."""

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.accounts.queries import active_admins, holders_of
from intranet.kernel import clock
from intranet.kernel.errors import Invalid
from intranet.kernel.viewer import Role, Viewer
from intranet.people.cards import NOBODY
from intranet.posts.anonymous.models import HiddenAuthor
from intranet.posts.models import Comment, Post

_USERNAME = "-anonymous-"


def nobody(session: Session) -> int:
    """The id of that person, who is there from the first anonymous question on, and counts as having left."""
    if session.get(Person, NOBODY) is None:
        name = "Anonymous"  # what is shown is said in the reader's language: people.cards
        gone = Person(id=NOBODY, username=_USERNAME, name=name, folded_name=name.lower(), deactivated_at=clock.now())
        session.add(gone)
        session.flush()
    return NOBODY


def refuse_files(files: tuple[int, ...]) -> None:
    """A file knows whose it is.

    Raises:
        Invalid: there are some.
    """
    if files:
        raise Invalid({"files": str(_("A file would tell who asks. Ask without it, or with your name."))})


def hide_asker(session: Session, post: Post, person_id: int) -> None:
    """Note who asked, and which two stewards can learn it.

    Raises:
        Invalid: there are no two stewards or admins beside the asker.
    """
    known = dict.fromkeys((*holders_of(session, Role.STEWARD), *session.scalars(active_admins().limit(5))))
    stewards = [one for one in known if one != person_id][:2]
    if len(stewards) < 2:
        raise Invalid({"anonymous": str(_("Asking without a name needs two stewards here. Ask with your name."))})
    first, other = stewards
    who = {"person_id": person_id, "steward_id": first, "other_steward_id": other}
    session.add(HiddenAuthor(item_id=post.id, post_id=post.id, **who))


def hidden_asker(session: Session, post: Post, viewer: Viewer, files: tuple[int, ...]) -> HiddenAuthor | None:
    """Set where the viewer asked this without their name: then nothing that they add may have it.

    Raises:
        Invalid: there are files.
    """
    hidden = session.get(HiddenAuthor, post.id)
    if hidden is None or hidden.person_id != viewer.id:
        return None
    refuse_files(files)
    return hidden


def hide_comment(session: Session, comment: Comment, asker: HiddenAuthor | None) -> None:
    """What a hidden asker says below their own question stands under nobody's name, too; of others nothing is kept."""
    if asker is None:
        return
    who = {"person_id": asker.person_id, "steward_id": asker.steward_id, "other_steward_id": asker.other_steward_id}
    session.add(HiddenAuthor(item_id=comment.id, post_id=comment.post_id, **who))
