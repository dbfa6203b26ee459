package sandbox

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
)

// nobody is the account that owns nothing, by its number on every Linux.
const nobody = 65534

// childName is the name by which this program knows itself in the new namespaces.
const childName = "stackgen-sandbox"

// order is what the child is told.
type order struct {
	Program  string
	Args     []string
	Scratch  string // its path, or nothing if it can be had without
	NetAdmin bool
}

// File descriptors of the child beside the first three.
const (
	orderFD   = 3 + iota // [order] as JSON
	failureFD            // why there is no box; closed when the program starts
	scratchFD            // a mount of the scratch folder, if the order has no path of it
)

// start is [Start], with a wait for [Run].
func start(ctx context.Context, c Command) (stop func(), wait func() error, err error) {
	mounts := scratchMount(c.Scratch)
	for _, m := range mounts {
		defer m.Close()
	}
	orders, err := orderFor(c, len(mounts) == 0)
	if err != nil {
		return nil, nil, err
	}
	defer orders.Close()
	failure, report, err := os.Pipe()
	if err != nil {
		return nil, nil, err
	}
	defer failure.Close()
	cmd := exec.CommandContext(ctx, "/proc/self/exe")
	cmd.Args = []string{childName}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = c.Stdin, c.Output, c.Output
	cmd.Env, cmd.Dir, cmd.WaitDelay = environment(), "/", patience
	cmd.ExtraFiles = append([]*os.File{orders, report}, mounts...)
	cmd.SysProcAttr = namespaces()
	err = cmd.Start()
	report.Close()
	if err != nil {
		return nil, nil, &SetupError{err.Error()}
	}
	why, _ := io.ReadAll(io.LimitReader(failure, 1<<12)) // what cannot be read has not been written
	ended := sync.OnceValue(cmd.Wait)
	stop = func() {
		cmd.Process.Kill() // the first of its processes: the kernel ends the others
		ended()
	}
	if len(why) > 0 {
		stop()
		return nil, nil, cmp.Or(context.Cause(ctx), error(&SetupError{string(why)}))
	}
	return stop, func() error { err := ended(); return cmp.Or(context.Cause(ctx), err) }, nil
}

// orderFor writes what the child is told into a file without a name.
func orderFor(c Command, byPath bool) (*os.File, error) {
	o := order{c.Program, c.Args, "", c.NetAdmin}
	if byPath {
		o.Scratch = c.Scratch
	}
	text, err := json.Marshal(o)
	if err != nil {
		return nil, err
	}
	f, err := os.CreateTemp(c.Scratch, ".order-")
	if err != nil {
		return nil, fmt.Errorf("writing into the scratch folder: %w", err)
	}
	os.Remove(f.Name()) // if not, it goes with the folder
	if _, err := f.Write(text); err != nil {
		f.Close()
		return nil, err
	}
	_, err = f.Seek(0, io.SeekStart)
	return f, err
}

// namespaces are what the child is born in. It keeps the privileges over them that
// it needs to make the box, although it is not root there.
func namespaces() *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{
		Cloneflags: syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS | syscall.CLONE_NEWPID |
			syscall.CLONE_NEWNET | syscall.CLONE_NEWIPC | syscall.CLONE_NEWUTS,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: nobody, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: nobody, HostID: os.Getgid(), Size: 1}},
		Credential:  &syscall.Credential{Uid: nobody, Gid: nobody, NoSetGroups: true},
		AmbientCaps: []uintptr{capSysAdmin, capSetpcap, capSysResource, capNetAdmin},
		Setsid:      true,
		Pdeathsig:   syscall.SIGKILL,
	}
	if canBeNobody() {
		attr.UidMappings[0].HostID, attr.GidMappings[0].HostID = nobody, nobody
		attr.GidMappingsEnableSetgroups, attr.Credential.NoSetGroups = true, false
	}
	return attr
}

// canBeNobody reports whether the caller can give all groups away and be somebody else
// outside too: it is root, and where it runs that account exists (user_namespaces(7)).
func canBeNobody() bool {
	return os.Getuid() == 0 && maps("/proc/self/uid_map", nobody) && maps("/proc/self/gid_map", nobody)
}

func maps(file string, id int) bool {
	text, err := os.ReadFile(file)
	if err != nil {
		return false
	}
	for line := range strings.Lines(string(text)) {
		var first, outside, count int
		if n, _ := fmt.Sscan(line, &first, &outside, &count); n == 3 && first <= id && id-first < count {
			return true
		}
	}
	return false
}

// Scratch makes a scratch folder in a folder that exists; a program in a box can
// write there.
func Scratch(in string) (string, error) {
	dir, err := os.MkdirTemp(in, "")
	if err == nil && canBeNobody() {
		err = os.Chown(dir, nobody, nobody)
	}
	return dir, err
}

// Enter is for the child: it closes the box and becomes the program. For everyone
// else it does nothing.
func Enter() {
	if len(os.Args) != 1 || os.Args[0] != childName {
		return
	}
	for _, fd := range []int{orderFD, failureFD, scratchFD} {
		syscall.CloseOnExec(fd)
	}
	err := enter()
	io.WriteString(os.NewFile(failureFD, "failure"), err.Error())
	os.Exit(1)
}

// enter comes back with an error, or not at all.
func enter() error {
	var o order
	if err := json.NewDecoder(os.NewFile(orderFD, "order")).Decode(&o); err != nil {
		return fmt.Errorf("reading what to run: %w", err)
	}
	if err := makeRoot(o.Scratch); err != nil {
		return err
	}
	if err := syscall.Chdir(Home); err != nil {
		return fmt.Errorf("entering the scratch folder: %w", err)
	}
	if err := forsake(o.NetAdmin); err != nil {
		return err
	}
	err := syscall.Exec(o.Program, append([]string{o.Program}, o.Args...), environment())
	return fmt.Errorf("%s cannot be run there: %w", o.Program, err)
}

// Available reports why no box can be made on this machine, or nil.
func Available(ctx context.Context) error {
	top, err := os.MkdirTemp("", "stackgen-sandbox-")
	if err != nil {
		return fmt.Errorf("making a folder for the sandbox: %w", err)
	}
	defer os.RemoveAll(top)
	dir, err := Scratch(top)
	if err != nil {
		return fmt.Errorf("making a folder for the sandbox: %w", err)
	}
	var said strings.Builder
	err = Run(ctx, Command{Program: "/bin/sh", Args: []string{"-c", ": > " + Home + "/x"}, Scratch: dir, Output: &said})
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return &SetupError{"a shell ended there: " + said.String()}
	}
	return err
}
