"""What a reader's word of an article is made of."""

from intranet.articles.voices.models import Says
from intranet.kernel.forms import Form, Text


class VoiceForm(Form):
    """Still right, or what is different."""

    says: Says
    note: Text = ""
