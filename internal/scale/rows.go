package scale

import (
	"cmp"
	"encoding/hex"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
)

// rows are those of one table in PostgreSQL's text form of COPY.
type rows struct {
	table string
	names string // of the columns
	text  []byte
	ends  []rowEnd
}

// rowEnd is where a row ends in the text, and when it was stored.
type rowEnd struct {
	at   int64
	from int
	to   int
}

func (w *rows) field() {
	if n := len(w.text); n > 0 && w.text[n-1] != '\n' {
		w.text = append(w.text, '\t')
	}
}

func (w *rows) null() {
	w.field()
	w.text = append(w.text, `\N`...)
}

// str writes a text of ours, none of which holds a tab, a line break or a backslash.
func (w *rows) str(text string) {
	w.field()
	if text == "" && (len(w.text) == 0 || w.text[len(w.text)-1] == '\n') {
		panic("a row cannot begin with an empty text: its end could not be told")
	}
	w.text = append(w.text, text...)
}

func (w *rows) id(u uuid.UUID) {
	w.field()
	w.text = hex.AppendEncode(w.text, u[:])
}

func (w *rows) idOrNull(p *person) {
	if p == nil {
		w.null()
		return
	}
	w.id(p.id)
}

func (w *rows) int(n int) {
	w.field()
	w.text = strconv.AppendInt(w.text, int64(n), 10)
}

func (w *rows) bool(b bool) {
	w.field()
	w.text = strconv.AppendBool(w.text, b)
}

// time writes a moment; zero is NULL.
func (w *rows) time(at int64) {
	if at == 0 {
		w.null()
		return
	}
	w.field()
	w.text = time.UnixMilli(at).UTC().AppendFormat(w.text, "2006-01-02T15:04:05.000Z")
}

// end finishes a row.
func (w *rows) end(at int64) {
	from := 0
	if n := len(w.ends); n > 0 {
		from = w.ends[n-1].to
	}
	w.text = append(w.text, '\n')
	w.ends = append(w.ends, rowEnd{at, from, len(w.text)})
}

// reader reads the rows in the order of time: as they would have come, so that the
// messages of one conversation lie between those of all others.
func (w *rows) reader() io.Reader {
	slices.SortStableFunc(w.ends, func(a, b rowEnd) int { return cmp.Compare(a.at, b.at) })
	return &inOrder{rows: w}
}

type inOrder struct {
	rows *rows
	next int
}

func (o *inOrder) Read(into []byte) (int, error) {
	n := 0
	for ; o.next < len(o.rows.ends); o.next++ {
		e := o.rows.ends[o.next]
		if n+e.to-e.from > len(into) {
			break
		}
		n += copy(into[n:], o.rows.text[e.from:e.to])
	}
	switch {
	case n > 0:
		return n, nil
	case o.next < len(o.rows.ends):
		return 0, io.ErrShortBuffer // a row of 64 kB: there is none
	default:
		return 0, io.EOF
	}
}

func (w *rows) copySQL() string { return "COPY " + w.table + " (" + w.names + ") FROM STDIN" }

// quoted writes a text of ours as JSON: it needs no escapes.
func quoted(text string) string {
	if strings.ContainsAny(text, `"\`) {
		panic("needs an escape: " + text)
	}
	return `"` + text + `"`
}
