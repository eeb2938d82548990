"""What axe-core finds on a page."""

from axe_playwright_python.sync_playwright import Axe as AxeCore


class Axe:
    """What axe finds on the whole page that is shown."""

    def __init__(self, page):
        self._page = page
        self._found = AxeCore().run(page).response["violations"]

    @property
    def rules(self):
        return {rule["id"] for rule in self._found}

    def inside(self, part="[class*=cfprivate-]"):
        """The rules and the places of what is within the elements of ``part`` (a CSS selector)."""
        places = [(rule["id"], node["target"][0]) for rule in self._found for node in rule["nodes"]]
        return [f"{rule}: {place}" for rule, place in places if self._is_inside(place, part)]

    def _is_inside(self, place, part):
        outer = place if isinstance(place, str) else place[0]  # of what is in a shadow root axe tells the way to it
        found = "([outer, part]) => Boolean(document.querySelector(outer)?.closest(part))"
        return self._page.evaluate(found, [outer, part])
