# Kitaplatz: what one can do with a checkout. `make` lists it.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help db

help: ## list what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1|\2/' | column -t -s '|'

db: ## start a private PostgreSQL for development and print its environment (use: eval "$$(make -s db)")
	@deploy/cluster.sh start .data/dev >&2
	@deploy/cluster.sh env .data/dev
