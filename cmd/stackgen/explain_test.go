package main

import (
	"regexp"
	"strings"
	"testing"

	"stackgen/schema/rules"
)

// TestExplanationsNameCommands fails when an explanation names a command or a
// flag of it that there is not.
func TestExplanationsNameCommands(t *testing.T) {
	for _, r := range rules.All() {
		commandsExist(t, r.Name, r.Fix, r.Source)
	}
	for _, n := range rules.Notices() {
		if !commandsExist(t, n.Name, n.By) {
			t.Errorf("%s does not say which command finds it", n.Name)
		}
		commandsExist(t, n.Name, n.Fix, n.Source, n.Severity)
	}
}

// commandsExist reports whether texts name any command.
func commandsExist(t *testing.T, rule string, texts ...string) (any bool) {
	t.Helper()
	for _, m := range regexp.MustCompile(`stackgen ([a-z]+)((?: --[a-z-]+)*)`).FindAllStringSubmatch(strings.Join(texts, "\n"), -1) {
		c, _, err := rootCommand().Find(m[1:2])
		if err != nil || c.Name() != m[1] {
			t.Errorf("%s: there is no %q", rule, m[0])
			continue
		}
		for _, flag := range strings.Fields(m[2]) {
			if name := strings.TrimPrefix(flag, "--"); name != "help" && c.Flags().Lookup(name) == nil {
				t.Errorf("%s: there is no %q", rule, m[0])
			}
		}
		any = true
	}
	return any
}
