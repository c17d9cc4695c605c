"""Three people of the demo company with passwords that everybody may know."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SignIn:
    username: str
    password: str
    who: str


SIGN_INS = (
    SignIn("leila", "ebb-and-flow-7", "software engineer, Leeds (member)"),
    SignIn("samuel", "ebb-and-flow-8", "customer support, Leeds (member)"),
    SignIn("ingrid", "ebb-and-flow-9", "head of quality, Gdańsk (admin)"),
)
