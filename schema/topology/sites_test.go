package topology

import "testing"

func TestAnswers(t *testing.T) {
	order := []string{"a.b.example.net", "*.b.example.net", "*.example.net", "a.b.*", "a.*"}
	last := 1 << 20
	for _, name := range order {
		rank := Site{ServerName: name}.Answers("a.b.example.net")
		if rank == 0 || rank >= last {
			t.Errorf("%s has the rank %d after %d", name, rank, last)
		}
		last = rank
	}
	for _, tt := range []struct {
		name, host string
		want       bool
	}{
		{".example.net", "example.net", true}, {".example.net", "a.example.net", true}, {".example.net", "anexample.net", false},
		{"*.example.net", "example.net", false}, {"example.*", "example.co.uk", true}, {"example.*", "example.", true},
		{"_", "example.net", false}, {"a", "", false}, {"a", "b", false},
	} {
		if got := (Site{ServerName: "x", Aliases: []string{tt.name}}).Answers(tt.host) > 0; got != tt.want {
			t.Errorf("%s for %s: got %t", tt.name, tt.host, got)
		}
	}
}

func TestHostOf(t *testing.T) {
	for name, want := range map[string]string{"a.b": "a.b", "*.b": "", "b.*": "", "_": "", ".a.b": "a.b"} {
		if got := HostOf(name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}
