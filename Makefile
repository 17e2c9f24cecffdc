# Need to Know. `make run` and `make test` do all their set-up themselves; `make help` lists the rest.

PYTHON ?= python3
BIN := .venv/bin
# A lock names everything. pip 23 stumbles over lxml[html_clean], which two packages ask for: hence --no-deps.
PIP_QUIET := -qq --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help run install install-dev test test-browser test-crash test-docker test-filters test-generate test-guards \
	lint types arch format lock clean train eval eval-stories eval-topics eval-verify eval-digests eval-articles \
	bench-digest bench-feeds bench-day bench-match

help: ## This list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

run: .venv/run.stamp ## Set up what is missing, then run the main job (with no token: the playground)
	@exec $(BIN)/needtoknow run

install: .venv/run.stamp ## Only set up, into .venv

install-dev: .venv/dev.stamp ## Set up with everything that tests and checks need

test: .venv/dev.stamp ## Set up what is missing, then run the tests (under three minutes)
	@echo "Running the tests…"
	@$(BIN)/python -m pytest -n 4

test-browser: .venv/dev.stamp ## The playground in a real headless Chromium
	@echo "Running the browser test…"
	@$(BIN)/python -m pytest -m browser

docs/alert.png: ## The pictures in the documents, taken anew by the browser test
	@SHOTS=.shots $(MAKE) test-browser && cp .shots/alert.png .shots/follow.png docs/ && rm -r .shots

test-crash: .venv/dev.stamp ## kill -9 again and again: nothing lost (KILLS=200)
	@echo "Running the crash test…"
	@KILLS=$${KILLS:-200} $(BIN)/python -m pytest -m crash

test-docker: ## The Dockerfile's steps, walked without a Docker engine
	@echo "Walking the Dockerfile's steps (about a minute)…"
	@PYTHON=$(PYTHON) bash tests/docker/steps.sh

test-filters: .venv/dev.stamp ## Random filters on random stories, beside brute force: no difference (PAIRS=100000)
	@echo "Comparing filters with brute force (about a minute)…"
	@PAIRS=$${PAIRS:-100000} $(BIN)/python -m pytest -m filters -s

test-generate: .venv-generate/dev.stamp ## The operator's own model; sets up torch in .venv-generate
	@echo "Running the tests that need torch…"
	@.venv-generate/bin/python -m pytest -m generate

test-guards: .venv/dev.stamp ## Every attack's test fails when its guard is taken away (about two minutes)
	@echo "Taking every guard away in turn…"
	@$(BIN)/python -m tests.guards.remove

train: .venv-train/dev.stamp ## Make the bundled model anew (CPU, under three hours; SHARED_DATA=…)
	@.venv-train/bin/python -m training --data $${SHARED_DATA:-../shared/data} --out bot/digests/model $(if $(ABLATIONS),--ablations)

eval: .venv/dev.stamp ## How well the bundled model finds what matters, beside lead, LexRank and the oracle (SHARED_DATA=…)
	@$(BIN)/python -m bench.eval_summaries $(if $(PAIRS),--pairs $(PAIRS))

eval-stories: .venv/dev.stamp ## How well entries of one event become one story (SHARED_DATA=…)
	@$(BIN)/python -m bench.eval_stories

eval-topics: .venv/dev.stamp ## How well stories find their topics, on AG News and BBC News (SHARED_DATA=…)
	@$(BIN)/python -m bench.eval_topics

eval-verify: .venv/dev.stamp ## How many planted errors the check of written digests catches (SHARED_DATA=…)
	@$(BIN)/python -m bench.eval_verify

eval-digests: .venv/dev.stamp ## Real articles through the whole pipeline, each digest's form checked (SHARED_DATA=…, LIMIT=…)
	@$(BIN)/python -m bench.replay

eval-articles: .venv/dev.stamp ## How well articles are read, beside trafilatura and readability-lxml (SHARED_DATA=…)
	@$(BIN)/python -m bench.eval_articles

bench-digest: .venv-generate/dev.stamp ## Digests a second, beside a summariser of distilbart's size (QUICK=1)
	@.venv-generate/bin/python -m bench.bench_digest $(if $(QUICK),--quick)

bench-feeds: .venv/dev.stamp ## Feeds polled a second, beside newsboat and a bare client (QUICK=1)
	@$(BIN)/python -m bench.bench_feeds $(if $(QUICK),--quick)

bench-day: .venv/dev.stamp ## A day of a thousand feeds, simulated: requests saved, delay added (QUICK=1)
	@$(BIN)/python -m bench.day $(if $(QUICK),--quick)

bench-match: .venv/dev.stamp ## A million standing filters matched, beside regexes and PostgreSQL (QUICK=1, SHARED_DATA=…)
	@$(BIN)/python -m bench.bench_match $(if $(QUICK),--quick)

lint: .venv/dev.stamp ## Ruff: rules and format
	@echo "Checking the code with Ruff…"
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .

types: .venv/dev.stamp ## mypy, strict
	@echo "Checking the types with mypy…"
	@$(BIN)/mypy

arch: .venv/dev.stamp ## The floors of the house, with import-linter
	@echo "Checking the imports with import-linter…"
	@$(BIN)/lint-imports

format: .venv/dev.stamp ## Format the code
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format --quiet .

lock: ## Choose the newest versions anew (needs uv)
	uv pip compile pyproject.toml --universal --upgrade --strip-extras --no-header --no-annotate --no-emit-index-url --quiet -o requirements.lock
	uv pip compile pyproject.toml --extra dev -c requirements.lock --universal --strip-extras --no-header --no-annotate --no-emit-index-url --quiet -o requirements-dev.lock

clean: ## Remove what was set up (never data/)
	rm -rf .venv .venv-generate .venv-train build *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

.venv/pyvenv.cfg:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Need to Know needs Python 3.11 or newer; name one with: make PYTHON=python3.12 …"; exit 1; }
	@$(PYTHON) -m venv .venv \
	  || { echo "Python cannot make virtual environments here; on Debian: apt-get install python3-venv"; exit 1; }

.venv/run.stamp: requirements.lock pyproject.toml | .venv/pyvenv.cfg
	@echo "Installing Need to Know into .venv (once, about a minute)…"
	@$(BIN)/pip install $(PIP_QUIET) --requirement requirements.lock
	@$(BIN)/pip install $(PIP_QUIET) --no-deps --editable .
	@touch $@

.venv/dev.stamp: requirements-dev.lock .venv/run.stamp
	@echo "Installing the tools for tests and checks into .venv (once, half a minute)…"
	@$(BIN)/pip install $(PIP_QUIET) --no-deps --requirement requirements-dev.lock
	@touch $@

.venv-generate/dev.stamp: requirements-dev.lock pyproject.toml
	@echo "Installing torch and the tests into .venv-generate (once, some minutes)…"
	@$(PYTHON) -m venv .venv-generate
	@.venv-generate/bin/pip install $(PIP_QUIET) --no-deps --requirement requirements-dev.lock
	@.venv-generate/bin/pip install $(PIP_QUIET) 'torch==2.13.0'
	@.venv-generate/bin/pip install $(PIP_QUIET) --no-deps --editable .
	@touch $@

.venv-train/dev.stamp: requirements.lock pyproject.toml
	@echo "Installing what training needs into .venv-train (once, some minutes)…"
	@$(PYTHON) -m venv .venv-train
	@.venv-train/bin/pip install $(PIP_QUIET) --no-deps --requirement requirements.lock
	@.venv-train/bin/pip install $(PIP_QUIET) 'torch==2.13.0'
	@.venv-train/bin/pip install $(PIP_QUIET) --editable '.[train]'
	@touch $@
