package sandbox

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"unsafe"
)

// mount flags and calls of mount(2) and mount_setattr(2) that package syscall lacks.
const (
	openTree      = 428 // the numbers of the calls, on every architecture
	moveMounted   = 429
	mountSetattr  = 442
	cloneTree     = 0x1 // OPEN_TREE_CLONE
	closeOnExec   = syscall.O_CLOEXEC
	fromEmptyPath = 0x4 // MOVE_MOUNT_F_EMPTY_PATH
	attrReadOnly  = 0x1
	attrNoSuid    = 0x2
	attrNoDev     = 0x4
	recursive     = 0x8000 // AT_RECURSIVE
	currentFolder = -0x64  // AT_FDCWD
)

// programs are where the machine has its programs and their data. What is a
// symbolic link there is one in the box.
func programs() []string {
	return []string{"/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/nix/store"}
}

// settings are what programs cannot do without, and what nobody keeps secrets in.
func settings() []string {
	return []string{
		"/etc/ld.so.cache", "/etc/alternatives", "/etc/xml", "/etc/sgml", "/etc/services", "/etc/protocols",
		"/etc/localtime", "/etc/ssl/openssl.cnf", "/etc/cloud/cloud.cfg", "/etc/frr/vtysh.conf",
	}
}

// accounts are those of the box: names that configurations speak of.
const (
	accounts = "root:x:0:0:root:/:/usr/sbin/nologin\nwww-data:x:33:33:www-data:/:/usr/sbin/nologin\n" +
		"sshd:x:100:65534::/run/sshd:/usr/sbin/nologin\nnobody:x:65534:65534:nobody:/:/usr/sbin/nologin\n"
	groups = "root:x:0:\nadm:x:4:\nwww-data:x:33:\nnogroup:x:65534:\n"
	lookup = "passwd: files\ngroup: files\nhosts: files\nservices: files\nprotocols: files\n"
	names  = "127.0.0.1 localhost\n::1 localhost\n"
)

// folders are writable, empty, small and gone with the box.
func folders() []string { return []string{"/run", "/var", "/dev/shm"} }

// root is where the new root grows; any folder that every system has.
const root = "/tmp"

// makeRoot makes a root folder that has nothing of the old one but what is listed
// above, and moves into it.
func makeRoot(scratch string) error {
	if err := syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("leaving the mounts of the machine: %w", err)
	}
	if scratch != "" { // the new root may be about to cover it
		var err error
		if scratch, err = hold(scratch); err != nil {
			return err
		}
	}
	if err := tmpfs(root); err != nil {
		return err
	}
	if err := fill(scratch); err != nil {
		return err
	}
	if err := syscall.Chdir(root); err != nil {
		return err
	}
	if err := syscall.PivotRoot(".", "."); err != nil { // pivot_root(2): the old root lies on top then
		return fmt.Errorf("changing the root folder: %w", err)
	}
	if err := syscall.Unmount(".", syscall.MNT_DETACH); err != nil {
		return fmt.Errorf("leaving the root folder of the machine: %w", err)
	}
	if err := syscall.Chdir("/"); err != nil {
		return err
	}
	return readOnly("/", 0)
}

// hold keeps a folder open and gives a path that still leads to it when something
// else is mounted over its own.
func hold(dir string) (string, error) {
	fd, err := syscall.Open(dir, syscall.O_DIRECTORY|syscall.O_CLOEXEC, 0)
	if err != nil {
		return "", fmt.Errorf("opening the scratch folder: %w", err)
	}
	return fmt.Sprintf("/proc/self/fd/%d", fd), nil
}

func tmpfs(at string) error {
	if err := syscall.Mount("tmpfs", at, "tmpfs", syscall.MS_NOSUID|syscall.MS_NODEV,
		"mode=0755,size=64m,nr_inodes=16k"); err != nil {
		return fmt.Errorf("mounting an empty folder: %w", err)
	}
	return nil
}

// fill puts into the new root what belongs there. The scratch folder comes last: it
// is where the root grows.
func fill(scratch string) error {
	for _, path := range append(programs(), settings()...) {
		if err := show(path); err != nil {
			return err
		}
	}
	for name, text := range map[string]string{"passwd": accounts, "group": groups, "nsswitch.conf": lookup,
		"hosts": names} {
		if err := os.WriteFile(root+"/etc/"+name, []byte(text), 0o644); err != nil {
			return err
		}
	}
	if err := devices(); err != nil {
		return err
	}
	for _, path := range folders() {
		if err := mkdir(path); err != nil {
			return err
		}
		if err := tmpfs(root + path); err != nil {
			return err
		}
	}
	for _, path := range []string{"/run/sshd", "/run/php", "/var/log/nginx", "/var/lib/nginx",
		"/var/lib/mysql", "/var/tmp"} {
		if err := mkdir(path); err != nil {
			return err
		}
	}
	if err := processes(); err != nil {
		return err
	}
	if err := mkdir(Home); err != nil {
		return err
	}
	if scratch != "" {
		return bind(scratch, root+Home, attrNoSuid|attrNoDev)
	}
	if err := moveMount(scratchFD, root+Home); err != nil {
		return fmt.Errorf("showing the scratch folder: %w", err)
	}
	return setAttributes(root+Home, attrNoSuid|attrNoDev, recursive)
}

// processes shows those of the box, and sets what the kernel does in its namespaces.
// Nothing can be set afterwards, even if the account is that of root outside.
func processes() error {
	const at = root + "/proc"
	if err := mkdir("/proc"); err != nil {
		return err
	}
	if err := syscall.Mount("proc", at, "proc", syscall.MS_NOSUID|syscall.MS_NODEV|syscall.MS_NOEXEC, ""); err != nil {
		return fmt.Errorf("mounting /proc: %w", err)
	}
	for name, value := range map[string]string{
		// Another user namespace would make somebody root again, over its own things
		// only, but with more of the kernel to play with.
		"user/max_user_namespaces": "0",
		// A server that opens its ports when it checks a configuration can open them in
		// the box's empty network, as if all addresses were there.
		"net/ipv4/ip_unprivileged_port_start": "0", "net/ipv4/ip_nonlocal_bind": "1", "net/ipv6/ip_nonlocal_bind": "1",
	} {
		os.WriteFile(at+"/sys/"+name, []byte(value), 0o644) // an old kernel, or one without IPv6, has not all
	}
	return setAttributes(at, attrReadOnly, recursive)
}

func mkdir(path string) error { return os.MkdirAll(root+path, 0o755) }

// show makes a file or folder of the machine visible, read-only.
func show(path string) error {
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := mkdir(filepath.Dir(path)); err != nil {
		return err
	}
	switch {
	case info.Mode()&fs.ModeSymlink != 0:
		target, err := os.Readlink(path)
		if err != nil {
			return err
		}
		return os.Symlink(target, root+path)
	case info.IsDir():
		err = mkdir(path)
	default:
		err = os.WriteFile(root+path, nil, 0o644)
	}
	if err != nil {
		return err
	}
	return bind(path, root+path, attrReadOnly|attrNoSuid|attrNoDev)
}

// devices are those that give or take bytes of nobody.
func devices() error {
	if err := mkdir("/dev"); err != nil {
		return err
	}
	for _, name := range []string{"null", "zero", "full", "random", "urandom"} {
		at := root + "/dev/" + name
		if err := os.WriteFile(at, nil, 0o666); err != nil {
			return err
		}
		if err := bind("/dev/"+name, at, attrNoSuid); err != nil {
			return err
		}
	}
	for name, target := range map[string]string{"fd": "/proc/self/fd", "stdin": "/proc/self/fd/0",
		"stdout": "/proc/self/fd/1", "stderr": "/proc/self/fd/2"} {
		if err := os.Symlink(target, root+"/dev/"+name); err != nil {
			return err
		}
	}
	return nil
}

func bind(from, to string, attrs uint64) error {
	if err := syscall.Mount(from, to, "", syscall.MS_BIND|syscall.MS_REC, ""); err != nil {
		return fmt.Errorf("showing %s: %w", from, err)
	}
	return setAttributes(to, attrs, recursive)
}

func readOnly(path string, flags uintptr) error { return setAttributes(path, attrReadOnly, flags) }

// scratchMount is a mount of a folder whose path may lead through folders that nobody
// can enter: root can make one, open_tree(2). For others it is nothing, and the path
// is theirs.
func scratchMount(dir string) []*os.File {
	name, err := syscall.BytePtrFromString(dir)
	if err != nil {
		return nil
	}
	folder := currentFolder
	fd, _, errno := syscall.Syscall(openTree, uintptr(folder), uintptr(unsafe.Pointer(name)), cloneTree|closeOnExec)
	if errno != 0 {
		return nil
	}
	return []*os.File{os.NewFile(fd, dir)}
}

// moveMount puts a mount that is nowhere into a folder.
func moveMount(fd int, to string) error {
	name, err := syscall.BytePtrFromString(to)
	if err != nil {
		return err
	}
	empty, folder := byte(0), currentFolder
	_, _, errno := syscall.Syscall6(moveMounted, uintptr(fd), uintptr(unsafe.Pointer(&empty)), uintptr(folder),
		uintptr(unsafe.Pointer(name)), fromEmptyPath, 0)
	if errno != 0 {
		return errno
	}
	return nil
}

// setAttributes is mount_setattr(2), which Linux has since 5.12.
func setAttributes(path string, attrs uint64, flags uintptr) error {
	name, err := syscall.BytePtrFromString(path)
	if err != nil {
		return err
	}
	attr := [4]uint64{attrs} // to set, to clear, propagation, user namespace
	folder := currentFolder
	_, _, errno := syscall.Syscall6(mountSetattr, uintptr(folder), uintptr(unsafe.Pointer(name)), flags,
		uintptr(unsafe.Pointer(&attr)), unsafe.Sizeof(attr), 0)
	if errno != 0 {
		return fmt.Errorf("protecting %s: %w", path, errno)
	}
	return nil
}
