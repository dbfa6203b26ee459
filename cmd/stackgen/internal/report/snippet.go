package report

import (
	"strings"
	"unicode"

	"stackgen/schema/diag"

	"github.com/rivo/uniseg"
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
	line, pos = nearby(line, pos, 4*maxShown)
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

// nearby is some characters of a very long line before and after a place, and where the
// place is in them: a file of many megabytes may have one line only.
func nearby(line string, pos diag.Pos, around int) (string, diag.Pos) {
	if len(line) <= 2*around {
		return line, pos
	}
	from := max(0, pos.Column-1-around)
	begin := byteOf(line, from)
	end := begin + byteOf(line[begin:], pos.Column-1-from+around)
	pos.Column -= from
	if pos.EndLine == pos.Line {
		pos.EndColumn = max(pos.EndColumn-from, pos.Column)
	}
	return line[begin:end], pos
}

// byteOf is where some characters of a text end.
func byteOf(text string, characters int) int {
	for i := range text {
		if characters <= 0 {
			return i
		}
		characters--
	}
	return len(text)
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

// cell is a character of a line as it is shown. Of several that a terminal shows as
// one, such as a letter with a mark, the first has the width of all.
type cell struct {
	text  string
	width int // columns of a terminal
}

func cellsOf(line string) []cell {
	var cells []cell
	column := 0
	for signs := uniseg.NewGraphemes(strings.Map(shown, strings.TrimSuffix(line, "\r"))); signs.Next(); {
		width := signs.Width()
		for i, r := range signs.Runes() {
			c := cell{text: string(r)}
			switch {
			case r == '\t':
				c.width = tabWidth - column%tabWidth
				c.text = strings.Repeat(" ", c.width)
			case i == 0:
				c.width = width
			}
			column += c.width
			cells = append(cells, c)
		}
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

// Width is how many columns of a terminal a text takes that [Printable] gave.
func Width(s string) int { return uniseg.StringWidth(s) }
