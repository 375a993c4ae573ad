package filing_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"testing"
	"testing/iotest"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/botreserva/botreserva/internal/blob"
	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/media"
	"github.com/botreserva/botreserva/internal/filing"
	"github.com/botreserva/botreserva/internal/logtest"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// counting is a store that knows how many objects it holds.
type counting struct {
	blob.Memory
	objects map[string]bool
}

func (c *counting) Put(ctx context.Context, key string, content io.Reader, size int64) (int64, error) {
	n, err := c.Memory.Put(ctx, key, content, size)
	if err == nil {
		c.objects[key] = true
	}
	return n, err
}

func (c *counting) Delete(ctx context.Context, key string) error {
	delete(c.objects, key)
	return c.Memory.Delete(ctx, key)
}

// TestUpload: what is kept has one row and one object, and nothing else stays.
func TestUpload(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	h := pgtest.Tenant(t, db)
	store := &counting{objects: map[string]bool{}}
	now := clock.NewFrozen(time.Date(2026, 11, 9, 23, 30, 0, 0, time.FixedZone("", -3*3600)))
	cabinet := filing.New(db, store, now, logtest.Logger())
	f, err := cabinet.Upload(t.Context(), h.ID, h.Admin, `C:\fotos\vista.txt`, strings.NewReader("hello"))
	if err != nil {
		t.Fatal(err)
	}
	if want := h.ID.String() + "/2026/11/10/" + f.ID.String() + ".txt"; f.Key != want || f.Filename != "vista.txt" || f.Size != 5 {
		t.Errorf("kept %+v", f)
	}
	again, err := cabinet.Upload(t.Context(), h.ID, h.Admin, "b.txt", strings.NewReader("hello"))
	if err != nil || again.ID != f.ID || len(store.objects) != 1 {
		t.Errorf("again: %+v, %v; %v", again, err, store.objects)
	}
	broken := errors.New("cut off")
	for name, c := range map[string]struct {
		content io.Reader
		want    error
	}{
		"empty":        {strings.NewReader(""), media.ErrEmpty},
		"breaks early": {iotest.ErrReader(broken), broken},
		"breaks late":  {io.MultiReader(strings.NewReader(strings.Repeat("x", 10_000)), iotest.ErrReader(broken)), broken},
		"too large":    {io.LimitReader(endless{}, media.MaxSize+1), media.ErrTooLarge},
	} {
		if _, err := cabinet.Upload(t.Context(), h.ID, h.Admin, "x", c.content); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := cabinet.Upload(t.Context(), id.NewTenant(), h.Admin, "x", strings.NewReader("nobody's")); err == nil {
		t.Error("a hotel that is not there keeps files")
	}
	if len(store.objects) != 1 {
		t.Errorf("objects without a row: %v", store.objects)
	}
	found, err := cabinet.Find(t.Context(), h.ID, f.Name)
	if err != nil || found.ID != f.ID {
		t.Errorf("find: %+v, %v", found, err)
	}
	r := cabinet.Open(t.Context(), found)
	if got, err := io.ReadAll(r); err != nil || string(got) != "hello" || r.Close() != nil {
		t.Errorf("read %q, %v", got, err)
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func links(tb testing.TB, at time.Time, keys ...string) (*filing.Links, *clock.Frozen) {
	tb.Helper()
	c := clock.NewFrozen(at)
	l, err := filing.NewLinks("https://api.example.com/api/media/", c, keys...)
	if err != nil {
		tb.Fatal(err)
	}
	return l, c
}

var (
	oldKey = strings.Repeat("0a", 32)
	newKey = strings.Repeat("0b", 32)
)

func parts(tb testing.TB, address string) (name, e, s string) {
	tb.Helper()
	u, err := url.Parse(address)
	if err != nil {
		tb.Fatal(err)
	}
	return u.Path[strings.LastIndex(u.Path, "/")+1:], u.Query().Get("e"), u.Query().Get("s")
}

// TestLinks: an address stays the same for hours, holds for a day, and outlives a change
// of keys.
func TestLinks(t *testing.T) {
	t.Parallel()
	begin := time.Date(2026, 11, 10, 0, 0, 0, 0, time.UTC)
	l, c := links(t, begin, oldKey)
	tenant := id.NewTenant()
	first := l.To(tenant, "a.jpg")
	c.Advance(12*time.Hour - time.Second)
	if again := l.To(tenant, "a.jpg"); again != first {
		t.Errorf("%s became %s", first, again)
	}
	c.Advance(time.Second)
	if later := l.To(tenant, "a.jpg"); later == first {
		t.Error("the address never changes")
	}
	name, e, s := parts(t, first)
	c.Advance(24*time.Hour - time.Second)
	if until, err := l.Check(tenant, name, e, s); err != nil || until.Sub(begin) != 36*time.Hour {
		t.Errorf("%v, %v", until, err)
	}
	c.Advance(time.Second)
	if _, err := l.Check(tenant, name, e, s); !errors.Is(err, filing.ErrLinkExpired) {
		t.Errorf("at its end: %v", err)
	}
	rotated, _ := links(t, begin, newKey, oldKey)
	if _, err := rotated.Check(tenant, name, e, s); err != nil {
		t.Errorf("with a new key before: %v", err)
	}
	if rotated.To(tenant, "a.jpg") == first {
		t.Error("the old key still signs")
	}
	forgotten, _ := links(t, begin, newKey)
	if _, err := forgotten.Check(tenant, name, e, s); !errors.Is(err, filing.ErrLink) {
		t.Errorf("without the key: %v", err)
	}
}

func TestLinkKeys(t *testing.T) {
	t.Parallel()
	for _, keys := range [][]string{nil, {"not hexadecimal"}} {
		if _, err := filing.NewLinks("https://x", clock.System{}, keys...); err == nil || strings.Contains(fmt.Sprint(err), "not hexadecimal") {
			t.Errorf("%v: %v", keys, err)
		}
	}
}

// FuzzCheckLink: nothing but what we signed opens, and it opens only what it was signed
// for.
func FuzzCheckLink(f *testing.F) {
	l, _ := links(f, time.Date(2026, 11, 10, 0, 0, 0, 0, time.UTC), oldKey)
	tenant := id.NewTenant()
	name, e, s := parts(f, l.To(tenant, "a.jpg"))
	f.Add(name, e, s)
	f.Add("", "", "")
	f.Add("a.jpg\n1", e, s)
	f.Add(name, "-"+e, s)
	f.Add(name, "9223372036854775808", s[:10])
	f.Fuzz(func(t *testing.T, file, end, signature string) {
		_, err := l.Check(tenant, file, end, signature)
		if ours := file == name && end == e && signature == s; (err == nil) != ours {
			t.Errorf("%q %q %q: %v", file, end, signature, err)
		}
		if _, err := l.Check(id.NewTenant(), file, end, signature); err == nil {
			t.Error("opens another hotel's")
		}
		if stored := l.Of(tenant, file); stored != file && !strings.HasPrefix(stored, "https://api.example.com/api/media/"+tenant.String()+"/") {
			t.Errorf("%q became %q", file, stored)
		}
	})
}

// FuzzUploadName: whatever a client calls its file, what we keep can be shown and saved;
// whatever it holds, it has a type.
func FuzzUploadName(f *testing.F) {
	for _, name := range []string{"a.jpg", "", "..", "../../etc/passwd", "a\x00b\r\nX: y", "\u202egpj.exe", strings.Repeat("é", 300) + ".jpg", strings.Repeat("x", 300), strings.Repeat("x", 199) + "." + strings.Repeat("y", 20), "\xff\xfe"} {
		f.Add(name, []byte("%PDF-1.7"))
	}
	f.Fuzz(func(t *testing.T, name string, head []byte) {
		got, kind := filing.Tidy(name), filing.TypeOf(head, name)
		if !utf8.ValidString(got) || len(got) > 200 || strings.ContainsAny(got, "/\\\x00\r\n\u202e") || filing.Tidy(got) != got {
			t.Errorf("%q became %q", name, got)
		}
		if kind == "" || strings.ContainsAny(kind, "; \r\n") {
			t.Errorf("%q is %q", head, kind)
		}
		if bytes.HasPrefix(head, []byte("\xff\xd8\xff")) != (kind == "image/jpeg") {
			t.Errorf("%q is %q", head, kind)
		}
	})
}

// The type is the content's: a name changes it only among office documents.
func TestNameDecidesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		head := rapid.SliceOfN(rapid.Byte(), 1, 64).Draw(t, "head")
		extension := rapid.SampledFrom([]string{".jpg", ".html", ".svg", ".pdf", ".mp4", ".exe", ".docx"}).Draw(t, "extension")
		with, without := filing.TypeOf(head, "x"+extension), filing.TypeOf(head, "x")
		if with != without && without != "application/zip" {
			t.Fatalf("%s: %s, without it %s", extension, with, without)
		}
	})
}
