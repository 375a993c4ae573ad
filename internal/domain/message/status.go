package message

// Status is how far a message got. Names are the contract's; PENDING, UNKNOWN
// and PLAYED are ours.
type Status string

// The statuses.
//
//	PENDING ──► UNKNOWN ──► SENT ──► DELIVERED ──► READ ──► PLAYED
//	   └───────────┴────────►└► FAILED (a later DELIVERED or READ lifts it)
const (
	Pending   Status = "PENDING"   // stored by us, Meta has not answered
	Unknown   Status = "UNKNOWN"   // asked Meta, no answer came: it may or may not have been sent
	Sent      Status = "SENT"      // Meta has it
	Failed    Status = "FAILED"    // Meta refused it, or we gave up
	Delivered Status = "DELIVERED" // it is on the guest's phone
	Read      Status = "READ"
	Played    Status = "PLAYED" // a voice note was listened to
)

var rank = map[Status]int{Pending: 0, Unknown: 1, Sent: 2, Failed: 3, Delivered: 4, Read: 5, Played: 6}

// Advance returns the status after news arrived, whatever the order of arrival:
// it only moves forward. Failure after delivery is ignored (another of the
// guest's devices), delivery after failure is believed.
func (s Status) Advance(news Status) Status {
	if rank[news] > rank[s] {
		return news
	}
	return s
}

// IsFinal reports whether nothing remains to be done for sending the message.
func (s Status) IsFinal() bool { return s != Pending && s != Unknown }
