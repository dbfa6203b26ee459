package topology

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Size is a number of bytes.
type Size int64

// sizeUnits are the binary units a size is written in, largest first.
var sizeUnits = [...]struct {
	suffix string
	bytes  Size
}{{"TiB", 1 << 40}, {"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}}

// ParseSize reads a whole number with a binary unit: "512MiB", "4GiB".
func ParseSize(s string) (Size, error) {
	for _, u := range sizeUnits {
		digits, ok := strings.CutSuffix(s, u.suffix)
		if !ok {
			continue
		}
		n, err := strconv.ParseInt(digits, 10, 64)
		if err != nil || n <= 0 || n > int64(1<<62/u.bytes) || digits[0] == '+' {
			break
		}
		return Size(n) * u.bytes, nil
	}
	return 0, fmt.Errorf("%q is not a size such as %q", s, "4GiB")
}

// String writes a size in the largest unit that keeps it whole; zero is "0".
func (s Size) String() string {
	for _, u := range sizeUnits {
		if s != 0 && s%u.bytes == 0 {
			return strconv.FormatInt(int64(s/u.bytes), 10) + u.suffix
		}
	}
	return strconv.FormatInt(int64(s), 10)
}

// MarshalText makes a size print as it is written.
func (s Size) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Duration is a length of time.
type Duration time.Duration

// durationUnits are the units a duration is written in, longest first.
var durationUnits = [...]struct {
	suffix string
	length time.Duration
}{{"ms", time.Millisecond}, {"d", 24 * time.Hour}, {"h", time.Hour}, {"m", time.Minute}, {"s", time.Second}}

// ParseDuration reads a whole number with a unit: "500ms", "10s", "5m", "1h".
func ParseDuration(s string) (Duration, error) {
	for _, u := range durationUnits {
		digits, ok := strings.CutSuffix(s, u.suffix)
		if !ok {
			continue
		}
		n, err := strconv.ParseInt(digits, 10, 64)
		if err != nil || n < 0 || n > int64(1<<62/u.length) || digits[0] == '+' || digits[0] == '-' {
			break
		}
		return Duration(time.Duration(n) * u.length), nil
	}
	return 0, fmt.Errorf("%q is not a duration such as %q", s, "10s")
}

// String writes a duration in seconds, or in milliseconds where seconds would
// not be whole: the form that VCL takes (varnish's vcl(7), DURATION).
func (d Duration) String() string {
	t := time.Duration(d)
	if t%time.Second == 0 {
		return strconv.FormatInt(int64(t/time.Second), 10) + "s"
	}
	return strconv.FormatInt(t.Milliseconds(), 10) + "ms"
}

// Seconds is the whole seconds of a duration.
func (d Duration) Seconds() int { return int(time.Duration(d) / time.Second) }

// MarshalText makes a duration print as it is written.
func (d Duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// Ports is a sorted list of port ranges; empty is any port.
type Ports []PortRange

// PortRange is an inclusive range; a single port has First == Last.
type PortRange struct{ First, Last int }

// ParsePorts reads "80", "8000-8010" or a comma separated list of both.
func ParsePorts(s string) (Ports, error) {
	var ports Ports
	for part := range strings.SplitSeq(s, ",") {
		first, last, isRange := strings.Cut(part, "-")
		if !isRange {
			last = first
		}
		a, errA := parsePort(first)
		b, errB := parsePort(last)
		if errA != nil || errB != nil || a > b {
			return nil, fmt.Errorf("%q is not a port such as 80, a range such as %q or a list of them", s, "8000-8010")
		}
		ports = append(ports, PortRange{a, b})
	}
	slices.SortFunc(ports, func(a, b PortRange) int { return a.First - b.First })
	return ports, nil
}

func parsePort(s string) (int, error) {
	n, err := strconv.ParseUint(s, 10, 16)
	if err == nil && (n == 0 || s[0] == '0') {
		err = strconv.ErrRange
	}
	return int(n), err
}

// Single is the port if there is exactly one, else 0.
func (p Ports) Single() int {
	if len(p) == 1 && p[0].First == p[0].Last {
		return p[0].First
	}
	return 0
}

// Contains reports whether all of q lies within p. Any port contains all.
func (p Ports) Contains(q Ports) bool {
	if len(p) == 0 {
		return true
	}
	inside := func(r PortRange) bool {
		return slices.ContainsFunc(p, func(o PortRange) bool { return o.First <= r.First && r.Last <= o.Last })
	}
	return len(q) > 0 && !slices.ContainsFunc(q, func(r PortRange) bool { return !inside(r) })
}

// String writes ports as they are written in a topology; any port is "".
func (p Ports) String() string {
	parts := make([]string, len(p))
	for i, r := range p {
		parts[i] = strconv.Itoa(r.First)
		if r.Last != r.First {
			parts[i] += "-" + strconv.Itoa(r.Last)
		}
	}
	return strings.Join(parts, ",")
}

// MarshalText makes ports print as they are written.
func (p Ports) MarshalText() ([]byte, error) { return []byte(p.String()), nil }
