"""``cfprivate import-streamingaws`` as a process that opens a real database: one shows what the last one kept."""

import json
import pytest


OLD = "https://old.example.org/Plone"
EXPORT = [
    {
        "@id": f"{OLD}/films/talk",
        "@type": "streamingvideo",
        "title": "A talk",
        "review_state": "published",
        "hls_video": "films/talk/video.m3u8",
        "parent": {"@id": f"{OLD}/films", "@type": "Folder"},
    },
    {"@id": f"{OLD}/empty", "@type": "streamingvideo", "title": "Empty", "parent": {"@id": OLD, "@type": "Plone Site"}},
]


@pytest.fixture(scope="module")
def imports(site, tmp_path_factory):
    """What ended, by its name, in one process that opened the site for each; and a process after it."""
    file = tmp_path_factory.mktemp("export") / "export.json"
    file.write_text(json.dumps(EXPORT))

    def call(*options):
        return [["import-streamingaws", str(file), *map(str, [*site.where, "--json", *options])], "", {}]

    first = site.run_several({
        "dry run": call("--dry-run"),
        "no such state": call("--state", "published"),
        "member": call("--as", "member"),
        "import": call(),
    })
    return {**first, **site.run_several({"again": call()})}


@pytest.mark.parametrize("name", ["dry run", "import"])
def test_makes_the_item_as_a_dry_run_leaves_none(imports, name):
    told = json.loads(imports[name].stdout)
    assert ([each["path"] for each in told["made"]], told["folders"]) == (["/films/talk"], ["/films"])


def test_another_process_finds_it(imports):
    told = json.loads(imports["again"].stdout)
    assert (told["made"], told["folders"], told["left_alone"]) == ([], [], ["/films/talk"])


@pytest.mark.parametrize("name", ["dry run", "import", "again"])
def test_what_was_refused_makes_it_1(imports, name):
    told = json.loads(imports[name].stdout)
    assert (imports[name].returncode, [each["path"] for each in told["refused"]]) == (1, ["/empty"])


@pytest.mark.parametrize(("name", "error"), [("no such state", "NotImported"), ("member", "SiteNotOpened")])
def test_an_error_is_one_object(imports, name, error):
    assert (imports[name].returncode, json.loads(imports[name].stdout)["error"]) == (1, error)


def test_help_loads_no_zope(loaded):
    foreign = ("zope", "plone", "products", "ofs", "accesscontrol", "zodb", "transaction", "zc")
    assert [name for name in loaded("import-streamingaws", "--help") if name.startswith(foreign)] == []
