"""The lines that say where in the bucket the files must lie that somebody attaches."""

from collective.cfprivate.media.prefixes import InvalidPrefix
from collective.cfprivate.media.prefixes import is_outside
from collective.cfprivate.media.prefixes import Prefix
from collective.cfprivate.media.prefixes import prefixes_of_user
from plone import api

import pytest


RECORD = "collective.cfprivate.key_prefixes"


class TestLine:
    @pytest.mark.parametrize(
        ("line", "parts"),
        [
            ("talks/", ("talks/", "", "")),
            ("  talks/2026/  ", ("talks/2026/", "", "")),
            ("talks/2026/ film-crew", ("talks/2026/", "film-crew", "")),
            ("talks/ Site Administrators", ("talks/", "Site Administrators", "")),
            ("my talks/2026 spring/ crew", ("my talks/2026 spring/", "crew", "")),
            ("talks/ /media/talks", ("talks/", "", "/media/talks")),
            ("talks/ /media/talks/", ("talks/", "", "/media/talks")),
            ("/ Reviewers", ("/", "Reviewers", "")),
            ("/", ("/", "", "")),
        ],
    )
    def test_is_read(self, line, parts):
        prefix = Prefix.read(line)
        assert (prefix.prefix, prefix.group, prefix.folder) == parts

    @pytest.mark.parametrize(
        "line",
        [
            "",
            "talks",
            "talks/opening.mp4",
            "/talks/",
            "//",
            "../",
            "talks/../",
            "talks//x/",
            "*/",
            "a?/",
            "https://a.org/",
            "talks",
        ],
    )
    def test_that_names_no_folder_is_refused(self, line):
        with pytest.raises(InvalidPrefix):
            Prefix.read(line)

    @pytest.mark.parametrize("line", ["talks/", "my talks/ crew", "talks/ /media/talks", "/", "/ crew"])
    def test_is_written_as_it_is_read(self, line):
        assert Prefix.read(line).line() == line


class TestOutside:
    @pytest.mark.parametrize(
        ("key", "outside"),
        [
            ("talks/a.mp4", False),
            ("talks/2026/a.mp4", False),
            ("talks.mp4", True),
            ("talks2/a.mp4", True),
            ("Talks/a.mp4", True),
            ("x/talks/a.mp4", True),
        ],
    )
    def test_is_what_lies_in_no_folder(self, key, outside):
        assert is_outside([key], (Prefix(prefix="talks/"), Prefix(prefix="films/"))) is outside

    def test_one_file_is_enough(self):
        assert is_outside(["talks/a.mp4", "paid/a.jpg"], (Prefix(prefix="talks/"),)) is True

    @pytest.mark.parametrize(("prefixes", "outside"), [(None, False), ((), True), ((Prefix(prefix="/"),), False)])
    def test_of_nothing_and_of_all(self, prefixes, outside):
        assert is_outside(["paid/a.mp4"], prefixes) is outside

    def test_nothing_is_outside_of_nothing(self):
        assert is_outside([], ()) is False


class TestOfUser:
    @pytest.fixture
    def found(self, portal, add_user):
        """A function that gives the folders of the bucket that an editor may use, who is in the group crew."""
        add_user("editor")
        api.group.create(groupname="crew")
        api.group.add_user(groupname="crew", username="editor")
        with api.env.adopt_roles(["Manager"]):
            media = api.content.create(portal, "Folder", "media")
            api.content.create(media, "Folder", "talks")
            api.content.create(media, "Folder", "talks2")

        def folders(*lines, path="media/talks", login="editor"):
            api.portal.set_registry_record(RECORD, lines)
            container = portal.unrestrictedTraverse(path) if path else portal
            with api.env.adopt_user(login):
                prefixes = prefixes_of_user(container)
            return None if prefixes is None else [each.prefix for each in prefixes]

        return folders

    def test_without_lines_nobody_is_confined(self, found):
        assert found() is None

    @pytest.mark.parametrize(
        ("line", "path", "is_there"),
        [
            ("a/", "", True),
            ("a/ crew", "", True),
            ("a/ AuthenticatedUsers", "", True),
            ("a/ Crew", "", False),
            ("a/ Administrators", "", False),
            ("a/ /media", "media/talks", True),
            ("a/ /media/talks", "media/talks", True),
            ("a/ /media/talks", "media/talks2", False),
            ("a/ /media/talks", "media", False),
            ("a/ /media", "", False),
            ("no folder", "", False),
        ],
    )
    def test_is_said_by_group_and_folder(self, found, line, path, is_there):
        assert found(line, path=path) == (["a/"] if is_there else [])

    def test_several_lines_add_up(self, found):
        assert found("a/", "b/ crew", "c/ others", "d/ /media") == ["a/", "b/", "d/"]

    def test_who_may_configure_is_not_confined(self, found, add_user):
        add_user("boss", "Manager")
        assert found("a/", login="boss") is None

    def test_a_site_administrator_is(self, found, add_user):
        add_user("site-admin", "Site Administrator")
        assert found("a/", login="site-admin") == ["a/"]

    def test_the_container_of_the_site_is_in_no_folder(self, portal, found):
        assert found("a/ /media", path="/") == []
