# The Daily Replica. `make` alone lists what there is.

PYTHON ?= python3
BIN := .venv/bin
SIDE_BY_SIDE := --numprocesses=auto --maxprocesses=4 --dist=worksteal
OF_ROUTING := tests/unit/routing tests/replication/routing \
    $(patsubst %,tests/faults/test_%.py,clock failover health lost_connections pool promotion truth)
NODE ?= primary
SECONDS ?= 2
export DEMO := 1
# What is installed is compiled when it is first imported, and kept: each process would compile Django anew.
unexport PYTHONDONTWRITEBYTECODE
.DEFAULT_GOAL := help
.PHONY: help run test test-faults test-ctrl-c test-workshop django-suites guarantees faults bench lint e2e pictures workshop workshop-run workshop-watch workshop-reset psql lag status reset clean projects test-psycopg3 matrix

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo 'Settings: PORT=8000 CLUSTER_PORT=54320 (the primary; the replicas take the next two)'

run: .venv/.run ## Start the cluster and the newspaper on http://127.0.0.1:8000 (PORT=, CLUSTER_PORT=); Ctrl-C stops both
	@$(BIN)/python -m cluster run -- $(BIN)/python -m config.serve

test: .venv/.dev ## Run the tests, several at once, each lot on a real three-node cluster of its own
	$(BIN)/python -m pytest $(SIDE_BY_SIDE)

test-psycopg3: .venv-psycopg3/.dev ## Run routing's tests with psycopg 3, without a pool and with one (DRIVER=psycopg3 or psycopg3-pool: with that alone; TESTS=)
	@for driver in $(or $(DRIVER),psycopg3 psycopg3-pool); do echo "--- $$driver"; \
	    DRIVER=$$driver .venv-psycopg3/bin/python -m pytest $(or $(TESTS),$(OF_ROUTING)) $(SIDE_BY_SIDE) || exit; done

matrix: ## Run routing's tests with every Python here, Django 5.2, 6.0 and 6.1, and every driver (WITH="6.1 psycopg3": these)
	@$(PYTHON) -m tests.matrix $(WITH)

workshop: .venv/.dev ## Show how far you have come in the workshop; with N=02, check that chapter
	@$(BIN)/python -m workshop $(N)

workshop-run: .venv/.dev ## Show what chapter N=02 of the workshop is about
	@$(BIN)/python -m workshop --run $(N)

workshop-watch: .venv/.dev ## Check a chapter of the workshop each time you save (N=02, or the first that isn't done)
	@$(BIN)/python -m workshop --watch $(N)

workshop-reset: ## Put the workshop's files back for the next group; what this group wrote stays in git's stash
	@git stash push --include-untracked --message "workshop, $$(date '+%Y-%m-%d %H:%M')" -- workshop/0*

test-faults: .venv/.dev ## Test what dies, freezes, is promoted, and heals: the cluster's commands, slow clients, and routing without load
	$(BIN)/python -m pytest $(wildcard tests/faults/test_*.py) tests/cluster $(SIDE_BY_SIDE)

test-ctrl-c: .venv/.dev ## Start the paper 200 times (STARTS=), and end it with Ctrl-C at any moment: all is gone in 3 s
	STARTS=$(or $(STARTS),200) $(BIN)/python -m pytest tests/cluster/test_ctrl_c.py -k any_moment -s

test-workshop: .venv/.dev ## Test the chapters: that each check fails as shipped, and passes with the solution
	$(BIN)/python -m pytest tests/workshop

django-suites: .venv/.suites ## Run Django's own tests without and with routing, and name what fails with it alone: an hour (LABELS="auth_tests delete" narrows)
	@$(BIN)/python -m tests.django_suites

projects: .venv-projects/.done ## Walk other people's apps (Wagtail, allauth, …) on replicas that are behind: needs the network
	.venv-projects/bin/python -m pytest -c tests/projects/pytest.ini --rootdir=. tests/projects

guarantees: .venv/.dev ## Prove what is promised, and print the figures: half an hour (QUICK=1: a minute)
	$(BIN)/python -m pytest tests/guarantees --timeout=3600

faults: .venv/.dev ## Break one database after the other under load, and print what readers notice: the random ones alone take half an hour (QUICK=1: ten minutes)
	$(BIN)/python -m pytest tests/faults/under_load -p no:randomly --timeout=2400

bench: .venv/.bench ## Measure routing, pages and replicas beside every other way (QUICK=1: a small run)
	$(BIN)/python -m tests.benchmarks

lint: .venv/.lint ## Check style, types, and who imports whom
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

e2e: .venv/.e2e node_modules/axe-core ## Try the newspaper in a browser, on a stack of its own (or at BASE_URL=)
	$(BIN)/python -m pytest -c tests/e2e/pytest.ini --rootdir=. tests/e2e

pictures: .venv/.e2e ## Make the README's pictures anew, in docs/pictures
	$(BIN)/python -m tests.e2e.pictures

status: .venv/.run ## Show the three nodes: role, position, lag
	@$(BIN)/python -m cluster status

psql: .venv/.run ## Open psql on NODE=primary|replica1|replica2
	@$(BIN)/python -m cluster psql $(NODE)

lag: .venv/.run ## Let NODE=replica1|replica2 (both, if none is given) replay SECONDS=2 late; 0 ends it
	@for node in $(if $(filter command line,$(origin NODE)),$(NODE),replica1 replica2); do \
	    $(BIN)/python -m cluster lag $$node $(SECONDS) || exit; done

reset: .venv/.run ## Stop the cluster and delete its data
	@$(BIN)/python -m cluster reset

clean: ## Delete what the other targets made: .venv and its like, and .local
	@[ ! -x $(BIN)/python ] || $(BIN)/python -m cluster reset
	rm -rf .venv .venv-projects .venv-psycopg3 .venv-matrix .local staticfiles node_modules

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo "Python 3.11 or newer is needed, and $(PYTHON) is older. Name another: make PYTHON=python3.13 run"; exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; \
	    echo "$(PYTHON) cannot make a virtual environment. On Debian and Ubuntu: apt install python3-venv"; exit 1; }

.venv/.run: requirements.txt cluster/requirements.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile -r requirements.txt -r cluster/requirements.txt
	@touch $@

.venv/.dev: requirements-dev.txt requirements.txt cluster/requirements.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile -r requirements-dev.txt
	@touch $@ .venv/.run

.venv-psycopg3/.dev: requirements-psycopg3.txt requirements-dev.txt requirements.txt cluster/requirements.txt
	@$(PYTHON) -m venv .venv-psycopg3
	.venv-psycopg3/bin/python -m pip install --quiet --disable-pip-version-check --no-compile -r requirements-psycopg3.txt
	@touch $@

.venv/.lint: requirements-lint.txt .venv/.dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-lint.txt
	@touch $@

.venv/.suites: requirements-suites.txt .venv/.dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-suites.txt
	@touch $@

.venv/.e2e: requirements-e2e.txt .venv/.dev
	@command -v "$${CHROMIUM:-chromium}" >/dev/null || command -v chromium-browser >/dev/null || { \
	    echo "Chromium is missing. On Debian: apt install chromium; elsewhere, name yours: make e2e CHROMIUM=/path/to/it"; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-e2e.txt
	@touch $@

# A venv of its own: what these packages bring along is no concern of the site's.
.venv-projects/.done: requirements-projects.txt cluster/requirements.txt
	@$(PYTHON) -m venv .venv-projects
	.venv-projects/bin/python -m pip install --quiet --disable-pip-version-check --no-compile -r requirements-projects.txt
	@touch $@

.venv/.bench: requirements-bench.txt .venv/.dev
	@command -v wrk >/dev/null || { echo "wrk is missing, which makes the load. On Debian and Ubuntu: apt install wrk"; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-bench.txt
	@touch $@

node_modules/axe-core:
	@command -v npm >/dev/null || { echo "npm is missing, which brings axe-core. On Debian: apt install npm"; exit 1; }
	npm install --silent --no-save --no-package-lock --ignore-scripts axe-core@4.14.1
