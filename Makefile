# fairpapers: `make demo` to see it, `make test` to trust it. Needs Python 3.11+ and make, nothing else.
PYTHON ?= python3
VENV   := .venv
UV     := .uv/bin/uv
BIN    := $(VENV)/bin
VALIDATORS := .validators
UV_VERSION := 0.13.9
PORT   ?= 8000
ENGINE := api/web/vendor/oxigraph

.DEFAULT_GOAL := check
.PHONY: setup demo editor web test lint types check golden clean help

help:            ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

# uv lives in an environment of its own, so that nobody needs to have it beforehand.
$(UV):
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "fairpapers needs Python 3.11 or newer; set PYTHON=/path/to/python3.11")'
	$(PYTHON) -m venv .uv
	.uv/bin/pip install --quiet uv==$(UV_VERSION)

# Nothing to do costs a tenth of a second; without network, what is set up already is enough.
setup: $(UV)  ## create or refresh the environment from uv.lock
	@$(UV) sync --frozen --quiet --python $(PYTHON) || $(UV) sync --frozen --quiet --offline --python $(PYTHON)

# The validators of a release have dependencies that ours must not follow, so they live apart.
$(VALIDATORS)/bin/python: tests/validators/requirements.txt $(UV)
	@$(UV) venv --quiet --clear --python $(PYTHON) $(VALIDATORS)
	@$(UV) pip sync --quiet --python $(VALIDATORS)/bin/python tests/validators/requirements.txt
	@touch $@

demo: setup      ## build the demo graph and serve it on 127.0.0.1
	@! command -v npm >/dev/null || $(MAKE) --no-print-directory web || echo 'the plain query editor stands in'
	$(BIN)/fairpapers demo --port $(PORT)

# What npm brings for both editors and for the tests, apart from the checkout and without its scripts.
NODE   := build/editor
$(NODE)/installed: api/web/package.json api/web/package-lock.json
	@mkdir -p $(NODE)
	@cp $^ $(NODE)/
	@npm ci --prefix $(NODE) --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

# Oxigraph as WebAssembly, for the editor of a static site.
$(ENGINE)/web_bg.wasm: $(NODE)/installed
	@mkdir -p $(ENGINE)
	@cp $(NODE)/node_modules/oxigraph/README.md $(NODE)/node_modules/oxigraph/web.js $(NODE)/node_modules/oxigraph/web_bg.wasm $(ENGINE)/
	@touch $@

editor: $(ENGINE)/web_bg.wasm  ## put the query editor of static sites into this checkout (needs npm)
	@$(MAKE) --no-print-directory setup

# The bundle is built beside node_modules, for that is where Vite looks for packages.
BUNDLE := api/web/static/built
$(BUNDLE)/NOTICES.txt: $(NODE)/installed $(wildcard api/web/src/*) api/web/vite.config.js
	@rm -rf $(NODE)/src && cp -r api/web/src api/web/vite.config.js $(NODE)/
	@cd $(NODE) && node_modules/.bin/vite build --logLevel warn
	@rm -rf $(BUNDLE) && cp -r $(NODE)/dist $(BUNDLE)
	@cd $(NODE) && node src/notices.js > $(CURDIR)/$@

web: $(BUNDLE)/NOTICES.txt  ## build the query editor of the server (needs npm; a plain one stands in)
	@$(MAKE) --no-print-directory setup

test: setup $(VALIDATORS)/bin/python  ## every test, with branch coverage
	@! command -v npm >/dev/null || $(MAKE) --no-print-directory web || echo 'without the built editor its tests skip'
	$(BIN)/pytest -n auto --maxprocesses 4 --dist loadfile --cov --cov-report=term

lint: setup      ## ruff: rules and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup     ## mypy --strict on code and tests
	$(BIN)/mypy
	$(BIN)/mypy tests

check: lint types test  ## everything that CI runs

golden: setup    ## write the golden results and the generated tables again; look at the diff
	$(BIN)/fairpapers demo --no-serve --directory build/demo
	cp build/demo/records/records.jsonl tests/queries/demo_records.jsonl
	$(BIN)/python -m fairpapers.queries.regenerate build/demo .
	$(BIN)/python -m fairpapers.ontology.generate ontology
	$(BIN)/python -m fairpapers.api.documentation api

clean:           ## remove what make made
	rm -rf $(VENV) $(VALIDATORS) .uv build dist *.egg-info .coverage .coverage.* .pytest_cache .mypy_cache .ruff_cache .hypothesis
