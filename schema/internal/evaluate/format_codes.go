package evaluate

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// formatCode is a piece of a format string: literal text, or a conversion of
// the mini-language that std.format shares with Python's %.
type formatCode struct {
	literal bool
	text    string // the literal, or the code as written without its mapping key

	key                           string
	hasKey                        bool
	alt, zero, left, blank, signs bool
	width, precision              int // precision is -1 when not given
	conversion                    byte
}

// parseFormat splits a format string. It does not take what is an error, what
// takes widths from the values (*), or conversions other than s, d, o, x and f
// with their synonyms.
func parseFormat(s string) (codes []formatCode, ok bool) {
	literal := ""
	for s != "" {
		i := strings.IndexByte(s, '%')
		if i < 0 {
			i = len(s)
		}
		literal, s = literal+s[:i], s[i:]
		if s == "" {
			break
		}
		if strings.HasPrefix(s, "%%") {
			literal, s = literal+"%", s[2:]
			continue
		}
		c, n := parseCode(s)
		if n == 0 {
			return nil, false
		}
		codes = append(codes, formatCode{literal: true, text: literal}, c)
		literal, s = "", s[n:]
	}
	return append(codes, formatCode{literal: true, text: literal}), true
}

// parseCode reads the code at the start of s and gives its length, or 0 when it
// is not understood.
func parseCode(s string) (c formatCode, n int) {
	i := 1
	if strings.HasPrefix(s[i:], "(") {
		end := strings.IndexByte(s, ')')
		if end < 0 {
			return c, 0
		}
		c.key, c.hasKey, i = s[i+1:end], true, end+1
	}
	c.text = "%"
	start := i
	for ; i < len(s) && c.flag(s[i]); i++ {
	}
	c.width, i = digitsAt(s, i)
	c.precision = -1
	if i < len(s) && s[i] == '.' {
		c.precision, i = digitsAt(s, i+1)
	}
	if i < len(s) && strings.IndexByte("hlL", s[i]) >= 0 {
		i++
	}
	if i >= len(s) || strings.IndexByte("sdiuoxXfF", s[i]) < 0 || c.width > 1000 || c.precision > 15 {
		return c, 0
	}
	c.text, c.conversion = "%"+s[start:i+1], s[i]
	return c, i + 1
}

func (c *formatCode) flag(b byte) bool {
	switch b {
	case '#':
		c.alt = true
	case '0':
		c.zero = true
	case '-':
		c.left = true
	case ' ':
		c.blank = true
	case '+':
		c.signs = true
	default:
		return false
	}
	return true
}

// digitsAt reads a number at i and gives where it ends.
func digitsAt(s string, i int) (n, end int) {
	for ; i < len(s) && s[i] >= '0' && s[i] <= '9' && n < 1e6; i++ {
		n = n*10 + int(s[i]-'0')
	}
	return n, i
}

func (c formatCode) format(v any) (string, bool) {
	if c.conversion == 's' {
		return asText(v), true
	}
	n, ok := v.(float64)
	if !ok || math.Abs(n) >= 1<<53 {
		return "", false
	}
	zeros := 0
	if c.zero && !c.left {
		zeros = c.width
	}
	switch c.conversion {
	case 'o':
		prefix := ""
		if c.alt && math.Abs(n) >= 1 {
			prefix = "0"
		}
		return c.integer(n <= -1, prefix+strconv.FormatInt(int64(math.Abs(n)), 8), zeros), true
	case 'x', 'X':
		return c.hexadecimal(math.Floor(n), zeros), true
	case 'f', 'F':
		return c.float(n, zeros)
	}
	return c.integer(n <= -1, strconv.FormatInt(int64(math.Abs(n)), 10), zeros), true
}

// integer adds sign and leading zeros to digits.
func (c formatCode) integer(negative bool, digits string, zeros int) string {
	sign := c.sign(negative)
	return sign + leftPad(digits, max(zeros-len(sign), c.precision), "0")
}

func (c formatCode) sign(negative bool) string {
	switch {
	case negative:
		return "-"
	case c.signs:
		return "+"
	case c.blank:
		return " "
	}
	return ""
}

func (c formatCode) hexadecimal(n float64, zeros int) string {
	prefix, digits := "", strconv.FormatInt(int64(math.Abs(n)), 16)
	if c.alt {
		prefix = "0x"
	}
	if c.conversion == 'X' {
		prefix, digits = strings.ToUpper(prefix), strings.ToUpper(digits)
	}
	sign := c.sign(n < 0)
	return sign + prefix + leftPad(digits, max(zeros-len(sign)-len(prefix), c.precision), "0")
}

// float rounds as std.format does, half up on the magnitude in binary floating
// point, and not as strconv does.
func (c formatCode) float(n float64, zeros int) (string, bool) {
	precision := c.precision
	if precision < 0 {
		precision = 6
	}
	denominator := math.Pow(10, float64(precision))
	numerator := math.Abs(n)*denominator + 0.5
	whole, fraction := math.Floor(numerator/denominator), math.Mod(math.Floor(numerator), denominator)
	if whole >= 1<<53 {
		return "", false
	}
	point := ""
	if precision > 0 || c.alt {
		point = "."
	}
	sign := c.sign(n < 0)
	text := sign + leftPad(strconv.FormatInt(int64(whole), 10), zeros-precision-len(point)-len(sign), "0") + point
	if precision > 0 {
		text += leftPad(strconv.FormatInt(int64(fraction), 10), precision, "0")
	}
	return text, true
}

// pad fills up to the width, counted in code points.
func (c formatCode) pad(s string) string {
	if c.left {
		return s + strings.Repeat(" ", max(0, c.width-utf8.RuneCountInString(s)))
	}
	return leftPad(s, c.width, " ")
}

func leftPad(s string, width int, with string) string {
	return strings.Repeat(with, max(0, width-utf8.RuneCountInString(s))) + s
}
