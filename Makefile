# make render   build bin/stackgen and render the reference stack into out/ (needs only Go)
# make golden   rewrite the golden trees; read the diff before committing it
GO ?= go

.PHONY: build render golden

build:
	$(GO) build -o bin/stackgen ./cmd/stackgen

render: build
	bin/stackgen render -o out fixtures/nullzero/topology.jsonnet

golden:
	$(GO) test ./render -run '^TestGolden$$' -count=1 -update
