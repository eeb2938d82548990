"""Which items a command works on: a query of the catalog, as words or as JSON."""

from ..exceptions import WrongQuery
from ..i18n import _
from collections.abc import Iterable
from collections.abc import Mapping
from DateTime.interfaces import DateTimeError
from plone import api

import json


# Indexes that sort only: the catalog would pass over the question and give everything.
_SORTING = {"GopipIndex"}


def read_query(words: Iterable[str]) -> dict[str, object]:
    """What ``portal_type=File path=/media`` says, or one word that is a JSON object; raises ``WrongQuery``.

    A name that is there twice asks for either value.
    """
    words = list(words)
    if len(words) == 1 and words[0].lstrip().startswith("{"):
        return _read_json(words[0])
    query = {}
    for word in words:
        name, sign, value = word.partition("=")
        if not name or not sign:
            raise _wrong_word(word)
        query.setdefault(name, []).append(value)
    return query


def find(query: Mapping[str, object]) -> list:
    """The brains, in the order of their paths, of what the current user may see; raises ``WrongQuery``."""
    catalog = api.portal.get_tool("portal_catalog")
    _check(query, {name: catalog.Indexes[name].meta_type for name in catalog.indexes()})
    asked = {name: _in_site(value) if name == "path" else value for name, value in query.items()}
    try:
        found = catalog.searchResults(asked, show_inactive=True)
    except (DateTimeError, TypeError, ValueError) as error:
        raise _wrong_value(type(error).__name__) from None
    return sorted(found, key=lambda brain: brain.getPath())


def _read_json(text: str) -> dict[str, object]:
    try:
        return json.loads(text)
    except ValueError:
        raise WrongQuery(_("query_no_json", default="The query is no JSON object.")) from None


def _check(query: Mapping[str, object], kinds: Mapping[str, str]) -> None:
    """Refuse what the catalog would pass over, for then it would give more than was asked for."""
    if not query:
        raise WrongQuery(_("query_empty", default="The query is empty, and would find the whole site."))
    for name, value in query.items():
        if name not in kinds or kinds[name] in _SORTING:
            raise WrongQuery(
                _(
                    "query_no_index",
                    default="The catalog of this site has no index ${name} to ask.",
                    mapping={"name": name},
                )
            )
        if not _says_something(value):
            raise WrongQuery(_("query_no_value", default="The query says nothing for ${name}.", mapping={"name": name}))


def _says_something(value: object) -> bool:
    if isinstance(value, dict):
        return _says_something(value.get("query"))
    if isinstance(value, list):
        return bool(value) and all(_says_something(each) for each in value)
    return value is not None and value != ""


def _in_site(value: object) -> object:
    """Paths as people write them begin at the site."""
    if isinstance(value, dict):
        return {**value, "query": _in_site(value["query"])}
    if isinstance(value, list):
        return [_in_site(each) for each in value]
    site = "/".join(api.portal.get().getPhysicalPath())
    path = f"/{str(value).strip('/')}"
    return path if f"{path}/".startswith(f"{site}/") else f"{site}{path}".rstrip("/")


def _wrong_word(word: str) -> WrongQuery:
    return WrongQuery(
        _(
            "query_wrong_word",
            default="${word} is no part of a query: give words like portal_type=File path=/media, or one JSON object.",
            mapping={"word": word},
        )
    )


def _wrong_value(error: str) -> WrongQuery:
    return WrongQuery(
        _(
            "query_wrong_value",
            default="The catalog does not take the query (${error}): see that the values are such as its indexes hold.",
            mapping={"error": error},
        )
    )
