"""What Plone works for protected media, beside bare answers and a blob: exit code 0 or 1. `make bench` runs this too."""

from contextlib import closing
from contextlib import ExitStack
from goals import at_least
from goals import at_most
from goals import conclude
from goals import Goal
from goals import ratio
from goals import reached
from measured_plone import MeasuredPlone
from measured_plone import Visitor
from pathlib import Path
from rounds import Contender
from rounds import Run

import asked
import report
import sys
import tempfile
import watching


ROUNDS = 40
SLICE = 0.025
# In one of so many rounds people watch; what takes long and is far from the rest comes less often.
WATCHING = 10
LONG = 20
RESULTS = Path(__file__).with_name("results-pages.rst")
ITEM = "demo/talk"


def added(run):
    """How many times as much our viewlets add to their places as a static one does."""

    def more(viewlets):
        return run.median(lambda each, without: 1 / each - 1 / without, f"viewlets {viewlets}", "viewlets without")

    return more("ours") / more("static")


GOALS = [
    Goal("Page: what our viewlets add ÷ what a static one adds", added, **at_most(10)),
    Goal("@@media ÷ bare redirect", ratio("@@media", "bare redirect"), **at_least(0.75)),
    Goal("@playback ÷ bare service", ratio("@playback", "bare service"), **at_least(0.75)),
    Goal("Edge stalled: time of another page ÷ with nobody", ratio("others nobody", "others stalled"), **at_most(1.5)),
]


def pages(visitor):
    """The page of an item with our viewlets, with a static one and without; and the places of the viewlets on it."""
    for viewlets in ("ours", "static", "without"):
        showing = visitor(Viewlets=viewlets)
        yield Contender(f"page {viewlets}", asked.answers(showing, ITEM))
        yield Contender(f"viewlets {viewlets}", asked.viewlets(showing, ITEM))


def answers(visitor):
    """What a player asks for, and the same without a thought."""
    client = visitor(Accept="application/json")
    yield Contender("@@media", asked.answers(client, f"{ITEM}/@@media", status=302))
    yield Contender("bare redirect", asked.answers(client, f"{ITEM}/@@bare-redirect", status=302))
    yield Contender("@playback", asked.answers(client, f"{ITEM}/@playback"))
    yield Contender("bare service", asked.answers(client, f"{ITEM}/@bare"))


def films(plone):
    """The gigabytes of one video, from Plone and from the edge."""
    for name, film, read in (
        ("blob whole", watching.film_in_blob, watching.whole),
        ("blob ranges", watching.film_in_blob, watching.in_ranges),
        ("ours whole", watching.film_at_edge, watching.whole),
    ):
        yield Contender(name, watching.gigabytes(plone, film, read), every=LONG)


def others(plone):
    """The waiting of others while people watch."""
    blob, ours = (watching.at_its_pace(plone, film) for film in (watching.film_in_blob, watching.film_at_edge))
    yield Contender("others nobody", watching.Others(plone), every=WATCHING)
    yield Contender("others blob", watching.Others(plone, blob), every=LONG)
    yield Contender("others ours", watching.Others(plone, ours), every=WATCHING)
    # One fetches it, and tells the others meanwhile to ask again.
    known = watching.playlists(plone, "demo/stream/@@playlist/index.m3u8", 200, 503)
    yield Contender("others playlists", watching.Others(plone, known), every=WATCHING)
    # Nobody asks for these while the edge answers, so none is remembered.
    unknown = watching.playlists(plone, "demo/stream-{number}/@@playlist/index.m3u8", 503)
    stalled = watching.Others(plone, unknown, around=plone.stalled_edge)
    yield Contender("others stalled", stalled, every=WATCHING)


def measure(plone):
    """The one run of all; and of those who wait for another page, all waiting times."""
    with ExitStack() as opened:

        def visitor(**headers):
            return opened.enter_context(closing(Visitor(plone, "viewer", **headers)))

        waiting = list(others(plone))
        contenders = [*pages(visitor), *answers(visitor), *films(plone), *waiting]
        run = Run(contenders, rounds=ROUNDS, seconds=SLICE)
    return run, {contender.name: contender.rate.seconds for contender in waiting}


def describe(run, waited, told):
    """The whole report."""
    parts = [report.title("Results of the last run", "="), report.machine_of_pages(), report.goals(told)]
    for heading, shown in (
        ("The page of an item", report.pages(run)),
        ("Redirect and service", report.answers(run)),
        ("The same video", report.films(run)),
        ("Another page meanwhile", report.others(run, waited)),
    ):
        parts += [report.title(heading, "-"), shown]
    return "\n\n".join(parts) + "\n"


def main():
    with tempfile.TemporaryDirectory(prefix="pages-") as folder, MeasuredPlone(Path(folder)) as plone:
        run, waited = measure(plone)
    told = reached(run, GOALS)
    text = describe(run, waited, told)
    RESULTS.write_text(text, encoding="utf-8")
    print(text)
    return conclude(told)


if __name__ == "__main__":
    sys.exit(main())
