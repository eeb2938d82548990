"""What a listing of 1,000 protected items costs, beside that of 1,000 Documents: exit code 0 or 1. `make bench` runs this too."""

from collective.cfprivate.demo.layout import SITE
from contextlib import closing
from contextlib import ExitStack
from goals import at_most
from goals import conclude
from goals import Goal
from goals import ratio
from goals import reached
from listed_site import COUNT
from listed_site import LISTED
from listed_site import TITLE
from listed_site import UNTHEMED
from measured_plone import ServedSite
from measured_plone import Visitor
from pathlib import Path
from rounds import Contender
from rounds import Run

import asked
import report
import sys
import tempfile


ROUNDS = 12
# What wakes all objects takes long.
LONG = {"listing_view": 2}
# Any listing takes longer, so that each is made once in a round.
SLICE = 0.025
RESULTS = Path(__file__).with_name("results-listings.rst")
FIELDS = "metadata_fields=cfprivate_duration&metadata_fields=cfprivate_protected"
# Of each surface the path below the folder or the collection, and the headers of the request.
VIEWS = {
    "media_listing": (f"media_listing?b_size:int={COUNT}", {}),
    "media_listing, no theme": (f"media_listing?b_size:int={COUNT}", {"Host": UNTHEMED}),
    "listing_view": (f"listing_view?b_size:int={COUNT}", {}),
    "REST": (f"?b_size={COUNT}&{FIELDS}", {"Accept": "application/json"}),
}
CONTAINERS = {"folder": "{}", "collection": "found-{}"}
SURFACES = [f"{container}, {view}" for container in CONTAINERS for view in VIEWS]
# The theme works for each element, and a badge is one: what it takes for them is told, and is no goal.
THEMED = {f"{container}, media_listing" for container in CONTAINERS}
GOALS = [
    Goal(
        f"{surface}: time of protected items ÷ Documents",
        ratio(f"{surface} documents", f"{surface} protected"),
        **at_most(1.2),
    )
    for surface in SURFACES
    if surface not in THEMED
]


class ListedPlone(ServedSite):
    """A site with as many protected items as Documents."""

    making = "listed_site"


def contenders(visitor):
    """Each listing, once of protected items and once of Documents; `visitor` makes who asks with these headers."""
    for container, identifier in CONTAINERS.items():
        for view, (path, headers) in VIEWS.items():
            asking = visitor(**headers)
            for kind in LISTED:
                listing = f"{identifier.format(kind)}/{path}"
                fail_unless_whole(asking, listing)
                yield Contender(f"{container}, {view} {kind}", asked.answers(asking, listing), every=LONG.get(view, 1))


def fail_unless_whole(visitor, listing):
    """A listing of fewer items would be cheaper."""
    shown = visitor.open(f"/{SITE}/{listing}").read().decode()
    missing = [number for number in range(COUNT) if f"{TITLE} {number}" not in shown]
    if missing:
        raise ValueError(f"{listing} lacks {len(missing)} of {COUNT} items")


def measure(plone):
    """The one run of all."""
    with ExitStack() as opened:

        def visitor(**headers):
            return opened.enter_context(closing(Visitor(plone, "viewer", **headers)))

        return Run(list(contenders(visitor)), rounds=ROUNDS, seconds=SLICE)


def describe(run, told):
    """The whole report."""
    parts = [report.title("Results of the last run", "="), report.machine_of_pages(), report.goals(told)]
    parts += [report.title(f"{COUNT:,} items on one page", "-"), report.listings(run, SURFACES)]
    return "\n\n".join(parts) + "\n"


def main():
    with tempfile.TemporaryDirectory(prefix="listings-") as folder, ListedPlone(Path(folder)) as plone:
        run = measure(plone)
    told = reached(run, GOALS)
    text = describe(run, told)
    RESULTS.write_text(text, encoding="utf-8")
    print(text)
    return conclude(told)


if __name__ == "__main__":
    sys.exit(main())
