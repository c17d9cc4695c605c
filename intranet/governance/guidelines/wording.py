"""A first text to begin from: the place writes its own, and nothing holds before it is published."""

from flask_babel import lazy_gettext as _

FIRST = _(
    "1. **Ask in the open.** Ten others wonder the same.\n"
    "2. **Not knowing is fine.** Say so, then point to somebody.\n"
    "3. **Thank by name.** It is how people get found.\n"
    "4. **Customer data stays at home.** Describe it, don't paste it.\n"
    "5. **Evenings are yours.** Nobody owes an answer after hours."
)
