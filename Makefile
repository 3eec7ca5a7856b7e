# agentbench from a fresh clone: needs Python 3.11 or newer, git and make, nothing else.

VENV := .venv
BIN := $(VENV)/bin
NPM := $(BIN)/python scripts/npm.py
BUNDLE := agentbench/widgets/static/graph-editor.js
MODULES := widgets/node_modules/.package-lock.json

# The first Python that is new enough; name another with `make PYTHON=...`.
PYTHON ?= $(shell for python in python3.13 python3.12 python3.11 python3; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { command -v "$$python"; break; }; done)
INSTALL = $(if $(wildcard $(BIN)/uv),$(BIN)/uv pip install --python $(BIN)/python,$(BIN)/python -m pip install) --quiet
AS_ROOT = $(if $(filter 0,$(shell id -u)),--allow-root)

# What tests and notebooks start by name (python, agentbench) is this environment's own.
WITH_PATH = PATH="$(CURDIR)/$(BIN):$$PATH"
# Tests leave nothing in the home folder of whoever runs them.
IN_TEMP = home=$$(mktemp -d) && trap 'rm -rf "$$home"' EXIT && \
	export AGENTBENCH_HOME="$$home/agentbench" IPYTHONDIR="$$home/ipython"

# Started some hundred times, Python shall not compile the same files again each time.
unexport PYTHONDONTWRITEBYTECODE

# Half of what the tests do is wait. A file stays with one of the processes that share the
# tests, and so do its servers and kernels. `WORKERS=0 BROWSERS=0` runs one test at a time.
WORKERS ?= 2
BROWSERS ?= 2
SHARED = --dist loadfile --numprocesses

.NOTPARALLEL:
NBVAL = --nbval --nbval-current-env --nbval-sanitize-with=tests/notebooks.cfg
NOTEBOOKS ?= $(wildcard notebooks/0[5-8]-*.ipynb)

.PHONY: help setup lab test test-python test-widgets test-notebooks test-browser record \
	soak bench check fix widgets protocol clean

help:  ## says what there is
	@sed -n 's/^\([a-z-]*\):.*  ## /\1\t/p' $(MAKEFILE_LIST) | expand -t 17

setup: $(BUNDLE) $(VENV)/.dev  ## creates the environment, builds the front end, installs

lab: $(BUNDLE) $(VENV)/.lab  ## opens JupyterLab on the first notebook; LAB_ARGS="..." is passed on
	$(WITH_PATH) exec python -m jupyterlab $(AS_ROOT) $(LAB_ARGS) notebooks/01-first-agent.ipynb

test: test-python test-widgets test-notebooks test-browser  ## runs every test there is

test-python: setup  ## runs the Python tests
	$(WITH_PATH) python -P scripts/run_tests.py -m "not browser" $(SHARED) $(WORKERS)

test-widgets: setup  ## runs the front-end tests
	$(NPM) test

test-notebooks: setup  ## runs every notebook and compares its outputs
	$(IN_TEMP) && $(WITH_PATH) python -P scripts/run_tests.py $(NBVAL) notebooks $(SHARED) $(BROWSERS)

record: setup  ## records the notebooks that ask a model again: NOTEBOOKS="notebooks/05-….ipynb ..."
	$(IN_TEMP) && $(WITH_PATH) python scripts/recording.py $(NOTEBOOKS)

test-browser: setup  ## runs the tests in JupyterLab and Chromium; NO_BROWSER=1 goes without
ifdef NO_BROWSER
	@echo "NO_BROWSER is set: the browser tests did not run."
else
	@$(BIN)/python scripts/chromium.py --install
	$(WITH_PATH) python -P scripts/run_tests.py tests/browser $(SHARED) $(BROWSERS)
endif

soak: setup  ## looks for trouble under random faults; SOAK_ARGS="--minutes 5 --seed 3" is passed on
	$(IN_TEMP) && $(WITH_PATH) python -m tests.soak $(SOAK_ARGS)

bench: setup  ## how fast we are, beside others; BENCH_ARGS="--engine-only --json FILE" is passed on
	$(IN_TEMP) && $(WITH_PATH) python -m tests.benchmarks $(BENCH_ARGS)

check: setup  ## formats, lints, types, import contracts, in both languages
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(NPM) run check

fix: setup  ## repairs what can be repaired
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(NPM) run fix

widgets: $(BUNDLE)  ## builds the front end

protocol: setup  ## writes the TypeScript types of the Python messages
	$(NPM) run protocol

clean:  ## removes all that these commands made
	rm -rf $(VENV) .venv-bench widgets/node_modules agentbench/widgets/static test-artifacts dist build \
		.mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "agentbench needs Python 3.11 or newer: install one, or name it with make PYTHON=/path/to/python" >&2; exit 1; }
	"$(PYTHON)" scripts/environment.py $(VENV)

$(VENV)/.lab: pyproject.toml hatch_build.py | $(BIN)/python $(BUNDLE)
	$(INSTALL) --editable ".[data,lab,llm,mcp]"
	@touch $@

$(VENV)/.dev: $(VENV)/.lab
	$(INSTALL) --group dev
	@touch $@

$(MODULES): widgets/package.json widgets/package-lock.json | $(BIN)/python
	$(NPM) ci
	@touch $@

$(BUNDLE): $(MODULES) widgets/build.mjs $(shell find widgets/src -type f)
	$(NPM) run build
	@touch $@
