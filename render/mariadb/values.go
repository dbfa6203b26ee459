package mariadb

import (
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"
)

// refusal says why the server refuses a value for a column in strict mode, which
// our SQL sets. What it takes and rounds is not refused.
func (p column) refusal(v any) (why string) {
	s, isText := written(v)
	switch p.name {
	case "BINARY", "CHAR", "NCHAR", "NVARCHAR", "VARBINARY", "VARCHAR", "TINYBLOB", "TINYTEXT", "BLOB", "TEXT":
		return p.tooLong(s)
	case "BIT", "BOOL", "BOOLEAN", "YEAR":
		if p.name == "BIT" && isText {
			return p.tooLong(s)
		}
		return p.notBetween(s)
	case "DATE", "DATETIME", "TIME", "TIMESTAMP":
		if isText {
			return p.notTime(s)
		}
	case "INET4", "INET6", "UUID":
		if !isText || !p.isIdentity(s) {
			return fmt.Sprintf("%q is none", s)
		}
	case "JSON":
		if isText && !json.Valid([]byte(s)) {
			return fmt.Sprintf("%q is no JSON, which has text in double quotes", s)
		}
	}
	switch {
	case p.class == integer || p.class == number:
		return p.notBetween(s)
	case p.class == long && !strings.Contains("JSON LONGBLOB LONGTEXT MEDIUMBLOB MEDIUMTEXT", p.name):
		return "text and numbers are no shapes" // GEOMETRY and its kinds
	}
	return ""
}

// written is a value as text, and whether it was.
func written(v any) (s string, isText bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case float64:
		return numeral(v), false
	case bool:
		if v {
			return "1", false
		}
	}
	return "0", false
}

// tooLong finds text that a column has no room for. Spaces behind do not count,
// where characters do: the server cuts them.
func (p column) tooLong(s string) string {
	room, n, unit := p.length(1), len(s), "bytes"
	switch {
	case p.isText():
		n, unit = utf8.RuneCountInString(strings.TrimRight(s, " ")), "characters"
	case p.name == "BIT":
		room = (room + 7) / 8
	case p.name == "TINYBLOB":
		room = math.MaxUint8
	case p.name == "BLOB" && len(p.numbers) == 0:
		room = math.MaxUint16
	case p.class == long: // how many bytes a character takes depends on the set
		room, n, unit = math.MaxUint16, utf8.RuneCountInString(s), "characters"
		if p.name == "TINYTEXT" {
			room = math.MaxUint8
		}
		if len(p.numbers) > 0 {
			room = math.MaxInt
		}
	}
	if n > room {
		return fmt.Sprintf("the value has %d %s, more than %d", n, unit, room)
	}
	return ""
}

// pattern is compiled when it is first asked for: most runs need none.
func pattern(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}

// numeric matches text that is a number to the server.
var numeric = pattern(`^ *[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)? *$`)

// notBetween finds what is no number, or none that a column can hold when it is
// rounded to its decimals.
func (p column) notBetween(s string) string {
	if !numeric().MatchString(s) {
		return fmt.Sprintf("%q is no number", s)
	}
	s = strings.TrimSpace(s)
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return s + " is out of range"
	}
	low, high, half := p.between()
	v := new(big.Rat)
	if f != 0 { // an exponent far below zero would be a number of as many digits
		v.SetString(s)
	}
	if p.name == "YEAR" && (f == 0 || f >= 1 && f <= 99) {
		return ""
	}
	over := v.Cmp(new(big.Rat).Add(high, half)) >= 0
	under := v.Cmp(new(big.Rat).Sub(low, half)) <= 0
	if over || under || p.unsigned && f < 0 {
		return fmt.Sprintf("%s is not between %s and %s", s, plain(low), plain(high))
	}
	return ""
}

// plain writes a limit: exactly where it is whole.
func plain(r *big.Rat) string {
	if r.IsInt() && r.Num().BitLen() <= 64 {
		return r.Num().String()
	}
	f, _ := r.Float64()
	return strconv.FormatFloat(f, 'g', -1, 64)
}

// between are the smallest and the largest number of a column, and half of its
// smallest step, by which a value may be beyond and is rounded.
func (p column) between() (low, high, half *big.Rat) {
	half = big.NewRat(1, 2)
	switch bits := p.bits(); {
	case p.name == "YEAR":
		return big.NewRat(1901, 1), big.NewRat(2155, 1), half
	case bits > 0:
		high = power(2, bits)
		low = new(big.Rat)
		if !p.unsigned && p.name != "BIT" {
			high = power(2, bits-1)
			low.Neg(high)
		}
		return low, high.Sub(high, big.NewRat(1, 1)), half
	case len(p.numbers) < 2 && p.name == "FLOAT" && p.length(0) <= 24:
		high, half = new(big.Rat).SetFloat64(math.MaxFloat32), new(big.Rat)
	case len(p.numbers) < 2 && (p.name == "FLOAT" || p.name == "DOUBLE" || p.name == "REAL"):
		high, half = new(big.Rat).SetFloat64(math.MaxFloat64), big.NewRat(1, 1)
	default:
		digits, decimals := p.length(10), 0
		if len(p.numbers) == 2 {
			decimals = p.numbers[1]
		}
		step := new(big.Rat).Inv(power(10, decimals))
		high = power(10, digits-decimals)
		high.Sub(high, step)
		half.Mul(half, step)
	}
	low = new(big.Rat).Neg(high)
	if p.unsigned {
		low = new(big.Rat)
	}
	return low, high, half
}

// bits are those of an integer, or 0.
func (p column) bits() int {
	switch p.name {
	case "BIT":
		return max(p.length(1), 1)
	case "BOOL", "BOOLEAN", "TINYINT":
		return 8
	case "SMALLINT":
		return 16
	case "MEDIUMINT":
		return 24
	case "INT", "INTEGER":
		return 32
	case "BIGINT":
		return 64
	}
	return 0
}

func power(base int64, exponent int) *big.Rat {
	return new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(base), big.NewInt(int64(exponent)), nil))
}

// uuid matches what the server takes for one: the hyphens may be left out.
var uuid = pattern(`^[0-9A-Fa-f]{8}-?([0-9A-Fa-f]{4}-?){3}[0-9A-Fa-f]{12}$`)

// isIdentity reports whether text is a value of the type INET4, INET6 or UUID.
func (p column) isIdentity(s string) bool {
	if p.name == "UUID" {
		return uuid().MatchString(s)
	}
	a, err := netip.ParseAddr(s)
	ofType := a.Is4() == (p.name == "INET4") || p.name == "INET6" && p.dialect.mappedINET6
	return err == nil && a.Zone() == "" && ofType
}
