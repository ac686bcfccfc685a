# `make serve` and `make test` need Python 3.11 or newer and nothing else, `make whole` Chromium too; `make check` is what CI runs.

PYTHON ?= python3
PORT ?= 8000
SECONDS ?= 600
BIN := .venv/bin
TRUTH := .venv-truth/bin
HUB := .venv-hub/bin
NEWCOMERS := not browser and not whole

CHECKED := generate_wrappers generate_concepts generate_font vendor_assets generate_images generate_accuracy generate_bands generate_ancestors generate_dials generate_reference check_links
CHECKED_IN_TRUTH := generate_running generate_truth generate_defaults generate_conversions renew_code_links

# Measured anew in each landing; the others are, where their files answer another question, and all in `make every`.
MEASURED := dbrx-132b deepseek-v3 falcon-h1-7b gemma-3n-e2b gemma-4-12b gpt-oss-120b gpt2-xl inkling-small lfm2-1.2b \
  llama-3.2-11b-vision llama-4-maverick olmo-hybrid-7b qwen3-next-80b-a3b recurrentgemma-2b zamba2-2.7b zaya1-8b
MEASURED_BY := generate_running generate_truth
# Converted anew by llama.cpp's own converter, likewise.
CONVERTED := deepseek-v2-lite gemma-4-26b-a4b glm-4.5-air gpt-oss-20b granite-4.0-h-small jamba2-3b lfm2-8b-a1b llama-3.2-1b \
  nemotron-3-nano-30b-a3b qwen3.5-35b-a3b step-3.5-flash

# Without, each of many processes would compile anew what it imports, and rewrite every test.
unexport PYTHONDONTWRITEBYTECODE
# As many processes run as there are cores: threads of each would only take turns.
export OMP_NUM_THREADS := 1

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help serve site test whole every search headers changes releases audit links check lint types layers generated truth generate generated-of-models generated-of-all benchmark lock clean python

help: ## says what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

serve: site ## builds the gallery and serves it on this machine; prints the address
	$(BIN)/llm-gallery serve _site --port $(PORT)

site: .venv/site ## builds the gallery into _site, to be copied to any host
	$(BIN)/llm-gallery build _site $(if $(ADDRESS),--url $(ADDRESS)) $(if $(REPOSITORY),--repository $(REPOSITORY))

test: .venv/dev ## runs the tests of every part, on the same values each time, in a few minutes
	$(BIN)/python -m pytest -n auto -rs -m "$(NEWCOMERS) and not truth and not audit and not every"

whole: .venv/dev ## runs the others: every model at every level and theme, pages (needs Chromium)
	$(BIN)/python -m pytest -n auto -rs -m "(browser or whole) and not truth and not audit and not every"

every: .venv/dev .venv-truth/ready ## runs what CI takes a share of: every pair of models, the whole site built twice, more random configs
	$(BIN)/python -m pytest -n auto -m "every and not truth and not audit"
	$(BIN)/python -m pytest -m "every and audit" tests/audit
	$(TRUTH)/python -m pytest -n auto -m "every and truth" tests/truth
	$(TRUTH)/python -m tools.generate_running --check
	$(TRUTH)/python -m tools.generate_truth --check
	$(TRUTH)/python -m tools.generate_conversions --check

search: .venv/dev ## looks for failing examples and odd configs at random, for SECONDS (600)
	$(BIN)/python -m tests.search $$(($(SECONDS) / 2)); found=$$?; \
	$(BIN)/python -m tests.odd_configs $$(($(SECONDS) / 2)) && exit $$found

headers: .venv/dev ## changes headers of checkpoints at random, 100,000 of them, and checks each
	$(BIN)/python -m tests.hostile_headers 100000

changes: .venv-truth/ready ## changes real configs at random for SECONDS (600), and compares with transformers
	$(TRUTH)/python -W ignore -m tests.truth.changed_configs $(SECONDS) $(FAMILIES)

releases: .venv/dev ## looks for new releases of the catalog's publishers, and drafts them into _releases (needs a network)
	$(BIN)/python -m tools.new_releases _releases

audit: .venv/dev ## measures the pages with Lighthouse, opens exports in TeX and Excalidraw (needs npm, Chromium and pdflatex)
	$(BIN)/python -m pytest -m "audit and not every" tests/audit

links: .venv/dev ## asks every address of the catalog whether it is still there, and writes docs/links.toml (needs a network)
	$(BIN)/python -m tools.check_links

# Its `make test` takes the tests of `make whole` too, so that they are collected once.
check: NEWCOMERS := not every
check: lint types layers test audit generated truth ## runs everything that CI runs

lint: .venv/dev ## style
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: .venv/dev ## strict types of package, tests and tools
	$(BIN)/mypy

layers: .venv/dev ## data flows one way
	$(BIN)/lint-imports

# Side by side: each is one process, and together they'd be minutes of one core.
generated: .venv/dev .venv-truth/ready ## generated files are what their tools write
	$(MAKE) -j2 --output-sync=target $(CHECKED:%=unchanged-%) $(CHECKED_IN_TRUTH:%=unchanged-in-truth-%)

unchanged-in-truth-%:
	$(TRUTH)/python -m tools.$* --check $(if $(filter $*,$(MEASURED_BY)),$(MEASURED)) $(if $(filter $*,generate_conversions),$(CONVERTED))

unchanged-%:
	$(BIN)/python -m tools.$* --check

truth: .venv-truth/ready .venv-hub/ready ## compares with transformers built anew, and reads the Hub with the older huggingface_hub
	$(TRUTH)/python -m pytest -n auto -m "truth and not every" tests/truth tests/lineage/test_stated_descents.py
	$(HUB)/python -m pytest -n auto tests/sources/test_hub.py tests/sources/test_hub_headers.py

generate: .venv/dev .venv-truth/ready ## rewrites all generated files; with MODELS, what those ids change in them
	$(MAKE) generated-of-$(if $(MODELS),models,all)

# Measures and counts the named ones alone; what else they change, `make generated` finds, which CI runs.
generated-of-models:
	$(TRUTH)/python -m tools.generate_truth $(MODELS)
	$(TRUTH)/python -m tools.generate_conversions $(MODELS)
	$(TRUTH)/python -m tools.renew_code_links
	$(BIN)/python -m tools.generate_accuracy
	$(BIN)/python -m tools.generate_bands
	$(BIN)/python -m tools.generate_dials $(MODELS)
	$(BIN)/python -m tools.generate_concepts
	$(BIN)/python -m tools.generate_ancestors
	$(BIN)/python -m tools.check_links --list
	$(TRUTH)/python -m tools.generate_running $(MODELS)
	$(BIN)/python -m pytest -q -m "golden and not browser" --rewrite-golden tests/catalog/test_nearest.py tests/explanation tests/test_sample.py

generated-of-all:
	$(BIN)/python -m tools.generate_wrappers
	$(BIN)/python -m tools.generate_concepts
	$(TRUTH)/python -m tools.generate_defaults
	$(TRUTH)/python -m tools.generate_truth
	$(TRUTH)/python -m tools.generate_conversions
	$(TRUTH)/python -m tools.renew_code_links
	$(BIN)/python -m tools.generate_font
	$(BIN)/python -m tools.vendor_assets
	$(BIN)/python -m tools.generate_images
	$(BIN)/python -m tools.generate_accuracy
	$(BIN)/python -m tools.generate_bands
	$(BIN)/python -m tools.generate_dials
	$(BIN)/python -m tools.generate_ancestors
	$(BIN)/python -m tools.generate_reference
	$(BIN)/python -m tools.check_links --list
	$(TRUTH)/python -m tools.generate_running
	$(BIN)/python -m pytest -m "golden and not browser" --rewrite-golden

benchmark: .venv/dev .venv-truth/ready ## speed, memory and weight beside an older commit's (BEFORE), and beside the reference's
	$(BIN)/python -m benchmarks.commits $(BEFORE) --site
	$(TRUTH)/python -m benchmarks.run

lock: ## pins what is installed, with hashes (needs uv)
	for extra in site dev; do \
	  uv pip compile pyproject.toml requirements/build.in --extra $$extra --universal --generate-hashes \
	    --upgrade --python-version 3.11 --no-header -q -o requirements/$$extra.txt || exit 1; \
	done

clean: ## removes the environments and the built site
	rm -rf .venv .venv-truth .venv-hub _site _releases build dist

python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Python 3.11 or newer is needed, $(PYTHON) is $$($(PYTHON) -V 2>&1): make PYTHON=path/to/python" >&2; \
	  exit 1; }

# The stamp of an environment is newer than the list of packages that is installed in it.
.venv/site .venv/dev: .venv/%: requirements/%.txt pyproject.toml | python
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	$(BIN)/python -m compileall -q src
	touch $@

.venv-truth/ready: requirements/truth.txt pyproject.toml | python
	test -x $(TRUTH)/python || $(PYTHON) -m venv .venv-truth
	$(TRUTH)/python -m pip install --quiet --disable-pip-version-check -r $< -e .
	touch $@

.venv-hub/ready: requirements/hub.txt pyproject.toml | python
	test -x $(HUB)/python || $(PYTHON) -m venv .venv-hub
	$(HUB)/python -m pip install --quiet --disable-pip-version-check -r $< -e .
	touch $@
