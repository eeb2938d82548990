# Everything is installed into this directory: .venv, node_modules and the built player. `make help` lists the targets.
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?=
ARGS =
MODULES =
PYTHONS =
PACKAGE = src/collective/cfprivate
PLAYER = $(PACKAGE)/playback/static/player.js
LOCALES = $(PACKAGE)/locales
# The tests that need no Plone, without the fixtures of those that do.
CLOUDFRONT = --confcutdir=tests/cloudfront tests/cloudfront
# Those that make test-long runs with larger files and buckets.
LARGE = tests/browser/test_browser_upload.py $(wildcard tests/storage/test_storage_reconcile_*.py)

export PIP_DISABLE_PIP_VERSION_CHECK = 1
PIP = .venv/bin/python -m pip

.PHONY: help install player start test test-long bench screenshots lint format i18n versions wheel clean FORCE

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "%-11s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
	@echo
	@echo 'PYTHON=python3.12  the Python of .venv (default: the first of 3.11, 3.12, 3.13, 3.10, 3.14)'
	@echo 'ARGS="-k policy"   arguments for pytest (make test)'
	@echo 'MODULES="keys pem" modules to change, HYPOTHESIS_EXAMPLES=5000 examples a test (make test-long)'
	@echo 'PYTHONS="3.12 3.13" the Pythons to test on (make test-long)'
	@echo 'PLONE_PORT, EDGE_PORT, S3_PORT  where make start listens (default: 8080, 8081, 8082)'

install: .venv/installed $(PLAYER)  ## install the package with its tests and tools; nothing is started
	@:

player: $(PLAYER)  ## build the player from its JavaScript
	@:

start: install  ## install, then run Plone, the local edge and the local store with the demo, until Ctrl-C
	@exec .venv/bin/cfprivate demo

test: install  ## install, find or install a browser and Varnish, then run the tests; those of cloudfront/ have to reach all of it
	@.venv/bin/python tests/install_programs.py
ifeq ($(strip $(ARGS)),)
	@.venv/bin/coverage run -m pytest $(CLOUDFRONT)
	@.venv/bin/coverage report
	@.venv/bin/pytest --numprocesses 2 --dist loadgroup --ignore=tests/cloudfront
else
	@.venv/bin/pytest $(ARGS)
endif

test-long: .venv/long  ## many more examples, large uploads and buckets, Zope clients on PostgreSQL, changes that no test notices, all Pythons
	@HYPOTHESIS_PROFILE=long .venv/bin/pytest $(CLOUDFRONT)
	@HYPOTHESIS_PROFILE=long .venv/bin/pytest $(LARGE)
	@.venv/bin/python tests/install_programs.py postgresql
	@CFPRIVATE_TEST_STORAGE=relstorage .venv/bin/pytest tests/clients
	@.venv/bin/python tests/mutation/run.py $(MODULES)
	@.venv/bin/python scripts/every_python.py $(PYTHONS)

screenshots: install  ## renew the pictures of the documentation
	@SCREENSHOTS=docs/images .venv/bin/pytest -q tests/browser

bench: install  ## measure how fast URLs are signed and pages made, beside others: about seven minutes
	@export PYTHONPATH=tests; missed=0; for script in signing pages listings; do \
	    .venv/bin/python benchmarks/$$script.py || missed=1; done; exit $$missed

lint: install  ## check code, templates and metadata
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/zpretty --check src
	.venv/bin/pyroma --min 10 .
	.venv/bin/check-python-versions --only setup.py .

format: install  ## mend what a machine can mend
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .
	.venv/bin/zpretty -i src

i18n: install  ## collect the messages into the .pot and the .po files
	.venv/bin/i18ndude rebuild-pot --pot $(LOCALES)/collective.cfprivate.pot --create collective.cfprivate $(PACKAGE)
	.venv/bin/i18ndude rebuild-pot --pot $(LOCALES)/plone.pot --merge $(LOCALES)/plone-manual.pot --create plone $(PACKAGE)/profiles
	for po in $(LOCALES)/*/LC_MESSAGES/*.po; do \
	    .venv/bin/i18ndude sync --pot $(LOCALES)/$$(basename "$$po" .po).pot "$$po" || exit 1; \
	done

versions: .venv/python-version  ## write versions.cfg from constraints.txt
	.venv/bin/python scripts/versions_cfg.py

wheel: install  ## build the wheel into dist/
	$(PIP) wheel -qq --no-deps --wheel-dir dist .

clean:  ## remove all that was installed and built, but not var/
	rm -rf .venv .pythons node_modules tests/peers/node_modules $(PACKAGE)/playback/static build dist src/*.egg-info
	rm -rf bin develop-eggs eggs parts .installed.cfg .pytest_cache .ruff_cache .hypothesis .coverage htmlcov
	find src tests benchmarks build_backend scripts -name __pycache__ -prune -exec rm -rf {} +

# The recipe runs each time, but changes the file only when the Python is another one.
.venv/python-version: FORCE
	@scripts/venv.sh $(PYTHON)

.venv/installed: setup.py pyproject.toml constraints.txt $(wildcard build_backend/*.py) .venv/python-version | $(PLAYER)
	@echo 'Installing the Python packages into .venv: some minutes'
	@$(PIP) install -qq --constraint constraints.txt pip
	@$(PIP) install -qq --constraint constraints.txt --editable '.[bench,demo,test,lint]'
	@touch $@

.venv/long: .venv/installed
	@$(PIP) install -qq --constraint constraints.txt --editable '.[mutation,relstorage]'
	@touch $@

$(PLAYER): package.json package-lock.json $(shell find $(PACKAGE)/playback/player) | .venv/python-version
	@set -e; node=$$(.venv/bin/python build_backend/cfprivate_player.py --requirements); \
	    [ -z "$$node" ] || $(PIP) install -qq --constraint constraints.txt "$$node"
	@.venv/bin/python build_backend/cfprivate_player.py
