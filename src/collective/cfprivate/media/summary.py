"""What feeds and previews of links tell of an item with a medium: title, lead image and duration, never the medium."""

from ..i18n import _
from ..interfaces import IProtectedItem
from .duration import Duration
from .medium import medium_of
from pathlib import Path
from plone.app.layout.viewlets import social
from plone.base.interfaces.syndication import IFeed
from plone.base.interfaces.syndication import IFeedItem
from Products.CMFPlone.browser.syndication.adapters import DexterityItem
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from zope.component import adapter
from zope.globalrequest import getRequest
from zope.i18n import translate
from zope.interface import implementer


# The types of the Open Graph protocol (https://ogp.me/#types) and their properties; the others stay what Plone says.
TYPES = {"video": "video.other", "audio": "music.song"}
DURATIONS = {"video": "video:duration", "audio": "music:duration"}


@adapter(IProtectedItem, IFeed)
@implementer(IFeedItem)
class SummarizedItem(DexterityItem):
    """An item in a feed; where it has a medium, an image is all that is enclosed, and the duration is told."""

    def __init__(self, context, feed):
        super().__init__(context, feed)
        self.medium = medium_of(context)
        if self.medium is not None and self.file is not None and not self.file.contentType.startswith("image/"):
            self.file = None

    @property
    def description(self) -> str:
        """The item's own, and the duration where it is known: no format of Plone's feeds has a place for that."""
        text = super().description
        if self.medium is None or self.medium.duration is None:
            return text
        return translate(_with_duration(text, str(Duration(self.medium.duration))), context=getRequest())


def _with_duration(text: str, duration: str):
    if not text:
        return _("summary_duration", default="Duration: ${duration}", mapping={"duration": duration})
    mapping = {"description": text, "duration": duration}
    return _("summary_description", default="${description} (duration: ${duration})", mapping=mapping)


class SocialTags(social.SocialTagsViewlet):
    """Plone's tags of Open Graph, which also say what kind of medium the item has, and how long it is."""

    index = ViewPageTemplateFile("social_tags.pt", str(Path(social.__file__).parent))

    @property
    def tags(self) -> list[dict]:
        tags, medium = super().tags, medium_of(self.context)
        if not tags or medium is None or medium.kind not in TYPES:
            return tags
        told = {"og:type": TYPES[medium.kind]}
        tags = [{**tag, "content": told.get(tag.get("property"), tag["content"])} for tag in tags]
        length = {"property": DURATIONS[medium.kind], "content": str(medium.duration)}
        return [*tags, length] if medium.duration else tags
