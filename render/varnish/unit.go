package varnish

import (
	"fmt"
	"strings"

	"stackgen/render/artifact"
	"stackgen/render/internal/shell"
	"stackgen/schema/topology"
)

// unitView is what the template of the drop-in shows.
type unitView struct {
	Argv   []string
	WarmUp int // seconds from loading new VCL to using it
}

func unitOf(vm *topology.VM) unitView {
	return unitView{Argv: argv(vm.Varnish), WarmUp: warmUp(vm.Varnish.Backends)}
}

const second = topology.Duration(1_000_000_000)

// maxWarmUp is shorter than the time that systemd gives a reload.
const maxWarmUp = 60

// warmUp is how many seconds it can take until all servers that are well count as
// healthy in new VCL. It has probes of its own, which begin at once: used before
// they have an answer, it would turn visitors away from servers that serve.
func warmUp(backends []topology.Backend) (seconds int) {
	for _, b := range backends {
		p := b.Probe
		if p == nil || p.Initial >= p.Threshold {
			continue
		}
		answers := p.Timeout + topology.Duration(p.Threshold-p.Initial-1)*p.Interval
		seconds = max(seconds, int((answers+second-1)/second))
	}
	return min(seconds, maxWarmUp)
}

// argv is the command of Debian's varnish.service, but for port and memory.
// No argument needs quoting, neither for systemd nor for a shell.
func argv(v *topology.Varnish) []string {
	words := []string{
		"/usr/sbin/varnishd",
		"-j unix,user=vcache",
		"-F",
		fmt.Sprintf("-a :%d", v.Listen),
	}
	if v.TLS != nil {
		words = append(words, fmt.Sprintf("-a tls=127.0.0.1:%d,PROXY", topology.ProxyPort), "-p feature=+http2")
	}
	return append(words,
		"-T localhost:6082",
		"-f /etc/varnish/default.vcl",
		"-S /etc/varnish/secret",
		"-s malloc,"+size(v.Storage),
	)
}

// size writes a size in the largest unit that keeps it whole: varnishd's k, m,
// g and t are binary, too.
func size(s topology.Size) string {
	return strings.ToLower(strings.TrimSuffix(s.String(), "iB"))
}

// step loads new VCL into the running cache, which keeps what it holds; only a
// change of the command needs a restart. The unit is of type simple: systemd
// says "started" before varnishd has compiled the VCL, so Verify waits.
//
// Debian enables varnishncsa, which fails where it starts before the cache has
// made its shared memory, and then the system counts as degraded.
func step(vm *topology.VM) artifact.Step {
	command := strings.Join(argv(vm.Varnish), " ")
	return artifact.Step{
		Machine: vm.Name, Name: "varnish", Phase: artifact.Cache,
		Summary:  fmt.Sprintf("Varnish on port %d", vm.Varnish.Listen),
		Packages: []string{"varnish"},
		Makes:    artifact.Units("varnish.service"),
		// On success -C prints a C program, on failure what is wrong.
		Check: []string{`out=$(varnishd -C -f /etc/varnish/default.vcl 2>&1) || { printf '%s\n' "$out" >&2; exit 1; }`},
		Apply: []string{
			"systemctl daemon-reload",
			"systemctl --quiet disable --now varnishncsa.service",
			"if systemctl --quiet is-failed varnishncsa.service; then systemctl reset-failed varnishncsa.service; fi",
			"pid=$(systemctl show --value --property MainPID varnish.service)",
			fmt.Sprintf(`if [ "$(tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline")" = %s ]; then systemctl reload varnish.service; else systemctl restart varnish.service; fi`, shell.Quote(command+" ")),
		},
		Verify: []string{
			shell.Until(30, `[ "$(varnishadm status)" = "Child in state running" ]`, "varnishd has no running child process"),
			shell.Until(10, fmt.Sprintf(`[ -n "$(ss -Hltn sport = :%d)" ]`, vm.Varnish.Listen),
				fmt.Sprintf("varnishd does not listen on port %d", vm.Varnish.Listen)),
		},
	}
}
