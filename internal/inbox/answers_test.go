package inbox

import (
	"testing"

	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/n8n"
	"github.com/botreserva/botreserva/internal/outbox"
)

// TestAnswersOnce: a hand-over that is repeated says nothing twice, whatever the flow answers then.
func TestAnswersOnce(t *testing.T) {
	t.Parallel()
	x := newExchange(t)
	l := x.line(t)
	l.post(1, said("wamid.A", 10, `"type":"text","text":{"body":"tem quarto?"}`))
	l.work(8)
	spoken := l.rows("SELECT conversation_id::text FROM message WHERE tenant_id = $1 AND $2::timestamptz IS NOT NULL")
	dir := x.processor.directory
	h := NewHandoff(x.db, dir, nil, clock.System{}, x.processor.log)
	t.Cleanup(h.Close)
	h.Speaker = outbox.NewSender(x.db, dir, clock.System{})
	hotel, err := dir.Hotel(t.Context(), l.hotel.ID)
	if err != nil {
		t.Fatal(err)
	}
	of, err := id.ParseConversation(spoken[0])
	if err != nil {
		t.Fatal(err)
	}
	card, err := x.db.Card(t.Context(), l.hotel.ID, of)
	if err != nil {
		t.Fatal(err)
	}
	out := n8n.Handover{DeliveryID: "01999999-0000-7000-8000-00000000000d", Card: card, Turn: card.Turn}
	for _, texts := range [][]string{{"Temos.", "Dois, até."}, {"Temos, sim.", "Dois."}} {
		if err := h.answer(t.Context(), hotel, out, texts); err != nil {
			t.Fatal(err)
		}
	}
	got := l.rows("SELECT content FROM message WHERE tenant_id = $1 AND direction = 'OUTBOUND' AND $2::timestamptz IS NOT NULL ORDER BY timestamp, id")
	if len(got) != 2 || got[0] != "Temos." || got[1] != "Dois, até." {
		t.Errorf("the guest gets %q", got)
	}
}
