"""What a run has shown, as reStructuredText."""

from cryptography.hazmat.backends.openssl import backend
from importlib.metadata import version
from pathlib import Path
from statistics import median
from statistics import quantiles

import platform
import subprocess


SIGNERS = {
    "first": "ours, first",
    "at hand": "ours, first, policy at hand",
    "remembered": "ours, remembered",
    "bare": "bare key.sign",
    "cryptography": "botocore + cryptography",
    "rsa": "botocore + rsa",
    "PEM": "botocore + PEM parsed each time",
    "node": "Amazon's for JavaScript",
    "openssl": "openssl speed",
}

OTHERS = {
    "others nobody": "nobody watches",
    "others blob": "8 people watch the blob",
    "others ours": "8 people watch ours",
    "others playlists": "8 people ask for playlists",
    "others stalled": "8 people ask, the edge is stalled",
}


def table(header, rows):
    """A simple table; the first column is text, the others stand on the right."""
    cells = [header, *rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    rule = "  ".join("=" * width for width in widths)
    lines = [_line(row, widths) for row in cells]
    return "\n".join([rule, lines[0], rule, *lines[1:], rule])


def _line(row, widths):
    first, *others = row
    return "  ".join([first.ljust(widths[0]), *map(str.rjust, others, widths[1:])]).rstrip()


def title(text, mark):
    return f"{text}\n{mark * len(text)}"


def signers(run, algorithm, kind):
    """The table of one algorithm and kind of policy; the last column is our first URL against each."""
    first = f"{algorithm} {kind} first"
    rows = []
    for signer, label in SIGNERS.items():
        name = f"{algorithm} {signer}" if signer in {"bare", "openssl"} else f"{algorithm} {kind} {signer}"
        if name in run.rates:
            rows.append([label, f"{run.rate(name):,.0f}", f"{run.ratio(first, name):.3g}"])
    return table(["signer", "a second", "ours, first ÷ it"], rows)


def goals(reached):
    rows = [[goal.text, f"{value:.2f}", goal.wanted, "met" if goal.met(value) else "missed"] for goal, value in reached]
    return table(["goal", "measured", "wanted", ""], rows)


def pages(run):
    """The table of the item's page: milliseconds of the processor, and how many more than without viewlets."""
    rows = []
    for viewlets, label in {"ours": "with ours", "static": "with a static one", "without": "without"}.items():
        cells = [_milliseconds(run, what, viewlets) for what in ("page", "viewlets")]
        rows.append([label, *(cell for pair in cells for cell in pair)])
    return table(["page", "CPU ms", "more", "places of viewlets, ms", "more"], rows)


def _milliseconds(run, what, viewlets):
    name, without = f"{what} {viewlets}", f"{what} without"
    more = run.median(lambda each, other: 1000 / each - 1000 / other, name, without)
    return f"{1000 / run.rate(name):.3g}", f"{more:.2f}"


def answers(run):
    rows = []
    for name, bare in {"@@media": "bare redirect", "@playback": "bare service"}.items():
        rows.append([name, f"{run.rate(name):,.0f}", f"{run.ratio(name, bare):.2f}"])
        rows.append([bare, f"{run.rate(bare):,.0f}", "1"])
    return table(["answer", "in a CPU second", "÷ bare"], rows)


def listings(run, surfaces):
    """The tables' rows: milliseconds of the processor for each of `surfaces`, once of protected items and once of Documents."""
    rows = []
    for surface in surfaces:
        protected, documents = f"{surface} protected", f"{surface} documents"
        cells = [f"{1000 / run.rate(name):.0f}" for name in (protected, documents)]
        rows.append([surface, *cells, f"{run.ratio(documents, protected):.2f}"])
    return table(["listing", "protected, CPU ms", "Documents, CPU ms", "÷"], rows)


def films(run):
    labels = {"blob whole": "blob", "blob ranges": "blob, in ranges of 1 MB", "ours whole": "ours"}
    rows = [
        [label, f"{1 / run.rate(name):.3f}", f"{run.ratio('ours whole', name):.1f}"] for name, label in labels.items()
    ]
    return table(["video", "CPU s per GB", "÷ ours"], rows)


def others(run, waited):
    """`waited` is {name: seconds that each visitor waited}."""
    rows = []
    for name, seconds in waited.items():
        slow = quantiles(seconds, n=20, method="inclusive")[-1]
        middle, compared = median(seconds), run.ratio("others nobody", name)
        rows.append([OTHERS[name], f"{1000 * middle:.0f}", f"{1000 * slow:.0f}", f"{compared:.2f}"])
    return table(["meanwhile", "median ms", "95 % ms", "median ÷ nobody's"], rows)


def machine(node):
    """Versions and processor, and nothing that tells whose machine it is."""
    return _fields({
        "cryptography": f"{version('cryptography')}, which brings {backend.openssl_version_text()}",
        "botocore, rsa": f"{version('botocore')}, {version('rsa')}",
        "openssl speed": subprocess.run(["openssl", "version"], capture_output=True, text=True, check=True).stdout,
        "Node.js": node.ask("version"),
    })


def machine_of_pages():
    """The same of a run without signers."""
    return _fields({name: version(name) for name in ("Products.CMFPlone", "Zope", "plone.restapi", "waitress")})


def _fields(versions):
    python = f"{platform.python_version()} ({platform.system()}, {platform.machine()})"
    lines = {"Python": python, **versions, "Processor": _processor()}
    return "\n".join(f":{name}: {value.split('  (')[0].strip()}" for name, value in lines.items())


def _processor():
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text(encoding="utf-8").splitlines() if cpuinfo.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.processor() or "unknown"
