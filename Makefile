# make render    build bin/stackgen, render the reference stack into out/ (needs Go only)
# make quick     what a change of one renderer needs, in under a minute
# make test      everything a user should trust, with the real programs
# make nightly   thousands of routers and mutants made by chance, where make test makes hundreds
# make demo      bring the reference stack up in private namespaces (Debian, as root)
# make check     static and quick: format, vet, staticcheck, all builds, golden trees
# make golden    rewrite the golden trees and scripts; read the diff before committing it
# make bench     compare with go-jsonnet's command; writes docs/performance.md
# make stages    time and memory of each stage
# make fuzz      each fuzz target for FUZZTIME
# make tools     install the real programs (Debian, as root)

GO          ?= go
FUZZTIME    ?= 20s
STATICCHECK ?= honnef.co/go/tools/cmd/staticcheck@v0.8.2
PLATFORMS   := linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64

.PHONY: build render quick test nightly demo check golden bench stages fuzz tools build-all

# Without C a program needs no dynamic linker, and starts a millisecond earlier. It is
# the same wherever it is built.
PROGRAM := bin/stackgen
build:
	CGO_ENABLED=0 $(GO) build -trimpath -o $(PROGRAM) ./cmd/stackgen

render: build
	bin/stackgen render -o out fixtures/nullzero/topology.jsonnet

# The goldens of the larger fixtures, and what only real programs know, are left to
# make test.
quick: build
	$(GO) vet ./render/... ./templates ./cmd/stackgen
	$(GO) test ./cmd/stackgen -run '^Test(Doors.*|EveryPackage.*|NoInit.*|FunctionLength)$$'
	$(GO) test ./render -run '^TestGolden$$'

# What could not be installed is said before the tests and after them. Whole
# machines come last and have this one to themselves.
test:
	.ci/packages
	$(GO) test -race -timeout 30m $$($(GO) list ./... | grep -v /systemtest)
	$(GO) test -timeout 60m ./cmd/stackgen/systemtest
	@.ci/packages --missing

# The test of the whole stack, shown while it runs; see cmd/stackgen/systemtest.
# VMS=yes: guests are virtual machines and not containers, which takes minutes.
demo:
	@[ "$$(id -u)" = 0 ] || { echo "make demo makes namespaces and installs what is missing: run it as root" >&2; exit 1; }
	@.ci/packages
	@cd cmd/stackgen/systemtest && STACKGEN_REQUIRE_TOOLS=1 $(GO) test -count=1 -timeout 60m -run '^TestDemo$$' -demo $(if $(VMS),-vms)

# The same ones each time.
nightly:
	STACKGEN_NIGHTLY=1 $(GO) test -timeout 120m ./render -run '^Test(RandomRouters|Mutants|WalksAreTrue)$$' -count=1 -v

check: build-all
	@echo "gofmt -l"; test -z "$$(gofmt -l cmd render schema templates | tee /dev/stderr)"
	$(GO) vet ./...
	$(GO) run $(STATICCHECK) ./...
	.ci/unchanged out docs fixtures cmd/stackgen/testdata -- $(MAKE) --no-print-directory golden

build-all:
	@for p in $(PLATFORMS); do echo "build $$p"; \
	  CGO_ENABLED=0 GOOS=$${p%/*} GOARCH=$${p#*/} $(GO) build -o /dev/null ./cmd/stackgen || exit 1; done

golden:
	$(GO) test ./render ./render/vyos ./render/impact -run '^TestGolden' -count=1 -update
	$(GO) test ./cmd/stackgen -run '^Test(Scripts|BadFixtures|Readme|Licenses)$$' -count=1 -update

bench:
	$(GO) run ./cmd/bench -o docs/performance.md

stages:
	$(GO) test -run '^$$' -bench . -benchmem ./...

fuzz:
	@grep -rl --include='*_test.go' '^func Fuzz' . | while read -r file; do \
	  for f in $$(sed -n 's/^func \(Fuzz[A-Za-z0-9_]*\).*/\1/p' "$$file"); do \
	    echo "$$file $$f"; \
	    $(GO) test -run '^$$' -fuzz "^$$f$$" -fuzztime $(FUZZTIME) "$$(dirname "$$file")" || exit 1; \
	  done; done

tools:
	.ci/packages
