package rendertest

import (
	"os"
	"testing"
)

// Alone runs a bash script as the first process of namespaces of its own:
// nothing it mounts, listens on or leaves running is seen outside, or outlives
// it. Only root can do that; others skip the test as if a program was missing.
// /run and /var/log are empty there, and the loopback device is up. A script that
// fails says with which command.
func Alone(t testing.TB, script string) (output string, ok bool) {
	t.Helper()
	Need(t, "unshare", "bash", "ip")
	if os.Geteuid() != 0 {
		missing(t, "root")
	}
	prelude := `set -Eeuo pipefail
trap 'echo "failed: $BASH_COMMAND" >&2' ERR
for dir in /run /var/log; do mount -t tmpfs tmpfs "$dir"; done
mount -t sysfs sysfs /sys
mkdir /run/network /run/openvswitch /run/lock
ip link set lo up
`
	return Run(t, "unshare", "--net", "--mount", "--pid", "--uts", "--ipc", "--fork", "--kill-child=SIGKILL",
		"--mount-proc",
		"--propagation", "private", "--", "bash", "-c", prelude+script)
}
