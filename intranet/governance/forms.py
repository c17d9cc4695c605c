"""What admins type."""

from typing import Annotated

from pydantic import Field

from intranet.accounts.factors.queries import Required
from intranet.accounts.forms import Email, Username
from intranet.kernel.forms import Form, Line, RequiredLine
from intranet.kernel.viewer import Role


class InviteForm(Form):
    """One invitation."""

    email: Email = ""
    roles: list[Role] = Field(default=[])


class RolesForm(Form):
    """The roles of one person."""

    roles: list[Role] = Field(default=[])


class NamesForm(Form):
    """What somebody is called and reached by, set by an admin."""

    name: RequiredLine
    username: Username
    email: Email = ""


class SiteForm(Form):
    """Name of the place, who needs a second factor, and the profile fields that the personnel department keeps."""

    name: Annotated[RequiredLine, Field(max_length=60)]
    second_factor: Required = Required.NOBODY
    locked_fields: list[Line] = Field(default=[])
