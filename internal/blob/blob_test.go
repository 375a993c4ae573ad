package blob_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/botreserva/botreserva/internal/blob"
)

// stores runs a test against every kind of store.
func stores(t *testing.T, test func(t *testing.T, s blob.Store)) {
	t.Helper()
	t.Run("memory", func(t *testing.T) {
		t.Parallel()
		test(t, &blob.Memory{})
	})
	t.Run("folder", func(t *testing.T) {
		t.Parallel()
		test(t, folder(t, t.TempDir()))
	})
	t.Run("s3", func(t *testing.T) {
		t.Parallel()
		test(t, openS3(t, bucket(t)))
	})
}

func folder(t *testing.T, dir string) *blob.Folder {
	t.Helper()
	f, err := blob.OpenFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

func put(t *testing.T, s blob.Store, key, text string) {
	t.Helper()
	if n, err := s.Put(t.Context(), key, strings.NewReader(text), int64(len(text))); err != nil || n != int64(len(text)) {
		t.Fatalf("put %s: %d, %v", key, n, err)
	}
}

func read(t *testing.T, s blob.Store, key string, from int64) (string, error) {
	t.Helper()
	r, err := s.Open(t.Context(), key, from)
	if err != nil {
		return "", err
	}
	all, err := io.ReadAll(r)
	return string(all), errors.Join(err, r.Close())
}

func TestStore(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s blob.Store) {
		t.Helper()
		put(t, s, "a/b/c.jpg", "hello world")
		for from, want := range map[int64]string{0: "hello world", 6: "world", 11: ""} {
			if got, err := read(t, s, "a/b/c.jpg", from); got != want || err != nil {
				t.Errorf("from %d: %q, %v", from, got, err)
			}
		}
		if info, err := s.Stat(t.Context(), "a/b/c.jpg"); err != nil || info.Size != 11 {
			t.Errorf("stat: %+v, %v", info, err)
		}
		for range 2 {
			if err := s.Delete(t.Context(), "a/b/c.jpg"); err != nil {
				t.Errorf("delete: %v", err)
			}
		}
		for _, key := range []string{"a/b/c.jpg", "a/b", "nothing"} {
			if _, err := read(t, s, key, 0); !errors.Is(err, blob.ErrNotFound) {
				t.Errorf("open %s: %v", key, err)
			}
			if _, err := s.Stat(t.Context(), key); !errors.Is(err, blob.ErrNotFound) {
				t.Errorf("stat %s: %v", key, err)
			}
		}
	})
}

// Whatever somebody calls an object: no name leads out of the store.
func TestKeys(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s blob.Store) {
		t.Helper()
		for _, key := range []string{
			"", "/", "/etc/passwd", "../secret", "a/../../secret", "a/..", ".", "..", ".arriving/x", "a//b", "a/", `a\b`, "a/.hidden",
			"a\x00b", "a b", "á", "%2e%2e", "a/*", strings.Repeat("a", 501),
		} {
			_, putting := s.Put(t.Context(), key, strings.NewReader("x"), 1)
			_, opening := s.Open(t.Context(), key, 0)
			_, asking := s.Stat(t.Context(), key)
			for what, err := range map[string]error{"put": putting, "open": opening, "stat": asking, "delete": s.Delete(t.Context(), key)} {
				if !errors.Is(err, blob.ErrKey) {
					t.Errorf("%s %q: %v", what, key, err)
				}
			}
		}
	})
}

// A link that somebody put into the folder leads nowhere.
func TestFolderFollowsNoLinkOut(t *testing.T) {
	t.Parallel()
	outside, dir := t.TempDir(), t.TempDir()
	if err := os.WriteFile(filepath.Join(outside, "secret"), []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	f := folder(t, dir)
	if err := os.Symlink(outside, filepath.Join(dir, "out")); err != nil {
		t.Fatal(err)
	}
	if got, err := read(t, f, "out/secret", 0); err == nil {
		t.Errorf("read %q", got)
	}
	if _, err := f.Put(t.Context(), "out/new", strings.NewReader("x"), 1); err == nil {
		t.Error("wrote outside")
	}
	if err := f.Delete(t.Context(), "out/secret"); err == nil {
		t.Error("deleted outside")
	}
}

// What fails in the middle leaves nothing behind.
func TestPutIsWholeOrNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	f := folder(t, dir)
	broken := errors.New("cut off")
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	for name, attempt := range map[string]func() error{
		"reader breaks": func() error {
			_, err := f.Put(t.Context(), "a/x", io.MultiReader(strings.NewReader("half"), iotest.ErrReader(broken)), -1)
			return err
		},
		"too short": func() error { _, err := f.Put(t.Context(), "a/x", strings.NewReader("half"), 8); return err },
		"too long":  func() error { _, err := f.Put(t.Context(), "a/x", strings.NewReader("more"), 3); return err },
		"cancelled": func() error { _, err := f.Put(cancelled, "a/x", strings.NewReader("x"), 1); return err },
	} {
		if attempt() == nil {
			t.Errorf("%s: no error", name)
		}
		if _, err := f.Stat(t.Context(), "a/x"); !errors.Is(err, blob.ErrNotFound) {
			t.Errorf("%s: something is there: %v", name, err)
		}
	}
	if left := filesIn(t, dir); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func filesIn(t *testing.T, dir string) (files []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// A killed process leaves its half-written files; they are swept once they are old.
func TestSweep(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	f := folder(t, dir)
	half := filepath.Join(dir, ".arriving", "half")
	if err := os.WriteFile(half, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	put(t, f, "a/x", "whole")
	written := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	if err := os.Chtimes(half, written, written); err != nil {
		t.Fatal(err)
	}
	if err := f.Sweep(written); err != nil || len(filesIn(t, dir)) != 2 {
		t.Errorf("swept too early: %v, %v", filesIn(t, dir), err)
	}
	if err := f.Sweep(written.Add(time.Second)); err != nil || len(filesIn(t, dir)) != 1 {
		t.Errorf("not swept: %v, %v", filesIn(t, dir), err)
	}
}

// Many at once, of the same key too: readers see one of them whole.
func TestConcurrentPuts(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s blob.Store) {
		t.Helper()
		put(t, s, "same", strings.Repeat("0", 100_000))
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				put(t, s, "same", strings.Repeat(string(rune('0'+i)), 100_000))
				got, err := read(t, s, "same", 0)
				if err != nil || got != strings.Repeat(got[:1], 100_000) {
					t.Errorf("a mixture, or %v", err)
				}
			})
		}
		all.Wait()
	})
}

// Reader reads as bytes.Reader does, wherever one seeks.
func TestReader(t *testing.T) {
	t.Parallel()
	s := &blob.Memory{}
	rapid.Check(t, func(t *rapid.T) {
		content := rapid.SliceOfN(rapid.Byte(), 0, 200).Draw(t, "content")
		if _, err := s.Put(context.Background(), "x", bytes.NewReader(content), -1); err != nil {
			t.Fatal(err)
		}
		want, got := bytes.NewReader(content), blob.NewReader(context.Background(), s, "x", int64(len(content)))
		for range rapid.IntRange(1, 10).Draw(t, "steps") {
			offset, whence := rapid.Int64Range(-250, 250).Draw(t, "offset"), rapid.IntRange(0, 2).Draw(t, "whence")
			a, errA := want.Seek(offset, whence)
			b, errB := got.Seek(offset, whence)
			if (errA == nil) != (errB == nil) || errA == nil && a != b {
				t.Fatalf("seek: %d %v, want %d %v", b, errB, a, errA)
			}
			n := rapid.Int64Range(0, 250).Draw(t, "n")
			wanted, _ := io.ReadAll(io.LimitReader(want, n))
			read, err := io.ReadAll(io.LimitReader(got, n))
			if err != nil || !bytes.Equal(read, wanted) {
				t.Fatalf("read %q, %v; want %q", read, err, wanted)
			}
		}
		if err := got.Close(); err != nil {
			t.Fatal(err)
		}
	})
}

// A store lists what lies under a folder, and nothing that merely begins with the same
// letters or is still arriving.
func TestList(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s blob.Store) {
		t.Helper()
		lister, ok := s.(blob.Lister)
		if !ok {
			return // memory, which only tests have
		}
		list := func(under string) map[string]int64 {
			got := map[string]int64{}
			err := lister.List(t.Context(), under, func(key string, o blob.Info) error {
				got[key] = o.Size
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			return got
		}
		if got := list("."); len(got) != 0 {
			t.Errorf("an empty store lists %v", got)
		}
		put(t, s, "one", "1")
		put(t, s, "media/ab/two", "22")
		put(t, s, "media/three", "333")
		put(t, s, "mediator/four", "")
		if diff := cmp.Diff(map[string]int64{"one": 1, "media/ab/two": 2, "media/three": 3, "mediator/four": 0}, list(".")); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff(map[string]int64{"media/ab/two": 2, "media/three": 3}, list("media")); diff != "" {
			t.Error(diff)
		}
		if got := list("nowhere"); len(got) != 0 {
			t.Errorf("a folder that is not there lists %v", got)
		}
		enough := errors.New("enough")
		if err := lister.List(t.Context(), ".", func(string, blob.Info) error { return enough }); !errors.Is(err, enough) {
			t.Errorf("got %v", err)
		}
	})
}
