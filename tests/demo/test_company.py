"""The demo company as data: believable in its numbers, the same each time, and nothing dangling."""

from collections import Counter
from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo

from intranet.demo.company import SIGNING_IN, Company
from intranet.demo.generate import generate
from intranet.demo.handwritten import subjects
from intranet.demo.reactions import KINDS
from intranet.kernel.text import HASHTAG, mentioned_usernames, render_markdown

NOW = datetime(2026, 11, 20, 10, 15, tzinfo=UTC)


@cache
def company() -> Company:
    return generate(NOW)


def test_the_same_seed_gives_the_same_company() -> None:
    assert generate(NOW, posts=300) == generate(NOW, posts=300)
    assert generate(NOW, seed="another", posts=300) != generate(NOW, posts=300)


def test_it_has_the_size_of_a_mid_size_company() -> None:
    made = company()
    assert 290 <= len(made.people) <= 320
    assert len(made.topics) == 40
    assert sum(post.poll is None for post in made.posts) == 4000
    assert sum(len(post.comments) for post in made.posts) > 5000


def test_managers_form_a_tree_with_one_root() -> None:
    seen: set[str] = set()
    for person in company().people:
        assert person.manager is None or person.manager in seen, person
        seen.add(person.username)
    assert [person.title for person in company().people if person.manager is None] == ["Chief executive"]


def test_usernames_and_names_are_unique() -> None:
    people = company().people
    assert len({person.username for person in people}) == len(people)
    assert len({person.name for person in people}) == len(people)


def test_names_come_in_several_scripts() -> None:
    letters = "".join(person.name for person in company().people)
    for low, high in (("\u0600", "\u06ff"), ("\u0400", "\u04ff"), ("\uac00", "\ud7af"), ("\u4e00", "\u9fff")):
        assert any(low <= letter <= high for letter in letters)
    assert {"ł", "ñ", "ö"} <= set(letters.lower())


def test_each_topic_has_two_to_six_experts_who_wrote_most() -> None:
    made = company()
    for topic in made.topics:
        assert 2 <= len(topic.experts) <= 6
        authors = Counter(post.author for post in made.posts if post.topics[:1] == (topic.slug,))
        authors.update(c.author for post in made.posts if post.topics[:1] == (topic.slug,) for c in post.comments)
        best = {name for name, _ in authors.most_common(len(topic.experts) + 1)}
        assert len(best & set(topic.experts)) >= min(2, len(topic.experts)), topic.slug


def test_nothing_is_dated_after_now_and_comments_follow_their_post() -> None:
    for post in company().posts:
        moments = [post.written_at, *(comment.written_at for comment in post.comments)]
        assert moments == sorted(moments)
        assert moments[-1] < NOW


def test_people_mostly_write_in_their_own_working_hours() -> None:
    zones = {person.username: ZoneInfo(person.timezone) for person in company().people}
    hours = [post.written_at.astimezone(zones[post.author]).hour for post in company().posts]
    assert sum(6 <= hour < 22 for hour in hours) / len(hours) > 0.98


def test_there_is_something_from_the_last_hours() -> None:
    assert sum((NOW - post.written_at).total_seconds() < 6 * 3600 for post in company().posts) >= 5


def test_mentions_and_hashtags_lead_somewhere() -> None:
    made = company()
    usernames = {person.username for person in made.people}
    names = dict.fromkeys(usernames, "Somebody")
    slugs = {topic.slug for topic in made.topics}
    for post in made.posts[::4]:
        for text in (post.text, *(comment.text for comment in post.comments)):
            assert mentioned_usernames(text) <= usernames, text
            rendered = render_markdown(text, names)
            assert set(rendered.hashtags) <= slugs, text
        assert set(post.topics) <= slugs


def test_no_pattern_shows_through() -> None:
    """Braces, bars and guillemets of the grammar are all settled, outside of what is meant to hold them."""
    for post in company().posts:
        for text in (post.text, *(comment.text for comment in post.comments)):
            assert not {"«", "»"} & set(text), text
            prose = "".join(text.split("```")[::2])
            assert not set("{}") & set(prose), text


def test_neighbours_on_one_screen_do_not_repeat() -> None:
    texts = [HASHTAG.sub("", f"{post.title} {post.text}").strip() for post in company().posts]
    repeated = sum(len(set(screen)) < len(screen) for screen in (texts[i : i + 20] for i in range(0, len(texts), 20)))
    assert repeated <= 3


def test_nobody_reacts_to_their_own_post_or_endorses_themselves() -> None:
    made = company()
    for post in made.posts:
        assert all(reaction.person != post.author and reaction.kind in KINDS for reaction in post.reactions)
    assert all(e.person != e.by and e.reason and e.given_at < NOW for e in made.endorsements)
    assert all(follow.follower != follow.person for follow in made.follows)
    once = Counter((e.person, e.topic, e.by) for e in made.endorsements)
    assert max(once.values()) == 1


def test_every_subject_is_rich_enough_to_fill_a_page() -> None:
    for slug, subject in subjects().items():
        assert set(subject.related) <= set(subjects()), slug
        assert len(subject.cases) >= 3, slug
        assert len(subject.asks) >= 3, slug
        assert len(subject.tips) >= 3, slug


def test_what_is_said_in_a_closed_group_stays_among_its_members() -> None:
    made = company()
    members = {group.name: set(group.members) for group in made.groups if group.kind != "open"}
    inside = [post for post in made.posts if post.group in members]
    assert inside
    for post in inside:
        spoken = {post.author, *(comment.author for comment in post.comments), *(r.person for r in post.reactions)}
        assert spoken <= members[post.group or ""]


def test_one_poll_is_over_and_one_waits_for_whoever_signs_in() -> None:
    held = [post.poll for post in company().posts if post.poll]
    assert [poll.closes_at > NOW for poll in held] == [False, True]
    for poll in held:
        assert len({name for name, _place, _moment in poll.votes}) == len(poll.votes) > 50
        assert not SIGNING_IN & {name for name, _place, _moment in poll.votes}
        assert {place for _name, place, _moment in poll.votes} == set(range(len(poll.answers)))
        assert all(moment < min(poll.closes_at, NOW) for _name, _place, moment in poll.votes)


def test_nobody_praises_themselves() -> None:
    for post in company().posts:
        first = mentioned_usernames(post.text.partition("\n")[0])
        assert post.author not in first, post.text
