# Two commands are enough: make run, make test. Everything else is for those who change the program.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ADDRESS ?= $(or $(TRACKER_ADDRESS),127.0.0.1:8000)
# Tests run in so many processes, each with databases of its own; in the order of their folders, so that the files with
# few but long tests do not come last and alone. (One process more than cores took as long.)
WORKERS ?= auto

.PHONY: help run start install install-dev messages charts test check format bench big proof bundle lock clean

help:
	@echo "make run      演示：虚构的机关，数据在 demo/      a made-up office to look at, data in demo/"
	@echo "make start    正式：空系统，数据在 instance/       the real, empty system, data in instance/"
	@echo "make test     全部测试                             all tests"
	@echo "make check    格式、规范、类型、依赖、模板、翻译   format, lint, types, imports, templates, translations"
	@echo "make bench    速度（与裸查询之比；PART=figures 统计，reports 报告，big 全省规模，growth 增长） speed, as ratios to the bare operation"
	@echo "make big      全省规模的虚构台账，数据在 big/      a province: 300,000 made-up items, data in big/"
	@echo "make proof    长时间试验                           the long trials at full count"
	@echo "make bundle   离线安装包，写入 dist/（PLATFORM=linux-x86_64 PYTHONS=3.11 只做一种） archives to install from without a network"

run: install
	@$(BIN)/python -m tracker.cli.serve --demo --address $(ADDRESS)

start: install
	@$(BIN)/python -m tracker.cli.serve --address $(ADDRESS)

# The stamp is newer than the lock only when the last installation went through.
$(VENV)/installed: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "需要 Python 3.11 或更高版本 / Python 3.11 or later is needed"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

$(VENV)/installed-dev: requirements-dev.lock $(VENV)/installed
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

install: $(VENV)/installed messages charts

install-dev: $(VENV)/installed-dev messages charts

messages: $(patsubst %.po,%.mo,$(wildcard translations/*/LC_MESSAGES/*.po))

%.mo: %.po
	@$(BIN)/pybabel -q compile -i $< -o $@

# What draws charts in pages, out of the wheel of its library.
charts: build/vega.js

build/vega.js: requirements.lock | $(VENV)/installed
	@$(BIN)/python -I tracker/office/page_script.py

test: install-dev
	$(BIN)/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

check: install-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/python -m tests.translations

format: install-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: install-dev
	$(BIN)/python -m tests.bench $(PART)

# TRACKER_DATA_DIR and TRACKER_DATABASE_URL say where else; what is in use already is left alone.
big: install-dev
	@$(BIN)/python -m tests.bench.big

proof: install-dev
	PROOF=1 REQUIRE_ALL=1 $(BIN)/pytest -m proof

# Several platforms or versions of Python stand between blanks.
bundle: install-dev
	$(BIN)/python -m deploy.bundle $(if $(PLATFORM),--platform $(PLATFORM)) $(if $(PYTHONS),--python $(PYTHONS))

lock:
	UV_CUSTOM_COMPILE_COMMAND="make lock" uv pip compile --quiet --generate-hashes --no-emit-index-url --no-annotate --python-version 3.11 --universal pyproject.toml -o requirements.lock
	UV_CUSTOM_COMPILE_COMMAND="make lock" uv pip compile --quiet --generate-hashes --no-emit-index-url --no-annotate --python-version 3.11 --universal pyproject.toml --group dev -o requirements-dev.lock

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

# Carry new messages into the English catalogue; then fill in the empty ones.
.PHONY: catalogue
catalogue: install-dev
	-$(BIN)/python -m tests.translations --update
