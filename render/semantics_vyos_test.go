package render_test

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

var ruleLine = regexp.MustCompile(`^(.*) rule ([0-9]+) (.*)$`)

// readVyOS reads the firewall of a family out of commands of any release.
func readVyOS(commands string, six bool) readFilter {
	f := &readFilter{chains: map[string]*readChain{}}
	names, family := "firewall name ", "firewall ipv4 "
	if six {
		names, family = "firewall ipv6-name ", "firewall ipv6 "
	}
	groups := map[string][]string{}
	rules := map[string]map[int][]string{}
	forward, input := &readChain{}, &readChain{}
	var out []chainRule
	for line := range strings.Lines(commands) {
		words := strings.Fields(strings.ReplaceAll(strings.TrimPrefix(strings.TrimSpace(line), "set "), "'", ""))
		text := strings.Join(words, " ")
		switch {
		case strings.HasPrefix(text, "firewall group ") && len(words) == 6 && words[4] != "description":
			groups[words[3]] = append(groups[words[3]], words[5])
		case strings.HasPrefix(text, "interfaces ") && len(words) == 7 && words[3] == "firewall" && (words[5] == "ipv6-name") == six:
			r := chainRule{verdict: "jump", target: words[6]}
			switch words[4] {
			case "in":
				r.match = []func(packet) bool{onInterface(words[2], false, groups)}
				forward.rules = append(forward.rules, r)
			case "out":
				r.match = []func(packet) bool{onInterface(words[2], true, groups)}
				out = append(out, r)
			case "local":
				r.match = []func(packet) bool{onInterface(words[2], false, groups)}
				input.rules = append(input.rules, r)
			}
		}
		for _, prefix := range []string{names, family + "name ", family} {
			rest, ok := strings.CutPrefix(text, prefix)
			if !ok {
				continue
			}
			rest = strings.Replace(rest, " filter", "", 1)
			name := strings.Fields(rest)[0]
			chain := f.chains[name]
			if chain == nil {
				chain = &readChain{rest: chainRule{verdict: "drop"}}
				f.chains[name], rules[name] = chain, map[int][]string{}
			}
			if m := ruleLine.FindStringSubmatch(rest); m != nil {
				n, _ := strconv.Atoi(m[2])
				rules[name][n] = append(rules[name][n], m[3])
			} else if v, ok := strings.CutPrefix(rest, name+" default-action "); ok {
				chain.rest.verdict = v
			} else if v, ok := strings.CutPrefix(rest, name+" default-jump-target "); ok {
				chain.rest.target = v
			}
			break
		}
	}
	for name, chain := range f.chains {
		for _, n := range sortedNumbers(rules[name]) {
			chain.rules = append(chain.rules, readVyOSRule(rules[name][n], groups))
		}
	}
	f.zones(commands, six)
	// Old releases look at "in" and at "out", each on its own.
	f.chains[" in"], f.chains[" out"], f.chains[" local"] = forward, &readChain{rules: out}, input
	for _, c := range []string{" in", " out", " local"} {
		f.chains[c].rest = chainRule{verdict: "accept"}
	}
	f.forward, f.input = append(f.forward, " in", " out"), append(f.input, " local")
	for base, list := range map[string]*[]string{"forward": &f.forward, "input": &f.input} {
		if f.chains[base] != nil {
			*list = append(*list, base)
		}
	}
	return *f
}

func sortedNumbers(m map[int][]string) (list []int) {
	for n := range m {
		list = append(list, n)
	}
	slices.Sort(list)
	return list
}

// onInterface matches the interface that a packet comes or goes by.
func onInterface(name string, out bool, groups map[string][]string) func(packet) bool {
	return func(p packet) bool {
		if out {
			return p.out == name || slices.Contains(groups[name], p.out)
		}
		return p.in == name || slices.Contains(groups[name], p.in)
	}
}

// readZone is a zone that was read back.
type readZone struct {
	local      bool
	interfaces []string
	rest       string
	from       map[string]string // the ruleset by the other zone
}

var zoneLine = regexp.MustCompile(`^(?:firewall zone|zone-policy zone) (\S+) (.*)$`)

// zones reads the zones of a family, and makes chains of what they mean.
func (f *readFilter) zones(commands string, six bool) {
	zones := map[string]*readZone{}
	for line := range strings.Lines(commands) {
		m := zoneLine.FindStringSubmatch(strings.ReplaceAll(strings.TrimPrefix(strings.TrimSpace(line), "set "), "'", ""))
		if m == nil {
			continue
		}
		if zones[m[1]] == nil {
			zones[m[1]] = &readZone{from: map[string]string{}}
		}
		zones[m[1]].read(strings.Fields(m[2]), six)
	}
	forward, input := &readChain{rest: chainRule{verdict: "accept"}}, &readChain{rest: chainRule{verdict: "accept"}}
	for _, to := range zones {
		chain := forward
		if to.local {
			chain = input
		}
		chain.rules = append(chain.rules, to.rules(zones)...)
	}
	f.chains[" zones"], f.chains[" router"] = forward, input
	f.forward, f.input = append(f.forward, " zones"), append(f.input, " router")
}

func (z *readZone) read(words []string, six bool) {
	switch last := words[len(words)-1]; {
	case words[0] == "local-zone":
		z.local = true
	case words[0] == "interface":
		z.interfaces = append(z.interfaces, last)
	case words[0] == "default-action":
		z.rest = last
	case words[0] == "from" && (words[3] == "ipv6-name") == six:
		z.from[words[1]] = last
	}
}

// rules are what a zone means: its own pass, others by their rulesets, no one
// else.
func (z *readZone) rules(zones map[string]*readZone) (rules []chainRule) {
	into := func(p packet) bool { return z.local || slices.Contains(z.interfaces, p.out) }
	by := func(names []string) []func(packet) bool {
		return []func(packet) bool{into, func(p packet) bool { return slices.Contains(names, p.in) }}
	}
	if !z.local {
		rules = append(rules, chainRule{match: by(z.interfaces), verdict: "accept"})
	}
	for name, ruleset := range z.from {
		if !zones[name].local {
			match := by(zones[name].interfaces)
			rules = append(rules, chainRule{match: match, verdict: "jump", target: ruleset}, chainRule{match: match, verdict: "accept"})
		}
	}
	return append(rules, chainRule{match: []func(packet) bool{into}, verdict: z.rest})
}

// readVyOSRule reads the leaves of a rule.
func readVyOSRule(leaves []string, groups map[string][]string) (r chainRule) {
	var states []string
	add := func(m func(packet) bool) { r.match = append(r.match, m) }
	for _, leaf := range leaves {
		words := strings.Fields(leaf)
		last := words[len(words)-1]
		value := strings.TrimPrefix(last, "!")
		not, destination := value != last, words[0] == "destination"
		switch words[0] + " " + words[min(1, len(words)-1)] {
		case "action " + last:
			r.verdict = last
		case "jump-target " + last:
			r.target = last
		case "protocol " + last:
			add(ofProtocol(last))
		case "state " + words[min(1, len(words)-1)]:
			states = append(states, words[1])
		case "inbound-interface name", "inbound-interface group":
			add(onInterface(last, false, groups))
		case "outbound-interface name", "outbound-interface group":
			add(onInterface(last, true, groups))
		case "source address", "destination address":
			add(inAddresses([]string{value}, destination, not))
		case "source port", "destination port":
			add(inPorts(last, destination))
		case "source group", "destination group":
			if words[2] == "port-group" {
				add(inPorts(strings.Join(groups[value], ","), destination))
			} else {
				add(inAddresses(groups[value], destination, not))
			}
		}
	}
	if len(states) > 0 && !slices.Contains(states, "new") {
		add(func(packet) bool { return false })
	}
	return r
}
