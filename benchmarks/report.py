"""What a run has shown, as reStructuredText."""

from cryptography.hazmat.backends.openssl import backend
from importlib.metadata import version
from pathlib import Path

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


def machine(node):
    """Versions and processor, and nothing that tells whose machine it is."""
    lines = {
        "Python": f"{platform.python_version()} ({platform.system()}, {platform.machine()})",
        "cryptography": f"{version('cryptography')}, which brings {backend.openssl_version_text()}",
        "botocore, rsa": f"{version('botocore')}, {version('rsa')}",
        "openssl speed": subprocess.run(["openssl", "version"], capture_output=True, text=True, check=True).stdout,
        "Node.js": node.ask("version"),
        "Processor": _processor(),
    }
    return "\n".join(f":{name}: {value.split('  (')[0].strip()}" for name, value in lines.items())


def _processor():
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text(encoding="utf-8").splitlines() if cpuinfo.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.processor() or "unknown"
