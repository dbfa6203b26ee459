package report

import (
	"strings"
	"unicode"

	"stackgen/schema/diag"
)

// snippet is a line of a source file as it is shown, and the part of it that is
// underlined, in columns of a terminal.
type snippet struct {
	text           string
	before, length int
}

// How lines are shown.
const (
	tabWidth = 4
	maxShown = 100 // columns; of a longer line only the part around the place
)

// cut shows the first line of a place.
func cut(line string, pos diag.Pos) snippet {
	cells := cellsOf(line)
	begin := min(max(pos.Column-1, 0), len(cells))
	end := len(cells)
	if pos.EndLine == pos.Line {
		end = min(max(pos.EndColumn-1, begin), len(cells))
	}
	for end > begin+1 && cells[end-1].text == " " {
		end--
	}
	from, to := window(cells, begin, end)
	s := snippet{text: textOf(cells[from:to]), before: widthOf(cells[from:begin])}
	s.length = max(1, widthOf(cells[begin:min(end, to)]))
	if from > 0 {
		s.text, s.before = "…"+s.text, s.before+1
	}
	if to < len(cells) {
		s.text += "…"
	}
	s.text = strings.TrimRight(s.text, " ")
	return s
}

// window is the part of a line that is shown: all of it if it fits, else what
// is around the underlined part, of that the beginning.
func window(cells []cell, begin, end int) (from, to int) {
	if widthOf(cells) <= maxShown {
		return 0, len(cells)
	}
	from, to = begin, begin
	for width := 0; width < maxShown; {
		switch {
		case to < len(cells) && (to < end || from == 0 || widthOf(cells[begin:to]) <= maxShown/2):
			width += cells[to].width
			to++
		case from > 0:
			from--
			width += cells[from].width
		default:
			return from, to
		}
	}
	return from, to
}

// cell is a character of a line as it is shown.
type cell struct {
	text  string
	width int
}

func cellsOf(line string) []cell {
	var cells []cell
	column := 0
	for _, r := range strings.TrimSuffix(line, "\r") {
		c := cell{string(shown(r)), runeWidth(r)}
		if r == '\t' {
			c.width = tabWidth - column%tabWidth
			c.text = strings.Repeat(" ", c.width)
		}
		column += c.width
		cells = append(cells, c)
	}
	return cells
}

func textOf(cells []cell) string {
	var b strings.Builder
	for _, c := range cells {
		b.WriteString(c.text)
	}
	return b.String()
}

func widthOf(cells []cell) (n int) {
	for _, c := range cells {
		n += c.width
	}
	return n
}

// shown is a character, or a sign in place of one that would speak to the
// terminal or turn the direction of the text.
func shown(r rune) rune {
	if r != '\t' && !unicode.IsGraphic(r) && !unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Bidi_Control, r) ||
		r == unicode.ReplacementChar {
		return unicode.ReplacementChar
	}
	return r
}

// Printable is text that is not from a source file as it is shown, on one line.
func Printable(s string) string { return strings.Map(shown, strings.ReplaceAll(s, "\t", " ")) }

// runeWidth is how many columns of a terminal a character takes (UAX #11, as
// far as topologies are likely to go).
func runeWidth(r rune) int {
	switch {
	case unicode.In(r, unicode.Mn, unicode.Me):
		return 0
	case unicode.Is(wide, r):
		return 2
	}
	return 1
}

// wide are the characters that take two columns.
var wide = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0x1100, 0x115f, 1}, {0x231a, 0x231b, 1}, {0x23e9, 0x23ec, 1}, {0x25fd, 0x25fe, 1},
		{0x2614, 0x2615, 1}, {0x2648, 0x2653, 1}, {0x26a1, 0x26a1, 1}, {0x2705, 0x2705, 1},
		{0x274c, 0x274c, 1}, {0x2753, 0x2755, 1}, {0x2795, 0x2797, 1}, {0x2e80, 0x303e, 1},
		{0x3041, 0x33ff, 1}, {0x3400, 0x4dbf, 1}, {0x4e00, 0x9fff, 1}, {0xa000, 0xa4cf, 1},
		{0xac00, 0xd7a3, 1}, {0xf900, 0xfaff, 1}, {0xfe30, 0xfe6f, 1}, {0xff00, 0xff60, 1},
		{0xffe0, 0xffe6, 1},
	},
	R32: []unicode.Range32{
		{0x1f300, 0x1f64f, 1}, {0x1f680, 0x1f6ff, 1}, {0x1f900, 0x1f9ff, 1}, {0x1fa70, 0x1faff, 1},
		{0x20000, 0x3fffd, 1},
	},
}
