package scale

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"
)

// talk is one conversation from beginning to end.
type talk struct {
	beginning
	hotel     *hotel
	id        uuid.UUID
	guestName string
	unit      string
	code      string
	state     string
	priority  string
	assignee  *person
	messages  []said

	opportunityAt, firstReply, firstHuman, escalated, closed int64 // zero: never
	lastInbound                                              int64
	tags                                                     []uuid.UUID
}

// said is one message.
type said struct {
	at     int64
	sender string // GUEST, BOT, PERSON
	kind   string
	text   string
	status string
}

const (
	minute = int64(60_000)
	hour   = 60 * minute
	day    = 24 * hour
)

// unknownFor is how long at the beginning nobody noted first answers: the columns are
// younger than the data, as they are for hotels that were there before them.
const unknownFor = 60 * day

func (t *talk) unitOrHotel() string {
	if t.unit == "" {
		return "nossa pousada"
	}
	return t.unit
}

// live makes a conversation happen.
func (p *platform) live(b beginning) *talk {
	h := p.hotels[b.hotel]
	r := p.dice(ofTalk, h.index, uint64(b.serial))
	t := &talk{beginning: b, hotel: h, id: p.id(ofTalk, h.index, uint64(b.serial), b.at), guestName: p.guestName(h, b.guest)}
	t.code = fmt.Sprintf("BR-%06d", p.hash(ofTalk, h.index, uint64(b.serial))%1_000_000)
	if happens(r, 0.9) {
		t.unit = oneOf(r, h.units)
	}
	t.priority = priorities[perPriority.draw(r)]
	p.speak(t, r)
	p.end(t, r)
	t.label(r)
	return t
}

var (
	priorities  = []string{"MEDIUM", "LOW", "HIGH", "URGENT"}
	perPriority = weigh(4, func(i int) float64 { return []float64{80, 8, 9, 3}[i] })
)

func (p *platform) guestName(h *hotel, guest uint32) string {
	return fullName(p.dice(ofGuest, h.index, uint64(guest)))
}

// speak is who says what, when. The bot answers in seconds; a person who is called
// answers in minutes, or in the morning.
func (p *platform) speak(t *talk, r *rand.Rand) {
	length := 2 + int(r.ExpFloat64()*(messagesEach-2)+0.5)
	calls := 1 + r.IntN(5) // a person, after so many answers of the bot
	if happens(r, 0.55) {
		calls = length // nobody: the bot manages
	}
	t.add(t.at, "GUEST", t.say(r, oneOf(r, greetings)))
	now, answers := t.at, 0
	for len(t.messages) < min(length, 60) {
		wasGuest := t.messages[len(t.messages)-1].sender == "GUEST"
		switch {
		case !wasGuest || happens(r, 0.15):
			now += around(r, 90*time.Second)
			p.guestSpeaks(t, r, now)
		case t.escalated == 0 && answers < calls:
			answers++
			now += 2000 + int64(r.IntN(6000))
			t.add(now, "BOT", t.say(r, oneOf(r, botLines)))
		default:
			now = t.personSpeaks(r, now)
		}
		if now >= p.until {
			t.messages = t.messages[:len(t.messages)-1]
			break
		}
	}
	p.note(t)
}

func (p *platform) guestSpeaks(t *talk, r *rand.Rand, now int64) {
	lines := guestLines
	switch {
	case happens(r, 0.0004):
		lines = rareLines
	case now < p.first+60*day && happens(r, 0.02):
		lines = openingLines
	}
	t.add(now, "GUEST", t.say(r, oneOf(r, lines)))
	if happens(r, 0.04) {
		m := &t.messages[len(t.messages)-1]
		m.kind, m.text = "IMAGE", "[Imagem]"
	}
}

// personSpeaks lets somebody at the hotel answer, and returns when.
func (t *talk) personSpeaks(r *rand.Rand, now int64) int64 {
	if t.assignee == nil {
		t.escalated = now
		t.assignee = t.whoIsThere(r)
		local := time.UnixMilli(now).In(t.hotel.zone)
		if local.Hour() < 8 || local.Hour() >= 20 {
			morning := time.Date(local.Year(), local.Month(), local.Day(), 8, 0, 0, 0, t.hotel.zone)
			if local.Hour() >= 20 {
				morning = morning.AddDate(0, 0, 1)
			}
			now = morning.UnixMilli()
		}
		now += around(r, 6*time.Minute)
	} else {
		now += around(r, 100*time.Second)
	}
	t.add(now, "PERSON", t.say(r, oneOf(r, personLines)))
	return now
}

// whoIsThere is somebody of the conversation's unit, or anybody.
func (t *talk) whoIsThere(r *rand.Rand) *person {
	start := r.IntN(len(t.hotel.people))
	for i := range t.hotel.people {
		someone := &t.hotel.people[(start+i)%len(t.hotel.people)]
		if someone.role == "ATTENDANT" && (t.unit == "" || someone.unit == t.unit) {
			return someone
		}
	}
	return &t.hotel.people[start]
}

func (t *talk) add(at int64, sender, text string) {
	t.messages = append(t.messages, said{at: at, sender: sender, kind: "TEXT", text: text, status: "READ"})
}

// note keeps what reports are made of.
func (p *platform) note(t *talk) {
	firstReply, firstHuman := int64(0), int64(0)
	for _, m := range t.messages {
		switch {
		case m.sender == "GUEST":
			t.lastInbound = m.at
			continue
		case firstReply == 0:
			firstReply = m.at
		}
		if m.sender == "PERSON" && firstHuman == 0 {
			firstHuman = m.at
		}
	}
	if firstHuman == 0 { // nobody came in time
		t.assignee = nil
	}
	if t.at >= p.first+unknownFor {
		t.firstReply, t.firstHuman = firstReply, firstHuman
	} else {
		t.escalated = 0
	}
}

// end says what became of it. Only a guest's last conversation may go on.
func (p *platform) end(t *talk, r *rand.Rand) {
	lastly := t.messages[len(t.messages)-1].at
	t.closed = lastly + around(r, 40*time.Minute)
	recent := t.last && (t.closed >= p.until || lastly > p.until-3*day && happens(r, 0.4))
	forgotten := t.last && happens(r, 0.004)
	if !recent && !forgotten {
		t.closed = min(t.closed, p.until)
		t.state = "CLOSED"
		if happens(r, 0.06) {
			t.state = "ARCHIVED"
		}
		return
	}
	t.closed = 0
	switch {
	case t.assignee != nil && happens(r, 0.5):
		t.state = "IN_PROGRESS"
	case t.assignee != nil:
		t.state = "WAITING"
	case t.escalated != 0, happens(r, 0.2):
		t.state = "OPEN"
	default:
		t.state = "BOT_HANDLING"
	}
	for i := len(t.messages) - 1; i >= 0 && t.messages[i].sender == "GUEST"; i-- {
		t.messages[i].status = "DELIVERED" // nobody at the hotel has read it yet
	}
}

func (t *talk) unread() int {
	n := 0
	for _, m := range t.messages {
		if m.sender == "GUEST" && m.status != "READ" {
			n++
		}
	}
	return n
}

// label is what people note about a conversation.
func (t *talk) label(r *rand.Rand) {
	if happens(r, 0.12) {
		t.opportunityAt = t.messages[len(t.messages)/2].at
	}
	if happens(r, 0.3) {
		first := r.IntN(len(t.hotel.tags))
		t.tags = append(t.tags, t.hotel.tags[first])
		if happens(r, 0.3) {
			t.tags = append(t.tags, t.hotel.tags[(first+1+r.IntN(len(t.hotel.tags)-1))%len(t.hotel.tags)])
		}
	}
	for i := range t.messages {
		if m := &t.messages[i]; m.sender != "GUEST" {
			m.status = statuses[perStatus.draw(r)]
		}
	}
}

var (
	statuses  = []string{"READ", "DELIVERED", "SENT", "FAILED"}
	perStatus = weigh(4, func(i int) float64 { return []float64{72, 20, 6, 2}[i] })
)
