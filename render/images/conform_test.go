package images

import (
	"bytes"
	"crypto/sha512"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"stackgen/render/internal/rendertest"
	"stackgen/schema/release/releasetest"
)

// archive is a server of images on the loopback.
type archive struct {
	t       *testing.T
	url     string
	image   []byte // image.qcow2, which is whole and right
	asked   atomic.Int64
	noRange atomic.Bool
	slow    atomic.Bool
}

func newArchive(t *testing.T) *archive {
	t.Helper()
	rendertest.Need(t, "sh", "curl", "qemu-img", "flock", "sha512sum")
	a := &archive{t: t}
	noise := make([]byte, 2<<20)
	for i := range noise {
		noise[i] = byte(i * i >> 7)
	}
	a.image = a.qcow2(rendertest.Write(t, "noise", string(noise)))
	server := httptest.NewServer(a)
	t.Cleanup(server.Close)
	a.url = server.URL
	return a
}

// qcow2 is an image of a raw file.
func (a *archive) qcow2(raw string) []byte {
	a.t.Helper()
	path := filepath.Join(a.t.TempDir(), "image.qcow2")
	if out, ok := rendertest.Run(a.t, "qemu-img", "convert", "-f", "raw", "-O", "qcow2", raw, path); !ok {
		a.t.Fatal(out)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		a.t.Fatal(err)
	}
	return content
}

func (a *archive) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.asked.Add(1)
	if a.noRange.Load() {
		r.Header.Del("Range")
	}
	switch r.URL.Path {
	case "/moved":
		http.Redirect(w, r, "/image.qcow2", http.StatusFound)
	case "/away":
		http.Redirect(w, r, "file:///etc/passwd", http.StatusFound)
	case "/page":
		fmt.Fprint(w, "<!DOCTYPE html><title>Sign in</title>")
	case "/image.qcow2":
		if a.slow.Load() {
			w = slowly{w}
		}
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(a.image))
	default:
		http.NotFound(w, r)
	}
}

// slowly writes a little at a time.
type slowly struct{ http.ResponseWriter }

func (s slowly) Write(p []byte) (n int, err error) {
	for len(p) > 0 && err == nil {
		var done int
		done, err = s.ResponseWriter.Write(p[:min(len(p), 32<<10)])
		n, p = n+done, p[done:]
		s.ResponseWriter.(http.Flusher).Flush()
		time.Sleep(time.Millisecond)
	}
	return n, err
}

func digestOf(content []byte) string { return fmt.Sprintf("%x", sha512.Sum512(content)) }

// host is where one image is fetched to.
type host struct {
	t          *testing.T
	path, tree string
}

func (a *archive) host(url, digest string) *host {
	a.t.Helper()
	h := &host{t: a.t, path: filepath.Join(a.t.TempDir(), "image.qcow2")}
	set, err := Render(rendertest.Variant(a.t, "nullzero", fetched(h.path, url, digest)))
	if err != nil {
		a.t.Fatal(err)
	}
	h.tree = filepath.Join(rendertest.Tree(a.t, set), "vmm")
	return h
}

func (h *host) command(arguments ...string) *exec.Cmd {
	cmd := exec.Command("sh", append([]string{"images/images.sh"}, arguments...)...)
	cmd.Dir, cmd.SysProcAttr = h.tree, &syscall.SysProcAttr{Setpgid: true}
	return cmd
}

// run fetches, and says what was printed.
func (h *host) run(arguments ...string) (output string, ok bool) {
	out, err := h.command(arguments...).CombinedOutput()
	return string(out), err == nil
}

// part is what is there of an image that is on its way.
func (h *host) part(digest string) string { return h.path + "." + digest[:16] + ".stackgen-part" }

// holds fails the test unless the image is there and is that, and nothing else is.
func (h *host) holds(what string, content []byte) {
	h.t.Helper()
	got, err := os.ReadFile(h.path)
	if err != nil || !bytes.Equal(got, content) {
		h.t.Errorf("%s: the image has %d bytes, want %d (%v)", what, len(got), len(content), err)
	}
	if parts, _ := filepath.Glob(h.path + "*.stackgen-part"); len(parts) > 0 {
		h.t.Errorf("%s: %q are left", what, parts)
	}
}

// TestConformFetch: an image is fetched once.
func TestConformFetch(t *testing.T) {
	a := newArchive(t)
	h := a.host(a.url+"/moved", digestOf(a.image))
	for _, want := range []struct {
		says  string
		asked int64
	}{{"fetched", 2}, {"", 2}} {
		out, ok := h.run()
		if !ok || !strings.Contains(out, want.says) || a.asked.Load() != want.asked {
			t.Errorf("fetched: %t, %d requests, want %d: %s", ok, a.asked.Load(), want.asked, out)
		}
		h.holds("the image", a.image)
	}
	file := a.host("file://"+h.path, digestOf(a.image))
	if out, ok := file.run(); !ok {
		t.Errorf("from a file: %s", out)
	}
	file.holds("from a file", a.image)
}

// TestConformResumes: what is there of an image is not fetched again, unless the server
// cannot go on; and half of another one is never continued.
func TestConformResumes(t *testing.T) {
	a := newArchive(t)
	digest := digestOf(a.image)
	for name, part := range map[string][]byte{
		"half": a.image[:len(a.image)/2], "whole": a.image, "half, no ranges": a.image[:len(a.image)/2],
	} {
		a.noRange.Store(strings.Contains(name, "no ranges"))
		h := a.host(a.url+"/image.qcow2", digest)
		if err := os.WriteFile(h.part(digest), part, 0o600); err != nil {
			t.Fatal(err)
		}
		if out, ok := h.run(); !ok {
			t.Errorf("%s: %s", name, out)
		}
		h.holds(name, a.image)
	}
	a.noRange.Store(false)
	h := a.host(a.url+"/image.qcow2", digest)
	if err := os.WriteFile(h.part(digest), bytes.Repeat([]byte("rotten "), 1000), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, ok := h.run(); ok || !strings.Contains(out, "refused") {
		t.Errorf("a rotten part becomes the image: %s", out)
	}
	if out, ok := h.run(); !ok {
		t.Errorf("after a rotten part: %s", out)
	}
	h.holds("after a rotten part", a.image)
}

// TestConformRefuses: what is not the image never has its name, and the message says
// what it is.
func TestConformRefuses(t *testing.T) {
	a := newArchive(t)
	secret := rendertest.Write(t, "secret", "of the host")
	backed := filepath.Join(t.TempDir(), "backed.qcow2")
	if out, ok := rendertest.Run(t, "qemu-img", "create", "-q", "-f", "qcow2", "-F", "raw", "-b", secret, backed); !ok {
		t.Fatal(out)
	}
	evil, err := os.ReadFile(backed)
	if err != nil {
		t.Fatal(err)
	}
	text := rendertest.Write(t, "text", "no image")
	for _, tt := range []struct{ name, url, digest, says string }{
		{"another digest", a.url + "/image.qcow2", digestOf(nil), "has the sha512sum " + digestOf(a.image)},
		{"a page", a.url + "/page", digestOf(a.image), "a page of HTML"},
		{"nothing there", a.url + "/nothing", digestOf(a.image), "404"},
		{"a redirect to a file", a.url + "/away", digestOf(a.image), "not fetched"},
		{"another file behind it", "file://" + backed, digestOf(evil), "reads from another file"},
		{"another format", "file://" + text, digestOf([]byte("no image")), "not qcow2"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := a.host(tt.url, tt.digest)
			out, ok := h.run()
			if ok || !strings.Contains(out, tt.says) {
				t.Errorf("taken: %t; %s", ok, out)
			}
			if _, err := os.Stat(h.path); err == nil {
				t.Error("it has the name of the image")
			}
		})
	}
}

// TestConformKeeps: an image that is there is left alone, whatever it is.
func TestConformKeeps(t *testing.T) {
	a := newArchive(t)
	h := a.host(a.url+"/image.qcow2", digestOf(a.image))
	if err := os.WriteFile(h.path, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, arguments := range [][]string{{"look"}, nil} {
		if out, ok := h.run(arguments...); ok || !strings.Contains(out, "move it away") {
			t.Errorf("%q with another image there: %t, %s", arguments, ok, out)
		}
	}
	h.holds("an old image", []byte("old"))
	if n := a.asked.Load(); n != 0 {
		t.Errorf("the server was asked %d times", n)
	}
}

// TestConformTogether: of two runs one fetches and the other finds it.
func TestConformTogether(t *testing.T) {
	a := newArchive(t)
	a.slow.Store(true)
	h := a.host(a.url+"/image.qcow2", digestOf(a.image))
	var runs sync.WaitGroup
	for range 2 {
		runs.Go(func() {
			if out, ok := h.run(); !ok {
				t.Error(out)
			}
		})
	}
	runs.Wait()
	h.holds("two runs", a.image)
	if n := a.asked.Load(); n != 1 {
		t.Errorf("%d requests, want 1", n)
	}
}

// TestConformKilled: whenever a run is killed, no file that is not the image has its
// name, and the next run brings it.
func TestConformKilled(t *testing.T) {
	a := newArchive(t)
	a.slow.Store(true)
	h := a.host(a.url+"/image.qcow2", digestOf(a.image))
	h.killed(300, a.image)
}

// killed runs and kills it again and again, a little later each time.
func (h *host) killed(times int, image []byte) {
	h.t.Helper()
	whole := 0
	for i := range times {
		cmd := h.command()
		if err := cmd.Start(); err != nil {
			h.t.Fatal(err)
		}
		time.Sleep(time.Duration(i%80) * time.Millisecond)
		syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		cmd.Wait()
		content, err := os.ReadFile(h.path)
		switch {
		case err != nil:
		case !bytes.Equal(content, image):
			h.t.Fatalf("after %d kills there is a wrong image of %d bytes", i+1, len(content))
		default:
			whole++
			for _, path := range []string{h.path, h.path + ".stackgen-digest"} {
				os.Remove(path)
			}
		}
	}
	h.t.Logf("%d kills, after %d of which the image was whole", times, whole)
	if out, ok := h.run(); !ok {
		h.t.Errorf("after all kills: %s", out)
	}
	h.holds("after all kills", image)
}

// TestConformBuildKilled does the same to a build, with a script in the place of ours
// that takes less time.
func TestConformBuildKilled(t *testing.T) {
	rendertest.Need(t, "sh", "unshare", "flock")
	if os.Geteuid() != 0 {
		t.Skip("SKIPPED: a build needs root")
	}
	h := &host{t: t, path: filepath.Join(t.TempDir(), "image.qcow2")}
	set, err := Render(rendertest.Variant(t, "nullzero", "{ images+: { 'debian-12'+: { path: '"+h.path+
		"', build: { os: '"+releasetest.Here().Name+"', size: '2GiB' } } } }"))
	if err != nil {
		t.Fatal(err)
	}
	h.tree = filepath.Join(rendertest.Tree(t, set), "vmm")
	const quick = `cd "$1"; for i in 1 2 3 4 5; do echo $i >>part; sleep 0.01; done; mv part image`
	if err := os.WriteFile(filepath.Join(h.tree, "images", "build.sh"), []byte(quick), 0o700); err != nil {
		t.Fatal(err)
	}
	h.killed(100, []byte("1\n2\n3\n4\n5\n"))
	if left, _ := filepath.Glob(h.path + ".*"); len(left) > 0 {
		t.Errorf("%q are left", left)
	}
}

// TestConformFullDisk: what was fetched until the disk was full is kept, and the next run
// goes on.
func TestConformFullDisk(t *testing.T) {
	a := newArchive(t)
	source := rendertest.Write(t, "image.qcow2", string(a.image))
	set, err := Render(rendertest.Variant(t, "nullzero", fetched("/run/pool/image.qcow2", "file://"+source, digestOf(a.image))))
	if err != nil {
		t.Fatal(err)
	}
	out, ok := rendertest.Alone(t, `mkdir /run/pool
mount -t tmpfs -o size=1m tmpfs /run/pool
cd `+rendertest.Tree(t, set)+`/vmm
! sh images/images.sh
[ ! -e /run/pool/image.qcow2 ]
mount -o remount,size=16m /run/pool
sh images/images.sh
cmp /run/pool/image.qcow2 `+source)
	if !ok || !strings.Contains(out, "cannot be written") {
		t.Errorf("a full disk: %t\n%s", ok, out)
	}
}
