package mariadb

import (
	"math"
	"strconv"
	"strings"

	"stackgen/schema/topology"
)

// class is what a column of a type can be.
type class int

const (
	otherClass class = iota
	number           // may be UNSIGNED
	integer          // and AUTO_INCREMENT
	long             // cannot be in a key as a whole
)

// columnTypes are the types of both flavors, with how many numbers in
// parentheses they take.
var columnTypes = [...]struct {
	name, counts string
	class        class
}{
	{"BIGINT", "01", integer}, {"BINARY", "01", otherClass}, {"BIT", "01", otherClass}, {"BLOB", "01", long},
	{"BOOL", "0", otherClass}, {"BOOLEAN", "0", otherClass}, {"CHAR", "01", otherClass}, {"DATE", "0", otherClass},
	{"DATETIME", "01", otherClass}, {"DEC", "012", number}, {"DECIMAL", "012", number}, {"DOUBLE", "02", number},
	{"FIXED", "012", number}, {"FLOAT", "012", number}, {"GEOMETRY", "0", long}, {"GEOMETRYCOLLECTION", "0", long},
	{"INT", "01", integer}, {"INTEGER", "01", integer}, {"JSON", "0", long}, {"LINESTRING", "0", long},
	{"LONGBLOB", "0", long}, {"LONGTEXT", "0", long}, {"MEDIUMBLOB", "0", long}, {"MEDIUMINT", "01", integer},
	{"MEDIUMTEXT", "0", long}, {"MULTILINESTRING", "0", long}, {"MULTIPOINT", "0", long}, {"MULTIPOLYGON", "0", long},
	{"NCHAR", "01", otherClass}, {"NUMERIC", "012", number}, {"NVARCHAR", "1", otherClass}, {"POINT", "0", long},
	{"POLYGON", "0", long}, {"REAL", "02", number}, {"SMALLINT", "01", integer}, {"TEXT", "01", long},
	{"TIME", "01", otherClass}, {"TIMESTAMP", "01", otherClass}, {"TINYBLOB", "0", long}, {"TINYINT", "01", integer},
	{"TINYTEXT", "0", long}, {"VARBINARY", "1", otherClass}, {"VARCHAR", "1", otherClass}, {"YEAR", "01", otherClass},
}

// onlyMariaDB are types that MySQL does not have.
var onlyMariaDB = [...]string{"INET4", "INET6", "UUID"}

// column is a column's type taken apart.
type column struct {
	name                             string // of the type
	class                            class
	known, fits                      bool   // the type, and the count of numbers in parentheses
	takes                            string // how many are possible, in words
	numbers                          []int  // in parentheses
	width                            int    // the bytes of the longest character
	dialect                          dialect
	unsigned, notNull, autoIncrement bool
}

// parseColumn reads what the schema's columnType lets through.
func parseColumn(d dialect, charset string, c topology.Column) (p column) {
	words := strings.Fields(c.Type)
	name, numbers, _ := strings.Cut(words[0], "(")
	p.name, p.numbers, p.dialect = name, parseNumbers(numbers), d
	p.width = characterWidth(name, charset)
	count := len(p.numbers)
	for _, t := range columnTypes {
		if t.name == name {
			p.class, p.known, p.takes = t.class, true, strings.Join(strings.Split(t.counts, ""), " or ")
			p.fits = strings.Contains(t.counts, strconv.Itoa(count))
		}
	}
	for _, n := range onlyMariaDB {
		if n == name && d.flavor == "mariadb" {
			p.known, p.takes, p.fits = true, "0", count == 0
		}
	}
	flags := " " + strings.Join(words[1:], " ") + " "
	p.unsigned = strings.Contains(flags, " UNSIGNED ")
	p.notNull = strings.Contains(flags, " NOT NULL ")
	p.autoIncrement = strings.Contains(flags, " AUTO_INCREMENT ")
	return p
}

// parseNumbers reads "10,2)". A number too large for us is too large for any type.
func parseNumbers(s string) (numbers []int) {
	for digits := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == ',' || r == ')' }) {
		n, err := strconv.Atoi(digits)
		if err != nil {
			n = math.MaxInt
		}
		numbers = append(numbers, n)
	}
	return numbers
}

// characterWidth is the bytes of the longest character of a type.
func characterWidth(name, charset string) int {
	switch {
	case name == "CHAR" || name == "VARCHAR":
		return widthOf(charset)
	case isNational(name):
		return widthOf(national)
	}
	return 1
}

// national is the character set of the national types, whatever the table's is.
const national = "utf8mb3"

func isNational(name string) bool { return name == "NCHAR" || name == "NVARCHAR" }
