package outdir

import (
	"os"
	"testing"
)

// asNobody skips the test for root, which knows no permissions.
func asNobody(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("runs as root")
	}
}
