package mariadb

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"stackgen/schema/topology"
)

// values are types with what to try in a column of each.
var values = []struct {
	kind   string
	values []any
}{
	{"TINYINT", []any{127.0, 128.0, -128.0, -129.0, 127.4, 127.5, -128.4, -128.5, true, "", "5", " 5", "5x", "x", "1e2", "1e3", ".5", "+5", "- 5", "0x10"}},
	{"TINYINT UNSIGNED", []any{255.0, 256.0, 0.0, -0.4, -1.0}},
	{"SMALLINT", []any{32767.0, 32768.0}},
	{"MEDIUMINT UNSIGNED", []any{16777215.0, 16777216.0}},
	{"INT", []any{2147483647.0, 2147483648.0, "2147483647.4", "2147483647.5"}},
	{"INTEGER(3)", []any{2147483647.0, -2147483649.0}},
	{"BIGINT", []any{"9223372036854775807", "9223372036854775808", "-9223372036854775808", "1e-30"}},
	{"BIGINT UNSIGNED NOT NULL", []any{"18446744073709551615", "18446744073709551616", "1e309"}},
	{"BOOL", []any{true, false, 127.0, 128.0, "x"}},
	{"BIT", []any{0.0, 1.0, 2.0, true}},
	{"BIT(9)", []any{511.0, 512.0, -1.0, "a", "abc"}},
	{"YEAR", []any{0.0, 1.0, 99.0, 100.0, 1900.0, 1901.0, 2155.0, 2156.0, "2024", "x"}},
	{"DECIMAL", []any{9999999999.0, 10000000000.0, 1e300, math.SmallestNonzeroFloat64}},
	{"DECIMAL(5,2)", []any{999.994, 999.995, -999.994, -999.995, "abc", "999.99"}},
	{"NUMERIC(3) UNSIGNED", []any{999.4, 999.5, -1.0}},
	{"FLOAT", []any{3.4e38, 4e38, -4e38, "x"}},
	{"FLOAT(30)", []any{4e38, "1e309"}},
	{"FLOAT(5,2)", []any{999.99, 1000.0}},
	{"DOUBLE UNSIGNED", []any{1e308, -1.0}},
	{"CHAR", []any{"a", "ab", "a ", 5.0, 55.0}},
	{"CHAR(0)", []any{"", "a", "  "}},
	{"VARCHAR(3)", []any{"abc", "abcd", "abc  ", "éüß", 12.0, 12.5, true}},
	{"NVARCHAR(3)", []any{"éüß", "éüßa"}},
	{"BINARY(3)", []any{"abc", "éé", "abc "}},
	{"VARBINARY(3)", []any{"abc", "abc "}},
	{"TINYTEXT", []any{strings.Repeat("a", 255), strings.Repeat("a", 256)}},
	{"TINYBLOB", []any{strings.Repeat("é", 127), strings.Repeat("é", 128)}},
	{"TEXT", []any{strings.Repeat("a", 65535), strings.Repeat("a", 65536)}},
	{"TEXT(10)", []any{strings.Repeat("a", 40)}},
	{"BLOB(300)", []any{strings.Repeat("a", 65535)}},
	{"MEDIUMTEXT", []any{strings.Repeat("a", 65536), 1.0}},
	{"JSON", []any{"abc", "{}", "", `"abc"`, 5.0, true}},
	{"DATE", []any{"2024-02-29", "2023-02-29", "1900-02-29", "2024-04-31", "2024-13-01", "2024-00-00", "0000-00-00", "24-1-2", "2024.01.02", "20240102", "hello", "", "2024-01-01x", " 2024-01-01", 20240101.0}},
	{"DATETIME(3)", []any{"2024-01-01 23:59:59.123", "2024-01-01 24:00:00", "2024-01-01T10:00", "2024-01-01T10:00:00Z", "2024-01-01", "now"}},
	{"TIMESTAMP NULL", []any{"1970-01-02 00:00:00", "1969-12-30 00:00:00", "2037-12-31", "2039-01-01 00:00:00", "0000-00-00 00:00:00"}},
	{"TIME", []any{"838:59:59", "839:00:00", "-10:00", "10:70:00", "hello", "5", 5.0}},
	{"INET4", []any{"192.0.2.1", "::1", "x", 5.0}},
	{"INET6", []any{"::1", "2001:DB8::1", "192.0.2.1", "x"}},
	{"UUID", []any{"6f9619ff-8b86-d011-b42d-00cf4fc964ff", "6F9619FF8B86D011B42D00CF4FC964FF", "x", 5.0}},
	{"POINT", []any{"x", 5.0}},
}

// TestConformValues: Check refuses exactly the values that the server refuses.
func TestConformValues(t *testing.T) {
	server := scratchServer(t)
	server.query(t, "CREATE OR REPLACE DATABASE fits CHARACTER SET utf8mb4;")
	for _, tt := range values {
		col := topology.Column{Name: "c", Type: tt.kind}
		parsed := parseColumn(here(), "utf8mb4", col)
		if !parsed.isSound() {
			t.Errorf("%s is no type", tt.kind)
		}
		server.query(t, createTable(here(), topology.Database{Name: "fits"}, topology.Table{Name: tt.kind, Columns: []topology.Column{col}}))
		for _, v := range tt.values {
			why := parsed.refusal(v)
			out, ok := server.try(prologue + "INSERT INTO " + qualifiedName("fits", tt.kind) + " VALUES (" + literal(v) + ");")
			if ok != (why == "") {
				t.Errorf("%.40s in %s: the server takes it: %t %s; we find %q", fmt.Sprintf("%#v", v), tt.kind, ok, out, why)
			}
		}
	}
}
