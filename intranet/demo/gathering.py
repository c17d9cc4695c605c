"""Groups: who gathers in which, and what of their writing they post there."""

from collections.abc import Iterable
from dataclasses import replace
from random import Random

from intranet.demo.company import Colleague, Group, Post
from intranet.demo.handwritten import GroupPlan, group_plans
from intranet.demo.knowledge import Circle


def gather(random: Random, people: tuple[Colleague, ...], circles: dict[str, Circle]) -> tuple[Group, ...]:
    """Every planned group with its members; the first two of them keep it."""
    return tuple(_group(random, plan, people, circles) for plan in group_plans())


def _group(random: Random, plan: GroupPlan, people: tuple[Colleague, ...], circles: dict[str, Circle]) -> Group:
    knowing = [person.username for slug in plan.topics for person in circles[slug].experts]
    curious = [person.username for slug in plan.topics for person in circles[slug].dabblers if random.random() < 0.5]
    here = [p.username for p in people if p.department in plan.departments or p.location in plan.sites]
    members = tuple(dict.fromkeys((*knowing, *plan.people, *here, *curious)))
    return Group(plan.name, plan.kind, plan.about, members)


def post_in_groups(random: Random, posts: Iterable[Post], groups: tuple[Group, ...]) -> tuple[Post, ...]:
    """The same posts, some of them in a group. What is said in a closed one is answered by its members alone."""
    inside = {group.name: (set(group.members), group.kind) for group in groups}
    homes: dict[str, list[GroupPlan]] = {}
    for plan in group_plans():
        for slug in plan.topics:
            homes.setdefault(slug, []).append(plan)
    return tuple(_placed(random, post, homes, inside) for post in posts)


def _placed(
    random: Random, post: Post, homes: dict[str, list[GroupPlan]], inside: dict[str, tuple[set[str], str]]
) -> Post:
    for plan in homes.get(post.topics[0] if post.topics else "", ()):
        members, kind = inside[plan.name]
        speakers = {post.author, *(comment.author for comment in post.comments)}
        fits = post.author in members and (kind == "open" or speakers <= members)
        if fits and not post.is_announcement and random.random() < plan.share:
            kept = post if kind == "open" else _among(post, members)
            return replace(kept, group=plan.name)
    return post


def _among(post: Post, members: set[str]) -> Post:
    comments = tuple(
        replace(comment, thanked_by=tuple(who for who in comment.thanked_by if who in members))
        for comment in post.comments
    )
    return replace(
        post,
        comments=comments,
        reactions=tuple(mark for mark in post.reactions if mark.person in members),
        bookmarked_by=tuple(who for who in post.bookmarked_by if who in members),
    )
