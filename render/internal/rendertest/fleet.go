package rendertest

import (
	"fmt"
	"path/filepath"
	"testing"

	"stackgen/schema"

	"github.com/google/go-jsonnet"
)

// Fleet is a stack of n machines with every kind of service, for benchmarks:
// fixtures/fleet.libsonnet as an input.
func Fleet(t testing.TB, n int) schema.Input {
	t.Helper()
	library := filepath.Join(root(), "fixtures", "fleet.libsonnet")
	file := Write(t, "fleet.jsonnet", fmt.Sprintf("(import '%s')(%d)", library, n))
	return schema.Input{File: file, Importer: &jsonnet.FileImporter{}}
}

// Reference is the reference stack as an input.
func Reference() schema.Input {
	return schema.Input{File: filepath.Join(root(), "fixtures", "nullzero", "topology.jsonnet"),
		Importer: &jsonnet.FileImporter{}}
}
