"""Who works at the demo company: names in their own scripts, places, titles and a tree of managers."""

import unicodedata
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from intranet.demo.company import Colleague
from intranet.demo.handwritten import Anchor, Department, Site, anchors, departments, offices, sites

_OWN_SCRIPT = 0.55  # the share of people who write their name in their own script where that is not Latin
_PLAIN = str.maketrans({"ł": "l", "Ł": "L", "ß": "ss", "ø": "o", "ı": "i", "ð": "d", "'": "", " ": ""})


@dataclass(slots=True)
class Staff:
    """The people so far; names and usernames are given out once."""

    random: Random
    today: date
    people: list[Colleague] = field(default_factory=list)
    usernames: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)

    def hire(self, site: Site, title: str, department: str, manager: str | None) -> str:
        name, latin = self._new_name(site)
        languages = site.languages
        if site.also and self.random.random() < 0.3:
            languages = (*languages, self.random.choice(site.also))
        about = _about(self.random, title, department, site.name)
        return self._add(username=self._username(latin), name=name, title=title, department=department, site=site,
                         languages=languages, manager=manager, about=about)  # fmt: skip

    def place(self, anchor: Anchor, title: str, manager: str | None) -> str:
        site = sites()[anchor.site]
        languages = anchor.languages or site.languages
        return self._add(username=anchor.username, name=anchor.name, title=title, department=anchor.department,
                         site=site, languages=languages, manager=manager, about=anchor.about)  # fmt: skip

    def appoint(self, name: str, title: str, site: Site, manager: str | None) -> str:
        about = f"{title} since {self.today.year - self.random.randint(2, 9)}."
        return self._add(username=self._username(name), name=name, title=title, department="Management", site=site,
                         languages=site.languages, manager=manager, about=about)  # fmt: skip

    def _add(self, *, username: str, name: str, title: str, department: str, site: Site, languages: tuple[str, ...],
             manager: str | None, about: str) -> str:  # fmt: skip
        years = self.random.choice((0.2, 0.6, 1.4, 2.5, 3.5, 5, 6, 8, 9, 12, 16, 21))
        joined = self.today - timedelta(days=int(365 * years) + self.random.randint(0, 200))
        self.usernames.add(username)
        self.people.append(
            Colleague(
                username=username,
                name=name,
                title=title,
                department=department,
                location=site.name,
                country=site.country,
                timezone=site.timezone,
                languages=languages,
                manager=manager,
                about=about,
                joined=joined,
            )
        )
        return username

    def _new_name(self, site: Site) -> tuple[str, str]:
        """As shown, and in Latin letters."""
        while True:
            woman = self.random.random() < 0.45
            given, given_latin = _scripts(self.random.choice(site.women if woman else site.men))
            family, family_latin = _scripts(self.random.choice(site.families))
            if woman:
                family, family_latin = _womans(family, site), _womans(family_latin, site)
            latin = f"{given_latin} {family_latin}"
            if latin not in self.names:
                self.names.add(latin)
                own = given != given_latin and self.random.random() < _OWN_SCRIPT
                return (_written(given, family, site) if own else latin), latin

    def _username(self, latin: str) -> str:
        given, _, family = latin.partition(" ")
        plain = f"{_ascii(given)}.{_ascii(family)}"
        return plain if plain not in self.usernames else f"{plain}2"


def _scripts(name: str) -> tuple[str, str]:
    native, _, latin = name.partition("=")
    return native, latin or native


def _written(given: str, family: str, site: Site) -> str:
    if not site.family_first:
        return f"{given} {family}"
    return f"{family} {given}" if site.country == "Japan" else f"{family}{given}"


def _womans(family: str, site: Site) -> str:
    """Polish and Bulgarian family names have a form for women."""
    if site.country == "Poland" and family.endswith(("ski", "cki")):
        return family[:-1] + "a"
    if site.country == "Bulgaria":
        return family + ("a" if family.isascii() else "а")
    return family


def _ascii(name: str) -> str:
    spread = unicodedata.normalize("NFKD", name.translate(_PLAIN))
    return "".join(c for c in spread if c.isascii() and (c.isalnum() or c == "-")).lower()


def _about(random: Random, title: str, department: str, place: str) -> str:
    """Half the company has filled in nothing, as everywhere."""
    hobby = random.choice(("cycling", "bread", "old radios", "the sea", "choirs", "chess", "mountains", "bees", "maps"))
    return random.choice((
        "", "", "", "",
        f"{title} in {department}. Away from work: {hobby}.",
        f"Based in {place}. Ask me anything, I will say so if I do not know.",
        f"I like problems that can be measured. Otherwise {hobby}.",
        f"In {place} most days, at the line or near it.",
        "Call rather than write if it is urgent.",
        f"Happy to show new colleagues around {place}.",
    ))  # fmt: skip


def hire_everybody(random: Random, today: date) -> tuple[Colleague, ...]:
    """Managers come before the people who report to them."""
    staff = Staff(random, today)
    staff.usernames.update(anchor.username for anchor in anchors())
    staff.names.update(anchor.name for anchor in anchors())
    chiefs: dict[str, str] = {}
    for office in offices():
        chiefs[office.key] = staff.appoint(office.name, office.title, sites()[office.site], chiefs.get("ceo"))
    for department in departments():
        _fill(staff, department, chiefs[department.under])
    return tuple(staff.people)


def _fill(staff: Staff, department: Department, chief: str) -> None:
    """The head, then per site a lead where four or more sit, then the others."""
    known = [anchor for anchor in anchors() if anchor.department == department.name]
    seats = dict(department.sites)
    heads = [anchor for anchor in known if anchor.head]
    if heads:
        head = staff.place(heads[0], department.head, chief)
        seats[heads[0].site] -= 1
    else:
        site = department.sites[0][0]
        head = staff.hire(sites()[site], department.head, department.name, chief)
        seats[site] -= 1
    for site, count in seats.items():
        here = [anchor for anchor in known if anchor.site == site and not anchor.head]
        others = count - len(here)
        lead = head
        if others >= 4:
            lead = staff.hire(sites()[site], department.titles[-1], department.name, head)
            others -= 1
        for anchor in here:
            staff.place(anchor, anchor.title or department.titles[0], lead)
        for _ in range(others):
            staff.hire(sites()[site], staff.random.choice(department.titles), department.name, lead)
