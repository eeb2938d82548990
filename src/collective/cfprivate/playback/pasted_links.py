"""Pasted addresses of the distribution become stable links when content is saved, and no signature is ever stored.

Such an address ends after a while, or was never signed and is refused; the link to the item asks who may watch.
"""

from .. import settings
from ..cloudfront.addresses import key_of
from ..cloudfront.addresses import names_host
from ..cloudfront.addresses import without_signatures
from ..cloudfront.distribution import Distribution
from ..exceptions import NotConfigured
from ..i18n import _
from ..media.by_key import items_with
from ..media.medium import medium_of
from ..permissions import VIEW
from bs4 import BeautifulSoup
from bs4.element import Tag
from bs4.exceptions import ParserRejectedMarkup
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field
from plone import api
from plone.app.textfield.interfaces import IRichText
from plone.app.textfield.interfaces import IRichTextValue
from plone.app.textfield.value import RichTextValue
from plone.dexterity.interfaces import IDexterityContent
from plone.dexterity.utils import iterSchemata
from plone.registry.interfaces import IRegistry
from plone.rest.interfaces import IAPIRequest
from plone.uuid.interfaces import IUUID
from zope.component import queryUtility
from zope.container.interfaces import IContainerModifiedEvent
from zope.globalrequest import getRequest
from zope.i18n import translate
from zope.i18nmessageid import Message
from zope.schema import getFieldsInOrder


LINKS = ("href", "src")
HTML_TYPES = {"text/html", "text/x-html-safe"}

# A status message is kept in a cookie.
LONGEST_WORDS = 60
MOST_LINKS = 5


def replace_pasted(content, event) -> None:
    """Rewrite the rich texts of content that was added or changed; tell an editor in a form which links could not be."""
    if IContainerModifiedEvent.providedBy(event) or not IDexterityContent.providedBy(content):
        return
    distribution = _distribution()
    if distribution is None:
        return
    pasted = Pasted(content, distribution)
    for schema, name, value in _texts(content):
        if names_host(value.raw, distribution):
            _store(schema(content), name, value, pasted.rewritten(value))
    _warn(pasted.left)


@dataclass
class Pasted:
    """The addresses of one distribution in the texts of ``content``.

    ``left`` are the words of all links that did not become links to an item; None of one whose words tell an address.
    """

    content: object
    distribution: Distribution
    left: list[str | None] = field(default_factory=list)

    def rewritten(self, value: RichTextValue) -> str:
        """The raw text as it is to be stored; what cannot be read loses no more than its signatures."""
        if value.mimeType not in HTML_TYPES:
            return without_signatures(value.raw, self.distribution)
        try:
            soup = BeautifulSoup(value.raw, "html.parser")
        except (ParserRejectedMarkup, UnicodeEncodeError):
            return without_signatures(value.raw, self.distribution)
        changed = [self._change(tag, name) for tag in soup.find_all(True) for name in self._naming(tag)]
        changed += [self._clean(text) for text in soup.find_all(string=True)]
        return str(soup) if any(changed) else value.raw

    def _naming(self, tag: Tag) -> list[str]:
        """The attributes that name the host."""
        return [
            name for name, value in tag.attrs.items() if isinstance(value, str) and names_host(value, self.distribution)
        ]

    def _change(self, tag: Tag, name: str) -> bool:
        before = tag[name]
        # As browsers do: within an attribute blanks are a part of the address.
        address = before.strip().replace(" ", "%20") if name in LINKS else before
        key = key_of(address, self.distribution) if name in LINKS else None
        uid = key and self._uid(key, shown=name == "src")
        if uid:
            _lead_to_item(tag, name, uid)
            return True
        clean = without_signatures(address, self.distribution)
        if key or clean != address:
            self.left.append(self._words(tag))
        if clean != address:
            tag[name] = clean
        return clean != address

    def _clean(self, text) -> bool:
        clean = without_signatures(text, self.distribution)
        if clean == text:
            return False
        text.replace_with(type(text)(clean))
        return True

    def _uid(self, key: str, *, shown: bool) -> str | None:
        """The UID of an item with this file that the current user may view; one in the language of the text first."""
        language, may = self.content.Language(), api.user.has_permission
        found = [item for item in items_with(key) if may(VIEW, obj=item) and not (shown and not _shows(item, key))]
        found.sort(key=lambda item: (item.Language() != language, item.getPhysicalPath()))
        return IUUID(found[0], None) if found else None

    def _words(self, tag: Tag) -> str | None:
        images = [tag, *tag.select("img")]
        words = " ".join(" ".join([tag.get_text(), *(image.get("alt", "") for image in images)]).split())
        return words[:LONGEST_WORDS] if words and not names_host(words, self.distribution) else None


def _distribution() -> Distribution | None:
    """That of the current site; None where there is no site, none is set, or it is malformed."""
    if queryUtility(IRegistry) is None:
        return None
    try:
        return settings.current().distribution
    except NotConfigured:
        return None


def _texts(content) -> Iterator[tuple]:
    """Schema, name and value of each rich text."""
    for schema in iterSchemata(content):
        for name, text in getFieldsInOrder(schema):
            if IRichText.providedBy(text) and not text.readonly:
                value = getattr(schema(content, None), name, None)
                if IRichTextValue.providedBy(value) and isinstance(value.raw, str):
                    yield schema, name, value


def _store(adapter, name: str, value: RichTextValue, raw: str) -> None:
    if raw != value.raw:
        setattr(adapter, name, RichTextValue(raw, value.mimeType, value.outputMimeType, value.encoding))


def _lead_to_item(tag: Tag, name: str, uid: str) -> None:
    """Link as Plone's editor does; what is to be shown in the page is behind the stable link of the item."""
    fragment = tag[name].partition("#")[2]
    tag[name] = f"resolveuid/{uid}{'/@@media' if name == 'src' else ''}{fragment and '#'}{fragment.strip()}"
    if tag.name == "a":
        tag.attrs.update({"data-linktype": "internal", "data-val": uid})


def _shows(item, key: str) -> bool:
    """Whether it is a file of the medium: posters and captions have no stable link."""
    return key in {file.object_key for file in medium_of(item).files}


def _warn(left: list[str | None]) -> None:
    request = getRequest()
    if not left or request is None or IAPIRequest.providedBy(request):
        return
    message = _(
        "warning_pasted_links",
        default="Some links lead to the distribution itself, and not to an item that you may see: ${links}. They were saved "
        "without a signature, so that they do not play. Link to the item instead.",
        mapping={"links": _told(left)},
    )
    api.portal.show_message(message, request, type="warning")


def _told(left: list[str | None]) -> str:
    nameless = translate(_unnamed(), context=getRequest())
    names = list(dict.fromkeys(nameless if words is None else f"“{words}”" for words in left))
    return ", ".join(names[:MOST_LINKS]) + (", …" if len(names) > MOST_LINKS else "")


def _unnamed() -> Message:
    return _("pasted_link_without_words", default="a link without words of its own")
