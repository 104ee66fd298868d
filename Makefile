# Two commands do all the set-up: `make run` and `make test`.
PY ?= python3
BIN := .venv/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)
export DO_NOT_TRACK := 1
LANDING := $(or $(VEDLEGG2_LANDING),landing)

.PHONY: run test proof browser lint ui bench mutate faults crash screenshots lock audit-deps

run: .venv/.ok $(LANDING)/.made
	vedlegg2 run

test: .venv/.ok
	pytest

# The long proofs: many made-up worlds and the sample against the independent check, the second letter released.
proof: .venv/.ok
	PROOF=1 pytest tests/properties tests/integration tests/unit/test_suppression.py

# The report in a real browser (Debian's chromium), with every rule of axe on every page.
browser: .venv/.ok
	VEDLEGG2_BROWSER=full pytest -n0 tests/browser

lint: .venv/.ok
	ruff check . && ruff format --check . && mypy && sqlfluff lint --disable-progress-bar -q dbt_project/models dbt_project/tests

ui: .venv/.ok
	vedlegg2 ui

bench: .venv/.ok
	python -m tests.bench

# A broken delivery for every rule, and what must happen.
faults: .venv/.ok
	pytest tests/faults

# Runs that are killed, stopped, doubled and starved of disk (docs/crash.md); CRASH="--kills 20" for fewer.
crash: .venv/.ok
	python -m tests.crash $(CRASH)

# The lock is complete and hashed, a bill of materials (CycloneDX) in an ignored folder, known vulnerabilities.
audit-deps: .venv/.ok
	python -m tests.supply sbom/vedlegg2.cdx.json

# Pictures of the report in an ignored folder, to be looked at.
screenshots: .venv/.ok
	python -m tests.browser.screenshots published/current/report screenshots

# Which small slips in the SQL of the models the unit tests would not notice (docs/mutation.md).
mutate: .venv/.ok
	@d=$$(mktemp -d) && python -m tests.dbt.project $$d >/dev/null && python -m tests.mutation $$d/target; rm -rf $$d

# The environment comes from the lock file alone, every archive checked by its hash.
.venv/.ok: requirements.lock pyproject.toml
	$(PY) -m venv .venv
	@sed -n '/^uv==/,/[^\\]$$/p' requirements.lock > .venv/uv.lock
	@if [ -z "$$NO_UV" ] && $(BIN)/pip install -q --require-hashes --no-deps -r .venv/uv.lock; \
	then $(BIN)/uv pip install -q --compile-bytecode --python $(BIN)/python --require-hashes --no-deps -r requirements.lock; \
	else $(BIN)/pip install -q --require-hashes --no-deps -r requirements.lock; fi
	$(BIN)/pip install -q --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q orchestration
	@touch $@

# Sample extracts, when the landing folder is empty; whatever was delivered there is left alone.
$(LANDING)/.made: | .venv/.ok
	@mkdir -p $(LANDING)
	@if [ -z "$$(ls $(LANDING))" ]; then vedlegg2 sample $(LANDING) --scale 0.02; fi
	@touch $@

# Make the lock file anew from pyproject.toml (needs uv; the only command that changes versions).
lock:
	uv lock --upgrade && uv export --frozen --no-header --no-annotate --no-emit-project --no-default-groups \
	  --group dev -o requirements.lock
