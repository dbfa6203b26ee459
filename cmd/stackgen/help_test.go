package main

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/spf13/cobra"
)

// TestHelpFitsScreen asks every command for help, which has an example and
// fits a terminal of the usual size.
func TestHelpFitsScreen(t *testing.T) {
	root := rootCommand()
	root.InitDefaultHelpCmd() // cobra adds help when it runs
	commands := append(root.Commands(), root)
	for _, c := range commands {
		t.Run(c.Name(), func(t *testing.T) {
			args := append(strings.Fields(c.CommandPath())[1:], "--help")
			var stdout, stderr bytes.Buffer
			if code := run(args, &stdout, &stderr); code != exitOK || stderr.Len() > 0 {
				t.Fatalf("exit code %d, stderr %q", code, stderr.String())
			}
			checkHelp(t, c, stdout.String())
		})
	}
}

func checkHelp(t *testing.T, c *cobra.Command, text string) {
	t.Helper()
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	if len(lines) > screenHeight {
		t.Errorf("%d lines, want at most %d:\n%s", len(lines), screenHeight, text)
	}
	for _, line := range lines {
		if n := utf8.RuneCountInString(line); n > screenWidth {
			t.Errorf("%d columns, want at most %d: %s", n, screenWidth, line)
		}
	}
	if !c.HasExample() {
		t.Error("no example")
	}
	if !strings.Contains(text, "Usage: stackgen") {
		t.Errorf("no usage:\n%s", text)
	}
}
