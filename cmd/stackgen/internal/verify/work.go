package verify

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
	"time"

	"stackgen/cmd/stackgen/internal/sandbox"
)

// work is the folder of one check, and how its programs run.
type work struct {
	ctx      context.Context
	dir      string
	options  Options
	netAdmin bool
	late     *bool // a program was not done in time
	refused  *int  // which of several files is
}

// path is where a program finds a file of the folder.
func (w work) path(name string) string {
	if w.options.Open {
		return w.dir + "/" + name
	}
	return sandbox.Home + "/" + name
}

// put writes a file into the folder and gives the path of it for programs. What cannot
// be written is missing, and the program says so.
func (w work) put(name, text string) string {
	os.WriteFile(w.dir+"/"+name, []byte(text), 0o644)
	return w.path(name)
}

// mkdir makes a folder that programs may write to.
func (w work) mkdir(name string) string {
	os.MkdirAll(w.dir+"/"+name, 0o777)
	os.Chmod(w.dir+"/"+name, 0o777) // whatever the umask is; nobody else can come here
	return w.path(name)
}

// ask runs a program with nothing on its standard input.
func (w work) ask(argv ...string) (output string, ok bool) { return w.feed("", argv...) }

// feed runs a program with text on its standard input.
func (w work) feed(input string, argv ...string) (output string, ok bool) {
	ctx, cancel := context.WithTimeoutCause(w.ctx, w.options.Patience, errLate)
	defer cancel()
	var said excerpt
	err := w.run(ctx, &said, input, argv)
	if context.Cause(ctx) == errLate {
		*w.late = true
	}
	var none *sandbox.SetupError
	if errors.As(err, &none) {
		return none.Error(), false
	}
	return said.String(), err == nil
}

var errLate = errors.New("it takes too long")

func (w work) run(ctx context.Context, said *excerpt, input string, argv []string) error {
	program, err := exec.LookPath(argv[0])
	if err != nil {
		return err
	}
	if !w.options.Open {
		return sandbox.Run(ctx, w.command(program, argv[1:], input, said))
	}
	cmd := w.open(ctx, argv)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(input), said, said
	return cmd.Run()
}

func (w work) command(program string, args []string, input string, said *excerpt) sandbox.Command {
	return sandbox.Command{
		Program: program, Args: args, Scratch: w.dir, NetAdmin: w.netAdmin,
		Stdin: strings.NewReader(input), Output: said,
	}
}

// open is a program outside of a box.
func (w work) open(ctx context.Context, argv []string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.WaitDelay = time.Second // for what it has started
	cmd.Dir = w.dir
	cmd.Env = append(os.Environ(), "LC_ALL=C", "HOME="+w.dir, "XDG_CACHE_HOME="+w.dir)
	return cmd
}

// serve starts a server; stop ends it and waits. What it writes is in the folder.
func (w work) serve(argv ...string) (stop func(), err error) {
	if w.options.Open {
		cmd := w.open(w.ctx, argv)
		if err := cmd.Start(); err != nil {
			return nil, err
		}
		return func() { cmd.Process.Kill(); cmd.Wait() }, nil
	}
	program, err := exec.LookPath(argv[0])
	if err != nil {
		return nil, err
	}
	return sandbox.Start(w.ctx, w.command(program, argv[1:], "", &excerpt{}))
}

// waitFor asks until the answer is yes, for half a minute.
func (w work) waitFor(ready func() bool) bool {
	for begin := time.Now(); time.Since(begin) < w.options.Patience/4; {
		if ready() {
			return true
		}
		if w.ctx.Err() != nil {
			return false
		}
		time.Sleep(100 * time.Millisecond)
	}
	*w.late = true
	return false
}

// excerpt is the beginning of what a program says, as much as people read.
type excerpt struct{ text bytes.Buffer }

const maxExcerpt = 256 << 10

func (e *excerpt) Write(p []byte) (int, error) {
	e.text.Write(p[:min(len(p), max(0, maxExcerpt-e.text.Len()))])
	return len(p), nil
}

func (e *excerpt) String() string { return strings.ToValidUTF8(e.text.String(), "\ufffd") }
