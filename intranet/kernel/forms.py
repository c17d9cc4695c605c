"""Input from people: cleaned, checked, and answered field by field."""

from collections.abc import Mapping
from typing import Annotated, Any, Self, get_origin

from flask_babel import gettext as _
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StringConstraints,
    ValidationError,
)

from intranet.kernel.errors import Invalid
from intranet.kernel.text import clean_line, clean_text

# Cleaning megabytes would hold up everybody; what is longer than this is refused by its length, uncleaned.
_WORTH_CLEANING = 200_000


def _as_line(value: object) -> object:
    return clean_line(value) if isinstance(value, str) and len(value) < _WORTH_CLEANING else value


def _as_text(value: object) -> object:
    return clean_text(value) if isinstance(value, str) and len(value) < _WORTH_CLEANING else value


# One line (a name, a title) and running text, without control and direction-override characters.
Line = Annotated[str, StringConstraints(max_length=200), BeforeValidator(_as_line)]
RequiredLine = Annotated[str, StringConstraints(min_length=1, max_length=200), BeforeValidator(_as_line)]
Text = Annotated[str, StringConstraints(max_length=20_000), BeforeValidator(_as_text)]
RequiredText = Annotated[str, StringConstraints(min_length=1, max_length=20_000), BeforeValidator(_as_text)]


class Form(BaseModel):
    """A form or a JSON body: unknown keys are ignored, values are cleaned, the result is frozen."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    @classmethod
    def parse(cls, given: Mapping[str, Any]) -> Self:
        """Read ``request.form`` or a JSON object; list fields read every value of that name.

        Raises:
            Invalid: one sentence for each field that cannot be taken.
        """
        values = dict(given)
        getlist = getattr(given, "getlist", None)
        if getlist is not None:
            for name, field in cls.model_fields.items():
                if get_origin(field.annotation) in {list, tuple}:
                    values[name] = [value for value in getlist(name) if value != ""]
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            raise Invalid(_sentences(error)) from error


def _sentences(error: ValidationError) -> dict[str, str]:
    found: dict[str, str] = {}
    for problem in error.errors(include_url=False):
        field = ".".join(str(part) for part in problem["loc"][:1]) or "form"
        found.setdefault(field, _sentence(problem["type"], problem.get("ctx", {}), problem["msg"]))
    return found


def _sentence(kind: str, context: Mapping[str, Any], otherwise: str) -> str:
    if kind == "missing" or (kind == "string_too_short" and context.get("min_length") == 1):
        return str(_("This cannot be empty."))
    if kind == "string_too_long":
        return str(_("At most %(count)s characters.", count=context.get("max_length")))
    if kind == "string_too_short":
        return str(_("At least %(count)s characters.", count=context.get("min_length")))
    if kind in {"int_parsing", "float_parsing", "int_type"}:
        return str(_("This must be a number."))
    if kind == "value_error":
        return str(context.get("error", otherwise))
    if kind in {"enum", "literal_error"}:
        return str(_("Choose one of the listed values."))
    return str(_("This cannot be read."))


__all__ = ["AfterValidator", "Form", "Line", "RequiredLine", "RequiredText", "Text"]
