package validate

import (
	"testing"

	"stackgen/schema/diag"
)

func TestRepaired(t *testing.T) {
	c, err := New("https://stackgen.invalid/v1/topology.schema.json", schemaText(t)).parse()
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ def, text, want string }{
		{"size", "4GB", "4GiB"},
		{"size", "4 gib", "4GiB"},
		{"size", "512m", "512MiB"},
		{"size", "4", ""},
		{"size", "lots", ""},
		{"duration", "5 seconds", "5s"},
		{"duration", "10min", "10m"},
		{"duration", "500 ms", "500ms"},
		{"mac", "52-54-00-AB-CD-EF", "52:54:00:ab:cd:ef"},
		{"mac", "01:00:5e:00:00:01", ""},
		{"cidr", "10.0.1.1/24", "10.0.1.0/24"},
		{"cidr", "10.0.1.1/33", ""},
		{"ip", "10.0.1.3/24", "10.0.1.3"},
		{"ip", " 10.0.1.3 ", "10.0.1.3"},
		{"machineName", "Web_01", "web-01"},
		{"uuid", "6F1C1B7E-5B0F-4A53-9D0E-0C4F3C1D7A11", "6f1c1b7e-5b0f-4a53-9d0e-0c4f3c1d7a11"},
		{"machineName", "a;b", ""},
	}
	for _, tt := range tests {
		def := diag.Lookup(c.raw, []string{"$defs", tt.def}).(map[string]any)
		if got := repaired(def, tt.text); got != tt.want {
			t.Errorf("%s: repaired(%q) is %q, want %q", tt.def, tt.text, got, tt.want)
		}
	}
}
