# Every target sets up what it needs in .venv; a second call starts at once.
VENV   := .venv
BIN    := $(VENV)/bin
# the first Python on this machine that TensorFlow runs on
FITS    = -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do $$p $(FITS) && echo $$p && break; done)
NBVAL   = $(BIN)/pytest --nbval --nbval-current-env --nbval-cell-timeout=600

.DEFAULT_GOAL := help
.PHONY: help lab test test-units test-browser test-notebooks test-binder notebooks bench bench-quick limits pretrained claims site pages pictures lint format newest address colab clean

help:  ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort | awk -F'\t' '{printf "make %-16s %s\n", $$1, $$2}'

lab: $(VENV)/.run  ## open the notebooks in JupyterLab
	@$(BIN)/jupyter lab --ServerApp.root_dir=. --LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb \
	  $$([ "$$(id -u)" = 0 ] && echo --allow-root) \
	  $$([ "$$(uname)" = Linux ] && [ -z "$$DISPLAY$$WAYLAND_DISPLAY" ] && echo --no-browser) $(LAB_FLAGS)

test: test-units test-browser test-notebooks  ## run all tests on the digits that are there

test-units: $(VENV)/.dev  ## run the tests of the library and of the notebooks' structure
	$(BIN)/pytest --ignore=tests/test_browser.py

test-browser: $(VENV)/.dev  ## drive widgets and page in a real Chromium
	$(BIN)/pytest tests/test_browser.py

test-notebooks: $(VENV)/.dev  ## run every notebook and compare its outputs with the stored ones
	$(NBVAL) notebooks

test-binder: $(VENV)/.dev .venv-binder/.done  ## check postBuild, and that Binder understands the repository
	$(BIN)/pytest tests/test_binder.py

notebooks: $(VENV)/.dev  ## run the series again (needs MNIST) and store clean outputs
	$(BIN)/python tools/notebooks.py run $(ONLY)

bench: $(VENV)/.dev  ## measure speed, memory and quality beside the peers: 40 minutes
	$(BIN)/python -m benchmarks.run $(ONLY)

bench-quick: $(VENV)/.dev  ## the same with two epochs of the slow peer, and it says so
	$(BIN)/python -m benchmarks.run --quick $(ONLY)

limits: $(VENV)/.dev  ## run each notebook on one core (CORE=1: the other) in 2 GB: time and memory
	$(BIN)/python -m benchmarks.limits --core $(or $(CORE),0) $(ONLY)

pretrained: $(VENV)/.run  ## train the shipped weights again (needs MNIST)
	$(BIN)/python tools/pretrain.py $(ONLY)

claims: $(VENV)/.run  ## measure again what notebooks 08 to 12 claim and compare (needs MNIST): under four hours
	@[ -z "$(FRESH)" ] || rm -rf build/claims
	$(BIN)/python -m tools.claims $(ROWS) $(CLAIMS_FLAGS)

site: $(VENV)/.run  ## write site/index.html, the widgets in one page that needs no kernel
	$(BIN)/python tools/site_page.py

pictures: $(VENV)/.dev  ## photograph page and widgets for docs/
	$(BIN)/python tools/pictures.py

pages: $(VENV)/.run  ## write the notebooks as HTML beside that page
	$(BIN)/python tools/pages.py

lint: $(VENV)/.dev  ## check style, and that the notebooks are stored clean
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/python tools/notebooks.py check

format: $(VENV)/.dev  ## let ruff mend what it can
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

newest: $(VENV)/bin/python  ## set .venv up with the newest releases in place of the pinned ones
	$(BIN)/python tools/newest.py build/newest
	$(BIN)/python -m pip install --quiet --upgrade --disable-pip-version-check -r build/newest/requirements-dev.txt
	$(BIN)/python -m pip install --quiet --no-deps --disable-pip-version-check -e .
	@$(BIN)/python tools/browser.py
	@touch $(VENV)/.run $(VENV)/.dev

address: $(VENV)/.dev  ## carry pyproject.toml's public address into badges and links
	$(BIN)/python tools/notebooks.py address

colab: $(VENV)/.dev  ## put the first cell, for Colab alone, into notebooks that lack it
	$(BIN)/python tools/notebooks.py colab

clean:  ## remove the virtual environments
	rm -rf $(VENV) .venv-binder

$(VENV)/bin/python:
	@[ -n "$(PYTHON)" ] || { echo "This needs Python 3.11, 3.12 or 3.13, and python3 here is $$(python3 -V 2>&1): install one, or name it with make PYTHON=/path/to/python3.12."; exit 1; }
	@$(PYTHON) $(FITS) || { echo "This needs Python 3.11, 3.12 or 3.13, and $(PYTHON) is $$($(PYTHON) -V 2>&1): name another with make PYTHON=/path/to/python3.12."; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: $(VENV)/bin/python requirements.txt pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@$(BIN)/python tools/browser.py
	@touch $@

.venv-binder/.done: $(VENV)/bin/python requirements-binder.txt
	$(BIN)/python -m venv .venv-binder
	.venv-binder/bin/python -m pip install --quiet --disable-pip-version-check -r requirements-binder.txt
	@touch $@
