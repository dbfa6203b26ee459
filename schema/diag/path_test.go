package diag

import "testing"

func TestPath(t *testing.T) {
	for _, tt := range []struct {
		tokens []any
		want   string
	}{
		{nil, ""},
		{[]any{"vms", "web01", "disks", 0}, "/vms/web01/disks/0"},
		{[]any{"files", "/etc/a~b", uint16(7)}, "/files/~1etc~1a~0b/7"},
		{[]any{"", "~1"}, "//~01"},
	} {
		if got := Path(tt.tokens...); got != tt.want {
			t.Errorf("Path(%q) is %q, want %q", tt.tokens, got, tt.want)
		}
	}
}
