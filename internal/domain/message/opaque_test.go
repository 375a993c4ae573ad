package message_test

import (
	"testing"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
)

func TestOpaque(t *testing.T) {
	t.Parallel()
	m := message.Message{ID: id.NewMessage()}
	for _, n := range []int{0, 1, 12} {
		m.Resends = n
		of, resends, ok := message.ParseOpaque(m.Opaque())
		if of != m.ID || resends != n || !ok {
			t.Errorf("%s: %s, %d, %v", m.Opaque(), of, resends, ok)
		}
	}
	for _, odd := range []string{"", "x", m.ID.String() + ".", m.ID.String() + ".0", m.ID.String() + ".01", m.ID.String() + ".-1", m.ID.String() + ".1.2", m.ID.String() + " "} {
		if of, n, ok := message.ParseOpaque(odd); ok {
			t.Errorf("%q is taken: %s %d", odd, of, n)
		}
	}
}
