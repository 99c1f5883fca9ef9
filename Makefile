# Kitaplatz: what one can do with a checkout. `make` lists it.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo stop test check update prove bench db clean

frontend_sources := $(shell find frontend -path frontend/node_modules -prune -o -path frontend/dist -prune -o -type f -not -name '*.test.*' -print 2>/dev/null)

help: ## list what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1|\2/' | column -t -s '|'

demo: ## run it: three example towns on http://localhost:8080 (FACILITIES=list.csv TENANT=slug imports a list)
	@FACILITIES='$(FACILITIES)' TENANT='$(TENANT)' deploy/demo.sh start

stop: ## stop the demo and every database of this checkout
	@deploy/demo.sh stop
	@for dir in .data/dev .data/test; do if [ -f $$dir/cluster ]; then deploy/cluster.sh stop $$dir; fi; done

test: ## prove it: everything that must hold before a change lands
	@tests/run.sh

check: ## the quick look: format, lints, types
	cargo fmt --check
	SQLX_OFFLINE=true cargo clippy --locked --all-targets -- -D warnings
	@$(MAKE) -s frontend/node_modules/.package-lock.json
	cd frontend && npm run --silent check

update: ## regenerate what is generated: .sqlx, openapi/openapi.json, frontend/src/api/schema.d.ts
	@tests/generated.sh update

prove: ## the longer proofs (races with more rounds, crashes, a longer API fuzz)
	@tests/prove.sh

bench: ## measure against the release binary; writes docs/performance.md's figures to .data/bench
	@benches/run.sh

db: ## start a private PostgreSQL for development and print its environment (eval "$$(make -s db)")
	@deploy/cluster.sh start .data/dev >&2
	@deploy/cluster.sh env .data/dev

clean: stop ## remove what was built and all data of this checkout
	@for dir in .data/*/; do if [ -f $$dir/cluster ]; then deploy/cluster.sh remove $${dir%/}; fi; done
	rm -rf .data target frontend/dist frontend/node_modules tests/e2e/node_modules tests/e2e/out

frontend/node_modules/.package-lock.json: frontend/package-lock.json
	cd frontend && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

# Vite keeps the date of nothing, so the start page is newer than all its sources after each build.
frontend/dist/index.html: frontend/node_modules/.package-lock.json $(frontend_sources)
	cd frontend && npm run --silent build
	@touch $@

tests/e2e/node_modules/.package-lock.json: tests/e2e/package-lock.json
	cd tests/e2e && npm ci --no-audit --no-fund --loglevel=error
	@touch $@
