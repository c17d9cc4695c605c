"""Every address that the application answers, filled in from what is on stage, and what is wrong with an answer."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from flask import Flask
from werkzeug.routing import Rule

from intranet.kernel.policy import Allow
from intranet.kernel.viewer import Viewer
from tests.architecture.outsiders.worlds import CANARY, ListeningArguments, Things, Twins, World

# What the arguments in paths may be, where the stage has nothing of that name: "place.argument" or "argument".
FILLINGS: dict[str, tuple[str, ...]] = {
    "key": ("0" * 64,),
    "size": ("small",),
    "token": ("not-a-token",),
    "number": ("1",),
    "copy_id": ("1",),
    "device_id": ("1",),
    "identity_id": ("1",),
    "inspection_id": ("1",),
    "job_id": ("1",),
    "kind": ("group",),
    "link_id": ("1",),
    "list_id": ("1",),
    "passkey_id": ("1",),
    "saved_id": ("1",),
    "scheduled_id": ("1",),
    "sign_in_id": ("1",),
    "token_id": ("1",),
    "target_id": ("1",),
    "topic_id": ("1",),
    "endorsement_id": ("1",),
    "request_id": ("1",),
}

# What the arguments after the question mark may be; others get the id of a hidden group.
VALUES: dict[str, tuple[str, ...]] = {
    "q": ("heron", "her"),
    "view": ("newest", "for-you", "everyone"),
    "show": ("mine", "archived", "decided"),
    "kind": ("post", "group", "hidden"),
    "order": ("newest", "members"),
    "facets": ("kind,by,topic,place",),
    "limit": ("100",),
    "since": ("0",),
    "people": ("alice",),
    "by": ("alice",),
    "topic": ("kafka",),
    "quote": ("<post>",),
}

# What is sent to doors that change something.
_BODY = {"text": "heron", "q": "heron", "name": "Heron", "question": "heron", "on": "1", "set": "agree 1"}

ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")
_FLASKS_OWN = {"static"}
_CHANGING = (
    (re.compile(r'(name="(?:csrf[-_]token|idempotency_key)" (?:content|value)=")[^"]*'), r"\1"),
    (re.compile(r'(nonce=")[^"]*'), r"\1"),
    (re.compile(r"(<code data-request>)[^<]*"), r"\1"),
    (re.compile(r"\b[78]0000\d{4}\b"), "event"),
    (re.compile(r'("took_ms":\s*)[\d.]+'), r"\1"),
    (re.compile(r"[\d.,]+ ms\b"), "ms"),
)

# Whoever is out of a group or conversation hears so once, by the number that they knew it by and nothing else.
_PARTING = re.compile(
    r'\{\s*"data":\s*\{\s*"id":\s*"\d+"\s*\},\s*"id":\s*\d+,\s*"type":\s*"(?:group|conversation)\.gone"\s*\}'
)


class Unfillable(Exception):
    """A route whose arguments nobody can fill in; the message says what to add."""


@dataclass(frozen=True, slots=True)
class Door:
    """One way in: a rule with one of its methods."""

    rule: Rule
    method: str
    allow: Allow

    def __str__(self) -> str:
        return f"{self.method} {self.rule.rule}"

    @property
    def is_reading(self) -> bool:
        return self.method == "GET"

    def place_of(self, name: str) -> str:
        """The word of the path before an argument: what it is the name of."""
        before = re.split(rf"<(?:\w+:)?{name}>", self.rule.rule)[0]
        return before.rstrip("/").rsplit("/", maxsplit=1)[-1]


def doors(app: Flask) -> list[Door]:
    """Every route with every method, in a fixed order."""
    found = [
        Door(rule, method, vars(app.view_functions[rule.endpoint])["allow"])
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in _FLASKS_OWN
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]
    return sorted(found, key=str)


def addresses(door: Door, things: Things) -> Iterator[str]:
    """The paths of a door, each with what makes it ask for something that an outsider must not notice.

    Raises:
        Unfillable: an argument that this file and the stage know nothing of.
    """
    names = sorted(door.rule.arguments - set(door.rule.defaults or {}))
    known = [filled(door, name, things) for name in names]
    most = max((len(values) for values in known), default=1)
    for number in range(most):
        # Side by side, not each with each: what counts is that every value is tried.
        values = {name: choices[number % len(choices)] for name, choices in zip(names, known, strict=True)}
        yield ARGUMENT.sub(lambda found: values[found[1]], door.rule.rule)  # noqa: B023


def filled(door: Door, name: str, things: Things) -> list[str]:
    """What an argument of its path may be."""
    noun = name.removesuffix("_id")
    for key in (f"{door.place_of(name)}.{name}", name, noun):
        found = [*things.secret.get(key, ()), *things.public.get(key, ())] or list(FILLINGS.get(key, ()))
        if found:
            return found
    raise Unfillable(
        f"{door}: nobody knows what <{name}> may be. Put such a thing on the stage in outsiders/worlds.py "
        f'(things.add("{noun}", …) for one that outsiders must not notice), or add "{name}" to FILLINGS in '
        "outsiders/knocking.py."
    )


def questions(asked: set[str], things: Things) -> Iterator[dict[str, str]]:
    """Query strings for the arguments that a page was seen to read."""
    first = {"q": VALUES["q"][0]} if "q" in asked else {}
    for name in sorted(asked):
        for value in VALUES.get(name, (things.secret["group"][0],)):
            yield {**first, name: things.secret["post"][0] if value == "<post>" else value}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; ``text`` is the body, whatever it is."""

    status: int
    location: str
    text: str

    def plain(self) -> "Answer":
        """Without what changes from one request to the next."""
        text = self.text
        for pattern, replacement in _CHANGING:
            text = pattern.sub(replacement, text)
        return Answer(self.status, self.location, text)


def knock(world: World, door: Door, path: str, **headers: str) -> Answer:
    """Ask, from somewhere else in the net: what is only for this machine stays closed."""
    client = world.app.test_client()
    client.environ_base["REMOTE_ADDR"] = "203.0.113.7"
    body = None if door.is_reading else dict(_BODY)
    json, form = (body, None) if path.startswith("/api/") else (None, body)
    with client.open(path, method=door.method, headers=headers, json=json, data=form) as answer:
        return Answer(answer.status_code, answer.location or "", answer.get_data().decode(errors="replace"))


def told(said: str, asked: str, things: Things) -> list[str]:
    """The secret words and ids that an answer names without having been asked by them."""
    said = _PARTING.sub("", said)
    for echo in (asked, quote(asked, safe="")):
        said = said.replace(echo, "")
    ids = {one for ids in things.secret.values() for one in ids if len(one) > 8} - set(things.public["group"])
    return [secret for secret in (CANARY, *sorted(ids)) if secret in said and secret not in asked]


def leaks(twins: Twins, door: Door, viewer: Viewer | None, *, thorough: bool, **headers: str) -> list[str]:
    """What somebody learns at a door, as sentences; nothing where all is well.

    ``thorough`` tries every argument that the page reads, and asks in both worlds: an answer that differs tells of
    what is there, whatever its words.
    """
    found: list[str] = []
    for world in (twins.full, twins.empty):
        world.become(viewer)
    for address in addresses(door, twins.things):
        ListeningArguments.asked.clear()
        found += _learnt(twins, door, address, compare=thorough, **headers)
        asked = set(ListeningArguments.asked) if thorough else ListeningArguments.asked & {"q"}
        for arguments in list(questions(asked, twins.things))[: None if thorough else 1] if door.is_reading else ():
            found += _learnt(twins, door, f"{address}?{urlencode(arguments)}", compare=thorough, **headers)
    return found


def _learnt(twins: Twins, door: Door, path: str, *, compare: bool, **headers: str) -> list[str]:
    here, where = knock(twins.full, door, path, **headers), f"{door.method} {path}"
    found = [f"{where} names {secret}" for secret in told(f"{here.text} {here.location}", path, twins.things)]
    if here.status >= 500:
        found.append(f"{where} fails: {here.status}")
    if compare:
        there = knock(twins.empty, door, path, **headers)
        # What was just made has an id of its own in each world.
        is_same = here.plain() == there.plain() if door.is_reading else here.status == there.status
        if not is_same:
            found.append(f"{where} differs: {_difference(here.plain(), there.plain())}")
    return found


def _difference(here: Answer, there: Answer) -> str:
    if (here.status, here.location) != (there.status, there.location):
        return f"{here.status} {here.location}, and {there.status} {there.location} where nothing is hidden"
    pairs = enumerate(zip(here.text, there.text, strict=False))
    at = next((place for place, (one, other) in pairs if one != other), 0)
    return f"…{here.text[max(0, at - 60) : at + 90]}… and …{there.text[max(0, at - 60) : at + 90]}…"
