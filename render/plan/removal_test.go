package plan

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// fakeVirsh has one domain, web02, whose state is in the file $FAKE; a request to
// shut down takes two questions.
const fakeVirsh = `#!/bin/bash
shift 3
echo "$*" >>"$FAKE.log"
case "$1" in
list) echo 22222222-2222-4222-8222-222222222222 ;;
domstate) cat "$FAKE"; [[ ! -e $FAKE.asked ]] || { read -r n <"$FAKE.asked"; echo $((n - 1)) >"$FAKE.asked"; ((n > 1)) || echo 'shut off' >"$FAKE"; } ;;
shutdown) [[ $(<"$FAKE") == running ]] && { [[ -e $FAKE.deaf ]] || echo 2 >"$FAKE.asked"; } ;;
domblklist) printf 'file disk vda /srv/web02.qcow2\nfile cdrom sda /srv/seed.iso\n' ;;
undefine) [[ $(<"$FAKE") == 'shut off' || $(<"$FAKE") == crashed ]] ;;
*) exit 9 ;;
esac
`

func TestRemoveDomain(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, state string
		deaf, ok    bool
		says        string
		never       []string // commands that are not given
	}{
		{"off", "shut off", false, true, "its disk stays: /srv/web02.qcow2", []string{"shutdown", "destroy"}},
		{"crashed", "crashed", false, true, "its disk stays", []string{"shutdown", "destroy"}},
		{"running", "running", false, true, "its disk stays", []string{"destroy"}},
		{"does not listen", "running", true, false, "is running after 1 seconds, and stays; if it may be switched off: virsh destroy web02", []string{"undefine", "destroy"}},
		{"paused", "paused", false, false, "is paused after 1 seconds, and stays", []string{"shutdown", "undefine", "destroy"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			state := filepath.Join(dir, "state")
			for name, text := range map[string]string{"virsh": fakeVirsh, "state": tt.state + "\n"} {
				if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o755); err != nil {
					t.Fatal(err)
				}
			}
			patience := "600" // polled: a slow machine is no failure
			if !tt.ok {
				patience = "1"
			}
			if tt.deaf {
				if err := os.WriteFile(state+".deaf", nil, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			out, ok := call(t, []string{"PATH=" + dir + ":" + os.Getenv("PATH"), "FAKE=" + state, "STACKGEN_SHUTDOWN=" + patience},
				"remove_domain web02 22222222-2222-4222-8222-222222222222")
			if ok != tt.ok || !strings.Contains(out, tt.says) || strings.Contains(out, "seed.iso") {
				t.Errorf("ok %v, want %v\n%s\nwant %s", ok, tt.ok, out, tt.says)
			}
			log, err := os.ReadFile(state + ".log")
			if err != nil {
				t.Fatal(err)
			}
			for _, word := range tt.never {
				if strings.Contains(string(log), word) {
					t.Errorf("virsh %s is called:\n%s", word, log)
				}
			}
		})
	}
}
