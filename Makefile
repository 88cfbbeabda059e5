# make serve   installs, builds the index of a collection, serves it      COLLECTION=folder  DATA=folder  HOST=  PORT=
# make test    installs what the tests need, and runs them
# make test-cluster   the tests of the second engine, against three nodes of OpenSearch that Maven fetches; needs Java
# make crash   a thousand killed builds, every failing write, two thousand damages; 100,000 requests beside killed builders
# make check   ruff, mypy --strict, import-linter
# make fuzz-api   the API against its own description, by schemathesis in an environment of its own
# make clean   deletes the environment and everything built

PYTHON ?= $(shell for p in python3.14 python3.13 python3.12 python3.11 python3; do \
	if $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then echo $$p; break; fi; done)
HOST ?= 127.0.0.1
PORT ?= 8000
VENV := .venv
PIP := $(VENV)/bin/python -m pip --disable-pip-version-check -q
PINCITE := $(VENV)/bin/pincite $(if $(COLLECTION),--collection "$(COLLECTION)") $(if $(DATA),--data "$(DATA)")
PACKAGE := setup.cfg pyproject.toml

.PHONY: serve test test-cluster crash check fuzz-api clean
.DELETE_ON_ERROR:

serve: $(VENV)/.serve
	@$(PINCITE) build || test $$? -eq 1
	@exec $(PINCITE) serve --host "$(HOST)" --port "$(PORT)"

test: $(VENV)/.test
	@sh tests/install-chromium.sh
	@$(VENV)/bin/pytest
	@sh tests/install-chromium.sh --report

test-cluster: $(VENV)/.test
	@sh tests/cluster/run.sh "$(abspath $(VENV)/bin/python)"

crash: $(VENV)/.test
	@CRASH=long $(VENV)/bin/pytest tests/crash --durations=0
	@$(VENV)/bin/python tests/crash/load.py --requests 100000

check: $(VENV)/.check
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy
	@$(VENV)/bin/lint-imports

fuzz-api: $(VENV)/.serve
	@sh tests/fuzz-api.sh "$(abspath $(VENV)/bin/pincite)"

clean:
	rm -rf $(VENV) var build dist *.egg-info

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Pincite needs Python 3.11 or newer. On Debian or Ubuntu: sudo apt-get install python3 python3-venv" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python's venv is missing. On Debian or Ubuntu: sudo apt-get install python3-venv" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.serve: $(VENV)/bin/python $(PACKAGE)
	@echo "Installing Pincite into $(VENV)"
	@$(PIP) install -e '.[fonts]'
	@touch $@

$(VENV)/.test: $(VENV)/.serve
	@echo "Installing what the tests need"
	@$(PIP) install -e '.[test]'
	@touch $@

$(VENV)/.check: $(VENV)/.serve
	@echo "Installing what the checks need"
	@$(PIP) install -e '.[check]'
	@touch $@
