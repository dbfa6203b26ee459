package report

import (
	"io"
	"os"

	"stackgen/schema/diag"

	"golang.org/x/term"
)

// Palette is how parts of a report are coloured: not at all, if it is false.
type Palette bool

// ColourOf is colour for a terminal whose user has not refused it
// (no-color.org), and none for anything else.
func ColourOf(w io.Writer) Palette {
	return Palette(os.Getenv("NO_COLOR") == "" && IsTerminal(w))
}

// IsTerminal tells a terminal that knows escape sequences.
func IsTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok || os.Getenv("TERM") == "dumb" {
		return false
	}
	return term.IsTerminal(int(f.Fd()))
}

// ANSI escape sequences, ECMA-48 8.3.117.
const (
	red, yellow, blue = "\x1b[1;31m", "\x1b[1;33m", "\x1b[1;34m"
	bold, plain       = "\x1b[1m", "\x1b[0m"
)

func (p Palette) in(colour, text string) string {
	if !p || text == "" {
		return text
	}
	return colour + text + plain
}

func (p Palette) strong(text string) string { return p.in(bold, text) }
func (p Palette) frame(text string) string  { return p.in(blue, text) }

func (p Palette) severity(s diag.Severity) string {
	if s == diag.Warning {
		return p.in(yellow, s.String())
	}
	return p.in(red, s.String())
}

// mark colours an underline with its label.
func (p Palette) mark(mark rune, text string) string {
	if mark == '-' {
		return p.in(blue, text)
	}
	return p.in(red, text)
}
