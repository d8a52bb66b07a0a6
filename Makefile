# Everything a person types. `make help` lists it; every target sets up by itself what it needs.
# Another Python: `make test PYTHON=python3.13`; each has a virtual environment of its own.

PYTHON ?= python3
VENV := $(if $(filter python3,$(PYTHON)),.venv,.venv-$(subst /,-,$(PYTHON:/%=%)))
PY := $(VENV)/bin/python
ARGS ?=
# Everything runs on two cores, a file's tests on one; a few tests start quicker on one.
SPREAD := $(if $(ARGS),,-n 2 --dist loadfile --no-loadscope-reorder)

.DEFAULT_GOAL := help
.PHONY: help setup run test check fix bench demo-reset shell

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## Set up only: virtual environment, packages, NHS.UK assets
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) is not installed: install it, or name another with PYTHON=." >&2; exit 1; }
	@$(PYTHON) -m ops.setup $(VENV)

run: setup ## Run the portal: web, worker, beat and their servers, until Ctrl-C (PORT=8000)
	@exec $(PY) -m ops.supervisor

test: setup ## Run every test, browser tests included (ARGS="accounts -k sign_in")
	@exec $(PY) -m pytest -q $(SPREAD) $(ARGS)

check: setup ## Everything that is checked without running the portal
	@exec $(PY) -m ops.check

fix: setup ## Put right what tools can: imports, simple faults, format
	@$(PY) -m ruff check --fix .
	@$(PY) -m ruff format .

bench: setup ## Measure every page, small and large, and the papers (ARGS="--only papers")
	@exec $(PY) -m bench $(ARGS)

demo-reset: setup ## Throw away everything of this demo installation and make the demo anew
	@exec $(PY) manage.py demo --reset

shell: setup ## A Python shell with the portal's models
	@exec $(PY) manage.py shell
