package outdir

// folder is a directory that is opened, and made, when something in it is asked
// for. A path is never walked from its beginning: each directory is opened once, in
// the one that it is in. A folder belongs to one worker.
type folder struct {
	top  func() (openDir, error) // of a folder that is in no other; it is not closed
	in   *folder
	name string
	make bool // the folder when it is not there

	dir   openDir
	ready bool
}

// at is a folder in another.
func (f *folder) at(name string) *folder { return &folder{in: f, name: name, make: f.make} }

func (f *folder) open() (dir openDir, err error) {
	switch {
	case f.ready:
		return f.dir, nil
	case f.in == nil:
		f.dir, err = f.top()
	default:
		f.dir, err = f.enter()
	}
	f.ready = err == nil
	return f.dir, err
}

func (f *folder) enter() (dir openDir, err error) {
	in, err := f.in.open()
	if err != nil {
		return dir, err
	}
	if f.make {
		if err := in.mkdir(f.name); err != nil {
			return dir, err
		}
	}
	return in.enter(f.name)
}

func (f *folder) close() {
	if f.ready && f.in != nil {
		f.dir.close()
	}
}
