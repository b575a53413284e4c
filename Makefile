# The Daily Replica. `make` alone lists what there is.

PYTHON ?= python3
BIN := .venv/bin
NODE ?= primary
SECONDS ?= 2
export DEMO := 1
.DEFAULT_GOAL := help
.PHONY: help run test lint faults psql lag status reset clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo 'Settings: PORT=8000 CLUSTER_PORT=54320 (the primary; the replicas take the next two)'

run: .venv/.run ## Start the cluster and the newspaper on http://127.0.0.1:8000 (PORT=, CLUSTER_PORT=); Ctrl-C stops both
	@$(BIN)/python -m cluster run -- $(BIN)/python -m config.serve

test: .venv/.dev ## Run the tests on a real three-node cluster of their own
	$(BIN)/python -m pytest

faults: .venv/.dev ## Break one database after the other under load, and print what readers notice (QUICK=1: fewer rounds)
	$(BIN)/python -m pytest tests/faults -p no:randomly --timeout=1200

lint: .venv/.dev ## Check style, types, and who imports whom
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

status: .venv/.run ## Show the three nodes: role, position, lag
	@$(BIN)/python -m cluster status

psql: .venv/.run ## Open psql on NODE=primary|replica1|replica2
	@$(BIN)/python -m cluster psql $(NODE)

lag: .venv/.run ## Let NODE=replica1|replica2 (both, if none is given) replay SECONDS=2 late; 0 ends it
	@for node in $(if $(filter command line,$(origin NODE)),$(NODE),replica1 replica2); do \
	    $(BIN)/python -m cluster lag $$node $(SECONDS) || exit; done

reset: .venv/.run ## Stop the cluster and delete its data
	@$(BIN)/python -m cluster reset

clean: ## Delete what the other targets made: .venv and .local
	@[ ! -x $(BIN)/python ] || $(BIN)/python -m cluster reset
	rm -rf .venv .local staticfiles

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo "Python 3.11 or newer is needed, and $(PYTHON) is older. Name another: make PYTHON=python3.13 run"; exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; \
	    echo "$(PYTHON) cannot make a virtual environment. On Debian and Ubuntu: apt install python3-venv"; exit 1; }

.venv/.run: requirements.txt cluster/requirements.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt -r cluster/requirements.txt
	@touch $@

.venv/.dev: requirements-dev.txt requirements.txt cluster/requirements.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@ .venv/.run
