package inbox

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/content"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/logtest"
	"github.com/botreserva/botreserva/internal/n8n"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
	"github.com/botreserva/botreserva/internal/sealed"
)

// listener is a flow that keeps what it was told.
type listener struct {
	handoff *Handoff
	heard   chan []byte
}

func listen(t *testing.T) (*listener, *postgres.DB, string) {
	t.Helper()
	l := &listener{heard: make(chan []byte, 100)}
	flow := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		l.heard <- text
	}))
	t.Cleanup(flow.Close)
	db := pgtest.DB(t)
	box, err := sealed.NewBox(strings.Repeat("5a", 32))
	if err != nil {
		t.Fatal(err)
	}
	l.handoff = NewHandoff(db, directory.New(db, box, clock.System{}), n8n.NewClient(flow.Client()), clock.System{}, logtest.Logger())
	t.Cleanup(l.handoff.Close)
	return l, db, flow.URL
}

// hear hands a message over and returns the button that the flow gets.
func (l *listener) hear(ctx context.Context, t *testing.T, db *postgres.DB, hotel pgtest.Hotel, m message.Message) (pressed struct {
	ID, PressID string
	Offered     *bool
	OfferedAt   *time.Time
},
) {
	t.Helper()
	pgtest.InTx(t, db, hotel.ID, func(tx *postgres.Tx) error {
		tx.Enqueue(lane.Handoff, lane.Handover{MessageID: m.ID}.In(m.ConversationID, m.NumberID))
		return nil
	})
	l.handoff.Work(ctx, claim(ctx, t, db, hotel.ID, lane.Handoff))
	var body struct{ ButtonReply json.RawMessage }
	if err := json.Unmarshal(<-l.heard, &body); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(body.ButtonReply, &pressed); err != nil {
		t.Fatal(err)
	}
	return pressed
}

// Cases 88 to 90: what a button means is the flow's, which hears whether this guest was
// offered it, when, and under which name the same press is known again.
func TestPressedButtons(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	l, db, address := listen(t)
	hotel := pgtest.Tenant(t, db, func(row *postgres.TenantRow) { row.Bot.URL = address })
	marina, other := pgtest.Conversation(t, db, hotel), pgtest.Conversation(t, db, hotel)
	sent := map[string]message.Message{}
	for wamid, c := range map[string]content.Content{
		"buttons":  content.Buttons{Body: "Confirma?", Buttons: []content.Button{{ID: "confirmar:8841", Title: "Confirmar"}}},
		"list":     content.List{Body: "Qual?", Button: "Ver", Sections: []content.Section{{Rows: []content.Row{{ID: "quarto:luxo", Title: "Luxo"}}}}},
		"template": content.Template{Name: "oi", Language: "pt_BR", Buttons: []content.TemplateButton{{Payload: "sair"}}},
		"text":     content.Text{Body: "Oi"},
	} {
		metadata, err := content.Describe(c)
		if err != nil {
			t.Fatal(err)
		}
		sent[wamid] = pgtest.Message(t, db, hotel.ID, marina, func(m *message.Message) {
			m.Direction, m.Sender, m.Kind, m.Metadata, m.WAMID = message.Outbound, message.Bot, c.Kind(), metadata, wamid
			m.Timestamp = time.Now().AddDate(0, 0, -60).Truncate(time.Second)
		})
	}
	names := map[string]bool{}
	for _, c := range []struct {
		name      string
		by        string
		of        string
		id, title string
		isList    bool
		want      string
	}{
		{"what was offered", "marina", "buttons", "confirmar:8841", "Confirmar", false, "true"},
		{"again", "marina", "buttons", "confirmar:8841", "Confirmar", false, "true"},
		{"of another booking", "marina", "buttons", "confirmar:9999", "Confirmar", false, "false"},
		{"a row", "marina", "list", "quarto:luxo", "Luxo", true, "true"},
		{"no row", "marina", "list", "quarto:nenhum", "Luxo", true, "false"},
		{"of a template", "marina", "template", "sair", "Parar promoções", false, "true"},
		{"of a template, its label", "marina", "template", "Sim", "Sim", false, "true"},
		{"not of the template", "marina", "template", "admin", "Sim", false, "false"},
		{"of a text", "marina", "text", "x", "x", false, "false"},
		{"another guest's message", "other", "buttons", "confirmar:8841", "Confirmar", false, "false"},
		{"of nothing that we know", "marina", "unheard", "x", "x", false, "false"},
		{"without what it answers", "marina", "", "x", "x", false, "untold"},
	} {
		by := marina
		if c.by == "other" {
			by = other
		}
		m := pgtest.Message(t, db, hotel.ID, by, func(m *message.Message) {
			choice := &message.Choice{ID: c.id, Title: c.title}
			m.Metadata = message.Metadata{Button: choice}
			if c.isList {
				m.Metadata = message.Metadata{List: choice}
			}
			if c.of != "" {
				m.Metadata.Context = &message.Context{WAMID: c.of}
			}
		})
		pressed := l.hear(ctx, t, db, hotel, m)
		got := "untold"
		if pressed.Offered != nil {
			got = fmt.Sprint(*pressed.Offered)
		}
		if got != c.want || pressed.ID != c.id {
			t.Errorf("%s: offered %s, want %s", c.name, got, c.want)
		}
		if got == "true" && (pressed.OfferedAt == nil || !pressed.OfferedAt.Equal(sent[c.of].Timestamp)) {
			t.Errorf("%s: offered at %v, want 60 days ago", c.name, pressed.OfferedAt)
		}
		if isRepeat := names[pressed.PressID]; isRepeat != (c.name == "again" || c.by == "other") {
			t.Errorf("%s: known again: %t", c.name, isRepeat)
		}
		names[pressed.PressID] = true
	}
}
