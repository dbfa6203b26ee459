//go:build linux

package systemtest

import (
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// baseImage gives the folder with the disk image, the kernel and the initial RAM
// disk of virtual machines.
func baseImage(t testing.TB) string {
	t.Helper()
	need(t, "mmdebstrap", "mke2fs", "qemu-img")
	return made(t, "a base image", "testdata/base-image.sh")
}

// made gives the folder that a script makes from its arguments. It is made once for
// each text of the script and each list of arguments, and kept in the user's cache.
func made(t testing.TB, what, script string, args ...string) string {
	t.Helper()
	text, err := os.ReadFile(script)
	if err != nil {
		t.Fatal(err)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	key := sha256.Sum256(append(text, strings.Join(args, " ")...))
	dir := filepath.Join(cache, "stackgen-systemtest", fmt.Sprintf("%x", key)[:16])
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		t.Fatal(err)
	}
	defer lockFile(t, dir+".lock").Close()
	if _, err := os.Stat(dir); err == nil {
		return dir
	}
	part := dir + ".part" // of a run that was killed, too
	if err := os.RemoveAll(part); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(part, 0o755); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("bash", append([]string{script, part}, args...)...).CombinedOutput(); err != nil {
		lacks(t, fmt.Sprintf("%s: %v\n%s", what, err, out))
	}
	if err := os.Rename(part, dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

// lockFile waits until no other run of the tests holds the lock.
func lockFile(t testing.TB, path string) *os.File {
	t.Helper()
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	return f
}

// provide lets all machines see the files of a folder as /lab/images.
func (l *lab) provide(dir string) {
	l.t.Helper()
	here(l.t, "cp", "-r", "--reflink=auto", dir, filepath.Join(l.share, "images"))
}
