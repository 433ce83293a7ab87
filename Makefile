# The menu: `make help` lists it. Every target sets up what it needs in .venv; a second call starts at once.
# Plain Python with pip is enough; where uv is on the machine, uv installs instead, which is quicker.

VENV    := .venv
PY      := $(VENV)/bin/python
HUB     := tools/classroom/jupyterhub
SCRIPTS := tools/publish/node_modules
UV      := $(shell command -v uv 2>/dev/null)
NPM     := $(shell command -v npm 2>/dev/null)
# the first Python on this machine that TensorFlow runs on
FITS    = -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do $$p $(FITS) && echo $$p && break; done)
# $(call install,FOLDER): the command that installs into the environment in FOLDER
install = $(if $(UV),$(UV) pip install --quiet --python $(1)/bin/python,$(1)/bin/python -m pip install --quiet --disable-pip-version-check)
# tests that need more than Python, each with a target and a marker (pyproject.toml) of its own
APART   := browser or slides or book or student or again or nbgrader or hub or binder
# two processes where there are two cores; the tests of a file, or a notebook's cells, stay in one
PYTEST  := $(PY) -m pytest --numprocesses=auto --maxprocesses=2 --dist=loadfile

.DEFAULT_GOAL := help
.PHONY: help lab test test-units test-browser test-notebooks test-student test-again test-lowest test-binder test-nbgrader test-hub \
        lint format widgets notebooks slides site page pictures classroom address colab bench bench-jax bench-classroom limits pretrained \
        claims hub nbgrader lock upgrade clean

help:  ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | awk -F'\t' '{printf "make %-16s %s\n", $$1, $$2}'

# Read
lab: $(VENV)/.run  ## open the notebooks in JupyterLab
	@$(PY) -m jupyterlab --ServerApp.root_dir=. --LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb \
	  $$([ "$$(id -u)" = 0 ] && echo --allow-root) \
	  $$([ "$$(uname)" = Linux ] && [ -z "$$DISPLAY$$WAYLAND_DISPLAY" ] && echo --no-browser) $(LAB_FLAGS)

# Test
test: test-units test-browser test-notebooks  ## run all tests on the digits that are there

test-units: $(VENV)/.dev  ## run the tests of the library, the tools and the notebooks' structure
	@$(if $(NPM),$(MAKE) --no-print-directory node_modules/.done || true)
	$(PYTEST) -m "not ($(APART))"

test-browser: $(VENV)/.dev $(if $(NPM),$(SCRIPTS)/.done)  ## drive widgets, page, slides and site in a real Chromium
	$(PYTEST) -m "browser or slides or book"

test-notebooks: $(VENV)/.dev  ## run every notebook and compare its outputs with the stored ones
	$(PYTEST) --nbval --nbval-current-env --nbval-cell-timeout=600 notebooks

test-student: $(VENV)/.dev  ## run every notebook with its solutions, on the stand-in digits, and look at the checks
	$(PY) -m pytest -m student

test-again: $(VENV)/.dev  ## run every cell twice and out of order, and every notebook as a script: half an hour
	$(PY) -m pytest -m again

test-lowest: .venv-lowest/.done  ## run the units with the oldest releases that pyproject.toml allows, on Python 3.11
	.venv-lowest/bin/python -m pytest -m "not ($(APART))"

test-binder: $(VENV)/.dev .venv-binder/.done  ## check postBuild, and that Binder understands the repository
	$(PY) -m pytest -m binder

test-nbgrader: $(VENV)/.dev .venv-nbgrader/.done  ## let nbgrader release, validate and grade copies
	$(PY) -m pytest -m nbgrader

test-hub: $(VENV)/.dev .venv-hub/.done  ## log in to a real JupyterHub on loopback and try what must not work (root)
	$(PY) -m pytest -m hub

lint: $(VENV)/.dev  ## check style and types, and that the notebooks are stored clean
	$(PY) -m ruff check
	$(PY) -m ruff format --check
	$(PY) -m mypy
	$(PY) -m tools.publish.notebooks check
	@$(if $(NPM),$(MAKE) --no-print-directory node_modules/.done && npm run --silent lint && npm run --silent types,echo "The widgets' JavaScript was not checked: npm is not on this machine.")

format: $(VENV)/.dev  ## let ruff mend what it can, and biome where npm is there
	$(PY) -m ruff check --fix
	$(PY) -m ruff format
	@$(if $(NPM),$(MAKE) --no-print-directory node_modules/.done && npm run --silent format)

widgets: node_modules/.done  ## build vae_lib/widgets/static again, after a change of the widgets' JavaScript (needs npm)
	npm run --silent build

# Publish
notebooks: $(VENV)/.dev  ## run the series again (needs MNIST) and store clean outputs
	$(PY) -m tools.publish.notebooks run $(ONLY)

slides: $(VENV)/.dev $(if $(NPM),$(SCRIPTS)/.done)  ## write slides to build/slides from the cells' tags, with all they need to be shown offline
	@$(if $(NPM),$(PY) -m tools.publish.slides $(ONLY),echo "The slides carry reveal.js and MathJax, which npm fetches, and there is no npm here: skipped.")

site: $(VENV)/.dev $(if $(NPM),$(SCRIPTS)/.done)  ## write notebooks, page and docs as one book to site/, to be read with no network
	@$(if $(NPM),$(PY) -m tools.publish.book,echo "The site carries MathJax, which npm fetches, and there is no npm here: skipped. make page writes the page alone.")

page: $(VENV)/.run  ## write site/page.html, the widgets in one page that needs no kernel
	$(PY) -m tools.publish.site_page

pictures: $(VENV)/.dev  ## photograph page and widgets for docs/
	$(PY) -m tools.publish.pictures

classroom: $(VENV)/.dev  ## write student and instructor copies and nbgrader's course folder to build/
	$(PY) -m tools.publish.copies

address: $(VENV)/.dev  ## put the links to Binder and Colab in place (ADDRESS=owner/name; ADDRESS= removes them)
	@$(PY) -m tools.publish.notebooks address $(if $(findstring command,$(origin ADDRESS)),--to "$(ADDRESS)")

colab: $(VENV)/.dev  ## write the first cell, which looks for the library, into every notebook
	$(PY) -m tools.publish.notebooks colab

# Measure
bench: $(VENV)/.dev $(if $(NPM),node_modules/.done)  ## measure speed, memory and quality beside the peers: 40 minutes
	$(PY) -m tools.benchmarks.run $(ONLY)

bench-jax: $(VENV)/.dev .venv-jax/.done  ## time a training step in turn with the same step in JAX: five minutes
	$(PY) -m tools.benchmarks.jax_step

bench-classroom: $(VENV)/.dev .venv-hub/.done  ## a room of students on a real JupyterHub (root), rows for docs/room.md: 20 minutes
	$(PY) -m tools.classroom.load_test $(ONLY)

limits: $(VENV)/.dev  ## run each notebook on one core in 2 GB and print rows for docs/limits.md
	$(PY) -m tools.classroom.limits $(ONLY)

pretrained: $(VENV)/.dev  ## train the shipped weights again and store them (needs MNIST)
	$(PY) -m tools.experiments --store $(or $(ONLY),mnist-2d mnist-20d loss-percentiles kl-weights)

claims: $(VENV)/.dev  ## measure the paper's claims again and compare (needs MNIST; ONLY="ood price": these): under four hours; ALL=1: every experiment, eight hours
	@[ -z "$(FRESH)" ] || rm -rf build/claims
	$(PY) -m tools.experiments $(ONLY) $(if $(ALL),--all) $(CLAIMS_FLAGS)

# Set up
hub: .venv-hub/.done  ## set up JupyterHub for a class, in .venv-hub (tools/classroom/jupyterhub/README.md)

nbgrader: .venv-nbgrader/.done  ## set up nbgrader in an environment of its own

# Each of these files lists the exact version of everything, for every Python and platform that we support.
LOCK = $(PY) -m uv pip compile --quiet --universal --fork-strategy fewest --python-version 3.11 --no-emit-index-url \
       --annotation-style line --custom-compile-command "make lock" $(LOCK_FLAGS) pyproject.toml

lock: $(VENV)/.dev  ## write the requirements files again from pyproject.toml; what is pinned and still fits stays
	$(LOCK) --extra tensorflow --group lab --output-file requirements.txt
	$(LOCK) --extra tensorflow --group dev --constraint requirements.txt --output-file requirements-dev.txt
	$(subst pyproject.toml,--group hub,$(LOCK)) --constraint requirements.txt --output-file $(HUB)/requirements.txt
	$(subst pyproject.toml,--group nbgrader,$(LOCK)) --output-file tools/classroom/nbgrader/requirements.txt
	$(subst pyproject.toml,--group binder,$(LOCK)) --output-file requirements-binder.txt
	$(subst pyproject.toml,--group jax,$(LOCK)) --output-file tools/benchmarks/requirements-jax.txt

upgrade:  ## the same with the newest releases of everything
	$(MAKE) lock LOCK_FLAGS=--upgrade

clean:  ## remove the environments, and what npm brought
	rm -rf $(VENV) .venv-* node_modules $(SCRIPTS) $(HUB)/node_modules

# A folder that was moved: the library is installed by its path, so it is installed again.
ifneq ($(CURDIR),$(shell cat $(VENV)/.run 2>/dev/null || echo $(CURDIR)))
$(shell rm -f $(VENV)/.run)
endif

ifeq ($(UV),)
$(PY):
	@[ -n "$(PYTHON)" ] || { echo "This needs Python 3.11, 3.12 or 3.13, and python3 here is $$(python3 -V 2>&1): install one, or name it with make PYTHON=/path/to/python3.12."; exit 1; }
	@$(PYTHON) $(FITS) || { echo "This needs Python 3.11, 3.12 or 3.13, and $(PYTHON) is $$($(PYTHON) -V 2>&1): name another with make PYTHON=/path/to/python3.12."; exit 1; }
	$(PYTHON) -m venv $(VENV)
else
$(PY):
	$(UV) venv --quiet --seed --allow-existing --python $(or $(PYTHON),'>=3.11,<3.14') $(VENV)
endif

$(VENV)/.run: $(PY) requirements.txt pyproject.toml $(wildcard tools/lab/*)
	$(call install,$(VENV)) -r requirements.txt
	$(call install,$(VENV)) --no-deps -e .
	@$(PY) -m tools.lab
	@pwd > $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.txt
	$(call install,$(VENV)) -r requirements-dev.txt
	@$(PY) -m tools.browser
	@touch $@

# Direct dependencies at their lower bounds, and what those bring at its newest.
.venv-lowest/.done: $(VENV)/.dev pyproject.toml
	$(PY) -m uv venv --quiet --seed --allow-existing --python 3.11 .venv-lowest
	$(PY) -m uv pip compile --quiet --resolution lowest-direct --python .venv-lowest/bin/python --extra tensorflow --group test \
	  pyproject.toml --output-file .venv-lowest/requirements.txt
	$(PY) -m uv pip install --quiet --python .venv-lowest/bin/python -r .venv-lowest/requirements.txt
	$(PY) -m uv pip install --quiet --python .venv-lowest/bin/python --no-deps -e .
	@touch $@

.venv-binder/.done: $(PY) requirements-binder.txt
	$(PY) -m venv .venv-binder
	$(call install,.venv-binder) -r requirements-binder.txt
	@touch $@

.venv-jax/.done: $(PY) tools/benchmarks/requirements-jax.txt
	$(PY) -m venv .venv-jax
	$(call install,.venv-jax) -r tools/benchmarks/requirements-jax.txt
	@touch $@

# nbgrader and the hub start kernels by these specifications: they run in the reader's environment, not in their own.
# So nothing of the hub is installed for a reader, and a class runs what the tests run.
.venv-nbgrader/.done: $(VENV)/.run tools/classroom/nbgrader/requirements.txt
	$(PY) -m venv .venv-nbgrader
	$(call install,.venv-nbgrader) -r tools/classroom/nbgrader/requirements.txt
	@$(PY) -m ipykernel install --prefix .venv-nbgrader --name python3 2>/dev/null
	@touch $@

.venv-hub/.done: $(VENV)/.run $(HUB)/requirements.txt $(HUB)/package-lock.json
	@command -v npm >/dev/null || { echo "JupyterHub's proxy comes from npm, which is not on this machine: install Node.js 18 or newer with npm."; exit 1; }
	$(PY) -m venv .venv-hub
	$(call install,.venv-hub) -r $(HUB)/requirements.txt
	@$(PY) -m ipykernel install --prefix .venv-hub --name python3 2>/dev/null
	@.venv-hub/bin/python -m tools.lab
	npm ci --prefix $(HUB) --silent --no-audit --no-fund
	@touch $@

# tools for the widgets' JavaScript; without a network the tests that need them are skipped
node_modules/.done: package-lock.json
	@npm ci --silent --no-audit --no-fund --ignore-scripts
	@touch $@

$(SCRIPTS)/.done: tools/publish/package.json
	@npm install --prefix tools/publish --no-package-lock --ignore-scripts --no-audit --no-fund --silent
	@touch $@
