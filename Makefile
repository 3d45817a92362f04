# AskFirst. Two commands do everything: `make run` (install, train, serve, chat) and `make test`.
SHELL := /bin/bash
PY := .venv/bin/python
export PYTHONWARNINGS := ignore
export RASA_TELEMETRY_ENABLED := false
export SQLALCHEMY_SILENCE_UBER_WARNING := 1
export PYTHONPATH := $(CURDIR)

.PHONY: help run test test-fast eval-safety fuzz hazards teach test-clone train check chat setup undo lint actions lock env env-test env-tools clean

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/\t/' | expand -t 14

run: env  ## install, train if needed, start the server, print the page's address (PORT=8080 make run)
	@$(PY) -m askfirst run

test: env-test  ## every test (installs what it needs; under 12 minutes on 2 cores)
	@$(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder

test-fast: env-test  ## the tests that need no server (under 2 minutes)
	@$(PY) -m pytest -n 2 --dist worksteal -m "not slow and not clone"

eval-safety: env-test  ## how many urgent messages are found, and how many others are taken for urgent (HALF=locked for the locked half)
	@$(PY) -m bench.safety $(or $(HALF),tuning) --misses $(if $(filter locked,$(HALF)),,--curve)

fuzz: env-test  ## urgent phrases in noise and slips, 20,000 messages (COUNT=2000 for a short run)
	@$(PY) -m bench.fuzz $(or $(COUNT),20000) --show

hazards: env-test  ## make docs/safety/hazard-log.md from its table and check that every file and test in it exists
	@$(PY) -m askfirst.hazards

teach: env  ## teach the urgent reader anew from data/safety/examples (PyTorch, several GB; 40 minutes), then `make train`
	@scripts/env.sh teach
	@mkdir -p var/teach
	@$(PY) scripts/teach/examples.py var/teach/examples.json
	@.venv-teach/bin/python scripts/teach/reader.py var/teach/examples.json askfirst/nlu/urgent_reader.npz
	@$(PY) -m askfirst.nlu.urgent_reader

train: env  ## train a release and make it current
	@$(PY) -m askfirst train

check: env  ## check knowledge, stories, rules, domain and guarantees
	@$(PY) -m askfirst check

chat: env  ## chat in the terminal
	@$(PY) -m askfirst chat

setup: env  ## write data/clinic.yml by answering questions
	@$(PY) -m askfirst setup

undo: env  ## go back to the release before the current one
	@$(PY) -m askfirst undo

actions: env  ## run the custom actions as a server of their own (docs/operations.md)
	@$(PY) -m askfirst actions

lint: env-test env-tools  ## ruff and mypy
	@.venv-tools/bin/ruff check .
	@.venv-tools/bin/mypy --python-executable $(PY)

lock:  ## make the lock files anew (needs uv)
	@scripts/lock.sh

env:
	@scripts/env.sh serving
env-test: env
	@scripts/env.sh tests
env-tools:
	@scripts/env.sh tools

clean:  ## remove environments, trained releases and local data
	rm -rf .venv .venv-tools var .rasa models/*/ models/current
