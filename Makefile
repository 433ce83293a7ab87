# Every target sets up what it needs in .venv; a second call starts at once.
VENV    := .venv
BIN     := $(VENV)/bin
HUB     := tools/classroom/jupyterhub
GRADER  := .venv-nbgrader
SCRIPTS := tools/publish/node_modules
# the first Python on this machine that TensorFlow runs on
FITS    = -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do $$p $(FITS) && echo $$p && break; done)
NBVAL   = $(BIN)/pytest --nbval --nbval-current-env --nbval-cell-timeout=600

.DEFAULT_GOAL := help
.PHONY: help lab test test-units test-browser test-notebooks notebooks bench bench-classroom limits pretrained claims \
        site pages pictures slides lint format newest address colab classroom test-student nbgrader test-nbgrader hub test-hub \
        test-binder clean

help:  ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort | awk -F'\t' '{printf "make %-16s %s\n", $$1, $$2}'

lab: $(VENV)/.run  ## open the notebooks in JupyterLab
	@$(BIN)/jupyter lab --ServerApp.root_dir=. --LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb \
	  $$([ "$$(id -u)" = 0 ] && echo --allow-root) \
	  $$([ "$$(uname)" = Linux ] && [ -z "$$DISPLAY$$WAYLAND_DISPLAY" ] && echo --no-browser) $(LAB_FLAGS)

test: test-units test-browser test-notebooks  ## run all tests on the digits that are there

test-units: $(VENV)/.dev  ## run the tests of the library and of the notebooks' structure
	$(BIN)/pytest $(foreach slow,browser slides student nbgrader hub,--ignore=tests/test_$(slow).py)

test-browser: $(VENV)/.dev  ## drive widgets, page and slides in a real Chromium
	@command -v npm >/dev/null && $(MAKE) --no-print-directory $(SCRIPTS)/.done || true
	$(BIN)/pytest tests/test_browser.py tests/test_slides.py

test-notebooks: $(VENV)/.dev  ## run every notebook and compare its outputs with the stored ones
	$(NBVAL) notebooks

hub: .venv-hub/.done  ## set up JupyterHub for a class, in .venv-hub (tools/classroom/jupyterhub/README.md)

test-hub: $(VENV)/.dev .venv-hub/.done  ## log in to a real JupyterHub on loopback and try what must not work (root)
	$(BIN)/pytest tests/test_hub.py

test-binder: $(VENV)/.dev .venv-binder/.done  ## check postBuild, and that Binder understands the repository
	$(BIN)/pytest tests/test_binder.py

notebooks: $(VENV)/.dev  ## run the series again (needs MNIST) and store clean outputs
	$(BIN)/python -m tools.publish.notebooks run $(ONLY)

bench: $(VENV)/.dev  ## measure speed, memory and quality beside the peers: 40 minutes
	$(BIN)/python -m tools.benchmarks.run $(ONLY)

limits: $(VENV)/.dev  ## run each notebook on one core in 2 GB and print rows for docs/limits.md
	$(BIN)/python -m tools.classroom.limits $(ONLY)

bench-classroom: $(VENV)/.dev .venv-hub/.done  ## a room of students on a real JupyterHub (root), rows for docs/room.md: 20 minutes
	$(BIN)/python -m tools.classroom.load_test $(ONLY)

pretrained: $(VENV)/.run  ## train the shipped weights again (needs MNIST)
	$(BIN)/python -m tools.experiments.pretrain $(ONLY)

claims: $(VENV)/.run  ## measure again what notebooks 08 to 12 claim and compare (needs MNIST): under four hours
	@[ -z "$(FRESH)" ] || rm -rf build/claims
	$(BIN)/python -m tools.experiments $(ROWS) $(CLAIMS_FLAGS)

site: $(VENV)/.run  ## write site/index.html, the widgets in one page that needs no kernel
	$(BIN)/python -m tools.publish.site_page

pictures: $(VENV)/.dev  ## photograph page and widgets for docs/
	$(BIN)/python -m tools.publish.pictures

pages: $(VENV)/.run  ## write the notebooks as HTML beside that page
	$(BIN)/python -m tools.publish.pages

classroom: $(VENV)/.dev  ## write student and instructor copies and nbgrader's course folder to build/
	$(BIN)/python -m tools.publish.copies

test-student: $(VENV)/.dev  ## run every notebook with its solutions, on the stand-in digits, and look at the checks
	$(BIN)/pytest tests/test_student.py

nbgrader: $(GRADER)/.done  ## set up nbgrader in an environment of its own
test-nbgrader: $(VENV)/.dev $(GRADER)/.done  ## let nbgrader release, validate and grade copies
	$(BIN)/pytest tests/test_nbgrader.py

slides: $(VENV)/.dev  ## write slides to build/slides from the cells' tags, with all they need to be shown offline
	@command -v npm >/dev/null || echo "The slides carry reveal.js and MathJax, which npm fetches, and there is no npm here: skipped."
	@! command -v npm >/dev/null || { $(MAKE) --no-print-directory $(SCRIPTS)/.done && $(BIN)/python -m tools.publish.slides $(ONLY); }

lint: $(VENV)/.dev  ## check style, and that the notebooks are stored clean
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/python -m tools.publish.notebooks check

format: $(VENV)/.dev  ## let ruff mend what it can
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

newest: $(VENV)/bin/python  ## set .venv up with the newest releases in place of the pinned ones
	$(BIN)/python -m tools.newest build/newest
	$(BIN)/python -m pip install --quiet --upgrade --disable-pip-version-check -r build/newest/requirements-dev.txt
	$(BIN)/python -m pip install --quiet --no-deps --disable-pip-version-check -e .
	@$(BIN)/python -m tools.browser
	@touch $(VENV)/.run $(VENV)/.dev

address: $(VENV)/.dev  ## carry pyproject.toml's public address into badges and links
	$(BIN)/python -m tools.publish.notebooks address

colab: $(VENV)/.dev  ## put the first cell, for Colab alone, into notebooks that lack it
	$(BIN)/python -m tools.publish.notebooks colab

clean:  ## remove the environments, and what npm brought
	rm -rf $(VENV) .venv-* $(SCRIPTS) $(HUB)/node_modules

$(VENV)/bin/python:
	@[ -n "$(PYTHON)" ] || { echo "This needs Python 3.11, 3.12 or 3.13, and python3 here is $$(python3 -V 2>&1): install one, or name it with make PYTHON=/path/to/python3.12."; exit 1; }
	@$(PYTHON) $(FITS) || { echo "This needs Python 3.11, 3.12 or 3.13, and $(PYTHON) is $$($(PYTHON) -V 2>&1): name another with make PYTHON=/path/to/python3.12."; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: $(VENV)/bin/python requirements.txt pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@$(BIN)/python -m tools.browser
	@touch $@

# nbgrader starts its kernels by this specification: they run in the reader's environment, not in its own
$(GRADER)/.done: $(VENV)/.run tools/classroom/nbgrader/requirements.txt
	$(BIN)/python -m venv $(GRADER)
	$(GRADER)/bin/python -m pip install --quiet --disable-pip-version-check -r tools/classroom/nbgrader/requirements.txt
	@$(BIN)/python -m ipykernel install --prefix $(GRADER) --name python3 --display-name "Python 3" 2>/dev/null
	@touch $@

$(SCRIPTS)/.done: tools/publish/package.json
	@npm install --prefix tools/publish --no-package-lock --ignore-scripts --no-audit --no-fund --silent
	@touch $@

# The hub and the students' servers live in .venv-hub; a student's kernel is a reader's: the kernelspec points into
# $(VENV). So nothing of the hub is installed for a reader, and a class runs what the tests run.
.venv-hub/.done: $(VENV)/.run $(HUB)/requirements.txt $(HUB)/package-lock.json requirements.txt
	@command -v npm >/dev/null || { echo "JupyterHub's proxy comes from npm, which is not on this machine: install Node.js 18 or newer with npm."; exit 1; }
	$(BIN)/python -m venv .venv-hub
	.venv-hub/bin/python -m pip install --quiet --disable-pip-version-check -r $(HUB)/requirements.txt
	$(BIN)/python -m ipykernel install --prefix .venv-hub --name python3 --display-name "Python 3" 2>/dev/null
	npm ci --prefix $(HUB) --silent --no-audit --no-fund
	@touch $@

.venv-binder/.done: $(VENV)/bin/python requirements-binder.txt
	$(BIN)/python -m venv .venv-binder
	.venv-binder/bin/python -m pip install --quiet --disable-pip-version-check -r requirements-binder.txt
	@touch $@
