package memo

import "os"

// look tells how a file is now; times in nanoseconds.
func look(path string) (size, modTime int64, mode uint32, err error) {
	info, err := os.Lstat(path)
	if err != nil {
		return 0, 0, 0, err
	}
	return info.Size(), info.ModTime().UnixNano(), uint32(info.Mode()), nil
}
