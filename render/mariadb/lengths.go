package mariadb

import (
	"fmt"
	"math"
	"slices"

	"stackgen/schema/diag"
	"stackgen/schema/topology"
)

// maxRow is how many bytes the columns of a table may have together, what is
// stored elsewhere counted as a pointer; maxKey is the same for a key of InnoDB
// (MariaDB, InnoDB Limitations; MySQL, Limits on Table Column Count and Row Size).
const (
	maxRow = 65535
	maxKey = 3072
)

// most are the largest numbers that a type takes in parentheses.
func (p column) most() []int {
	switch p.name {
	case "BIT":
		return []int{64}
	case "BLOB", "TEXT":
		return []int{math.MaxUint32}
	case "DATETIME", "TIME", "TIMESTAMP":
		return []int{6}
	case "DEC", "DECIMAL", "FIXED", "NUMERIC":
		return []int{65, p.dialect.decimals}
	case "DOUBLE", "REAL":
		return []int{255, 30}
	case "FLOAT":
		if len(p.numbers) == 1 {
			return []int{53} // bits
		}
		return []int{255, 30}
	case "NVARCHAR", "VARBINARY", "VARCHAR":
		return []int{(maxRow - 3) / p.width} // two bytes say how long it is, and a bit whether it is NULL
	case "YEAR":
		return []int{4}
	}
	return []int{255}
}

// tooMuch says which number in parentheses is too large, or "".
func (p column) tooMuch() string {
	most := p.most()
	for i, n := range p.numbers {
		if n > most[i] {
			return fmt.Sprintf("%d is more than the %d that %s takes", n, most[i], p.name)
		}
	}
	if len(p.numbers) == 2 && p.numbers[1] > p.numbers[0] {
		return fmt.Sprintf("%s has %d digits, and %d of them behind the point", p.name, p.numbers[0], p.numbers[1])
	}
	return ""
}

// isSound reports whether the server takes the type as it is written.
func (p column) isSound() bool { return p.known && p.fits && p.tooMuch() == "" }

// instead says what to write where a number is too large.
func (p column) instead() string {
	switch {
	case p.isText():
		return "write TEXT for what is longer"
	case p.name == "BINARY" || p.name == "VARBINARY":
		return "write BLOB for what is longer"
	}
	if len(p.numbers) == 2 && p.numbers[1] > p.numbers[0] {
		return "the first number counts all digits"
	}
	return ""
}

// length is the number in parentheses, or what it is without one.
func (p column) length(fallback int) int {
	if len(p.numbers) == 0 {
		return fallback
	}
	return p.numbers[0]
}

// isText reports whether a column holds text of a length.
func (p column) isText() bool {
	return slices.Contains([]string{"CHAR", "NCHAR", "NVARCHAR", "VARCHAR"}, p.name)
}

// bytes are what the longest value of a column takes in a key.
func (p column) bytes() int {
	switch p.name {
	case "BINARY", "CHAR", "NCHAR", "NVARCHAR", "VARBINARY", "VARCHAR":
		return p.length(1) * p.width
	case "BIGINT", "DATETIME", "DOUBLE", "REAL":
		return 8
	case "BIT":
		return (p.length(1) + 7) / 8
	case "DEC", "DECIMAL", "FIXED", "NUMERIC":
		return p.length(10)/2 + 1 // at least; nine digits are four bytes
	case "INET6", "UUID":
		return 16
	case "BOOL", "BOOLEAN", "TINYINT", "YEAR":
		return 1
	}
	return 3
}

// inRow are what the longest value of a column takes in a row, at least.
func (p column) inRow() int {
	switch p.name {
	case "NVARCHAR", "VARBINARY", "VARCHAR":
		if p.bytes() > 255 {
			return p.bytes() + 2
		}
		return p.bytes() + 1
	}
	if p.class == long {
		return 9 // a length, and where it is
	}
	return p.bytes()
}

// sizes finds tables whose rows or keys are longer than the server takes.
func (c *tableChecker) sizes() {
	row, key := 0, 0
	for i, p := range c.parsed {
		row += p.inRow()
		if slices.Contains(c.table.PrimaryKey, c.table.Columns[i].Name) {
			key += p.bytes()
		}
	}
	if row > maxRow {
		c.diags.Errorf("mariadb/row-length", diag.Join(c.path, "columns"),
			"a row has up to %d bytes, more than the %d that the server takes", row, maxRow).
			Hintf("write TEXT or BLOB for what is long: it is stored elsewhere")
	}
	if key > maxKey {
		c.diags.Errorf("mariadb/key-length", diag.Join(c.path, "primaryKey"),
			"the key has up to %d bytes, more than the %d that the server takes", key, maxKey).
			Hintf("shorten its columns: a character has up to %d bytes here", widthOf(charsetOf(c.db, c.schema)))
	}
}

// widthOf is how many bytes the longest character of a set has.
func widthOf(charset string) int {
	for _, c := range collations {
		if c.charset == charset {
			return c.width
		}
	}
	return 1
}

// parseColumns reads the columns of a table.
func parseColumns(d dialect, charset string, t topology.Table) (columns []column) {
	for _, c := range t.Columns {
		columns = append(columns, parseColumn(d, charset, c))
	}
	return columns
}
