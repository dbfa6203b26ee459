//go:build linux || darwin

package outdir

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// TestSavedBeside: a file that someone saves beside ours while we write is what was
// saved, each time, by whatever way an editor saves.
func TestSavedBeside(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	_, files := twoTrees(t)
	mustWrite(t, dir, files[0])
	mine := filepath.Join(dir, "n", "mine")
	stop, done := make(chan struct{}), make(chan int)
	go func() {
		lost := 0
		for i := 0; ; i++ {
			select {
			case <-stop:
				done <- lost
				return
			default:
			}
			text := fmt.Sprint(i)
			if i%2 == 0 {
				os.WriteFile(mine, []byte(text), 0o644)
			} else {
				os.WriteFile(mine+"~", []byte(text), 0o644)
				os.Rename(mine+"~", mine)
			}
			for range 20 { // long enough for a write to take it back
				if got, err := os.ReadFile(mine); err != nil || string(got) != text {
					lost++
					break
				}
			}
		}
	}()
	for i := range 200 {
		mustWrite(t, dir, files[(i+1)%2])
	}
	close(stop)
	if lost := <-done; lost > 0 {
		t.Errorf("%d saves were lost", lost)
	}
}

// TestFoldersStay: a folder that is there keeps its identity, its owner, its modes and
// its attributes; a file in it that is new gets the group that the folder hands on, and
// one that changes keeps its owner.
func TestFoldersStay(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	mustWrite(t, dir, rendered(t, "lab", map[string]string{"a/x": "1", "a/y": "1", "b/x": "1"}))
	const attribute = "user.stackgen.test"
	hasAttributes := unix.Setxattr(filepath.Join(dir, "a"), attribute, []byte("kept"), 0) == nil
	owned := os.Geteuid() == 0
	if owned {
		chown(t, filepath.Join(dir, "a"), 0, 4242)
		chown(t, filepath.Join(dir, "a", "x"), 4241, 4242)
	}
	if err := os.Chmod(filepath.Join(dir, "a"), os.ModeSetgid|0o775); err != nil {
		t.Fatal(err)
	}
	before := map[string]syscall.Stat_t{dir: statOf(t, dir), "a": statOf(t, filepath.Join(dir, "a"))}
	mustWrite(t, dir, rendered(t, "lab", map[string]string{"a/x": "2", "a/y": "1", "a/new": "1", "a/sub/new": "1", "c": "1"}))
	for name, was := range before {
		path := dir
		if name != dir {
			path = filepath.Join(dir, name)
		}
		is := statOf(t, path)
		if is.Ino != was.Ino || is.Mode != was.Mode || is.Uid != was.Uid || is.Gid != was.Gid {
			t.Errorf("%s: inode %d mode %o owner %d:%d, was %d %o %d:%d", path, is.Ino, is.Mode, is.Uid, is.Gid, was.Ino, was.Mode, was.Uid, was.Gid)
		}
	}
	if hasAttributes {
		buf := make([]byte, 16)
		if n, err := unix.Getxattr(filepath.Join(dir, "a"), attribute, buf); err != nil || string(buf[:n]) != "kept" {
			t.Errorf("the attribute is %q (%v)", buf[:max(n, 0)], err)
		}
	}
	if !owned {
		return
	}
	for name, want := range map[string][2]uint32{"a/x": {4241, 4242}, "a/new": {0, 4242}, "a/sub": {0, 4242}, "a/sub/new": {0, 4242}, "c": {0, 0}} {
		if is := statOf(t, filepath.Join(dir, name)); is.Uid != want[0] || is.Gid != want[1] {
			t.Errorf("%s belongs to %d:%d, want %d", name, is.Uid, is.Gid, want)
		}
	}
}

func chown(t *testing.T, path string, uid, gid int) {
	t.Helper()
	if err := os.Chown(path, uid, gid); err != nil {
		t.Fatal(err)
	}
}

func statOf(t *testing.T, path string) (s syscall.Stat_t) {
	t.Helper()
	if err := syscall.Lstat(path, &s); err != nil {
		t.Fatal(err)
	}
	return s
}
