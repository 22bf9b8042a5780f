# The two commands of the README. Both do all the set-up they need on a fresh machine.
.PHONY: demo test test-service lint bench accuracy fuzz learn

# Processes that run tests, each with servers of its own.
WORKERS = 2

demo:
	@scripts/setup requirements-demo.lock
	@.venv/bin/beirato demo $(ARGS)

lint:
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports --no-cache --config pyproject.toml >/dev/null || .venv/bin/lint-imports --config pyproject.toml --no-cache

test:
	@scripts/setup requirements-dev.lock
	@$(MAKE) --no-print-directory lint
	@.venv/bin/python -m pytest -m "not service" -n $(WORKERS) --dist loadfile $(ARGS)

# What `make test` leaves out: browsers, a spreadsheet program, killed processes. Chromium and LibreOffice are installed.
test-service:
	@scripts/setup requirements-dev.lock
	@.venv/bin/python -m pytest -m service -n $(WORKERS) --dist loadfile $(ARGS)

bench:
	@scripts/setup requirements-dev.lock
	@.venv/bin/python bench/polling.py $(ARGS)
	@.venv/bin/python bench/batch.py
	@.venv/bin/python bench/desk.py

accuracy:
	@scripts/setup requirements-dev.lock
	@.venv/bin/python tests/accuracy.py $(CORPUS)

fuzz:
	@scripts/setup requirements-dev.lock
	@.venv/bin/python tests/fuzz.py $(ARGS)

# The weights of processor/understanding/acts.py, from tests/corpus, and how right they are on draws left out.
learn:
	@scripts/setup requirements-dev.lock
	@.venv/bin/python tests/learn.py
