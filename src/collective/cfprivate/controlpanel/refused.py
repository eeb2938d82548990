"""What the control panel does not take."""

from ..exceptions import SiteError
from zope.i18nmessageid import Message


class FieldRefused(SiteError):
    """The value of one field, ``field``, is refused; nothing was saved."""

    def __init__(self, field: str, sentence: Message | str) -> None:
        super().__init__(sentence)
        self.field = field
