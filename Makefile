# Two commands do everything: `make demo` and `make test`. Paths with spaces are fine: every path here is relative.
PY := .venv/bin/python
export ONWARD_PORT ?= 8000

.PHONY: help setup demo test check bench peers clean

help:
	@echo "make demo    set up, load the demonstration, serve the desk at http://127.0.0.1:$(ONWARD_PORT)"
	@echo "make test    set up, pass the tests (SQLite; then promises and faults on PostgreSQL where there is a server)"
	@echo "make check   lint, types, import contracts, docs against code"
	@echo "make bench   measure pages; make peers: the environment of the search's oracle"

setup:
	@tools/setup

demo: setup
	@tools/demo

test: setup
	@tools/test

check: setup
	@tools/check

bench: setup
	@$(PY) -m bench.desk
	@$(PY) -m bench.journeys
	@$(PY) -m bench.flows

peers:
	@tools/peers/setup
	@tools/peers/minotor/setup

clean:
	rm -rf .venv .peers var
