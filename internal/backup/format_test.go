package backup

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"testing"

	"github.com/botreserva/botreserva/internal/blob"
	"github.com/botreserva/botreserva/internal/postgres"
)

// Backups of newer programs are refused with that reason, and what nobody wrote as damaged.
func TestHeaders(t *testing.T) {
	t.Parallel()
	known, err := postgres.KnownMigrations()
	if err != nil {
		t.Fatal(err)
	}
	schema := func(versions ...int64) postgres.BackupSchema { return postgres.BackupSchema{Migrations: versions} }
	newest := known[len(known)-1]
	for name, c := range map[string]struct {
		header Header
		want   error
	}{
		"of today":           {Header{Format: format, BackupSchema: schema(known...)}, nil},
		"of before":          {Header{Format: format, BackupSchema: schema(known[:3]...)}, nil},
		"newer format":       {Header{Format: format + 1, BackupSchema: schema(known...)}, ErrNewer},
		"newer schema":       {Header{Format: format, BackupSchema: schema(append(known[:len(known):len(known)], newest+1)...)}, ErrNewer},
		"a migration more":   {Header{Format: format, BackupSchema: schema(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22)}, ErrNewer},
		"a migration less":   {Header{Format: format, BackupSchema: schema(1, 3)}, ErrNewer},
		"no schema whatever": {Header{Format: format}, errNoSchema},
	} {
		if err := checkWritten(t, func(f frames) error {
			return errors.Join(f.writeJSON(headerFrame, c.header), f.writeJSON(trailerFrame, Trailer{}))
		}); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	header := Header{Format: format, BackupSchema: schema(known...)}
	for name, write := range map[string]func(f frames) error{
		"nothing":    func(frames) error { return nil },
		"no header":  func(f frames) error { return f.writeJSON(trailerFrame, Trailer{}) },
		"no trailer": func(f frames) error { return f.writeJSON(headerFrame, header) },
		"two headers": func(f frames) error {
			return errors.Join(f.writeJSON(headerFrame, header), f.writeJSON(headerFrame, header))
		},
		"other trailer": func(f frames) error {
			return errors.Join(f.writeJSON(headerFrame, header), f.writeJSON(trailerFrame, Trailer{Media: 1}))
		},
		"strange frame": func(f frames) error { return errors.Join(f.writeJSON(headerFrame, header), f.write('?', nil)) },
		"long frame":    func(f frames) error { _, err := f.to.Write([]byte{headerFrame, 255, 255, 255, 255}); return err },
		"not JSON":      func(f frames) error { return f.write(headerFrame, []byte("{")) },
		"table without end": func(f frames) error {
			return errors.Join(f.writeJSON(headerFrame, header), f.writeJSON(tableFrame, postgres.BackupTable{Name: "tag"}), f.writeJSON(trailerFrame, Trailer{}))
		},
		"table with another sum": func(f frames) error {
			return errors.Join(f.writeJSON(headerFrame, header), f.writeJSON(tableFrame, postgres.BackupTable{Name: "tag"}),
				f.write(dataFrame, []byte("x")), f.writeJSON(endFrame, Table{Name: "tag", Bytes: 1}))
		},
	} {
		var bad *DamagedError
		if err := checkWritten(t, write); !errors.As(err, &bad) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// checkWritten checks a backup of these frames.
func checkWritten(t *testing.T, write func(frames) error) error {
	t.Helper()
	folder, err := blob.OpenFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = folder.Close() }()
	key, _, err := NewKey()
	if err != nil {
		t.Fatal(err)
	}
	k, err := New(Options{Target: folder, Key: key})
	if err != nil {
		t.Fatal(err)
	}
	const name = "botreserva-20260314T120000Z.backup"
	if _, err := k.put(context.Background(), name, func(w io.Writer) error { return write(frames{w}) }); err != nil {
		t.Fatal(err)
	}
	return k.check(context.Background(), name)
}

// The sum of rows is the same in any order and however they arrive, and another when a row is
// another, is missing or is there twice.
func TestRowSum(t *testing.T) {
	t.Parallel()
	row := func(fields ...string) []byte {
		b := binary.BigEndian.AppendUint16(nil, uint16(len(fields)))
		for _, f := range fields {
			if f == "" {
				b = binary.BigEndian.AppendUint32(b, 1<<32-1) // NULL
				continue
			}
			b = append(binary.BigEndian.AppendUint32(b, uint32(len(f))), f...)
		}
		return b
	}
	sum := func(pieces int, rows ...[]byte) (int64, string) {
		all := append(append([]byte{}, copySignature...), make([]byte, 8)...)
		for _, r := range rows {
			all = append(all, r...)
		}
		all = append(all, 0xff, 0xff)
		var s rowSum
		for len(all) > 0 {
			n := min(pieces, len(all))
			if _, err := s.Write(all[:n]); err != nil {
				t.Fatal(err)
			}
			all = all[n:]
		}
		n, text, err := s.result()
		if err != nil {
			t.Fatal(err)
		}
		return n, text
	}
	a, b := row("marina", "", "x"), row("rafael", "y", "")
	n, want := sum(1000, a, b)
	for pieces := range 40 {
		if m, got := sum(pieces+1, b, a); m != n || got != want || m != 2 {
			t.Fatalf("in pieces of %d: %d rows, %s instead of %s", pieces+1, m, got, want)
		}
	}
	for name, rows := range map[string][][]byte{"missing": {a}, "twice": {a, b, b}, "another": {a, row("rafael", "y", "z")}, "swapped": {a, row("y", "rafael", "")}} {
		if _, got := sum(1000, rows...); got == want {
			t.Errorf("%s: the sum is the same", name)
		}
	}
	var s rowSum
	if _, err := s.Write([]byte("id,name\nthis is no binary copy")); !errors.Is(err, errNotCopy) {
		t.Error(err)
	}
	var short rowSum
	_, _ = short.Write(append(append(append([]byte{}, copySignature...), make([]byte, 8)...), a...))
	if _, _, err := short.result(); !errors.Is(err, errNotCopy) {
		t.Error("rows without an end")
	}
}
