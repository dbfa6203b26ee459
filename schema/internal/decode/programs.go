package decode

import (
	"slices"
	"strings"

	"stackgen/schema/topology"
)

// decodeProgram reads a service that the topology describes itself.
func decodeProgram(vm, name string, o object) topology.Program {
	p := topology.Program{
		Name:        name,
		Description: o.str("description"),
		Exec:        o.strs("exec"),
		Unit:        o.str("unit"),
		Packages:    o.strs("packages"),
		User:        o.str("user"),
		Environment: decodeEnv(o.obj("environment")),
		Credentials: each(o, "credentials", func(name string, c object) topology.Credential {
			return topology.Credential{Name: name, Secret: topology.Secret(c.str("secret"))}
		}),
		Files:    each(o, "files", decodeProgramFile),
		Listens:  eachOf(o, "listens", decodePort),
		Connects: eachOf(o, "connects", decodeConnection),
		Check:    o.strs("check"),
		Reload:   o.strs("reload"),
		Memory:   o.size("memory"),
		Writes:   o.strs("writes"),
		Lift:     o.strs("lift"),
	}
	p.CPUs, _ = o["cpus"].(float64)
	if len(p.Exec) > 0 && p.User == "" {
		p.User = name
	}
	for _, a := range o.strs("after") {
		p.After = append(p.After, serviceRef(vm, a))
	}
	slices.Sort(p.Lift)
	decodeProgramBlocks(&p, o)
	return p
}

func decodeProgramBlocks(p *topology.Program, o object) {
	if c := o.obj("container"); c != nil {
		p.Container = decodeContainer(c)
	}
	if h := o.obj("health"); h != nil {
		p.Health = &topology.Health{URL: h.str("url"), Port: h.intOr("port", firstPort(p))}
		p.Health.Status = h.intOr("status", 200)
	}
	if t := o.obj("timer"); t != nil {
		p.Timer = &topology.Timer{
			Calendar: t.str("calendar"), Persistent: t.boolOr("persistent", true),
			RandomizedDelay: t.duration("randomizedDelay"),
		}
	}
}

// firstPort is where a program is asked for its health if nothing else is said.
func firstPort(p *topology.Program) int {
	for _, l := range p.Listens {
		if l.Protocol == "tcp" {
			return l.Port
		}
	}
	if p.Container != nil && len(p.Container.Ports) > 0 {
		return p.Container.Ports[0]
	}
	return 0
}

// serviceRef is a service by its name, with that of its VM before it if it is on
// another.
func serviceRef(vm, words string) topology.ServiceRef {
	machine, service, other := strings.Cut(words, "/")
	switch {
	case !other:
		return topology.ServiceRef{Service: words}
	case machine == vm:
		return topology.ServiceRef{Service: service}
	}
	return topology.ServiceRef{VM: machine, Service: service}
}

func decodeProgramFile(path string, o object) topology.File {
	f := decodeFile(path, o)
	f.OnChange = o.strOr("onChange", "restart")
	return f
}

func decodePort(o object) topology.Port {
	return topology.Port{Port: o.intOr("port", 0), Protocol: o.strOr("protocol", "tcp"), Address: o.addr("address")}
}

func decodeConnection(o object) topology.Connection {
	return topology.Connection{Target: target(o), Protocol: o.strOr("protocol", "tcp")}
}

func decodeContainer(o object) *topology.Container {
	c := &topology.Container{Image: o.str("image"), Command: o.strs("command")}
	for _, port := range o.list("ports") {
		c.Ports = append(c.Ports, int(port.(float64)))
	}
	c.Volumes = each(o, "volumes", func(path string, v object) topology.Volume {
		return topology.Volume{Name: path, Inside: v.strOr("inside", path), Writable: v.boolOr("writable", false)}
	})
	return c
}
