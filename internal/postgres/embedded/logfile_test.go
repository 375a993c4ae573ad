//go:build unix

package embedded

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestOpenServerLog_turns_a_large_one_over(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "postgres.log")
	for _, test := range []struct {
		size int64
		from int64 // where the new start begins to write
	}{{maxLogSize, maxLogSize}, {maxLogSize + 1, 0}} {
		if err := os.WriteFile(path, make([]byte, test.size), 0o600); err != nil {
			t.Fatal(err)
		}
		file, from, err := openServerLog(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := file.Close(); err != nil {
			t.Fatal(err)
		}
		if from != test.from {
			t.Errorf("%d bytes: writes on from %d, want %d", test.size, from, test.from)
		}
	}
	if old, err := os.Stat(path + ".1"); err != nil || old.Size() != maxLogSize+1 {
		t.Errorf("old log: %v, %v", old, err)
	}
}

func TestLogTail_shows_this_start_only(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "postgres.log")
	if err := os.WriteFile(path, []byte("yesterday\nFATAL: today\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := logTail(path, int64(len("yesterday\n"))); got != "FATAL: today" {
		t.Errorf("tail %q", got)
	}
	if err := os.WriteFile(path, []byte(strings.Repeat("x", 3*logTailSize)+"FATAL: end\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := logTail(path, 0); len(got) > logTailSize || !strings.HasSuffix(got, "FATAL: end") {
		t.Errorf("tail of %d bytes, ends %q", len(got), got[len(got)-20:])
	}
}
