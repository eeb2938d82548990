"""Media within the text of a page: an internal link that has the class ``cfprivate-medium`` gets the player before it."""

from ..interfaces import IProtectedItem
from bs4 import BeautifulSoup
from bs4.element import Tag
from plone import api
from plone.outputfilters.interfaces import IFilter
from zope.interface import implementer

import re


MARK = "cfprivate-medium"
BOX = "cfprivate-medium-box"

# Bootstrap's, which Plone's theme has. What kind of medium it is belongs to the medium: one form for all.
_LOOKS = "d-block ratio ratio-16x9 border rounded overflow-hidden mb-1"

# Of an item itself; a link to a view or file below it says what it wants.
_ITEM = re.compile(r"[./]*resolve[Uu]id/([^/?#]+)(?:/(?:view)?)?(?:[?#].*)?")


@implementer(IFilter)
class MediaInText:
    """Puts a frame with ``@@embed`` before each such link to a protected item, which stays for print and for feeds.

    What it makes is kept for all readers (``_v_transform_cache``). So it asks nothing about the reader, and tells
    nothing about the item but where it is, which the link tells as well: the frame asks who may watch.
    """

    # Before plone.outputfilters makes addresses of UIDs, in the frame as in the link.
    order = 750

    def __init__(self, context=None, request=None):
        self.context = context
        self.request = request

    def is_enabled(self) -> bool:
        return True

    def __call__(self, data: str) -> str | None:
        """The HTML with the frames; None where nothing is to be changed."""
        if MARK not in data:
            return None
        soup = BeautifulSoup(data, "html.parser")
        _take_frames_out(soup)
        links = [(link, uid) for link in soup.select(f"a.{MARK}[href]") if (uid := _uid_of(link))]
        names = _protected({uid for _link, uid in links})
        for link, uid in links:
            if uid in names:
                _put_frame_before(soup, link, uid, names[uid])
        return str(soup)


def _take_frames_out(soup: BeautifulSoup) -> None:
    """A client of the REST API reads the text with the frames, and may have written it back so."""
    for box in soup.select(f"span.{BOX}"):
        box.decompose()


def _uid_of(link: Tag) -> str | None:
    match = _ITEM.fullmatch(link["href"])
    return match and match[1]


def _protected(uids: set[str]) -> dict[str, str]:
    """The ids of those that are protected items, whoever may see them, by UID."""
    if not uids:
        return {}
    catalog = api.portal.get_tool("portal_catalog")
    query = {"UID": sorted(uids), "object_provides": IProtectedItem.__identifier__}
    return {brain.UID: brain.getId for brain in catalog.unrestrictedSearchResults(**query)}


def _put_frame_before(soup: BeautifulSoup, link: Tag, uid: str, name: str) -> None:
    # Elements that may stand wherever a link may, such as in a paragraph.
    box = soup.new_tag("span", attrs={"class": f"{BOX} {_LOOKS}"})
    attributes = {"title": _words_of(link) or name, "width": "640", "height": "360", "loading": "lazy"}
    frame = soup.new_tag("iframe", src=f"resolveuid/{uid}/@@embed", allow="fullscreen; picture-in-picture")
    frame.attrs.update(attributes)
    box.append(frame)
    link.insert_before(box)
    link["class"] = [*(name for name in link["class"] if name != "small"), "small"]


def _words_of(link: Tag) -> str:
    """What the editor wrote: the title of the item is not for all who read the page."""
    words = [link.get_text(), *(image.get("alt", "") for image in link.select("img"))]
    return " ".join(" ".join(words).split())
