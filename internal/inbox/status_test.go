package inbox

import (
	"testing"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/whatsapp"
)

// A message that was sent again is moved by what is told of this sending, whatever Meta still
// tells of the one before.
func TestStatusesOfAnEarlierSending(t *testing.T) {
	t.Parallel()
	m := message.Message{ID: id.NewMessage(), NumberID: id.NewNumber(), Direction: message.Outbound, Resends: 1}
	book := &statusBook{byID: map[id.Message]*message.Message{m.ID: &m}}
	for opaque, want := range map[string]bool{
		m.ID.String(): false, m.ID.String() + ".1": true, m.ID.String() + ".2": false, "": false, "x": false,
	} {
		s := reported{number: m.NumberID, StatusUpdate: whatsapp.StatusUpdate{WAMID: "wamid.any", Opaque: opaque}}
		if got := book.find(s) != nil; got != want {
			t.Errorf("%q: %v, want %v", opaque, got, want)
		}
	}
}
