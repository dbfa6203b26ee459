package mariadb

import (
	"math"
	"strconv"
	"strings"
)

// prologue is how every file begins: it settles what the quoting below rests
// on. In this mode the backslash escapes, double quotes are not identifiers, a
// value that does not fit is an error, and 0 stays 0.
const prologue = "SET NAMES utf8mb4;\n" +
	"SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO,NO_ENGINE_SUBSTITUTION';\n"

// stringLiteral writes a string literal.
func stringLiteral(s string) string { return "'" + escaper.Replace(s) + "'" }

// escaper escapes what is special between single quotes. A NUL cannot come: the
// schema refuses it, and secrets are escaped by apply.
var escaper = strings.NewReplacer(
	`\`, `\\`, // the escape character itself
	`'`, `\'`, // would end the literal
	"\n", `\n`, // keeps a literal on one line, for readers
	"\r", `\r`, // the client would make one line break of \r\n
	"\x1a", `\Z`, // ends a file on Windows
)

// identifier writes the name of a schema, table, column or role. Within
// backticks only the backtick itself is special, and is doubled.
func identifier(s string) string { return "`" + strings.ReplaceAll(s, "`", "``") + "`" }

// literal writes the value of a cell: text, a number, a truth value or null.
func literal(v any) string {
	switch v := v.(type) {
	case string:
		return stringLiteral(v)
	case float64:
		return numeral(v)
	case bool:
		return strings.ToUpper(strconv.FormatBool(v))
	}
	return "NULL"
}

// numeral writes digits as they are meant: with an exponent the server would
// take an exact number for an approximate one. No exact type reaches beyond 65
// digits, of which 38 may be behind the point.
func numeral(v float64) string {
	if a := math.Abs(v); a != 0 && (a >= 1e65 || a < 1e-38) {
		return strconv.FormatFloat(v, 'e', -1, 64)
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}
