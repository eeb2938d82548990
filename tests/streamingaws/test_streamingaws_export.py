"""What is read of an exported file and of the old settings, without a site."""

from collective.cfprivate.streamingaws.export import BadExport
from collective.cfprivate.streamingaws.export import Export
from collective.cfprivate.streamingaws.export import is_video
from collective.cfprivate.streamingaws.export import Refused
from collective.cfprivate.streamingaws.old_settings import advice
from collective.cfprivate.streamingaws.old_settings import PREFIX

import json
import pytest


OLD = "https://old.example.org/Plone"
PEM = "-----BEGIN RSA PRIVATE KEY-----\nc2VjcmV0\n-----END RSA PRIVATE KEY-----"
SETTINGS = {
    "access_key_id": "AKIAEXAMPLE",
    "secret_access_key": "c2VjcmV0LW9mLWFtYXpvbg",
    "private_bucket_name": "bucket-of-the-old-site",
    "cloudfront_key_id": "APKAEXAMPLE",
    "cloudfront_private_key_str": PEM,
    "cloudfront_web_domain": "d111111abcdef8.cloudfront.net",
    "cloudfront_rtmp_domain": "s222222abcdef8.cloudfront.net",
}


def dumped(value):
    return json.dumps(value).encode()


class TestExport:
    @pytest.mark.parametrize("wrap", [lambda items: items, lambda items: {"items": items, "@id": OLD}])
    def test_is_a_list_or_an_answer_of_rest(self, video, folder, wrap):
        export = Export.read(dumped(wrap([folder, video()])))
        assert (len(export.items), [item["id"] for item in export.videos]) == (2, ["talk"])

    def test_tells_the_site(self, exported, video):
        export = Export.read(exported(video()))
        assert (export.site, export.path(export.videos[0])) == (OLD, ("videos", "talk"))

    def test_of_plone_exportimport_has_no_address(self, video):
        item = {**video(), "@id": "/videos/talk", "parent": {"@id": "/videos", "@type": "Folder"}}
        export = Export.read(dumped([item]))
        assert (export.site, export.path(item)) == ("", ("videos", "talk"))

    @pytest.mark.parametrize("site", [OLD, f"{OLD}/"])
    def test_may_be_told_the_site(self, video, site):
        export = Export.read(dumped([video()]), site=site)
        assert export.path(export.videos[0]) == ("videos", "talk")

    def test_knows_what_was_at_a_path(self, exported, video):
        export = Export.read(exported(video()))
        assert (export.at(("videos",))["title"], export.at(("nothing",))) == ("All videos", {})

    def test_decodes_ids(self, video):
        item = video(**{"@id": f"{OLD}/videos/a%20talk"})
        assert Export.read(dumped([item]), site=OLD).path(item) == ("videos", "a talk")

    @pytest.mark.parametrize("address", [None, 5, "", OLD, "https://other.example.org/Plone/a", f"{OLD}2/a"])
    def test_refuses_an_item_that_was_elsewhere(self, video, address):
        item = video(**{"@id": address})
        with pytest.raises(Refused):
            Export.read(dumped([item]), site=OLD).path(item)

    def test_that_does_not_tell_the_site_is_refused(self, video):
        with pytest.raises(BadExport, match="--old-site"):
            Export.read(dumped([video()]))

    def test_of_two_sites_is_refused(self, video):
        other = {"@id": "https://other.example.org", "@type": "Plone Site"}
        with pytest.raises(BadExport, match="--old-site"):
            Export.read(dumped([video("a"), video("b", parent=other)]))

    @pytest.mark.parametrize(
        ("data", "told"),
        [
            (b"", "line 1, column 1"),
            (b"[\n{,}]", "line 2, column 2"),
            (b'["\xff"]', "UTF-8"),
            (b"[" * 100_000, "lists in lists"),
            (b"5", "no list of items"),
            (b'"text"', "no list of items"),
            (b"null", "no list of items"),
            (b"{}", "no list of items"),
            (b'{"items": {}}', "no list of items"),
            (b"[5]", "no list of items"),
            (b"[[]]", "no list of items"),
        ],
    )
    def test_that_is_none_says_so(self, data, told):
        with pytest.raises(BadExport, match=told):
            Export.read(data, site=OLD)

    def test_that_is_none_is_not_repeated(self):
        with pytest.raises(BadExport) as caught:
            Export.read(PEM.encode())
        assert "BEGIN" not in str(caught.value)


@pytest.mark.parametrize(
    ("item", "video"),
    [
        ({"@type": "streamingvideo"}, True),
        ({"@type": "Movie", "hls_video": ""}, True),
        ({"@type": "Movie", "mp4_video": "a.mp4"}, True),
        ({"@type": "Folder", "thumbnail_filename": "a.png"}, False),
        ({}, False),
    ],
)
def test_is_video(item, video):
    assert is_video(item) is video


class TestSettings:
    @pytest.mark.parametrize(
        "data",
        [
            SETTINGS,
            {f"{PREFIX}{name}": value for name, value in SETTINGS.items()},
            [{"name": f"{PREFIX}{name}", "value": value} for name, value in SETTINGS.items()],
            {"items": [{"name": f"{PREFIX}{name}", "value": value} for name, value in SETTINGS.items()]},
        ],
        ids=["names", "whole names", "records", "answer of @registry"],
    )
    def test_tell_the_domain_and_the_id(self, data):
        told = " ".join(advice(dumped(data)))
        assert ("enter d111111abcdef8.cloudfront.net." in told, "Key pair id: APKAEXAMPLE." in told) == (True, True)

    def test_tell_nothing_else(self):
        told = " ".join(advice(dumped(SETTINGS)))
        names = ("AKIAEXAMPLE", "c2VjcmV0", "BEGIN", "bucket-of", "s222222")
        assert [name for name in names if name in told] == []

    @pytest.mark.parametrize("name", ["cloudfront_private_key_str", "secret_access_key"])
    def test_with_a_secret_are_to_be_erased(self, name):
        assert "erase the file" in " ".join(advice(dumped({name: SETTINGS[name]})))

    def test_without_a_secret_are_not(self):
        assert "erase" not in " ".join(advice(dumped({"cloudfront_key_id": "APKAEXAMPLE", "secret_access_key": ""})))

    def test_with_rtmp_say_that_it_has_ended(self):
        assert "has ended RTMP" in " ".join(advice(dumped(SETTINGS)))

    @pytest.mark.parametrize("value", [None, "", 5, PEM, "https://d111111abcdef8.cloudfront.net/", ["a.example.org"]])
    @pytest.mark.parametrize("name", ["cloudfront_web_domain", "cloudfront_key_id"])
    def test_that_are_none_are_not_repeated(self, name, value):
        told = " ".join(advice(dumped({name: value})))
        assert (f"{name} is empty or no" in told, "c2VjcmV0" in told, "https:" in told) == (True, False, False)

    @pytest.mark.parametrize("data", [b"", b"5", b"[5]", b'{"items": 5}', b'"c2VjcmV0"'])
    def test_that_cannot_be_read_are_refused(self, data):
        with pytest.raises(BadExport, match="--settings") as caught:
            advice(data)
        assert "c2VjcmV0" not in str(caught.value)
