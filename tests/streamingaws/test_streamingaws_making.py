"""Protected Videos that are made of an export: their media, dates, place and state, and what is refused."""

from collective.cfprivate.media.medium import medium_of
from collective.cfprivate.streamingaws.export import Export
from collective.cfprivate.streamingaws.making import make_all
from collective.cfprivate.streamingaws.making import NotImported
from datetime import datetime
from datetime import timezone
from plone import api
from plone.app.testing import setRoles
from plone.app.testing import TEST_USER_ID

import json
import pytest


OLD = "https://old.example.org/Plone"


@pytest.fixture
def make(portal, exported):
    """A function that imports some videos and gives the report."""
    setRoles(portal, TEST_USER_ID, ["Manager"])

    def make_videos(*videos, state="restricted"):
        return make_all(Export.read(exported(*videos)), state=state)

    return make_videos


@pytest.fixture
def made(portal, make, video):
    """A function that imports one video with some values and gives the item."""

    def make_one(**values):
        make(video(**values))
        return portal["videos"]["talk"]

    return make_one


def refusal(report):
    ((_path, reason),) = report.refused
    return reason


class TestMedium:
    def test_is_the_stream_with_the_file_beside_it(self, made):
        keys = [file.object_key for file in medium_of(made()).files]
        assert keys == ["site/talk/video.m3u8", "site/talk/video.mp4"]

    def test_has_the_thumbnail_as_poster(self, made):
        assert medium_of(made()).poster_key == "site/talk/HLS00001.png"

    @pytest.mark.parametrize(
        ("values", "keys"),
        [
            ({"hls_video": ""}, ["site/talk/video.mp4"]),
            ({"hls_video": None}, ["site/talk/video.mp4"]),
            ({"mp4_video": ""}, ["site/talk/video.m3u8"]),
            ({"mp4_video": "  a b.mp4 "}, ["site/talk/video.m3u8", "a b.mp4"]),
            ({"hls_video": "/site/video.m3u8"}, ["site/talk/video.mp4"]),
            ({"hls_video": "video.m3u8"}, ["site/talk/video.mp4"]),
            ({"hls_video": 5}, ["site/talk/video.mp4"]),
            ({"mp4_video": "a.pdf"}, ["site/talk/video.m3u8"]),
            ({"mp4_video": "../a.mp4"}, ["site/talk/video.m3u8"]),
        ],
    )
    def test_has_what_can_be_played(self, made, values, keys):
        assert [file.object_key for file in medium_of(made(**values)).files] == keys

    @pytest.mark.parametrize("poster", ["", None, "/a.png", "a.mp4", ["a.png"]])
    def test_has_no_poster_that_cannot_be_shown(self, made, poster):
        assert medium_of(made(thumbnail_filename=poster)).poster_key is None

    @pytest.mark.parametrize("name", ["hls_video", "mp4_video", "thumbnail_filename"])
    def test_what_is_left_out_is_told(self, make, video, name):
        (each,) = make(video(**{name: "/a.mp4"})).made
        assert [note.startswith(f"{name} is not used: ") for note in each.notes] == [True]

    def test_what_is_whole_has_no_note(self, make, video):
        assert [each.notes for each in make(video()).made] == [()]


class TestDescription:
    @pytest.mark.parametrize(
        ("name", "accessor", "value"),
        [
            ("title", "Title", "Ein Vortrag"),
            ("description", "Description", "About it."),
            ("creators", "listCreators", ["jane", "joe"]),
            ("contributors", "listContributors", ["The crew"]),
            ("subjects", "Subject", ["Lakes", "Mountains"]),
            ("rights", "Rights", "All reserved"),
        ],
    )
    def test_is_kept(self, made, name, accessor, value):
        found = getattr(made(**{name: value}), accessor)()
        assert (found if isinstance(found, str) else list(found)) == value

    @pytest.mark.parametrize("name", ["effective", "expires", "created"])
    @pytest.mark.parametrize("date", ["2015-03-04T05:06:07+00:00", "2015-03-04T05:06:07Z"])
    def test_has_the_dates(self, made, name, date):
        found = getattr(made(**{name: date}), name)()
        assert datetime.fromtimestamp(found.timeTime(), timezone.utc) == datetime(
            2015, 3, 4, 5, 6, 7, tzinfo=timezone.utc
        )

    @pytest.mark.parametrize("date", [None, "1969-12-31T00:00:00", "2499-12-31T00:00:00+00:00", "gestern", 5, ""])
    def test_has_no_date_that_is_none(self, made, date):
        video = made(expires=date)
        assert video.expiration_date is None

    @pytest.mark.parametrize("title", [None, "", " ", 5])
    def test_has_its_name_where_there_is_no_title(self, made, title):
        assert made(title=title).Title() == "talk"

    @pytest.mark.parametrize("language", ["xx", "tlh", {"token": "xx"}, 5])
    def test_has_no_language_that_the_site_does_not_have(self, made, language):
        assert made(language=language).Language() in {"", api.portal.get_default_language()}

    def test_has_a_language_that_the_site_has(self, made):
        api.portal.get_tool("portal_languages").addSupportedLanguage("ja")
        assert [made(language={"token": "ja", "title": "Japanese"}).Language()] == ["ja"]

    @pytest.mark.parametrize("value", [5, {}, "text", [5]])
    def test_has_nothing_of_another_type(self, made, value):
        assert list(made(subjects=value).Subject()) == []


class TestState:
    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("published", "restricted"),
            ("private", "private"),
            ("pending", "pending"),
            # What happens to be called as here was not the same there.
            ("public", "private"),
            ("members", "private"),
            ("internally_published", "private"),
            (None, "private"),
            (5, "private"),
        ],
    )
    def test_is_no_wider_than_it_was(self, made, old, new):
        assert api.content.get_state(made(review_state=old)) == new

    @pytest.mark.parametrize("state", ["confidential", "members", "public", "private"])
    def test_of_what_was_published_is_chosen(self, portal, make, video, state):
        (each,) = make(video(), state=state).made
        assert (each.state, api.content.get_state(portal["videos"]["talk"])) == (state, state)

    @pytest.mark.parametrize("old", ["private", "pending"])
    def test_of_what_was_not_published_is_not(self, portal, make, video, old):
        make(video(review_state=old), state="public")
        assert api.content.get_state(portal["videos"]["talk"]) == old

    def test_that_is_not_known_is_told(self, make, video):
        (each,) = make(video(review_state="visible")).made
        assert [note.startswith("Its state is not known") for note in each.notes] == [True]

    @pytest.mark.parametrize("state", ["published", "", "Restricted"])
    def test_that_there_is_not_ends_the_import(self, portal, make, video, state):
        with pytest.raises(NotImported, match="restricted"):
            make(video(), state=state)
        assert "videos" not in portal


class TestPlace:
    def test_has_the_folder_of_the_export(self, portal, make, video):
        report = make(video())
        folder = portal["videos"]
        assert (report.folders, folder.portal_type, folder.Title()) == (["/videos"], "Folder", "All videos")

    def test_has_folders_that_the_export_does_not_tell(self, portal, make, video):
        report = make(video("videos/2015/may/talk"))
        assert report.folders == ["/videos", "/videos/2015", "/videos/2015/may"]
        assert portal["videos"]["2015"]["may"]["talk"].portal_type == "Protected Video"

    def test_has_new_folders_in_their_first_state(self, portal, make, video):
        make(video())
        first = api.content.get_state(api.content.create(portal, "Folder", "other"), default=None)
        assert api.content.get_state(portal["videos"], default=None) == first

    def test_may_be_the_site(self, portal, make, video):
        report = make(video("talk"))
        assert (report.folders, portal["talk"].portal_type) == ([], "Protected Video")

    def test_is_a_folder_that_is_there(self, portal, make, video):
        api.content.create(portal, "Folder", "videos", title="As it was")
        assert (make(video()).folders, portal["videos"].Title()) == ([], "As it was")

    def test_is_in_the_catalog(self, make, video):
        make(video())
        brains = api.content.find(portal_type="Protected Video")
        assert [brain.getPath() for brain in brains] == ["/plone/videos/talk"]


class TestLeftAlone:
    def test_a_second_import_makes_nothing(self, make, video):
        make(video(), video("videos/tour"))
        again = make(video(), video("videos/tour"))
        assert (again.made, again.folders, again.refused, again.left_alone) == (
            [],
            [],
            [],
            ["/videos/talk", "/videos/tour"],
        )

    def test_what_is_there_keeps_its_values(self, portal, make, video):
        api.content.create(portal, "Document", "talk", title="Mine")
        report = make(video("talk"))
        assert (report.left_alone, portal["talk"].portal_type, portal["talk"].Title()) == (
            ["/talk"],
            "Document",
            "Mine",
        )

    def test_an_item_that_is_twice_in_the_export_is_made_once(self, make, video):
        report = make(video(), video(title="Another"))
        assert ([each.path for each in report.made], report.left_alone) == (["/videos/talk"], ["/videos/talk"])


class TestRefused:
    @pytest.mark.parametrize(
        "values",
        [
            {"hls_video": "", "mp4_video": ""},
            {"hls_video": None, "mp4_video": None, "trans_coder_status": "Error"},
            {"hls_video": "/a.m3u8", "mp4_video": "https://example.org/a.mp4"},
            {"hls_video": "a.m3u8", "mp4_video": {}},
            {"title": "Two\nlines"},
            {"hls_video": "a/a.m3u8", "mp4_video": "b/b.m3u8"},
            {"@id": f"{OLD}/videos/_talk"},
            {"@id": f"{OLD}/videos/@@talk"},
            {"@id": f"{OLD}/videos/title"},
            {"@id": f"{OLD}/videos/2015/portal_catalog/talk"},
            {"@id": f"{OLD}/videos/../talk"},
            {"@id": f"{OLD}/videos//talk"},
            {"@id": "https://other.example.org/talk"},
            {"@id": 5},
        ],
    )
    def test_leaves_nothing_behind(self, portal, make, video, values):
        report = make(video(**values))
        assert (len(report.refused), report.made, report.folders, "videos" in portal) == (1, [], [], False)

    def test_tells_what_the_transcoder_said(self, make, video):
        assert "Error" in refusal(make(video(hls_video="", mp4_video="", trans_coder_status={"token": "Error"})))

    def test_tells_what_is_wrong_with_the_keys(self, make, video):
        reason = refusal(make(video(hls_video="/a.m3u8", mp4_video="a*.mp4")))
        assert ("hls_video is not used" in reason, "mp4_video is not used" in reason) == (True, True)

    def test_tells_the_path(self, make, video):
        assert [path for path, _reason in make(video(hls_video="", mp4_video="")).refused] == ["/videos/talk"]

    def test_in_what_is_no_folder(self, portal, make, video):
        api.content.create(portal, "Document", "videos")
        assert "/videos is no folder" in refusal(make(video()))

    def test_in_a_tool(self, make, video):
        assert "no folder" in refusal(make(video("portal_catalog/talk")))

    def test_where_no_such_item_may_be(self, portal, make, video):
        portal.portal_types["Folder"].manage_changeProperties(filter_content_types=True, allowed_content_types=())
        api.content.create(portal, "Folder", "videos")
        assert "no Protected Video may be added" in refusal(make(video()))

    def test_whose_files_lie_in_the_stream_of_another(self, make, video):
        report = make(video(), video("videos/tour", hls_video="", mp4_video="site/talk/other.mp4"))
        assert ([each.path for each in report.made], "“A talk”" in refusal(report)) == (["/videos/talk"], True)

    def test_leaves_folders_that_were_there(self, portal, make, video):
        make(video())
        report = make(video("videos/2015/title"))
        assert ("keeps the name title" in refusal(report), report.folders, portal["videos"].objectIds()) == (
            True,
            [],
            ["talk"],
        )

    def test_does_not_keep_the_others_out(self, make, video):
        report = make(video("videos/bad", hls_video="", mp4_video=""), video())
        assert [each.path for each in report.made] == ["/videos/talk"]


def test_other_content_is_not_made(portal, make):
    report = make({"@type": "Document", "@id": f"{OLD}/page", "id": "page", "title": "A page"})
    assert (report.made, report.refused, "page" in portal, "videos" in portal) == ([], [], False, False)


def test_an_export_of_plone_exportimport(portal, make, video):
    item = {**video("talk"), "@id": "/talk", "parent": {"@id": "/", "@type": "Plone Site"}}
    report = make_all(Export.read(json.dumps([item]).encode()), state="restricted")
    assert [each.path for each in report.made] == ["/talk"]
