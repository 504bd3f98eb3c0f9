# Embedscope: `make run` and `make test` do all the setting up themselves, once.

PYTHON ?=
export PYTHON
BIN := .venv/bin
READY := .venv/ready
TEST_READY := .venv/ready-to-test
BENCH_READY := .venv/ready-to-bench
SET_UP_BY := pyproject.toml constraints.txt $(wildcard resources/setup/*.sh)

.PHONY: help run setup test lint bench clean

help:
	@echo 'make run              open the window; make run ARGS=FILE opens a text file'
	@echo 'make test             run all tests; make test ARGS=tests/core runs some'
	@echo 'make setup            set up without running anything'
	@echo 'make lint             check style, types and imports'
	@echo 'make bench            measure the speed; make bench ONLY=WORD measures some'
	@echo 'make clean            remove .venv and all that was built'
	@echo 'make PYTHON=PROGRAM … set up with this Python (3.11 or newer)'

# With a display, or where windows need none to be named, the program; else the demo.
run: $(READY)
	@if [ -n "$${DISPLAY:-}$${WAYLAND_DISPLAY:-}" ] || [ "$$(uname)" != Linux ]; then \
		exec $(BIN)/embedscope $(ARGS); \
	else \
		echo 'There is no display here (DISPLAY and WAYLAND_DISPLAY are empty), so no window can open.'; \
		echo 'Running embedscope demo instead …'; \
		$(BIN)/embedscope demo --out build/demo && \
		echo "Its pictures are $(CURDIR)/build/demo/start.png and end.png."; \
	fi

setup: $(READY)

# All tests are spread over the cores, a file's tests together: some files have one engine for all.
test: $(TEST_READY)
	@$(BIN)/python -m pytest $(if $(ARGS),,--numprocesses auto --maxprocesses 4 --dist loadfile) $(ARGS)

lint: $(TEST_READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

bench: $(BENCH_READY)
	@$(BIN)/python -m tests.bench $(ONLY)

clean:
	rm -rf .venv build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

$(READY): $(SET_UP_BY)
	@sh resources/setup/environment.sh
	@sh resources/setup/system.sh
	@touch $@

$(TEST_READY): $(READY)
	@sh resources/setup/environment.sh test
	@sh resources/setup/system.sh test
	@touch $@

$(BENCH_READY): $(TEST_READY)
	@sh resources/setup/environment.sh test,bench
	@touch $@
