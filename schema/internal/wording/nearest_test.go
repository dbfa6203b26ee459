package wording

import "testing"

// FuzzNearest has two laws: what is suggested is a candidate, and a candidate
// means itself.
func FuzzNearest(f *testing.F) {
	f.Add("memroy", "memory", "vcpus")
	f.Add("", "a", "\xff")
	f.Fuzz(func(t *testing.T, word, a, b string) {
		if got := Nearest(word, []string{a, b}); got != "" && got != a && got != b {
			t.Errorf("nearest(%q, %q, %q) is %q", word, a, b, got)
		}
		if got := Nearest(a, []string{a}); got != a {
			t.Errorf("nearest(%q) of itself is %q", a, got)
		}
	})
}

func TestNearest(t *testing.T) {
	tests := []struct {
		word       string
		candidates []string
		want       string
	}{
		{"memroy", []string{"memory", "vcpus"}, "memory"},
		{"Memory", []string{"memory"}, "memory"},
		{"lan", []string{"dmz", "lam", "wan"}, "lam"},
		{"x", []string{"abc"}, ""},
		{"web", []string{"database"}, ""},
		{"", []string{"a", ""}, ""},
		{"vlans", nil, ""},
		{"adress", []string{"address"}, "address"},
	}
	for _, tt := range tests {
		if got := Nearest(tt.word, tt.candidates); got != tt.want {
			t.Errorf("nearest(%q, %q) is %q, want %q", tt.word, tt.candidates, got, tt.want)
		}
	}
}
