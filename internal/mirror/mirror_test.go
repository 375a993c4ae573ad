package mirror_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/media"
	"github.com/botreserva/botreserva/internal/domain/news"
	"github.com/botreserva/botreserva/internal/domain/template"
	"github.com/botreserva/botreserva/internal/logtest"
	"github.com/botreserva/botreserva/internal/mirror"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
	"github.com/botreserva/botreserva/internal/sealed"
	"github.com/botreserva/botreserva/internal/whatsapp"
	"github.com/botreserva/botreserva/internal/whatsapp/simulator"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

const waba = "301200000000001"

// world is a hotel, its business account at a simulated Meta, and a keeper between them.
type world struct {
	t      *testing.T
	db     *postgres.DB
	hotel  pgtest.Hotel
	clock  *clock.Frozen
	sim    *simulator.Simulator
	server *httptest.Server
	keeper *mirror.Keeper
}

func setup(t *testing.T, templates ...simulator.Template) *world {
	t.Helper()
	w := &world{t: t, db: pgtest.DB(t), clock: clock.NewFrozen(time.Now().Truncate(time.Second))}
	w.hotel = pgtest.Tenant(t, w.db)
	w.sim = simulator.New(simulator.Options{Accounts: []simulator.Account{{
		PhoneNumberID: w.hotel.Number.PhoneNumberID, WABAID: waba, DisplayNumber: "551130000000", AccessToken: "EAAG-token-de-teste", Templates: templates,
	}}})
	w.server = httptest.NewServer(w.sim.Handler())
	box, err := sealed.NewBox(strings.Repeat("5a", 32))
	if err != nil {
		t.Fatal(err)
	}
	pgtest.Exec(t, w.db, "UPDATE whatsapp_number SET waba_id = $1, access_token = $2", waba, box.Seal("EAAG-token-de-teste", w.hotel.ID.String()))
	client := whatsapp.NewClient(whatsapp.Options{BaseURL: w.server.URL})
	w.keeper = mirror.New(w.db, directory.New(w.db, box, w.clock), client, w.clock, logtest.Logger())
	t.Cleanup(func() {
		client.CloseIdleConnections()
		w.server.Close()
		_ = w.sim.Close(context.WithoutCancel(t.Context()))
	})
	return w
}

// states lists templates as name, language and status.
func (w *world) states() string {
	w.t.Helper()
	all, _, err := w.db.Templates(w.t.Context(), w.hotel.ID, postgres.TemplateFilter{}, 100, 0)
	if err != nil {
		w.t.Fatal(err)
	}
	var out []string
	for _, t := range all {
		out = append(out, t.Name+" "+t.Status)
	}
	return strings.Join(out, ", ")
}

// hears is what the inbox does with a webhook about a template.
func (w *world) hears(f news.TemplateFacts, at time.Time) {
	w.t.Helper()
	pgtest.InTx(w.t, w.db, w.hotel.ID, func(tx *postgres.Tx) error {
		return tx.SaveFacts(w.t.Context(), waba, news.Facts{Template: &f}, at, w.clock.Now())
	})
}

func (w *world) upkeep() {
	w.t.Helper()
	if err := w.keeper.Upkeep(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

// TestTemplatesFollowMeta: readings and webhooks together show what Meta last said.
func TestTemplatesFollowMeta(t *testing.T) {
	t.Parallel()
	w := setup(t,
		simulator.Template{ID: "9001", Name: "estadia", Language: "pt_BR", Category: "UTILITY", Body: "Olá {{nome}}, até já."},
		simulator.Template{ID: "9002", Name: "velho", Language: "pt_BR", Category: "UTILITY", Body: "Oi.", Status: "REJECTED"},
	)
	expect := func(what, want string) {
		t.Helper()
		if got := w.states(); got != want {
			t.Errorf("%s: %s, want %s", what, got, want)
		}
	}
	w.upkeep()
	expect("first reading", "estadia APPROVED, velho REJECTED")

	w.hears(news.TemplateFacts{ID: "9001", Name: "estadia", Language: "pt_BR", Status: "PAUSED"}, w.clock.Now())
	expect("a webhook", "estadia PAUSED, velho REJECTED")
	w.hears(news.TemplateFacts{ID: "9001", Name: "estadia", Language: "pt_BR", Status: "APPROVED"}, w.clock.Now().Add(-time.Hour))
	expect("a late webhook", "estadia PAUSED, velho REJECTED")

	w.clock.Advance(time.Minute)
	w.upkeep()
	expect("too soon", "estadia PAUSED, velho REJECTED")
	w.clock.Advance(2 * time.Minute)
	w.upkeep()
	expect("read again because of the webhooks", "estadia APPROVED, velho REJECTED")

	w.hears(news.TemplateFacts{ID: "9009", Name: "sumiu", Language: "pt_BR", Status: "DELETED"}, w.clock.Now())
	w.hears(news.TemplateFacts{ID: "9010", Name: "novo", Language: "pt_BR", Status: "PENDING"}, w.clock.Now())
	expect("one that was never read", "estadia APPROVED, novo PENDING, velho REJECTED")
	w.server.Config.Handler = http.NotFoundHandler()
	w.clock.Advance(2 * time.Hour)
	w.upkeep()
	expect("a reading that failed", "estadia APPROVED, novo PENDING, velho REJECTED")
	accounts, err := w.db.Accounts(t.Context(), w.hotel.ID)
	if err != nil || len(accounts) != 1 || accounts[0].Failure == "" || accounts[0].SyncedAt.IsZero() {
		t.Errorf("%+v, %v", accounts, err)
	}
	w.server.Config.Handler = w.sim.Handler()
	w.clock.Advance(2 * time.Hour)
	w.upkeep()
	expect("what is not there is gone", "estadia APPROVED, velho REJECTED")
}

// TestHandingIn creates, edits and deletes at a Meta that checks.
func TestHandingIn(t *testing.T) {
	t.Parallel()
	w := setup(t)
	ctx := t.Context()
	d := template.Draft{Name: "nova", Language: "pt_BR", Category: template.Utility, Form: template.Form{
		Body: "Olá {{1}}, sua reserva está confirmada e esperamos você no hotel até {{2}}, combinado?", Examples: []string{"Ana", "já"}, Buttons: []template.Button{{Type: template.QuickReply, Text: "Sim"}},
	}}
	made, err := w.keeper.Create(ctx, w.hotel.ID, w.hotel.Admin, "", d)
	if err != nil {
		t.Fatal(err, fault.Of(err).Details)
	}
	if made.Status != template.Pending && made.Status != template.Approved || made.Form.Body != d.Form.Body {
		t.Errorf("made %+v", made)
	}
	if _, err := w.keeper.Create(ctx, w.hotel.ID, w.hotel.Admin, "", d); !errors.Is(err, mirror.ErrRefused) {
		t.Errorf("made twice: %v", err)
	}
	if _, err := w.keeper.Create(ctx, w.hotel.ID, w.hotel.Admin, "1", d); !errors.Is(err, mirror.ErrNoAccount) {
		t.Errorf("in another account: %v", err)
	}
	if err := w.sim.DecideTemplate(waba, made.ID, "approve", ""); err != nil {
		t.Log(err) // it may have been approved by itself
	}
	d.Form.Body = "Olá {{1}}, sua reserva mudou e agora esperamos você no hotel até {{2}}, combinado?"
	if edited, err := w.keeper.Edit(ctx, w.hotel.ID, w.hotel.Admin, made.ID, template.Draft{Form: d.Form}); err != nil || edited.Form.Body != d.Form.Body {
		t.Errorf("edited %+v, %v", edited, err)
	}
	if _, err := w.keeper.Read(ctx, w.hotel.ID); err != nil || !strings.HasPrefix(w.states(), "nova ") {
		t.Errorf("read %s, %v", w.states(), err)
	}
	if err := w.keeper.Delete(ctx, w.hotel.ID, w.hotel.Admin, made.ID, false); err != nil || w.states() != "" {
		t.Errorf("deleted: %v, left %s", err, w.states())
	}
	if err := w.keeper.Delete(ctx, w.hotel.ID, w.hotel.Admin, made.ID, false); !errors.Is(err, template.ErrNotFound) {
		t.Errorf("deleted twice: %v", err)
	}
}

// TestNumbersAreRead: how numbers stand is read by the hour, and the end of the API's version
// is told once.
func TestNumbersAreRead(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.keeper.Version = "v21.0"
	for range 2 {
		w.upkeep()
		w.clock.Advance(2 * time.Hour)
	}
	rows, err := w.db.Numbers(t.Context(), w.hotel.ID)
	if err != nil || rows[0].Standing.Status != "CONNECTED" || rows[0].Standing.Throughput != 80 || rows[0].Standing.DailyLimit == nil {
		t.Errorf("%+v, %v", rows, err)
	}
	told, err := w.db.News(t.Context(), w.hotel.ID, postgres.NewsFilter{Kind: news.APIVersion}, 10, 0)
	if near := whatsapp.StateOfVersion("v21.0", w.clock.Now()).Near; err != nil || near != (len(told) > 0) || len(told) > 1 {
		t.Errorf("told %+v, %v", told, err)
	}
}

// files gives Meta one picture.
type files struct {
	client  *whatsapp.Client
	picture id.Media
}

func (f files) Example(ctx context.Context, _ id.Tenant, accessToken string, of id.Media, types []string) (string, error) {
	if of != f.picture {
		return "", media.ErrNotFound
	}
	if !slices.Contains(types, "image/png") {
		return "", media.ErrWrongType
	}
	const bytes = "\x89PNG of the pool"
	return f.client.UploadExample(ctx, accessToken, whatsapp.Upload{
		MimeType: "image/png", Filename: "piscina.png", Size: int64(len(bytes)), Content: strings.NewReader(bytes),
	})
}

// A file of the hotel's is given to Meta before the template that shows it, on cards too.
func TestExamplesAreFiles(t *testing.T) {
	t.Parallel()
	w := setup(t)
	picture := id.NewMedia()
	client := whatsapp.NewClient(whatsapp.Options{BaseURL: w.server.URL})
	t.Cleanup(client.CloseIdleConnections)
	w.keeper.Examples = files{client: client, picture: picture}
	draft := func(h template.Header) template.Draft {
		return template.Draft{Name: "piscina", Language: "pt_BR", Category: "MARKETING", Form: template.Form{Header: &h, Body: "A piscina abriu."}}
	}
	made, err := w.keeper.Create(t.Context(), w.hotel.ID, w.hotel.Admin, "", draft(template.Header{Format: template.Image, ExampleFile: picture}))
	if err != nil {
		t.Fatal(err)
	}
	if h := made.Form.Header; !strings.HasPrefix(h.Example, "4::") || !h.ExampleFile.IsZero() {
		t.Errorf("the header is %+v", h)
	}
	for name, c := range map[string]struct {
		header template.Header
		want   error
	}{
		"a film that is a picture": {template.Header{Format: template.Video, ExampleFile: picture}, media.ErrWrongType},
		"no such file":             {template.Header{Format: template.Image, ExampleFile: id.NewMedia()}, media.ErrNotFound},
		"no example":               {template.Header{Format: template.Image}, fault.ErrInvalid},
	} {
		_, err := w.keeper.Create(t.Context(), w.hotel.ID, w.hotel.Admin, "", draft(c.header))
		if !errors.Is(err, c.want) || len(fault.Of(err).Details) == 0 || fault.Of(err).Details[0].Path != "header.exampleFileId" {
			t.Errorf("%s: %v %+v", name, err, fault.Of(err).Details)
		}
	}
}
