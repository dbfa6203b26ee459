package render_test

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
)

var (
	nftTable = regexp.MustCompile(`(?ms)^table (ip6?) stackgen-filter \{$(.*?)^\}$`)
	nftSet   = regexp.MustCompile(`(?s)set (\S+) \{.*?elements = \{ (.*?) \}`)
	nftChain = regexp.MustCompile(`(?s)\n\tchain (\S+) \{\n(.*?)\n\t\}`)

	nftIface = regexp.MustCompile(`([io])ifname (\{ [^}]+ \}|"[^"]+")`)
	nftAddr  = regexp.MustCompile(`ip6? ([sd])addr (!= )?(\S+)`)
	nftPorts = regexp.MustCompile(`(tcp|udp|th) ([sd])port (\{ [^}]+ \}|\S+)`)
	nftProto = regexp.MustCompile(`meta l4proto (\{ [^}]+ \}|\S+)`)
	nftState = regexp.MustCompile(`ct state (\{ [^}]+ \}|\S+)`)
	nftJump  = regexp.MustCompile(`jump (\S+)$`)
	nftLog   = regexp.MustCompile(`log prefix "[^"]*"`)
)

// readNFT reads the filter of a family.
func readNFT(text, family string) readFilter {
	f := readFilter{chains: map[string]*readChain{}, forward: []string{"forward-in", "forward-out"}, input: []string{"input"}}
	for _, table := range nftTable.FindAllStringSubmatch(text, -1) {
		if table[1] != family {
			continue
		}
		sets := map[string][]string{}
		for _, m := range nftSet.FindAllStringSubmatch(table[2], -1) {
			sets["@"+m[1]] = strings.Split(m[2], ", ")
		}
		for _, m := range nftChain.FindAllStringSubmatch(table[2], -1) {
			chain := &readChain{rest: chainRule{verdict: "return"}}
			for line := range strings.Lines(m[2]) {
				if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") && !strings.HasPrefix(line, "type ") {
					chain.rules = append(chain.rules, readNFTRule(line, sets))
				}
			}
			f.chains[m[1]] = chain
		}
	}
	return f
}

// elements are those of a set, by its name or as it stands.
func elements(text string, sets map[string][]string) []string {
	if list := sets[text]; list != nil {
		return list
	}
	return strings.Split(strings.Trim(text, "{ }"), ", ")
}

func readNFTRule(line string, sets map[string][]string) (r chainRule) {
	line = nftLog.ReplaceAllString(line, "")
	add := func(m func(packet) bool) { r.match = append(r.match, m) }
	for _, m := range nftIface.FindAllStringSubmatch(line, -1) {
		names := elements(strings.ReplaceAll(m[2], `"`, ""), nil)
		add(onInterface("", m[1] == "o", map[string][]string{"": names}))
	}
	for _, m := range nftAddr.FindAllStringSubmatch(line, -1) {
		add(inAddresses(elements(m[3], sets), m[1] == "d", m[2] != ""))
	}
	for _, m := range nftPorts.FindAllStringSubmatch(line, -1) {
		add(inPorts(strings.Join(elements(m[3], sets), ","), m[2] == "d"))
		if m[1] != "th" {
			add(ofProtocol(m[1]))
		}
	}
	for _, m := range nftProto.FindAllStringSubmatch(line, -1) {
		names := elements(m[1], nil)
		add(func(p packet) bool {
			return slices.ContainsFunc(names, func(name string) bool { return ofProtocol(name)(p) })
		})
	}
	for _, m := range nftState.FindAllStringSubmatch(line, -1) {
		states := elements(m[1], nil)
		add(func(p packet) bool { return slices.Contains(states, cmp.Or(p.state, "new")) })
	}
	words := strings.Fields(line)
	r.verdict = words[len(words)-1]
	if m := nftJump.FindStringSubmatch(line); m != nil {
		r.verdict, r.target = "jump", m[1]
	}
	return r
}
