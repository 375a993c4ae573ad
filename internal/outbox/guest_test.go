package outbox

import (
	"errors"
	"testing"

	"github.com/botreserva/botreserva/internal/domain/content"
	"github.com/botreserva/botreserva/internal/domain/message"
)

// A flow's template may be the first word with somebody who has never written; they are a guest
// from then on. Nothing else may.
func TestTemplateToSomebodyNew(t *testing.T) {
	t.Parallel()
	o := open(t)
	r := Request{Phone: "+55 12 98123-4567", Sender: message.Bot, Content: content.Text{Body: "Oi"}}
	if _, err := o.sender.Send(o.ctx, o.hotel.ID, r); !errors.Is(err, ErrGuest) {
		t.Errorf("a text: %v", err)
	}
	r.Content = content.Template{Name: "ola", Language: "pt_BR"}
	first, err := o.sender.Send(o.ctx, o.hotel.ID, r)
	if err != nil {
		t.Fatal(err)
	}
	card, err := o.db.Card(o.ctx, o.hotel.ID, first.Message.ConversationID)
	if err != nil || card.Contact.Phone != "5512981234567" || card.NumberID != o.hotel.Number.ID {
		t.Errorf("with %+v through %s: %v", card.Contact, card.NumberID, err)
	}
	again, err := o.sender.Send(o.ctx, o.hotel.ID, r)
	if err != nil || again.Message.ConversationID != card.ID {
		t.Errorf("the second in %s: %v", again.Message.ConversationID, err)
	}
	o.delivers()
	if m := o.now(first.Message); m.Status != message.Sent {
		t.Errorf("the first is %s", m.Status)
	}
	r.Phone, r.Content = "12", content.Template{Name: "ola", Language: "pt_BR"}
	if _, err := o.sender.Send(o.ctx, o.hotel.ID, r); err == nil {
		t.Error("a number that is none was written to")
	}
}
