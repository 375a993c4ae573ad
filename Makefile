# Everything one does with this project. Each target brings what it needs on a Debian machine with Go and
# Node: Go modules, pinned tools, npm packages, and PostgreSQL, the C compiler and so on through apt when
# root; otherwise it says exactly what is missing.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules --no-print-directory

GO ?= go
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS := -s -w -X github.com/botreserva/botreserva/internal/app.version=$(VERSION)

# Folders with a package.json, each something that Go tests drive: real clients, and a linter.
NPM_FOLDERS := $(patsubst %/package.json,%,$(wildcard \
	internal/realtime/socketio/testdata/clienttest/package.json \
	internal/apptest/testdata/client/package.json \
	internal/httpapi/testdata/lint/package.json))

# What `make generate` writes.
GENERATED := internal/postgres/sqlc
GENERATED_WEB := web/openapi.json web/src/api/schema.gen.ts

# Several packages start a PostgreSQL of their own; more of them at once than cores only makes each slower.
TEST_PACKAGES ?= ./...
TEST_PARALLEL ?= $(shell nproc 2>/dev/null || echo 2)
TEST_FLAGS ?=
TEST_TIMEOUT ?= 10m

# Tests that walk every route with every wrong thing, one request at a time, tens of thousands in all. The race detector
# makes them four times as slow and finds in them what it finds in the others; the whole run does them without.
WALKS := ^Test(Access|BadBodies|BadFields|BadKeys|BadParameters|BadTokens|BodySizes|EveryAddress|LimitsByClass)$$
BENCH_FLAGS ?=
FUZZ_TIME ?= 1m
FUZZ_TARGET ?=
SCALE ?= 1
RUN_FLAGS ?=

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z][a-z\/-]*:.*## / { printf "  \033[1m%-12s\033[0m %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

##### Daily

.PHONY: build
build: .tools/go-modules.stamp build-web ## Build bin/botreserva with the dashboard in it
	CGO_ENABLED=0 $(GO) build -buildvcs=false -trimpath -ldflags '$(LDFLAGS)' -o bin/botreserva ./cmd/botreserva

# The dashboard is built only when something of it changed.
WEB_SOURCES := $(shell find web/src web/public web/index.html web/vite.config.ts web/scripts web/package-lock.json -type f 2>/dev/null)

.PHONY: build-web
build-web: web/dist/app/index.html ## Build the dashboard into web/dist, and print how much script the desk loads

web/dist/app/index.html: web/node_modules/.stamp $(WEB_SOURCES)
	cd web && npm run --silent build

.PHONY: run
run: build deps-postgres ## Build everything and start the demo: two hotels, simulator, demo bot (RUN_FLAGS=…)
	@exec bin/botreserva demo $(RUN_FLAGS)

.PHONY: test
test: deps ## Run every test, with the race detector (TEST_PACKAGES=./internal/inbox/... TEST_FLAGS='-run Name')
	$(GO) vet $(TEST_PACKAGES)
ifeq ($(TEST_PACKAGES)$(TEST_FLAGS),./...)
	$(GO) test -race -p $(TEST_PARALLEL) -timeout $(TEST_TIMEOUT) -skip '$(WALKS)' ./...
	$(GO) test -timeout $(TEST_TIMEOUT) -run '$(WALKS)' ./internal/httpapi
else
	$(GO) test -race -p $(TEST_PARALLEL) -timeout $(TEST_TIMEOUT) $(TEST_FLAGS) $(TEST_PACKAGES)
endif
	@$(MAKE) test-web

.PHONY: test-short
test-short: deps ## Run the quick tests, without the race detector
	$(GO) test -short -p $(TEST_PARALLEL) -timeout $(TEST_TIMEOUT) $(TEST_FLAGS) $(TEST_PACKAGES)

.PHONY: test-faults
test-faults: deps ## Kill the program and its database in mid-burst, with the figures; `make test` does so too
	$(GO) test -race -count=1 -v -timeout $(TEST_TIMEOUT) $(TEST_FLAGS) ./internal/faulttest

.PHONY: test-reliability
test-reliability: deps ## Let ten days of three hotels pass, with a bad Meta and three kills, and print the table (RELIABILITY_SEED=…)
	RELIABILITY_DAYS=10 $(GO) test -count=1 -v -timeout 20m -run 'TestDays$$' ./internal/faulttest

.PHONY: test-uploads
test-uploads: deps ## Upload a hundred files of 50 MB at once and show what memory that takes (5 GB of disk for a while)
	UPLOADS_OF_MANY=100x50 $(GO) test -count=1 -v -timeout $(TEST_TIMEOUT) -run TestUploadsOfMany ./internal/httpapi

.PHONY: lint
lint: .tools/go-modules.stamp tool-golangci-lint tool-gofumpt ## Check style, layers, documents and generated queries
	@unformatted=$$(find . -name '*.go' -not -path '*/node_modules/*' -not -path './.tools/*' -not -path './$(GENERATED)/*' -exec .tools/bin/gofumpt -l {} +); \
	if [ -n "$$unformatted" ]; then echo "not formatted, run make fmt:"; echo "$$unformatted"; exit 1; fi
	.tools/bin/golangci-lint run
	$(GO) vet -tags n8n ./internal/apptest
	@if [ -f internal/postgres/sqlc.yaml ]; then $(MAKE) lint-sql; fi
	$(GO) test ./internal/arch
	@$(MAKE) lint-web lint-deploy

.PHONY: lint-deploy
lint-deploy: deps-system ## Check and test the alert rules, and the scripts that install
	promtool check rules deploy/prometheus/alerts.yml
	promtool test rules deploy/prometheus/alerts_test.yml
	promtool check config --syntax-only deploy/prometheus/prometheus.yml
	bash -n deploy/install.sh deploy/upgrade.sh

.PHONY: lint-web
lint-web: web/node_modules/.stamp ## Check types, rooms and style of the dashboard, and that its types of the API are fresh
	cd web && npm run --silent lint

.PHONY: test-web
test-web: web/node_modules/.stamp ## Run the dashboard's own tests
	cd web && npm run --silent test

.PHONY: test-web-smoke
test-web-smoke: build deps-postgres ## Log in, write as a guest and answer, in a real Chromium against the real binary
	cd web && node e2e/run.mjs smoke
	cd web && node e2e/run.mjs lists
	cd web && node e2e/run.mjs board
	cd web && node e2e/run.mjs search
	cd web && node e2e/run.mjs guest
	cd web && node e2e/run.mjs composer
	cd web && node e2e/run.mjs thread

.PHONY: test-web-pages
test-web-pages: build deps-postgres ## Open every page as every role in a real Chromium, and look for errors and for what axe finds
	cd web && node e2e/run.mjs pages

.PHONY: screenshots
screenshots: build deps-postgres ## Photograph every page in three languages and two sizes into web/screenshots
	cd web && node e2e/run.mjs screenshots

.PHONY: lint-n8n
lint-n8n: n8n/node_modules/.stamp ## Build the nodes for n8n and hold them to n8n's own rules
	cd n8n && npm run --silent build && npm run --silent lint

.PHONY: test-n8n-nodes
test-n8n-nodes: n8n/node_modules/.stamp ## Test the nodes for n8n by themselves
	cd n8n && npm run --silent build && npm run --silent test
	cd n8n && node flows/make.mjs --check

.PHONY: deps-n8n
deps-n8n: deps-postgres
	@scripts/setup-n8n.sh

.PHONY: test-n8n
test-n8n: deps-n8n .tools/go-modules.stamp n8n/node_modules/.stamp ## Run the flows that we ship in a real n8n (2.5 GB and minutes the first time)
	cd n8n && npm run --silent build
	N8N_DIR=$(CURDIR)/.tools/n8n $(GO) test -count=1 -v -tags n8n -timeout 15m -run 'TestN8N$$' ./internal/apptest

.PHONY: lint-sql
lint-sql: tool-sqlc
	cd internal/postgres && $(CURDIR)/.tools/bin/sqlc vet
	cd internal/postgres && $(CURDIR)/.tools/bin/sqlc diff

.PHONY: fmt
fmt: tool-gofumpt tool-golangci-lint ## Format every Go file
	.tools/bin/golangci-lint fmt

.PHONY: generate
generate: tool-sqlc web/node_modules/.stamp ## Generate Go from SQL, and the dashboard's types from what the API says of itself
	@if [ -f internal/postgres/sqlc.yaml ]; then cd internal/postgres && $(CURDIR)/.tools/bin/sqlc generate; fi
	$(GO) test -run TestDashboardDocument ./internal/httpapi -update
	cd web && npm run --silent types

.PHONY: verify
verify: generate ## Generate again, fail when the committed files differ
	@stale=$$(git status --porcelain -- $(GENERATED) $(GENERATED_WEB)); \
	if [ -n "$$stale" ]; then \
		echo "generated files differ from the committed ones; run make generate and commit:"; \
		echo "$$stale"; git --no-pager diff --stat -- $(GENERATED) $(GENERATED_WEB); exit 1; \
	fi

.PHONY: fuzz
fuzz: deps ## Throw anything at every decoder, each for a while (FUZZ_TIME=1m FUZZ_TARGET=Routes)
	@scripts/fuzz.sh $(FUZZ_TIME) $(FUZZ_TARGET)

.PHONY: bench
bench: build deps-postgres ## Measure the product under load on a scratch database, figures also in bench-results/ (BENCH_FLAGS=…)
	@mkdir -p bench-results
	$(GO) run ./internal/bench -json bench-results/latest.json $(BENCH_FLAGS)

.PHONY: bench-simulator
bench-simulator: .tools/go-modules.stamp ## Measure how many webhooks a second the simulator makes, signs and posts by itself
	$(GO) test -run NONE -bench Webhooks -benchtime 1x ./internal/whatsapp/simulator

.PHONY: measure-lists
measure-lists: build deps-postgres ## Measure the desk's list with many conversations in a slowed-down Chromium (ROWS=50000)
	cd web && node e2e/run.mjs measure_lists

.PHONY: bench-scale
bench-scale: build deps-postgres ## Measure lists, searches and reports over years of made-up life (SCALE=0.1, BENCH_FLAGS='-dir /tmp/scale')
	@mkdir -p bench-results
	$(GO) run ./internal/bench -scenario scale -scale $(SCALE) -json bench-results/scale-$(SCALE).json $(BENCH_FLAGS)

.PHONY: ci
ci: ## Exactly what runs before a change lands
	@.ci/run

.PHONY: clean
clean: ## Remove what was built or fetched; ./data stays
	rm -rf bin .tools bench-results n8n/dist n8n/node_modules web/dist/app web/node_modules $(addsuffix /node_modules,$(NPM_FOLDERS))

##### What the targets need

.PHONY: deps
deps: deps-system deps-postgres .tools/go-modules.stamp tool-versitygw $(addsuffix /node_modules/.stamp,$(NPM_FOLDERS)) ## Fetch what the tests need; instantaneous the second time

.PHONY: deps-system
deps-system:
	@scripts/setup-system.sh

.PHONY: deps-postgres
deps-postgres:
	@scripts/setup-postgres.sh

.tools/go-modules.stamp: go.mod go.sum
	@mkdir -p $(@D)
	$(GO) mod download
	@touch $@

# npm ci empties node_modules, so that the stamp lives and dies with what it stands for.
%/node_modules/.stamp: %/package.json %/package-lock.json
	cd $* && npm ci --no-audit --no-fund --no-update-notifier --loglevel=error
	@touch $@

# The tools of the nodes ask for each other's peers in circles, and none needs its scripts. npm ci wants all optional
# packages of other systems in the lock file, which not every registry has.
# The same holds for the builder of the dashboard, which brings native parts for every system.
web/node_modules/.stamp: web/package.json web/package-lock.json
	cd web && npm i --no-save --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error
	@touch $@

n8n/node_modules/.stamp: n8n/package.json n8n/package-lock.json
	cd n8n && npm i --no-save --ignore-scripts --legacy-peer-deps --no-audit --no-fund --no-update-notifier --loglevel=error
	@touch $@

.PHONY: tool-golangci-lint tool-gofumpt tool-sqlc tool-versitygw
tool-golangci-lint tool-gofumpt tool-sqlc tool-versitygw: tool-%:
	@scripts/install-tool.sh $*
