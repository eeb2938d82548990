"""Exports of a site with c2.app.streamingaws, in the shape in which plone.restapi serializes its content."""

import json
import pytest


OLD = "https://old.example.org/Plone"


@pytest.fixture
def video():
    """A function that makes a streaming video as it is exported; its files are named as the old product named them."""

    def make(path="videos/talk", **values):
        folder, _, name = path.rpartition("/")
        parent = {"@id": f"{OLD}/{folder}", "@type": "Folder"} if folder else {"@id": OLD, "@type": "Plone Site"}
        files = {
            "hls_video": f"site/{name}/video.m3u8",
            "mp4_video": f"site/{name}/video.mp4",
            "thumbnail_filename": f"site/{name}/HLS00001.png",
        }
        fixed = {"@id": f"{OLD}/{path}", "@type": "streamingvideo", "id": name, "parent": parent}
        return {**fixed, "title": "A talk", "review_state": "published", **files, **values}

    return make


@pytest.fixture
def folder():
    """The folder of the videos as it is exported; it tells where the site was."""
    parent = {"@id": OLD, "@type": "Plone Site"}
    return {"@id": f"{OLD}/videos", "@type": "Folder", "id": "videos", "title": "All videos", "parent": parent}


@pytest.fixture
def exported(folder):
    """A function that makes the file of an export with the folder and some videos."""

    def export(*videos):
        return json.dumps([folder, *videos]).encode()

    return export
