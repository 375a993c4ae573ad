package outbox

import (
	"sync"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/whatsapp"
)

// waits counts how often a message had to wait for something that is not its own fault: a
// limited rate, a number that Meta stopped, a Meta that cannot be reached. It is apart from
// the attempts that failed, which a lane counts: else the first failure after a long wait
// would be the last. A new process begins anew, which only makes it more patient.
type waits struct {
	mu *sync.Mutex
	of map[id.Message]map[whatsapp.Action]int
}

func newWaits() waits { return waits{mu: &sync.Mutex{}, of: map[id.Message]map[whatsapp.Action]int{}} }

// add counts one more for the same reason, and returns how many it makes.
func (w waits) add(m id.Message, why whatsapp.Action) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.of[m] == nil {
		w.of[m] = map[whatsapp.Action]int{}
	}
	w.of[m][why]++
	return w.of[m][why]
}

// forget ends the count.
func (w waits) forget(m id.Message) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.of, m)
}
