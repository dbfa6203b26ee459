package topology

import "net/netip"

// Program is a service that the topology describes itself: exactly one of Exec,
// Unit and Container says what runs.
type Program struct {
	Name        string       `json:"name"`
	Description string       `json:"description,omitempty"`
	Exec        []string     `json:"exec,omitempty"` // the command of a unit of ours
	Unit        string       `json:"unit,omitempty"` // that a package brings
	Container   *Container   `json:"container,omitempty"`
	Packages    []string     `json:"packages,omitempty"`
	User        string       `json:"user,omitempty"` // of a unit of ours
	Environment []Env        `json:"environment,omitempty"`
	Credentials []Credential `json:"credentials,omitempty"`
	Files       []File       `json:"files,omitempty"`
	Listens     []Port       `json:"listens,omitempty"`
	Connects    []Connection `json:"connects,omitempty"`
	Check       []string     `json:"check,omitempty"`  // a command that fails if the files are wrong
	Reload      []string     `json:"reload,omitempty"` // a command that has it read its files again
	Health      *Health      `json:"health,omitempty"`
	After       []ServiceRef `json:"after,omitempty"`
	Timer       *Timer       `json:"timer,omitempty"` // nil: it runs all the time
	Memory      Size         `json:"memory,omitempty"`
	CPUs        float64      `json:"cpus,omitempty"`
	Writes      []string     `json:"writes,omitempty"` // folders beside its own that it may write to
	Lift        []string     `json:"lift,omitempty"`   // defaults of our units that this one does without
}

// Container is an image and how it is run.
type Container struct {
	Image   string   `json:"image"`
	Command []string `json:"command,omitempty"` // empty: the image's own
	Ports   []int    `json:"ports,omitempty"`   // of the machine, and the same ones inside
	Volumes []Volume `json:"volumes,omitempty"`
}

// Volume is a folder of the machine that a container sees.
type Volume struct {
	Name     string `json:"name"` // its path on the machine
	Inside   string `json:"inside"`
	Writable bool   `json:"writable,omitempty"`
}

// Credential is a secret in a file that only the service can read.
type Credential struct {
	Name   string `json:"name"`
	Secret Secret `json:"secret"`
}

// Port is where a program listens.
type Port struct {
	Port     int        `json:"port"`
	Protocol string     `json:"protocol"`         // tcp or udp
	Address  netip.Addr `json:"address,omitzero"` // zero: all of the VM's
}

// Connection is what a program asks.
type Connection struct {
	Target   Target `json:"target"` // VM or Address, and a single port
	Protocol string `json:"protocol"`
}

// Health is how a program is asked whether it is well.
type Health struct {
	URL    string `json:"url"` // the path; empty: that the port is open is enough
	Port   int    `json:"port"`
	Status int    `json:"status"`
}

// ServiceRef names a service of a VM.
type ServiceRef struct {
	VM      string `json:"vm,omitempty"` // empty: the one that it is written in
	Service string `json:"service"`
}

// Timer says when a job runs.
type Timer struct {
	Calendar        string   `json:"calendar"` // systemd.time(7)
	Persistent      bool     `json:"persistent"`
	RandomizedDelay Duration `json:"randomizedDelay,omitempty"`
}

// UnitName is the unit of systemd that a program runs as.
func (p *Program) UnitName() string {
	if p.Unit != "" {
		return p.Unit
	}
	return p.Name + ".service"
}

// Program is the program of that name, or nil.
func (v *VM) Program(name string) *Program {
	return find(v.Services, name, func(p *Program) string { return p.Name })
}

// Environment is what a block of a VM gives to a program.
type Environment struct {
	Program string // of the topology; empty: PHP
	Path    []any  // below the VM
	Env     []Env
}

// Environments lists them all.
func (v *VM) Environments() (all []Environment) {
	if v.PHP != nil {
		all = append(all, Environment{"", []any{"php", "env"}, v.PHP.Env})
	}
	for i := range v.Services {
		p := &v.Services[i]
		all = append(all, Environment{p.Name, []any{"services", p.Name, "environment"}, p.Environment})
	}
	return all
}

// EachFile shows the files that the user hands to a VM: its own and those of its
// programs.
func (v *VM) EachFile(see func(f *File, path ...any)) {
	for i := range v.Files {
		see(&v.Files[i], "files", v.Files[i].Path)
	}
	for i := range v.Services {
		p := &v.Services[i]
		for j := range p.Files {
			see(&p.Files[j], "services", p.Name, "files", p.Files[j].Path)
		}
	}
}

func (v *VM) programListeners() (all []Listener) {
	for i := range v.Services {
		p := &v.Services[i]
		for _, l := range p.Listens {
			all = append(all, Listener{Service: "service", Name: p.Name, Protocol: l.Protocol, Port: l.Port, Address: l.Address})
		}
		if p.Container != nil {
			for _, port := range p.Container.Ports {
				all = append(all, Listener{Service: "service", Name: p.Name, Protocol: "tcp", Port: port})
			}
		}
	}
	return all
}

// programUpstreams are what programs connect to, and the machines whose addresses
// they are told.
func (v *VM) programUpstreams() (all []Upstream) {
	for i := range v.Services {
		p := &v.Services[i]
		at := func(tokens ...any) []any { return append([]any{"services", p.Name}, tokens...) }
		for j, c := range p.Connects {
			all = append(all, Upstream{Kind: "connection", Name: p.Name, Path: at("connects", j),
				Target: c.Target, Protocol: c.Protocol})
		}
		for _, e := range p.Environment {
			if e.VM != "" {
				all = append(all, Upstream{Kind: "variable", Name: e.Name, Path: at("environment", e.Name, "vm"),
					Target: Target{VM: e.VM}})
			}
		}
	}
	return all
}

// mentions has paths below the VM.
func (p *Program) mentions(see func(Mention)) {
	at := func(tokens ...any) []any { return append([]any{"services", p.Name}, tokens...) }
	for i := range p.Connects {
		see(Mention{Path: at("connects", i), Target: &p.Connects[i].Target, What: "connection of", Name: p.Name})
	}
	for _, c := range p.Credentials {
		see(Mention{Path: at("credentials", c.Name), Secret: c.Secret})
	}
	for i, a := range p.After {
		if a.VM != "" {
			see(Mention{Path: at("after", i), VM: a.VM})
		}
	}
}

// StepOfProgram is the step that brings a program up.
func StepOfProgram(name string) string { return "service-" + name }

// StepOfService is the step of a service by the name that after gives it: that of
// a block, or that of a program.
func StepOfService(name string) string {
	for _, k := range kinds() {
		if k.Block == name && k.unit != nil {
			return k.Step
		}
	}
	return StepOfProgram(name)
}

// UnitOf is the unit of a service of a VM by the name that after gives it; empty
// if it has none.
func (v *VM) UnitOf(name string) string {
	if p := v.Program(name); p != nil {
		return p.UnitName()
	}
	for _, k := range kinds() {
		if k.Block == name && k.unit != nil && k.On(v) {
			return k.unit(v)
		}
	}
	return ""
}
