# The two commands of the README. Both do all the set-up they need on a fresh machine.
.PHONY: demo test lint bench accuracy fuzz
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
	@.venv/bin/python -m pytest $(ARGS)

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
