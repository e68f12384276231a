# The face: `make help` explains the targets. What follows what is src/analysis/pipeline/stages.py.

SHELL := /bin/bash
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules

# The folder of this file. The shell is asked, for to make a space ends a name.
PROJECT := $(shell cd "$$(dirname "$(strip $(MAKEFILE_LIST))")" && pwd)/
STUDY ?= .
PYTHON ?= python3
JOBS ?= $(or $(patsubst -j%,%,$(filter -j%,$(MAKEFLAGS))),$(shell nproc 2>/dev/null || echo 2))

ifneq (4,$(firstword $(sort 4 $(firstword $(subst ., ,$(MAKE_VERSION))))))
$(error This needs GNU make 4.3 or newer; this is $(MAKE_VERSION). Install a newer make (on macOS: brew install make, then gmake))
endif

define line_end


endef
$(foreach name,PROJECT STUDY DIR FROM SOURCE AS A B COLUMNS APPROACH,$(if $(findstring $(line_end),$($(name))),\
  $(error $(name) holds a line end, which make cannot hand on: rename it)))

# These stand between double quotation marks further down, where bash reads three signs as its own.
$(foreach name,PROJECT STUDY DIR FROM SOURCE AS A B COLUMNS APPROACH,$(foreach sign," ` $$,$(if $(findstring $(sign),$($(name))),\
  $(error $(name) holds a $(sign), which make cannot hand on: rename it))))

# An activated conda environment serves instead of .venv only if it is this project's.
conda_name := $(shell sed -n 's/^name: *//p' environment.yml 2>/dev/null)
ifeq ($(CONDA_DEFAULT_ENV),$(or $(conda_name),-))
python := python
ready :=
path :=
else
python := $(PROJECT).venv/bin/python
ready := .venv/ready
# Quarto may have come with the environment; then it is found there.
path := PATH="$(PROJECT).venv/bin:$$PATH"
# Compiled modules are kept in .venv, also where the environment forbids them beside the sources:
# compiling anew is most of what a start costs.
export PYTHONPYCACHEPREFIX := $(PROJECT).venv/bytecode
unexport PYTHONDONTWRITEBYTECODE
endif
# A study is data: no module is taken from the current folder (-P) or from the user's own (-s).
analysis = $(path) PYTHONPATH="$(PROJECT)src" "$(python)" -P -s -m analysis
# Tests, style, types and timings are those of the lock, also beside a conda environment.
locked := env -u CONDA_DEFAULT_ENV PYTHONPATH="$(PROJECT)src" "$(PROJECT).venv/bin/python"
# Three at a time on two cores, for browsers and kernels are waited for (tests/side_by_side.py); at
# the end the slowest, and what was left out (-rs, tests/conftest.py).
tests := -q -rs --durations=15 --processes 3

.PHONY: help report preview test test-full lab new sign sample propose export deposit compare-reports purge check compare check-site clean docs lint lock bench
.DEFAULT_GOAL := help

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*## */\1\t/p' "$(PROJECT)Makefile" | expand -t 14

report: $(ready) without-outputs  ## evidence to paper, in reports/_site (STUDY=folder for another study; FINAL=1: signed only; RENDERER=embedded or quarto; WORKERS=one, cores, or a Dask cluster's address; SOURCES=quoted: pages of quoted sources only)
	@RENDERER="$(RENDERER)" WORKERS="$(WORKERS)" SOURCES="$(SOURCES)" $(analysis) $(if $(DEBUG),--debug) report --study "$(STUDY)" --jobs "$(JOBS)" $(if $(FINAL),--final)

# They are forked, and so must have no threads, not even those of numpy.
test test-full: export OMP_NUM_THREADS := 1
test: .venv/ready-for-tests  ## the tests, on two cores
	@$(locked) -m pytest $(tests)

test-full: .venv/ready-for-tests  ## the tests and what is slow: calibrations, long fuzzing, large pages
	@$(locked) -m pytest $(tests) -m "full or not full"

docs: .venv/ready-for-tests  ## the documentation, to be read offline: docs/_site/index.html
	@$(locked) scripts/docs

lint: .venv/ready-for-tests  ## style, types, and notebooks without outputs
	@$(locked) -m ruff check . && $(locked) -m ruff format --check . && $(locked) -m mypy && $(locked) -m nbstripout --verify notebooks/*.ipynb

lock: .venv/ready  ## resolve pyproject.toml again into the two lock files
	@lock="$(python) -m uv pip compile --quiet --upgrade --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 pyproject.toml"; \
	$$lock --output-file requirements.lock > /dev/null && \
	$$lock --extra test --constraint requirements.lock --output-file requirements-test.lock > /dev/null

bench: .venv/ready-for-tests  ## timings beside other tools
	@for script in benchmarks/*.py; do echo "== $$script"; $(locked) "$$script" || exit 1; done

preview: $(ready)  ## the paper in a browser, made anew at each saved change (after a first make report)
	@$(analysis) preview --study "$(STUDY)"

lab: $(ready) without-outputs  ## JupyterLab, in notebooks/
	@$(analysis) lab --study "$(STUDY)"

new: $(ready)  ## begin a study: make new DIR=folder FROM=project-or-folder (APPROACH=framework, codebook, content or reflexive; a table of responses: COLUMNS='text=…; id=…; codes=…')
	@$(analysis) new "$(or $(DIR),$(error Say where: make new DIR=folder FROM=project))" "$(or $(FROM),$(error Say from what: make new DIR=folder FROM=project))" $(if $(COLUMNS),--columns "$(COLUMNS)") $(if $(APPROACH),--approach "$(APPROACH)")

sign: $(ready)  ## sign the authors' reading of a claim: make sign CLAIM=id BY="names"
	@$(analysis) sign --study "$(STUDY)" "$(or $(CLAIM),$(error Say which claim: make sign CLAIM=id BY=names))" --by "$(or $(BY),$(error Say who signs: make sign CLAIM=id BY=names))"

sample: $(ready)  ## draw the cases that people code where a program codes all: make sample SIZE=200 (BY=role,site; KINDS=document; SEED=7)
	@$(analysis) sample --study "$(STUDY)" --size "$(or $(SIZE),$(error Say how many cases: make sample SIZE=200))" --by "$(BY)" --kinds "$(KINDS)" $(if $(SEED),--seed "$(SEED)")

propose: $(ready)  ## let a program learn from the sample and code all: make propose NAME=first-reader
	@$(analysis) propose --study "$(STUDY)" "$(or $(NAME),$(error Say what the program is called: make propose NAME=first-reader))"

export: $(ready)  ## the study for other programs: make export AS=refi, rock, w3c, wide, joint … or all (DIR=folder; PRIVATE=1: all texts)
	@$(analysis) export --study "$(STUDY)" $(if $(AS),--as "$(AS)") $(if $(PRIVATE),--private) $(if $(DIR),"$(DIR)")

deposit: $(ready)  ## one folder for an archive, split by consent, in DIR (default: deposit in the study)
	@$(analysis) deposit --study "$(STUDY)" $(if $(DIR),"$(DIR)")

compare-reports: $(ready)  ## what changed from one report to the next: make compare-reports A=tag-or-deposit B=tag-or-deposit (DIR=folder)
	@$(analysis) compare-reports --study "$(STUDY)" "$(or $(A),$(error Say from which: make compare-reports A=tag B=tag))" "$(or $(B),$(error Say to which: make compare-reports A=tag B=tag))" $(if $(DIR),"$(DIR)")

purge: $(ready)  ## delete a source that withdrew: make purge SOURCE=id
	@$(analysis) purge --study "$(STUDY)" "$(or $(SOURCE),$(error Say which: make purge SOURCE=id))" $(if $(YES),--yes)

check: $(ready)  ## everything that is unfinished, on one screen; fails while FINAL=1 would
	@$(analysis) check --study "$(STUDY)"

compare: $(ready)  ## render with Quarto and with the embedded renderer, and show the differences
	@$(analysis) compare --study "$(STUDY)"

check-site: $(ready)  ## compare a rendered folder with its description: make check-site DIR=reports/_site
	@$(analysis) check-site --study "$(STUDY)" "$(or $(DIR),$(STUDY)/reports/_site)"

clean:  ## remove what was generated, nothing else
	@cd "$(STUDY)" && rm -rf reports/_site reports/_site.* reports/_generated reports/_variables.yml reports/figures reports/notebooks reports/.quarto data/private/prepared data/private/gate.txt data/private/review/{samples,candidates,replacements}-*.csv
	@cd "$(STUDY)" && find data/processed -mindepth 1 ! -name README.md -delete 2>/dev/null || true

# --- setting up -------------------------------------------------------------------

# In a clone git leaves out what notebooks show, whatever program saved them (.gitattributes).
.PHONY: without-outputs
without-outputs:
	@inside=$$(git -C "$(PROJECT)" rev-parse --show-prefix 2>/dev/null) || exit 0; \
	setting() { git -C "$(PROJECT)" config "filter.without-outputs.$$1" "$${@:2}"; }; \
	clean="\"$${inside}scripts/strip-outputs\""; \
	[ "$$(setting clean)" = "$$clean" ] || { setting smudge cat && setting required true && setting clean "$$clean"; } 2>/dev/null || \
	echo "git could not be told to leave out what notebooks show: clear a notebook's outputs before you add it" >&2

.venv/ready: requirements.lock
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "This needs Python 3.11 or newer: install it, or say which: make PYTHON=python3.12 report"; exit 1; }
	@"$(PYTHON)" -m venv .venv || { echo "Python's venv module is missing: install it (Debian, Ubuntu: apt install python3-venv)"; exit 1; }
	@scripts/install requirements.lock
	@# An editor, a notebook or a benchmark that somebody starts by hand finds the package too.
	@echo "$(PROJECT)src" > "$$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/analysis.pth"
	@[ "$(QUARTO)" != try ] || scripts/try-quarto
	@touch $@

.venv/ready-for-tests: .venv/ready requirements-test.lock
	@scripts/install requirements-test.lock
	@touch $@
