package mariadb

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"stackgen/schema/diag"
	"stackgen/schema/topology"
)

// tableChecker checks one table.
type tableChecker struct {
	*checker
	schema topology.Database
	table  topology.Table
	parsed []column // of the table
	path   string
}

func (c *tableChecker) columns() {
	before := len(*c.diags)
	for i, col := range c.table.Columns {
		path := diag.Join(c.path, "columns", col.Name)
		c.column(col, c.parsed[i], path)
		same := func(other topology.Column) bool { return strings.EqualFold(other.Name, col.Name) }
		if first := slices.IndexFunc(c.table.Columns, same); first < i {
			c.diags.Errorf("mariadb/column-twice", path, "column %q is there already: case makes no difference", col.Name).
				AtKey().Also(diag.Join(c.path, "columns", c.table.Columns[first].Name), "already used here").
				Hintf("choose another name")
		}
	}
	if len(*c.diags) == before {
		c.sizes()
	}
}

func (c *tableChecker) column(col topology.Column, p column, path string) {
	inKey := slices.Contains(c.table.PrimaryKey, col.Name)
	switch {
	case !p.known:
		c.diags.Errorf("mariadb/column-type", path, "%s has no type %q", c.db.Flavor, p.name)
	case !p.fits:
		c.diags.Errorf("mariadb/column-type", path, "the type %s has %s numbers in parentheses: %q", p.name, p.takes,
			col.Type)
	case p.tooMuch() != "":
		c.diags.Errorf("mariadb/column-type", path, "%s: %q", p.tooMuch(), col.Type).Hintf("%s", p.instead())
	case p.unsigned && p.class != number && p.class != integer:
		c.diags.Errorf("mariadb/column-type", path, "the type %s is never UNSIGNED: %q", p.name, col.Type)
	case p.autoIncrement && p.class != integer:
		c.diags.Errorf("mariadb/column-type", path, "the type %s does not count: %q", p.name, col.Type).
			Hintf("write BIGINT NOT NULL AUTO_INCREMENT")
	case p.autoIncrement && (!inKey || c.table.PrimaryKey[0] != col.Name):
		c.diags.Errorf("mariadb/auto-increment", path, "an AUTO_INCREMENT column must be the first of a key").
			Also(c.path, "the table").Hintf("write primaryKey: ['%s']", col.Name)
	case inKey && p.class == long:
		c.diags.Errorf("mariadb/key-type", path, "a column of type %s cannot be in a key", p.name).
			Hintf("write VARCHAR or VARBINARY with a length")
	}
}

// rows finds rows that the server would refuse, and those that are there twice.
func (c *tableChecker) rows() {
	first := make(map[string]int)
	for i, row := range c.table.Rows {
		path := diag.Join(c.path, "rows", i)
		c.complete(row, path)
		for _, cell := range row {
			c.cell(cell, diag.Join(path, cell.Column))
			c.value(cell, diag.Join(path, cell.Column))
		}
		key := c.identity(row)
		if other, ok := first[key]; ok {
			c.diags.Errorf("mariadb/duplicate-row", path, "the row is the same as another").
				Also(diag.Join(c.path, "rows", other), "the other")
			continue
		}
		first[key] = i
	}
}

// identity is what a row is known by: its key if it gives it, else all of it.
func (c *tableChecker) identity(row topology.Row) string {
	byKey := keyed(c.table, columnsOf(row))
	var b strings.Builder
	for _, cell := range row {
		switch {
		case !byKey:
			b.WriteString(identifier(cell.Column) + literal(cell.Value))
		case slices.Contains(c.table.PrimaryKey, cell.Column):
			b.WriteString(identifier(cell.Column) + stringLiteral(c.inKey(cell)))
		}
	}
	return b.String()
}

// inKey is a value as a key compares it: 1 is '1', and for the collations of all
// sets but binary A is a, and spaces behind are nothing.
func (c *tableChecker) inKey(cell topology.Cell) string {
	s, _ := written(cell.Value)
	i := slices.IndexFunc(c.table.Columns, func(col topology.Column) bool { return col.Name == cell.Column })
	if i >= 0 && c.parsed[i].isText() && charsetOf(c.db, c.schema) != "binary" {
		s = strings.ToLower(strings.TrimRight(s, " "))
	}
	return s
}

// complete finds columns that a row must give, and does not.
func (c *tableChecker) complete(row topology.Row, path string) {
	for j, col := range c.table.Columns {
		p := c.parsed[j]
		inKey := slices.Contains(c.table.PrimaryKey, col.Name)
		if !p.notNull && !inKey || p.autoIncrement {
			continue
		}
		i := slices.IndexFunc(row, func(cell topology.Cell) bool { return cell.Column == col.Name })
		switch {
		case i < 0:
			c.diags.Errorf("mariadb/missing-value", path, "the row has no value for %q, which cannot be NULL", col.Name).
				Also(diag.Join(c.path, "columns", col.Name), "the column")
		case row[i].Value == nil:
			c.diags.Errorf("mariadb/missing-value", diag.Join(path, col.Name), "column %q cannot be NULL", col.Name).
				Also(diag.Join(c.path, "columns", col.Name), "the column")
		}
	}
}

// maxExact is the largest number up to which JSON keeps every integer apart.
const maxExact = 1 << 53

// value finds values that the column's type has no room for.
func (c *tableChecker) value(cell topology.Cell, path string) {
	i := slices.IndexFunc(c.table.Columns, func(col topology.Column) bool { return col.Name == cell.Column })
	if i < 0 || cell.Value == nil || !c.parsed[i].isSound() {
		return // another's finding
	}
	why := c.parsed[i].refusal(cell.Value)
	if why == "" {
		return
	}
	secret := diag.NamesSecret(cell.Column)
	if secret {
		why = "it has no room for the value, or not of this kind"
	}
	d := c.diags.Errorf("mariadb/value", path, "column %q is a %s: %s", cell.Column, c.table.Columns[i].Type, why).
		Also(diag.Join(c.path, "columns", cell.Column), "the column")
	if secret {
		d.Hide()
	}
}

// cell finds values that would not arrive as they are written.
func (c *tableChecker) cell(cell topology.Cell, path string) {
	switch v := cell.Value.(type) {
	case float64:
		if math.Abs(v) > maxExact && v == math.Trunc(v) {
			c.diags.Errorf("mariadb/large-number", path,
				"%s may not be the number that was written: JSON keeps integers up to %d apart",
				strconv.FormatFloat(v, 'f', -1, 64), maxExact).Hintf("write it as text")
		}
	case string:
		charset := charsetOf(c.db, c.schema)
		if i := strings.IndexFunc(v, func(r rune) bool { return r > lastRune(charset) }); i >= 0 {
			c.diags.Errorf("mariadb/character-set", path, "%s has no character %q", charset, []rune(v[i:])[0]).
				Hintf("give the schema characterSet: 'utf8mb4'")
		}
	}
}

// lastRune is the last character of a character set, where that says all.
func lastRune(charset string) rune {
	switch charset {
	case "ascii":
		return 0x7f
	case "utf8mb3":
		return 0xffff
	}
	return math.MaxInt32
}
