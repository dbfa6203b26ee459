package project

import "testing"

func TestOlder(t *testing.T) {
	tests := []struct {
		version, than string
		want          bool
	}{
		{"0.1.0", "0.1.0", false},
		{"0.1.0", "0.1", false},
		{"0.1.0", "0.1.1", true},
		{"0.9.0", "0.10", true},
		{"1.0.0", "0.10.3", false},
		{"0.10.0", "0.9.9", false},
		{"0.1.0", "1", true},
	}
	for _, tt := range tests {
		if got := Older(tt.version, tt.than); got != tt.want {
			t.Errorf("Older(%q, %q) is %t", tt.version, tt.than, got)
		}
	}
}
