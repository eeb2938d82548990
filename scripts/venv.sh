#!/bin/sh
# venv.sh [PYTHON]: makes .venv, with the Python asked for or else the first fitting one; does nothing where it is there already.
# .venv/python-version says which Python it is of; that file changes only when the Python does.
set -eu
cd "$(dirname "$0")/.."
wanted=${1-}

stop() {
    printf '%s\n' "$*" >&2
    exit 1
}

# The version and the home of a Python. Fails where it does not run, as a pyenv shim may, or is too old or too new.
describe() {
    "$1" -c '
import sys
print("%d.%d.%d %s" % (sys.version_info[:3] + (sys.base_prefix,)))
sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 14))' 2>/dev/null
}

can_make_venv() {
    "$1" -c 'import ensurepip, venv' 2>/dev/null
}

refuse_3_13_0() {
    stop "$1 is Python 3.13.0, in which Plone cannot save a version of a page (CPython gh-125631, mended in 3.13.1)." \
        "Name another one: make PYTHON=python3.12 ..."
}

# Sets python: the one asked for, or the first that fits, rather one that can make a .venv at once.
choose() {
    if [ -n "$wanted" ]; then
        found=$(describe "$wanted") || stop "$wanted is not a Python from 3.10 to 3.14: ${found:-it does not run}"
        case $found in "3.13.0 "*) refuse_3_13_0 "$wanted" ;; esac
        python=$wanted
        return
    fi
    python='' refused=''
    for candidate in python3.11 python3.12 python3.13 python3.10 python3.14 python3; do
        found=$(describe "$candidate") || continue
        case $found in "3.13.0 "*) refused=$candidate; continue ;; esac
        python=${python:-$candidate}
        if can_make_venv "$candidate"; then
            python=$candidate
            return
        fi
    done
    if [ -z "$python" ]; then
        [ -z "$refused" ] || refuse_3_13_0 "$refused"
        stop "There is no Python from 3.10 to 3.14 here. On Debian: apt-get install python3 python3-venv"
    fi
}

if [ -f .venv/python-version ] && installed=$(describe .venv/bin/python) && [ "$installed" = "$(cat .venv/python-version)" ]; then
    [ -n "$wanted" ] || exit 0
    choose
    [ "$(describe "$python")" != "$installed" ] || exit 0
else
    choose
fi
if ! can_make_venv "$python" && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "$python cannot make a virtual environment: apt-get install python3-venv"
    { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends python3-venv; } >/dev/null
fi
can_make_venv "$python" || stop "$python cannot make a virtual environment. On Debian: apt-get install python3-venv"
version=$(describe "$python")
echo "Making .venv with Python $version"
rm -rf .venv
"$python" -m venv .venv
echo "$version" > .venv/python-version
