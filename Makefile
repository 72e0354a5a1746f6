# Faro. `make run` and `make test` need only bash, git, a C compiler and Python 3.11 or newer.
SHELL := /bin/bash
UV_VERSION := 0.13.9
UV := .tools/bin/uv
PYTEST := .venv/bin/pytest

.PHONY: help run chat test test-postgres quick check nlu bench bench-rasa install model clean

help: ## These lines
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: install ## Install, train once, and serve on http://127.0.0.1:8080
	@tools/prepare-nlu.sh || true
	@.venv/bin/faro serve

chat: install ## Talk with Faro in the terminal
	@tools/prepare-nlu.sh || true
	@.venv/bin/faro chat

test: install ## Install and pass all tests
	@if tools/find-python310.sh >/dev/null; then tools/prepare-nlu.sh; fi
	@$(MAKE) --no-print-directory check
	@$(PYTEST) -q -rs -n 2 --dist loadfile
	@if [ -x nlu/.venv/bin/pytest ]; then cd nlu && .venv/bin/python -m pytest -q -rs; fi

test-postgres: install ## Every test that touches a database, on PostgreSQL alone
	@FARO_TEST_DATABASES=postgres FARO_REQUIRE=postgres $(PYTEST) -q -rs -n 2 --dist loadfile tests/integration tests/transcripts tests/e2e

quick: install ## Unit tests, properties and transcripts on the pure core
	@$(PYTEST) -q tests/unit tests/contracts tests/transcripts/test_on_the_core.py

check: install ## Lint, types and import rules
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports

nlu: install ## Train and evaluate the understanding of Spanish
	@tools/prepare-nlu.sh
	@cd nlu && .venv/bin/python -m faro_nlu lint && .venv/bin/python -m faro_nlu evaluate

bench: install ## Measure Faro and write bench/FIGURES.md (QUICK=1: short runs; SUBJECTS="intake turn")
	@if tools/find-python310.sh >/dev/null 2>&1; then tools/prepare-nlu.sh; fi
	@.venv/bin/python -m bench $(if $(QUICK),--quick) $(SUBJECTS)

bench-rasa: install ## The same texts and conversation through Rasa's own server (installs 2.5 GB)
	@tools/prepare-nlu.sh
	@$(UV) sync --quiet --locked --project nlu/stock --python "$$(tools/find-python310.sh)"
	@.venv/bin/python -m bench nlu rasa $(if $(QUICK),--quick)

install: ## Only install what the service needs
	@tools/install-uv.sh $(UV_VERSION)
	@$(UV) sync --quiet --locked

clean: ## Remove what Faro made: environments, models, the local database
	rm -rf .venv .tools nlu/.venv nlu/models var
