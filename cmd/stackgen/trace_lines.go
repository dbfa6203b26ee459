package main

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"stackgen/render"
	"stackgen/render/artifact"
	"stackgen/schema"
	"stackgen/schema/diag"
	"stackgen/schema/flow"
	"stackgen/schema/rules"
	"stackgen/schema/topology"
)

// artifactLines renders a stack and gives a function that finds the lines by
// which a hop is so: "rtr01/vyos/commands.txt:15-19", or "" where there are none.
func artifactLines(in schema.Input, t *topology.Topology) func(flow.Hop) string {
	var files []artifact.File
	if renders(in, t) {
		files, _ = render.Render(t)
	}
	return func(h flow.Hop) string {
		for _, s := range signsOf(t, h) {
			if lines := s.in(files); lines != "" {
				return lines
			}
		}
		return ""
	}
}

// renders reports whether a stack can be rendered: what is wrong with it, if
// anything, is about what arrives and not about what can be written.
func renders(in schema.Input, t *topology.Topology) bool {
	_, diags, err := schema.Load(in)
	isFirmError := func(d diag.Diagnostic) bool { return d.Severity == diag.Error && rules.IsFirm(d.Rule) }
	return err == nil && !slices.ContainsFunc(diags, isFirmError) && !render.Check(t).HasErrors()
}

// sign is what the lines of a hop have in them.
type sign struct {
	file string // path in the tree, as a pattern of package path
	text string
}

// in finds the run of lines with the sign in the first file that has it.
func (s sign) in(files []artifact.File) string {
	for _, f := range files {
		if ok, _ := path.Match(s.file, f.TreePath()); !ok {
			continue
		}
		first, last := 0, 0
		for i, line := range strings.Split(f.Content, "\n") {
			switch has := strings.Contains(line, s.text); {
			case has && first == 0:
				first, last = i+1, i+1
			case has && last == i:
				last = i + 1
			}
		}
		switch {
		case first == 0:
			continue
		case first == last:
			return fmt.Sprintf("%s:%d", f.TreePath(), first)
		}
		return fmt.Sprintf("%s:%d-%d", f.TreePath(), first, last)
	}
	return ""
}

// signsOf knows how each kind of hop is written in the language of its target.
// The path of a hop names the things.
func signsOf(t *topology.Topology, h flow.Hop) []sign {
	at := diag.Split(h.Path)
	if len(at) < 3 || h.Machine == "" {
		return nil
	}
	m, name := h.Machine, at[len(at)-1]
	router := func(text string) []sign { return []sign{{m + "/vyos/commands.txt", text}} }
	switch {
	case h.Kind == flow.Arrive && at[0] == "hosts":
		return []sign{{m + "/etc/network/interfaces", "iface " + name + " "}}
	case h.Kind == flow.Arrive && at[2] == "router":
		return append(router(" "+at[3]+" "+name+" "), tunnelSign(m, at[3], name))
	case h.Kind == flow.Arrive:
		return append(router(" ethernet "+name+" address "), sign{m + "/etc/network/interfaces", "iface " + name + " "})
	case h.Kind == flow.DNAT:
		return router(" nat destination rule " + name + " ")
	case h.Kind == flow.SNAT:
		return router(" nat source rule " + sourceNumber(at[4], name) + " ")
	case h.Kind == flow.Filter, h.Kind == flow.Answer, h.Why == flow.Dropped, h.Why == flow.NoAnswer:
		return append(router(rulesetSign(at)), chainSign(m, at))
	case h.Kind == flow.Listen || h.Why == flow.NoListener:
		return listenSigns(t.VM(m), m, at)
	case h.Kind == flow.Backend:
		return []sign{{m + "/etc/varnish/default.vcl", "backend " + name + " {"}}
	case h.Kind == flow.Site:
		return []sign{{m + "/etc/nginx/sites-available/" + name + ".conf", "server_name "}}
	case h.Kind == flow.Socket:
		return []sign{{m + "/etc/nginx/sites-available/" + at[4] + ".conf", "fastcgi_pass "}}
	case h.Kind == flow.Database:
		return []sign{{m + "/etc/php/*/fpm/pool.d/*.conf", `env["` + name + `"]`}}
	case h.Kind == flow.Grant:
		return []sign{{m + "/sql/*.sql", "TO '" + name + "'@"}}
	}
	return nil
}

// sourceNumber is the number of a rule of source NAT by what it follows from.
func sourceNumber(list, number string) string {
	if n, err := strconv.Atoi(number); list == "destination" && err == nil {
		return strconv.Itoa(topology.HairpinNumbers + n)
	}
	return number
}

// rulesetSign is that of a rule, of the default action of a ruleset or zone, or of
// the policy for a state.
func rulesetSign(at []string) string {
	if at[4] == "statePolicy" {
		return " state-policy " + at[5] + " "
	}
	if at[4] == "zones" {
		return " zone " + at[5] + " default-action "
	}
	if len(at) > 6 {
		return "name " + at[5] + " rule " + at[7] + " "
	}
	return "name " + at[5] + " default-action "
}

// chainSign is that of a ruleset or of the policy for a state on a Debian router.
func chainSign(m string, at []string) sign {
	if at[4] == "statePolicy" {
		return sign{m + "/etc/nftables.conf", "ct state " + at[5] + " "}
	}
	return sign{m + "/etc/nftables.conf", "chain ruleset-" + at[5] + " {"}
}

// tunnelSign is that of a tunnel on a Debian router.
func tunnelSign(m, kind, name string) sign {
	if kind == "wireguard" {
		return sign{m + "/etc/wireguard/" + name + ".conf", "ListenPort = "}
	}
	return sign{m + "/etc/openvpn/server/" + name + ".conf", "port "}
}

func listenSigns(vm *topology.VM, m string, at []string) []sign {
	switch {
	case vm == nil:
		return nil
	case at[2] == "varnish":
		return []sign{{m + "/etc/systemd/system/varnish.service.d/*", fmt.Sprintf("-a :%d", vm.Varnish.Listen)}}
	case at[2] == "nginx":
		return []sign{{m + "/etc/nginx/sites-available/" + at[4] + ".conf", "listen "}}
	case at[2] == "mariadb" || at[2] == "mysql":
		return []sign{{m + "/etc/mysql/*/*", "bind-address"}}
	case at[2] == "router" && len(at) > 4:
		return []sign{{m + "/vyos/commands.txt", " " + at[3] + " " + at[4] + " "}, tunnelSign(m, at[3], at[4])}
	}
	return nil
}
