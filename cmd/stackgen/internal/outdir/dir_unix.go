//go:build linux || darwin

package outdir

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"golang.org/x/sys/unix"
)

// openDir is an open directory: its descriptor. Names in it are single words, and
// none is followed that is a symbolic link. Whole paths, or an [os.Root] for each
// directory, take twice as long for the same files.
type openDir int

const dirFlags = unix.O_RDONLY | unix.O_DIRECTORY | unix.O_NOFOLLOW | unix.O_CLOEXEC

// openTop opens a directory below a root.
func openTop(root *os.Root, path string) (openDir, error) {
	f, err := root.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	fd, err := unix.FcntlInt(f.Fd(), unix.F_DUPFD_CLOEXEC, 0)
	return openDir(fd), err
}

func (d openDir) close() { unix.Close(int(d)) }

// enter opens a directory in d.
func (d openDir) enter(name string) (sub openDir, err error) {
	err = whole(func() error {
		fd, err := unix.Openat(int(d), name, dirFlags, 0)
		sub = openDir(fd)
		return err
	})
	return sub, err
}

// mkdir makes a directory in d, if there is none.
func (d openDir) mkdir(name string) error {
	err := unix.Mkdirat(int(d), name, 0o755)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	return err
}

// create makes a file with a content.
func (d openDir) create(name, content string, mode uint32, buf []byte) (err error) {
	var fd int
	err = whole(func() error {
		fd, err = unix.Openat(int(d), name, unix.O_WRONLY|unix.O_CREAT|unix.O_EXCL|unix.O_NOFOLLOW|unix.O_CLOEXEC, mode)
		return err
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, unix.Close(fd)) }()
	for len(content) > 0 {
		n := copy(buf, content)
		if n, err = unix.Write(fd, buf[:n]); err != nil && !errors.Is(err, unix.EINTR) {
			return err
		}
		content = content[max(n, 0):]
	}
	return unix.Fchmod(fd, mode) // what Openat was given has lost what the umask forbids
}

// holds reports whether a file has a content.
func (d openDir) holds(name, content string, buf []byte) (bool, error) {
	var fd int
	err := whole(func() (err error) {
		fd, err = unix.Openat(int(d), name, unix.O_RDONLY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
		return err
	})
	if err != nil {
		return false, err
	}
	defer unix.Close(fd)
	for {
		n, err := unix.Read(fd, buf)
		switch {
		case errors.Is(err, unix.EINTR):
			continue
		case err != nil:
			return false, err
		case n == 0:
			return content == "", nil
		case n > len(content) || string(buf[:n]) != content[:n]:
			return false, nil
		}
		content = content[n:]
	}
}

// list gives what is in d, once.
func (d openDir) list() ([]entry, error) {
	names, err := d.names()
	if err != nil {
		return nil, err
	}
	entries := make([]entry, 0, len(names))
	for _, name := range names {
		var s unix.Stat_t
		err := unix.Fstatat(int(d), name, &s, unix.AT_SYMLINK_NOFOLLOW)
		if errors.Is(err, fs.ErrNotExist) {
			continue // somebody has removed or renamed it meanwhile
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		entries = append(entries, entry{name, modeOf(uint32(s.Mode))})
	}
	return entries, nil
}

func (d openDir) names() (names []string, err error) {
	var buf [8 << 10]byte
	for {
		var n int
		err := whole(func() (err error) {
			n, err = unix.ReadDirent(int(d), buf[:])
			return err
		})
		if err != nil || n <= 0 {
			return names, err
		}
		_, _, names = unix.ParseDirent(buf[:n], -1, names)
	}
}

// modeOf gives type and permissions; see inode(7).
func modeOf(mode uint32) fs.FileMode {
	m := fs.FileMode(mode & 0o777)
	switch mode & unix.S_IFMT {
	case unix.S_IFREG:
		return m
	case unix.S_IFDIR:
		return m | fs.ModeDir
	case unix.S_IFLNK:
		return m | fs.ModeSymlink
	}
	return m | fs.ModeIrregular
}

// mayChange reports whether we may add to a directory below d, and remove from it.
func (d openDir) mayChange(path string) bool {
	return unix.Faccessat(int(d), path, unix.W_OK|unix.X_OK, unix.AT_EACCESS) == nil
}

// whole calls do again for as long as a signal interrupts it.
func whole(do func() error) error {
	for {
		if err := do(); !errors.Is(err, unix.EINTR) {
			return err
		}
	}
}

// adopt gives a file that waits the owner of the one that it replaces, or, where it is
// new, the group that its folder hands on. Where we may not, it stays ours.
func adopt(root *os.Root, from, to string) {
	waiting, err := stat(root, from)
	if err != nil {
		return
	}
	uid, gid := waiting.Uid, waiting.Gid
	if old, err := stat(root, to); err == nil && old.Mode&unix.S_IFMT == unix.S_IFREG {
		uid, gid = old.Uid, old.Gid
	} else if dir, err := stat(root, filepath.Dir(to)); err == nil && dir.Mode&unix.S_ISGID != 0 {
		gid = dir.Gid
	}
	if uid != waiting.Uid || gid != waiting.Gid {
		root.Lchown(from, int(uid), int(gid))
	}
}

func stat(root *os.Root, name string) (*syscall.Stat_t, error) {
	info, err := root.Lstat(name)
	if err != nil {
		return nil, err
	}
	return info.Sys().(*syscall.Stat_t), nil
}
