package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"time"

	"github.com/google/uuid"
)

// arriving holds what is still being written. No key begins with a dot.
const arriving = ".arriving"

// Folder keeps objects as files of one folder. os.Root lets no path leave it, whatever
// links somebody put inside.
type Folder struct{ root *os.Root }

// OpenFolder opens a folder, which is made if it is not there. Only our own user may
// look into it: it holds what guests sent.
func OpenFolder(dir string) (*Folder, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of media: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open the folder of media: %w", err)
	}
	if err := root.MkdirAll(arriving, 0o700); err != nil {
		return nil, errors.Join(fmt.Errorf("prepare the folder of media: %w", err), root.Close())
	}
	return &Folder{root}, nil
}

// Close closes the folder.
func (f *Folder) Close() error { return f.root.Close() }

// Put implements Store: the content goes to disk under another name first, so that a
// reader, or a machine that loses power, finds all of it or nothing.
func (f *Folder) Put(ctx context.Context, key string, content io.Reader, size int64) (int64, error) {
	if err := checkKey(key); err != nil {
		return 0, err
	}
	temporary := path.Join(arriving, uuid.NewString())
	n, err := f.write(temporary, cancellable{ctx, content})
	if err == nil && size >= 0 && n != size {
		err = errShort
	}
	if err == nil {
		err = f.settle(temporary, key)
	}
	if err != nil {
		return n, errors.Join(err, ignoreMissing(f.root.Remove(temporary)))
	}
	return n, nil
}

func (f *Folder) write(name string, content io.Reader) (int64, error) {
	file, err := f.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return 0, fmt.Errorf("make file: %w", err)
	}
	n, err := io.Copy(file, content)
	if err == nil {
		err = file.Sync()
	}
	return n, errors.Join(err, file.Close())
}

// settle moves a file to its place, and makes the move outlast a loss of power.
func (f *Folder) settle(temporary, key string) error {
	parent := path.Dir(key)
	if err := f.root.MkdirAll(parent, 0o700); err != nil {
		return fmt.Errorf("make folder: %w", err)
	}
	if err := f.root.Rename(temporary, key); err != nil {
		return fmt.Errorf("settle file: %w", err)
	}
	dir, err := f.root.Open(parent)
	if err != nil {
		return fmt.Errorf("open folder: %w", err)
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// Open implements Store.
func (f *Folder) Open(_ context.Context, key string, from int64) (io.ReadCloser, error) {
	if err := checkKey(key); err != nil {
		return nil, err
	}
	file, err := f.root.Open(key)
	if err != nil {
		return nil, missing(err)
	}
	if info, err := file.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil, errors.Join(ErrNotFound, err, file.Close())
	}
	if _, err := file.Seek(from, io.SeekStart); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

// Stat implements Store.
func (f *Folder) Stat(_ context.Context, key string) (Info, error) {
	if err := checkKey(key); err != nil {
		return Info{}, err
	}
	info, err := f.root.Stat(key)
	if err != nil {
		return Info{}, missing(err)
	}
	if !info.Mode().IsRegular() {
		return Info{}, ErrNotFound
	}
	return Info{info.Size(), info.ModTime()}, nil
}

// Delete implements Store.
func (f *Folder) Delete(ctx context.Context, key string) error {
	if _, err := f.Stat(ctx, key); err != nil {
		if errors.Is(err, ErrNotFound) {
			return nil
		}
		return err
	}
	return ignoreMissing(f.root.Remove(key))
}

// List implements Lister.
func (f *Folder) List(ctx context.Context, under string, fn func(key string, o Info) error) error {
	err := fs.WalkDir(f.root.FS(), path.Clean(under), func(name string, e fs.DirEntry, err error) error {
		if err = errors.Join(err, ctx.Err()); err != nil {
			return err
		}
		if e.IsDir() && name == arriving {
			return fs.SkipDir
		}
		info, err := e.Info()
		if err != nil || !info.Mode().IsRegular() {
			return ignoreMissing(err)
		}
		return fn(name, Info{info.Size(), info.ModTime()})
	})
	return ignoreMissing(err)
}

// Sweep removes what was left half-written before a point in time: by a process that was
// killed. Younger ones may be under way in another process.
func (f *Folder) Sweep(before time.Time) error {
	dir, err := f.root.Open(arriving)
	if err != nil {
		return fmt.Errorf("sweep the folder of media: %w", err)
	}
	entries, err := dir.ReadDir(-1)
	errs := []error{err, dir.Close()}
	for _, e := range entries {
		if info, err := e.Info(); err == nil && info.ModTime().Before(before) {
			errs = append(errs, ignoreMissing(f.root.Remove(path.Join(arriving, e.Name()))))
		}
	}
	return errors.Join(errs...)
}

func missing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return ErrNotFound
	}
	return err
}

func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
