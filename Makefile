# make setup | run | check | test | lint | map | tour | messages | mails | bench | bench-parts
# kill-test | mail-kill-test | fuzz | blind-pairs. The README says what each is for, docs/checks.md
# what the checks do and how long they take.
# `make -k test` or `make -k lint` goes on past the first failure.

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip install --quiet --disable-pip-version-check --no-input
RUNTIME := $(VENV)/.runtime-installed
TOOLS := $(VENV)/.tools-installed
INSTRUMENTS := $(VENV)/.instruments-installed
MANAGE := $(PY) manage.py

export PORT ?= 8000
export DATA_DIR ?= var

# Trying it out needs no secret and no list of hosts; a site that people visit sets DEBUG=0 itself.
setup run: export DEBUG ?= 1

# The environment `check --deploy` is asked about: a real site's, without one to talk to.
CHECK_DIR := $(VENV)/lint
PRODUCTION := env -u DATABASE_URL -u REDIS_URL -u EMAIL_URL DEBUG=0 DATA_DIR=$(CHECK_DIR) \
	ALLOWED_HOSTS=example.org SITE_URL=https://example.org \
	SECRET_KEY=only-to-check-a-long-enough-key-0123456789-abcdefghijklmnopqrstuvwxyz

# Tests bring their own settings and state (tests/settings.py); only these two could leak in.
PYTEST := $(PY) -m pytest
# Two suites run side by side, each in two processes: on two cores, since tests also wait. A process
# that has no tests left takes some of another's.
SPREAD := -n 2 --dist worksteal
SIDE_BY_SIDE := --no-print-directory --jobs=2 --output-sync=target
# Compiled files are kept in any case: what pytest makes of tests takes six seconds a process.
COMPILED := env -u PYTHONDONTWRITEBYTECODE
SQLITE := $(COMPILED) -u DATABASE_URL -u REDIS_URL
check-tests fuzz blind-pairs test-sqlite test-postgresql test-browser test-fleet: \
	export TMPDIR = $(shell $(PY) tests/temporary_folder.py)
# These start servers of their own, once for all their tests.
APART := --ignore=tests/browser --ignore=tests/deploy

.PHONY: setup run check check-tests test suites lint map tour messages bench bench-parts kill-test mail-kill-test mails fuzz blind-pairs
.PHONY: check-environment lint-style lint-types lint-imports lint-templates lint-django
.PHONY: services test-sqlite test-postgresql test-browser test-fleet
.DELETE_ON_ERROR:

# Before anything is installed: a wrong variable should not take minutes to be found.
setup: check-environment $(RUNTIME)
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) createcachetable --verbosity 0

check-environment:
	@! command -v "$(PYTHON)" >/dev/null || "$(PYTHON)" deploy/check_environment.py

run: setup
	@$(MANAGE) seed_demo --if-empty
	@DJANGO_RUNSERVER_HIDE_WARNING=true exec $(PY) deploy/run_together.py \
		"$(MANAGE) runserver 127.0.0.1:$(PORT)" "$(MANAGE) worker --reload"

# What a change touches, soon; `make test` is the whole truth. Both halves may fail on their own.
check: $(TOOLS)
	@$(MAKE) $(SIDE_BY_SIDE) --keep-going lint check-tests

check-tests: $(TOOLS)
	@$(SQLITE) $(PY) -m tests.touched

test: $(TOOLS)
	@$(MAKE) $(SIDE_BY_SIDE) lint services
	@echo "Running four suites, two at a time; each says how it went when it is over …"
	@$(MAKE) $(SIDE_BY_SIDE) suites

# The longest first.
suites: test-browser test-sqlite test-fleet test-postgresql

lint: lint-style lint-types lint-imports lint-templates lint-django

lint-style: $(TOOLS)
	$(VENV)/bin/ruff check --output-format concise .
	$(VENV)/bin/ruff format --check --output-format concise .

lint-types: $(TOOLS)
	@$(PRODUCTION) $(VENV)/bin/mypy

lint-imports: $(TOOLS)
	PYTHONPATH=.:site $(VENV)/bin/lint-imports --no-logo

lint-templates: $(TOOLS)
	$(VENV)/bin/djlint --lint --quiet --rules .ci/template-rules.yaml templates

lint-django: $(TOOLS)
	@$(PRODUCTION) $(MANAGE) makemigrations --check --dry-run
	@$(PRODUCTION) $(MANAGE) check --deploy --fail-level WARNING

map: $(TOOLS)
	@$(PY) docs/draw_map.py

tour: $(TOOLS)
	@$(PY) docs/draw_tour.py

messages: $(TOOLS)
	@$(PY) docs/list_messages.py $(ARGS)

bench: $(TOOLS) $(INSTRUMENTS)
	@$(PY) -m bench $(ARGS)
	@$(PY) -m bench.writes.ranking

bench-parts: $(TOOLS) $(INSTRUMENTS)
	$(SQLITE) $(PYTEST) bench/pages/parts.py -q \
		--benchmark-disable-gc --benchmark-columns=min,median,iqr,rounds

kill-test: $(TOOLS)
	@$(PY) -m bench.kill

mail-kill-test: $(TOOLS)
	@$(PY) -m bench.mail_kill $(ARGS)

mails: $(TOOLS)
	@$(PY) docs/draw_mails.py $(or $(ARGS),$(DATA_DIR)/mails)

fuzz: $(TOOLS)
	$(SQLITE) $(PYTEST) tests/fuzz_requests.py -q

blind-pairs: $(TOOLS)
	BLIND_PAIRS=$${BLIND_PAIRS:-3000} $(SQLITE) $(PYTEST) tests/comments/test_non_interference.py -q

services: $(TOOLS)
	@$(PY) -m tests.services find

test-sqlite: $(TOOLS)
	$(SQLITE) $(PYTEST) tests $(APART) $(SPREAD)

test-postgresql: $(TOOLS)
	$(COMPILED) $(PY) -m tests.services run $(PYTEST) tests $(APART) --only-what-a-database-decides $(SPREAD)

test-browser: $(TOOLS)
	$(SQLITE) $(PYTEST) tests/browser $(SPREAD)

test-fleet: $(TOOLS)
	$(SQLITE) $(PYTEST) tests/deploy

$(TOOLS): requirements.txt requirements-dev.txt requirements-anymail.txt $(PY)
	@echo "Installing what the tests and checks need into $(VENV)/ …"
	@$(PIP) -r requirements-dev.txt
	@touch $(RUNTIME) $(TOOLS)

$(INSTRUMENTS): bench/requirements.txt $(TOOLS)
	@echo "Installing what only the measurements need into $(VENV)/ …"
	@$(PIP) -r bench/requirements.txt
	@touch $(INSTRUMENTS)

$(RUNTIME): requirements.txt $(PY)
	@echo "Installing what the site needs into $(VENV)/ …"
	@$(PIP) -r requirements.txt
	@touch $(RUNTIME)

# A venv without pip is filled by the pip of the machine: Debian splits both off into packages.
$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Counterpoint needs Python 3.11 or newer; '$(PYTHON)' is not. Name one: make PYTHON=python3.12" >&2; \
		exit 1; }
	@$(PYTHON) -m venv --clear $(VENV) >/dev/null 2>&1 || { \
		$(PYTHON) -m venv --clear --without-pip $(VENV) >/dev/null 2>&1 && \
		$(PYTHON) -m pip --python $(PY) install --quiet --disable-pip-version-check pip >/dev/null 2>&1; } || { \
		rm -rf $(VENV); \
		echo "'$(PYTHON)' cannot make a virtual environment; on Debian: apt-get install python3-venv" >&2; \
		exit 1; }
