# 通衢 Tongqu. Two commands for a new user: `make run` and `make test`.
UV_VERSION := 0.9.18
UV := $(shell command -v uv 2>/dev/null || echo .uv/bin/uv)
export UV_PYTHON_DOWNLOADS := never
# Set, it would have every process compile all that it loads again.
export PYTHONDONTWRITEBYTECODE :=
RUN := $(UV) run --frozen
HOST ?= 127.0.0.1:8000

.PHONY: help setup run test unit e2e postgres spark check format bench docs clean

help: ## List the targets
	@grep -hE '^[a-z0-9]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 12

.uv/bin/uv:
	python3 -m venv .uv && .uv/bin/pip install --quiet 'uv>=$(UV_VERSION)'

setup: $(if $(findstring .uv,$(UV)),.uv/bin/uv) ## Locked dependencies and front-end files
	@$(UV) sync --frozen --quiet
	@$(RUN) python -m tongqu.portal.vendor

run: setup ## Set everything up, play the main job, serve the portal on http://127.0.0.1:8000
	@TONGQU_DEMO=1 $(RUN) tongqu run --bind $(HOST)

test: setup ## Lint, types, architecture, every test on SQLite and on PostgreSQL, the table of rows
	@$(RUN) python -m tests.run

check: setup ## Lint, types, architecture
	@$(RUN) python -m tests.run --only check

unit: setup ## The quick tests
	@$(RUN) pytest -q tests/unit tests/spec tests/architecture

e2e: setup ## The browser tests
	@$(RUN) pytest -q tests/e2e

postgres: setup ## Every test but the browser's, on PostgreSQL
	@$(RUN) python -m tests.run --only postgres

spark: setup ## The golden tests on Apache Spark with Iceberg's own runtime (Java; fetches 450 MB)
	@TONGQU_TEST_SPARK=1 $(RUN) pytest -q tests/engines/test_classic_spark.py

format: ## Order imports and format
	@$(RUN) ruff check --fix --quiet src tests bench; $(RUN) ruff format --quiet src tests bench

docs: setup ## Write the generated documents
	@$(RUN) python -m tests.generated --write

bench: setup ## The benchmark of the main job
	@$(RUN) tongqu bench demo

clean: ## Remove what was generated, the data included
	rm -rf var build node_modules src/tongqu/portal/static/vendor
