"""Where forms offer the upload, and with what."""

from bs4 import BeautifulSoup
from collective.cfprivate.permissions import MANAGE
from collective.cfprivate.playback.upload_labels import LABELS
from plone import api
from Products.DCWorkflow.utils import modifyRolesForPermission

import json
import pytest
import transaction


EDIT, ADD = "talk/edit", "++add++Protected Video"


@pytest.fixture
def uploads(served):
    """A function: the upload elements of a form, by their field."""
    api.portal.set_registry_record("collective.cfprivate.s3_bucket", "media")
    transaction.commit()

    def elements(path, login="manager"):
        page = BeautifulSoup(served.get(path, login).text, "html.parser")
        return {element["data-field"]: element for element in page.find_all("cfprivate-upload")}

    return elements


@pytest.mark.parametrize("path", [EDIT, ADD])
def test_each_field_of_keys_has_one(uploads, path):
    assert list(uploads(path)) == ["object_key", "renditions", "poster"]


@pytest.mark.parametrize("path", [EDIT, ADD])
def test_none_without_a_bucket(uploads, path):
    api.portal.set_registry_record("collective.cfprivate.s3_bucket", "")
    transaction.commit()
    assert uploads(path) == {}


def test_no_script_without_a_bucket(served):
    assert "upload.js" not in served.get(EDIT, "manager").text


def test_no_script_on_other_pages(uploads, served):
    assert "upload.js" not in served.get("talk", "manager").text


def test_asks_the_item_that_is_edited(uploads, served):
    assert uploads(EDIT)["poster"]["data-service"] == f"{served.url}/talk/@cfprivate-uploads"


def test_asks_the_folder_in_which_an_item_is_made(uploads, served):
    assert uploads(ADD)["poster"]["data-service"] == f"{served.url}/@cfprivate-uploads"


def test_names_its_field(uploads, served):
    page = BeautifulSoup(served.get(EDIT, "manager").text, "html.parser")
    identifier = page.find("cfprivate-upload", {"data-field": "object_key"})["data-input"]
    assert page.find(id=identifier)["name"] == "form.widgets.IProtectedMedia.object_key"


def test_accepts_the_types_of_the_settings(uploads):
    api.portal.set_registry_record("collective.cfprivate.upload_types", ("video/mp4", "image/*"))
    transaction.commit()
    assert uploads(EDIT)["object_key"]["data-accept"] == "video/mp4,image/*"


def test_has_all_words(uploads):
    assert set(json.loads(uploads(EDIT)["object_key"]["data-labels"])) == set(LABELS)


def test_none_for_who_may_not_manage_media(uploads, served):
    modifyRolesForPermission(served.item, MANAGE, ("Site Administrator",))
    transaction.commit()
    assert uploads(EDIT) == {}
