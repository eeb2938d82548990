"""What docs/ tells of keys, rotation and AWS is so in the code, and in Amazon's model of its API."""

from botocore import xform_name
from botocore.session import get_session
from botocore.validate import validate_parameters
from collective.cfprivate.cloudfront import Distribution
from collective.cfprivate.cloudfront import SigningKey
from collective.cfprivate.controlpanel.commands import key as key_commands
from collective.cfprivate.controlpanel.rotation import RotationForm
from collective.cfprivate.fetch import NotFetched
from collective.cfprivate.selftest import places
from collective.cfprivate.selftest.run import run
from collective.cfprivate.selftest.subject import Subject
from collective.cfprivate.settings import ENVIRONMENT
from html import unescape
from pathlib import Path
from zope.i18nmessageid import Message

import json
import pytest
import re


ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "collective" / "cfprivate"
PAGES = [ROOT / "README.rst", *sorted((ROOT / "docs").glob("*.rst"))]


def words(text):
    return " ".join(text.split())


def page(name):
    return (ROOT / "docs" / f"{name}.rst").read_text(encoding="utf-8")


def source(*patterns):
    """All that the files say, without line breaks and entities."""
    files = sorted(file for pattern in patterns for file in SOURCE.rglob(pattern))
    return words(unescape(" ".join(file.read_text(encoding="utf-8") for file in files)))


PYTHON = source("*.py")
SHOWN = source("controlpanel/*.py", "controlpanel/*.pt", "interfaces.py", "permissions.zcml", "selftest/*.py")
DOCUMENTED = sorted({name for file in PAGES for name in re.findall(r"\bCFPRIVATE_\w+", file.read_text("utf-8"))})
IN_THE_TABLES = re.findall(r"^``([A-Z_]+)`` ", page("keys"), re.MULTILINE)
PLACES = sorted({value.default for value in vars(places).values() if isinstance(value, Message)})
EMPHASISED = sorted({
    words(text) for name in ("rotate", "keys") for text in re.findall(r"(?<![*\w])\*(\w[^*]+)\*(?!\*)", page(name))
})
# What is emphasised there for its own sake, and quotes nothing.
STRESSED = {"Leave the old key in", "and", "before", "beside", "both", "locked", "shortened", "then", "together"}


class TestVariables:
    @pytest.mark.parametrize("name", ENVIRONMENT)
    def test_of_zope_stand_in_the_table(self, name):
        assert name in IN_THE_TABLES

    def test_of_this_package_stand_in_a_table_wherever_they_are_read(self):
        read = set(re.findall(r"\"(CFPRIVATE_[A-Z_]+)\"", PYTHON)) | set(re.findall(r"envvar=\"([A-Z_]+)\"", PYTHON))
        assert read - set(IN_THE_TABLES) == set()

    @pytest.mark.parametrize("name", sorted({*DOCUMENTED, *IN_THE_TABLES}))
    def test_that_are_documented_are_read(self, name):
        assert f'"{name}"' in PYTHON


class TestSelftest:
    def test_each_line_is_explained_in_order(self):
        def no_answer(url, **options):
            raise NotFetched("refused", "127.0.0.1")

        subject = Subject(
            distribution=Distribution("127.0.0.1:1"),
            key=SigningKey.generate(key_id="K2JCJMDEHXQW5F", algorithm="EC"),
            hash_algorithm="SHA1",
            object_key="a.mp4",
            site_origin="https://www.example.org",
            delivery="playlist",
            bind_ip=False,
        )
        names = [line.name for line in run(subject, no_answer)]
        first_table = page("aws").partition("What the answer to a signed request means")[0]
        assert re.findall(r"^   \* - ``([a-z-]+)``$", first_table, re.MULTILINE) == [*names, "page-cache"]

    @pytest.mark.parametrize("place", PLACES)
    def test_each_setting_to_change_is_named(self, place):
        assert f"*{place}*" in words(page("aws"))


class TestRotation:
    @pytest.mark.parametrize("button", [button.title.default for button in RotationForm.buttons.values()])
    def test_each_button_is_explained(self, button):
        assert button in EMPHASISED

    @pytest.mark.parametrize("label", [text for text in EMPHASISED if text not in STRESSED])
    def test_each_label_that_is_quoted_exists(self, label):
        assert all(part in SHOWN for part in label.removeprefix("Site Setup, ").split(", "))

    def test_each_command_is_explained(self):
        explained = re.findall(r"^``key ([a-z-]+)``", page("rotate"), re.MULTILINE)
        assert sorted(explained) == sorted(key_commands.commands)

    def test_each_command_of_the_example_exists(self):
        assert set(re.findall(r"cfprivate key ([a-z-]+)", page("rotate"))) <= set(key_commands.commands)


@pytest.fixture(scope="module")
def models():
    """Amazon's models of its services."""
    return {"cloudfront": get_session().get_service_model("cloudfront"), "s3api": get_session().get_service_model("s3")}


class TestAmazon:
    @pytest.mark.parametrize(
        ("file", "shape"),
        [
            ("cache-policy", "CachePolicyConfig"),
            ("cors", "ResponseHeadersPolicyConfig"),
            ("distribution", "DistributionConfig"),
        ],
    )
    def test_takes_what_is_in_the_file(self, models, file, shape):
        before = page("aws").partition(f"``{file}.json``")[2].partition(".. code-block:: json\n\n")[2]
        given = json.loads(re.match(r"(?:    .*\n)+", before)[0])
        validate_parameters(given, models["cloudfront"].shape_for(shape))
        assert unknown(given, models["cloudfront"].shape_for(shape)) == []

    def test_reads_the_bucket_policy(self):
        block = re.findall(r"^\.\. code-block:: json\n\n((?:    .*\n)+)", page("aws"), re.MULTILINE)[-1]
        (statement,) = json.loads(block)["Statement"]
        assert (statement["Action"], statement["Principal"]) == (
            "s3:GetObject",
            {"Service": "cloudfront.amazonaws.com"},
        )

    def test_has_the_commands(self, models):
        found = re.findall(r"aws (cloudfront|s3api) ([a-z-]+)", page("aws") + page("rotate"))
        known = {(name, xform_name(each, "-")) for name, model in models.items() for each in model.operation_names}
        assert len(found) > 8
        assert set(found) <= known


def unknown(given, shape):
    """The values in `given` that `shape` does not know: names of members, and what is not in an enumeration."""
    if isinstance(given, dict):
        pairs = [(name, value, shape.members.get(name)) for name, value in given.items()]
        return [name for name, _, member in pairs if member is None] + [
            found for _, value, member in pairs if member for found in unknown(value, member)
        ]
    if isinstance(given, list):
        return [found for value in given for found in unknown(value, shape.member)]
    return [given] if getattr(shape, "enum", None) and given not in shape.enum else []


LINKS = [
    (file.name, target, anchor)
    for file in PAGES
    for target, anchor in re.findall(r"<([\w./-]+\.rst)(?:#([\w-]+))?>`_", words(file.read_text("utf-8")))
]


@pytest.mark.parametrize(("name", "target", "anchor"), sorted(set(LINKS)))
def test_links_lead_somewhere(name, target, anchor):
    folder = ROOT if name == "README.rst" else ROOT / "docs"
    headings = re.findall(r"^(\S.*)\n(?:=+|-+)$", (folder / target).read_text("utf-8"), re.MULTILINE)
    assert not anchor or anchor in {re.sub(r"[^a-z0-9]+", "-", heading.lower()).strip("-") for heading in headings}
