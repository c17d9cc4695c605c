"""The documents of the features beneath: posts, comments, skills, endorsements, praise, people and topics."""

from intranet.accounts.models import Person
from intranet.chat.models import Message
from intranet.groups.models import Group
from intranet.posts.models import Comment, Post
from intranet.search import showing
from intranet.search.documents import changes, named, praised, said, written
from intranet.search.documents.ranges import next_ids, split_by
from intranet.search.sources import Source, add_source
from intranet.topics.models import Endorsement, Topic
from search_index.documents import Kind


def register() -> None:
    """Fill the registry for the features beneath."""
    people, topics = next_ids(Person.id, Person.deactivated_at.is_(None)), next_ids(Topic.id)
    posts = next_ids(Post.id, Post.deleted_at.is_(None))
    comments = next_ids(Comment.id, Comment.deleted_at.is_(None))
    endorsements = next_ids(Endorsement.id)
    add_source(Source(Kind.PERSON, named.load_people, people, showing.people))
    add_source(Source(Kind.TOPIC, named.load_topics, topics, showing.topics))
    add_source(Source(named.GROUP, named.load_groups, next_ids(Group.id), showing.groups))
    add_source(
        Source(
            Kind.POST,
            written.load_posts,
            posts,
            showing.posts,
            also=(Kind.QUESTION,),
            read=written.read_posts,
            split=split_by(Post.id),
        )
    )
    add_source(
        Source(
            Kind.COMMENT,
            written.load_comments,
            comments,
            showing.comments,
            quiet=(Kind.ANSWER,),
            read=written.read_comments,
            split=split_by(Comment.id),
        )
    )
    messages = next_ids(Message.id, Message.deleted_at.is_(None))
    add_source(Source(said.MESSAGE, said.load_messages, messages, showing.messages, quiet=(Kind.SAID,)))
    add_source(Source(Kind.SKILL, named.load_skills, named.next_skills, showing.skills, is_listed=False))
    add_source(Source(Kind.ENDORSEMENT, named.load_endorsements, endorsements, showing.endorsements, is_listed=False))
    add_source(Source(Kind.PRAISE, praised.load_praise, praised.next_praise, showing.praise, is_listed=False))
    changes.register()
