package mariadb

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"stackgen/schema/diag"
	"stackgen/schema/topology"
)

// tableChecker checks one table: what the server would not say, or say only when
// half of the work is done. Types and values are the server's to judge.
type tableChecker struct {
	*checker
	table topology.Table
	path  string
}

// inlineKey matches a key or a reference that stands behind the type of a column.
var inlineKey = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i) (PRIMARY|UNIQUE|KEY|REFERENCES)( |\(|$)`)
})

// quotedText matches a text within a definition.
var quotedText = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`'([^']|'')*'`) })

func (c *tableChecker) columns() {
	for i, col := range c.table.Columns {
		path := diag.Join(c.path, "columns", col.Name)
		same := func(other topology.Column) bool { return strings.EqualFold(other.Name, col.Name) }
		if first := slices.IndexFunc(c.table.Columns, same); first < i {
			c.diags.Errorf("mariadb/column-twice", path, "column %q is there already: case makes no difference", col.Name).
				AtKey().Also(diag.Join(c.path, "columns", c.table.Columns[first].Name), "already used here").
				Hintf("choose another name")
		}
		if m := inlineKey().FindStringSubmatch(quotedText().ReplaceAllString(col.Type, "''")); m != nil {
			c.diags.Errorf("mariadb/inline-key", path, "%s stands behind the type of a column, where apply could not compare it", strings.ToUpper(m[1])).
				Hintf("write primaryKey, indexes or foreignKeys in the table")
		}
	}
}

// rows finds values that would not arrive, and rows that are there twice.
func (c *tableChecker) rows() {
	first := make(map[string]int)
	for i, row := range c.table.Rows {
		path := diag.Join(c.path, "rows", i)
		for _, cell := range row {
			c.cell(cell, diag.Join(path, cell.Column))
		}
		id := c.identity(row)
		if other, ok := first[id]; ok {
			c.diags.Errorf("mariadb/duplicate-row", path, "the row is the same as another").
				Also(diag.Join(c.path, "rows", other), "the other")
			continue
		}
		first[id] = i
	}
}

// identity is what a row is known by: its key if it gives it, else all of it.
func (c *tableChecker) identity(row topology.Row) string {
	byKey := keyed(c.table, columnsOf(row))
	var b strings.Builder
	for _, cell := range row {
		if !byKey || slices.Contains(c.table.PrimaryKey, cell.Column) {
			b.WriteString(identifier(cell.Column) + literal(cell.Value))
		}
	}
	return b.String()
}

// maxExact is the largest number up to which JSON keeps every integer apart.
const maxExact = 1 << 53

// cell finds numbers that are not what was written before the server sees them.
func (c *tableChecker) cell(cell topology.Cell, path string) {
	if v, ok := cell.Value.(float64); ok && math.Abs(v) > maxExact && v == math.Trunc(v) {
		c.diags.Errorf("mariadb/large-number", path,
			"%s may not be the number that was written: JSON keeps integers up to %d apart",
			strconv.FormatFloat(v, 'f', -1, 64), maxExact).Hintf("write it as text")
	}
}
