// Package figures is what managers ask about a stretch of time: which one, and what the
// numbers mean. Every formula is defined in docs/adr/0017-reports.md. Counting is done
// in the database.
package figures

import (
	"math"
	"time"

	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/tenant"
)

// Frame is what a report looks at: the conversations that began in [From, To) in a unit,
// by the hotel's clock.
type Frame struct {
	Period Period
	From   time.Time
	To     time.Time
	Zone   *time.Location
	Unit   string // empty: all of them
	Hours  tenant.Hours
}

// Before is the beginning of the equally long stretch just before the frame.
func (f Frame) Before() time.Time { return f.From.Add(f.From.Sub(f.To)) }

// Spread is how long something took in those conversations in which it was measured.
type Spread struct {
	Measured int
	Mean     time.Duration
	Median   time.Duration
	P90      time.Duration // nine of ten took no longer
}

// Share is how many of how many.
type Share struct{ Count, Of int }

// Percent rounds to one decimal; of nothing it is zero.
func (s Share) Percent() float64 {
	if s.Of == 0 {
		return 0
	}
	return float64((s.Count*2000+s.Of)/(2*s.Of)) / 10
}

// Whole rounds to whole percent, as the original did.
func (s Share) Whole() int {
	if s.Of == 0 {
		return 0
	}
	return (s.Count*200 + s.Of) / (2 * s.Of)
}

// Change is by how many percent current differs from previous; zero when there was
// nothing before.
func Change(current, previous int) int {
	if previous == 0 {
		return 0
	}
	return int(math.Floor(float64(current-previous)/float64(previous)*100 + 0.5))
}

// Outcomes is what became of conversations.
type Outcomes struct {
	Total      int
	ByState    map[conversation.State]int
	Noted      int // whose first answers were noted: older ones, and those without any, were not
	Escalated  int // the bot called for a person
	ByPerson   int // a person answered
	EndedNoted int // Noted, and closed or archived
	ByBotAlone int // of those, without a person being called for or answering
	ClosedMean time.Duration
	FirstReply Spread // from the beginning until the first answer of anybody
	FirstHuman Spread // from the bot's call, else the beginning, until a person's first answer
	Close      Spread // from the beginning until the end
}

// BotResolved is the share of ended conversations that the bot managed alone.
func (o Outcomes) BotResolved() Share { return Share{o.ByBotAlone, o.EndedNoted} }

// EscalationRate is the share of conversations in which the bot called for a person.
func (o Outcomes) EscalationRate() Share { return Share{o.Escalated, o.Noted} }

// Resolution is the share of conversations that are closed.
func (o Outcomes) Resolution() Share { return Share{o.ByState[conversation.Closed], o.Total} }

// Overview is a period in a few numbers.
type Overview struct {
	Frame
	Outcomes
	Previous int // conversations of the equally long stretch before
	Active   int // people who were given conversations
	Team     int // people there are
}

// Attendant is somebody who was given conversations.
type Attendant struct {
	ID         id.User
	Name       string
	Email      string
	Total      int
	Closed     int
	FirstHuman Spread
	Close      Spread
}

// Unit is one unit of the hotel. The empty name stands for conversations without one.
type Unit struct {
	Name string
	Outcomes
}

// Day is one day of the hotel's calendar.
type Day struct {
	Date       string // 2026-11-23
	Total      int
	Closed     int
	Escalated  int
	ByBotAlone int
	FirstReply Spread // without median and p90
	FirstHuman Spread
}

// Reason is why the bot called for a person, and how often.
type Reason struct {
	Name  string
	Count int
}
