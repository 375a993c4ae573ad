package guestbook_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/event"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/guestbook"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// world is a hotel with a book, and what its screens were told.
type world struct {
	t     *testing.T
	ctx   context.Context //nolint:containedctx // of one test
	db    *postgres.DB
	hotel pgtest.Hotel
	book  *guestbook.Book

	mu   sync.Mutex
	told []event.Event
}

func setup(t *testing.T) *world {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	w := &world{t: t, ctx: ctx, db: pgtest.DB(t)}
	w.hotel = pgtest.Tenant(t, w.db)
	w.book = guestbook.New(w.db, nil, clock.System{})
	w.db.OnCommit(postgres.Hooks{Publish: func(_ context.Context, events []event.Event) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.told = append(w.told, events...)
	}})
	return w
}

func (w *world) imported(file string) *guestbook.Plan {
	w.t.Helper()
	p, err := w.book.Import(w.ctx, w.hotel.ID, w.hotel.Admin, []byte(file), nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return p
}

func (w *world) all() []contact.Record {
	w.t.Helper()
	all, _, err := w.db.Contacts(w.ctx, w.hotel.ID, postgres.ContactFilter{Order: contact.ByNumber, Rising: true, Limit: 100})
	if err != nil {
		w.t.Fatal(err)
	}
	return all
}

// TestWhoWasEnteredAndWritesIsOneContact: the inbox finds by the alias whom a person
// entered, in either spelling of the number, and keeps the name that the person wrote.
func TestWhoWasEnteredAndWritesIsOneContact(t *testing.T) {
	t.Parallel()
	w := setup(t)
	name := "Dona Ana"
	guest, err := w.book.Add(w.ctx, w.hotel.ID, w.hotel.Admin, "(81) 8765-4321", contact.Changes{Name: &name})
	if err != nil {
		t.Fatal(err)
	}
	who := contact.Identity{WAID: "558187654321", Name: "aninha ✨"}
	pgtest.InTx(t, w.db, w.hotel.ID, func(tx *postgres.Tx) error {
		known, err := tx.ContactsByAlias(w.ctx, who.Aliases())
		if err != nil {
			return err
		}
		found := known[who.Aliases()[0]]
		if found.ID != guest.ID {
			t.Fatalf("the inbox found %+v", known)
		}
		return tx.SaveContacts(w.ctx, time.Now(), found.Learn(who, time.Now()))
	})
	got, err := w.db.Contact(w.ctx, w.hotel.ID, guest.ID)
	if err != nil || got.Name != name || got.WAID != who.WAID {
		t.Errorf("%+v, %v", got, err)
	}
}

// TestTwoPeopleEnterTheSameGuest at once: one is told of the other's.
func TestTwoPeopleEnterTheSameGuest(t *testing.T) {
	t.Parallel()
	w := setup(t)
	results := make(chan error, 8)
	for range cap(results) {
		go func() {
			_, err := w.book.Add(w.ctx, w.hotel.ID, w.hotel.Admin, "5511987654321", contact.Changes{})
			results <- err
		}()
	}
	var added id.Contact
	if all := w.allAfter(results, func(err error) {
		var taken *contact.TakenError
		if err != nil && !errors.As(err, &taken) {
			t.Errorf("refused with %v", err)
		} else if err != nil {
			added = taken.Existing
		}
	}); len(all) != 1 || all[0].ID != added {
		t.Errorf("the book holds %+v, who came late was told of %s", all, added)
	}
}

func (w *world) allAfter(results chan error, check func(error)) []contact.Record {
	w.t.Helper()
	for range cap(results) {
		check(<-results)
	}
	return w.all()
}

// TestRemoveWaitsForTheInbox: a guest who gets a conversation at this moment is not
// removed with it.
func TestRemoveWaitsForTheInbox(t *testing.T) {
	t.Parallel()
	w := setup(t)
	guest := pgtest.Contact(t, w.db, w.hotel.ID)
	removed := make(chan error, 1)
	conversation := pgtest.Conversation(t, w.db, w.hotel, pgtest.With(guest))
	if err := w.book.Remove(w.ctx, w.hotel.ID, w.hotel.Admin, guest.ID); !errors.Is(err, contact.ErrInUse) {
		t.Errorf("removed: %v", err)
	}
	lonely := pgtest.Contact(t, w.db, w.hotel.ID)
	pgtest.InTx(t, w.db, w.hotel.ID, func(tx *postgres.Tx) error {
		c := conversation.Conversation
		c.ID, c.ContactID = id.NewConversation(), lonely.ID
		if err := tx.InsertConversations(w.ctx, c); err != nil {
			return err
		}
		go func() { removed <- w.book.Remove(w.ctx, w.hotel.ID, w.hotel.Admin, lonely.ID) }()
		return w.awaitBlocked()
	})
	if err := <-removed; !errors.Is(err, contact.ErrInUse) {
		t.Errorf("removed with a conversation that was being made: %v", err)
	}
}

// awaitBlocked waits until a transaction waits for another.
func (w *world) awaitBlocked() error {
	w.t.Helper()
	owner := pgtest.Owner(w.t, w.db)
	again := time.NewTicker(5 * time.Millisecond)
	defer again.Stop()
	for {
		var blocked bool
		err := owner.QueryRow(w.ctx, `SELECT EXISTS (SELECT FROM pg_locks l JOIN pg_stat_activity a USING (pid)
			WHERE NOT l.granted AND a.datname = current_database())`).Scan(&blocked)
		if err != nil || blocked {
			return err
		}
		select {
		case <-again.C:
		case <-w.ctx.Done():
			return w.ctx.Err()
		}
	}
}

const file = `Nome;Celular;E-mail;Empresa;Observações
Ana Souza;(11) 98765-4321;ana@example.com;Sol;gosta de silêncio
Bia;081 8765-4321;;;
Caê;não tem;cae@example.com;;
Dora;11 91234-5678;dora-sem-arroba;;
Ana de novo;+55 11 98765-4321;;;
`

func TestImport(t *testing.T) {
	t.Parallel()
	w := setup(t)
	p := w.imported(file)
	counts := []int{p.Count(guestbook.Create), p.Count(guestbook.Update), p.Count(guestbook.Skip), p.Count(guestbook.Refuse)}
	if diff := cmp.Diff([]int{2, 0, 0, 3}, counts); diff != "" {
		t.Errorf("created, updated, skipped, refused (-want +got):\n%s", diff)
	}
	want := []guestbook.Problem{
		{Line: 4, Column: "Celular", Message: contact.ErrPhone.Text},
		{Line: 5, Column: "E-mail", Message: "This is no e-mail address."},
		{Line: 6, Column: "Celular", Message: "The file has this number in a line above."},
	}
	if diff := cmp.Diff(want, p.Problems()); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
	if p.Columns[4] != (guestbook.Column{Heading: "Observações"}) {
		t.Errorf("an unknown column: %+v", p.Columns[4])
	}
	var got []string
	for _, g := range w.all() {
		got = append(got, fmt.Sprint(g.Phone, " ", g.Name, " ", g.Email, " ", g.CompanyName))
	}
	if diff := cmp.Diff([]string{"5511987654321 Ana Souza ana@example.com Sol", "5581987654321 Bia  "}, got); diff != "" {
		t.Errorf("the book (-want +got):\n%s", diff)
	}
	if len(w.told) != 1 || w.told[0].Name != event.ContactCreated {
		t.Errorf("screens were told %+v", w.told)
	}
}

// TestImportAgain: doing it twice does nothing; what a file leaves out stays; what it
// changes is changed.
func TestImportAgain(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.imported(file)
	before := w.all()
	if p := w.imported(file); p.Count(guestbook.Skip) != 2 || p.Count(guestbook.Create)+p.Count(guestbook.Update) != 0 {
		t.Errorf("the second time: %+v", p.Lines)
	}
	if diff := cmp.Diff(before, w.all()); diff != "" {
		t.Errorf("the second time changed:\n%s", diff)
	}
	p := w.imported("Fone,Nome,E-mail\n558187654321,Beatriz,\n11 98765-4321,,\n")
	if p.Lines[0].Fate != guestbook.Update || p.Lines[1].Fate != guestbook.Skip || p.Lines[0].Existing != before[1].ID {
		t.Errorf("%+v", p.Lines)
	}
	after := w.all()
	if after[1].Name != "Beatriz" || !after[1].NameKept || after[0].Email != "ana@example.com" {
		t.Errorf("%+v", after)
	}
}

// TestPreviewIsWhatImportDoes: for any file and any book.
func TestPreviewIsWhatImportDoes(t *testing.T) {
	t.Parallel()
	w := setup(t)
	cell := rapid.SampledFrom([]string{"Ana", "", "Bia", "=1", "a\nb"})
	phone := rapid.SampledFrom([]string{"11987654321", "+55 11 98765-4321", "81 8765-4321", "5581987654321", "x", "", "351912345678", "113333444"})
	rapid.Check(t, func(r *rapid.T) {
		var b strings.Builder
		b.WriteString("Nome,Telefone,Empresa\nDora,11999990000,\n")
		for range rapid.IntRange(1, 6).Draw(r, "rows") {
			fmt.Fprintf(&b, "\"%s\",%s,%s\n", cell.Draw(r, "name"), phone.Draw(r, "phone"), rapid.SampledFrom([]string{"", "Sol", "Mar"}).Draw(r, "company"))
		}
		preview, err := w.book.Preview(w.ctx, w.hotel.ID, []byte(b.String()), nil)
		if err != nil {
			r.Fatal(err)
		}
		before := len(w.all())
		done := w.imported(b.String())
		if diff := cmp.Diff(preview, done); diff != "" {
			r.Fatalf("%s\n(-preview +import):\n%s", b.String(), diff)
		}
		if added := len(w.all()) - before; added != done.Count(guestbook.Create) {
			r.Fatalf("%d were added, %d were said to be", added, done.Count(guestbook.Create))
		}
		if again := w.imported(b.String()); again.Count(guestbook.Create)+again.Count(guestbook.Update) != 0 {
			r.Fatalf("the second time: %+v", again.Lines)
		}
	})
}

func TestImportOfManyRows(t *testing.T) {
	t.Parallel()
	w := setup(t)
	var b strings.Builder
	b.WriteString("Telefone\n")
	for i := range guestbook.MaxImport {
		fmt.Fprintf(&b, "55119%08d\n", i)
	}
	if p := w.imported(b.String()); p.Count(guestbook.Create) != guestbook.MaxImport {
		t.Errorf("%d were created: %+v", p.Count(guestbook.Create), p.Problems())
	}
	b.WriteString("5512900000000\n")
	if _, err := w.book.Import(w.ctx, w.hotel.ID, w.hotel.Admin, []byte(b.String()), nil); !errors.Is(err, guestbook.ErrTooLong) {
		t.Errorf("one row beyond: %v", err)
	}
}

func TestColumns(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		header  string
		mapping map[string]string
		want    []string
		err     error
	}{
		"as we export them": {
			header: "Nome,Primeiro nome,Sobrenome,Empresa,Cargo,Telefone,E-mail,Conversas",
			want:   []string{"name", "firstName", "lastName", "companyName", "designation", "phoneNumber", "email", ""},
		},
		"in English":              {header: "Full Name,Phone Number,E-MAIL", want: []string{"name", "phoneNumber", "email"}},
		"the first of two counts": {header: "Celular,Telefone", want: []string{"phoneNumber", ""}},
		"as somebody says": {
			header: "A,B,Nome", mapping: map[string]string{"a": "phoneNumber", "Nome": ""}, want: []string{"phoneNumber", "", ""},
		},
		"no numbers":                 {header: "Nome,E-mail", err: guestbook.ErrNoNumbers},
		"a field that is none":       {header: "A", mapping: map[string]string{"A": "password"}, err: guestbook.ErrMapping},
		"a column that is not there": {header: "Telefone", mapping: map[string]string{"B": "name"}, err: guestbook.ErrMapping},
	}
	for name, c := range cases {
		p, err := guestbook.Read([]byte(c.header+"\n1\n"), c.mapping)
		if !errors.Is(err, c.err) {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil {
			continue
		}
		var got []string
		for _, column := range p.Columns {
			got = append(got, column.Field)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// FuzzImport: whatever a file holds, each line has a fate, and who is to be created has
// a number and nothing that PostgreSQL would not keep.
func FuzzImport(f *testing.F) {
	f.Add([]byte(file))
	f.Add([]byte("telefone\n+1 631 555 1234"))
	f.Add([]byte("phone,phone\n\"0055 11 98765-4321\n"))
	f.Add([]byte("sep=;\nfone;nome\n11987654321;\xe3\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := guestbook.Read(data, nil)
		if err != nil {
			return
		}
		seen := map[contact.Phone]bool{}
		for _, l := range p.Lines {
			if l.Fate != guestbook.Refuse && (len(l.Phone) < 10 || len(l.Phone) > 15 || seen[l.Phone]) {
				t.Fatalf("%q: line %+v", data, l)
			}
			seen[l.Phone] = l.Fate != guestbook.Refuse || seen[l.Phone]
			for _, text := range []*string{l.About.Name, l.About.FirstName, l.About.LastName, l.About.CompanyName, l.About.Designation, l.About.Email} {
				if text != nil && (strings.ContainsRune(*text, 0) || strings.ToValidUTF8(*text, "") != *text) {
					t.Fatalf("%q: line %+v holds %q", data, l, *text)
				}
			}
		}
	})
}
