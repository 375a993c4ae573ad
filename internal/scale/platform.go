package scale

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/google/uuid"
)

// platform is what there is, before anybody spoke.
type platform struct {
	Options
	first, until int64 // milliseconds
	hotels       []*hotel
	talks        []beginning // of all hotels, in the order of time
}

// hotel is one tenant.
type hotel struct {
	index  int
	id     uuid.UUID
	slug   string
	units  []string
	zone   *time.Location
	number uuid.UUID
	people []person
	tags   []uuid.UUID
	talks  int
	born   []int64 // when each guest became known
}

// person works at a hotel.
type person struct {
	id                      uuid.UUID
	name, email, role, unit string
}

// beginning is when a guest starts a conversation; everything else about it follows.
type beginning struct {
	at     int64
	hotel  uint32
	guest  uint32
	serial uint32
	last   bool // of this guest
}

// Hotel is a hotel as who logs in there needs it.
type Hotel struct {
	Slug          string
	Units         []string
	Conversations int
	People        []Person
}

// Person is somebody who can log in.
type Person struct{ Email, Role, Unit string }

// Hotels lists who is made up, the largest hotel first.
func Hotels(o Options) ([]Hotel, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	p := &platform{Options: o}
	p.settle()
	out := make([]Hotel, 0, len(p.hotels))
	for _, h := range p.hotels {
		shown := Hotel{Slug: h.slug, Units: h.units, Conversations: h.talks}
		for _, someone := range h.people {
			shown.People = append(shown.People, Person{someone.email, someone.role, someone.unit})
		}
		out = append(out, shown)
	}
	return out, nil
}

// makeUp plans everything: some forty bytes for a conversation.
func makeUp(o Options) *platform {
	p := &platform{Options: o}
	p.settle()
	for _, h := range p.hotels {
		p.talks = append(p.talks, p.begin(h)...)
	}
	slices.SortFunc(p.talks, func(a, b beginning) int {
		if a.at != b.at {
			return int(a.at - b.at)
		}
		return int(a.hotel) - int(b.hotel)
	})
	return p
}

// settle makes the hotels with their people. A few are large: of a hundred, the first
// has a seventh of all conversations, the median a two-hundredth.
func (p *platform) settle() {
	p.until = p.Until.UnixMilli()
	p.first = p.Until.AddDate(-years, 0, 0).UnixMilli()
	share := func(i int) float64 { return math.Pow(float64(i+1), -0.9) }
	sum := 0.0
	for i := range p.Options.Hotels {
		sum += share(i)
	}
	for i := range p.Options.Hotels {
		h := &hotel{index: i, slug: fmt.Sprintf("hotel-%03d", i+1), talks: int(math.Ceil(float64(p.conversations()) * share(i) / sum))}
		p.furnish(h)
		p.hotels = append(p.hotels, h)
	}
}

func (p *platform) furnish(h *hotel) {
	r := p.dice(ofHotel, h.index, 0)
	h.id = p.id(ofHotel, h.index, 0, p.first)
	h.number = p.id(ofNumber, h.index, 0, p.first)
	h.zone = oneOf(r, zones)
	start := r.IntN(len(unitNames))
	for i := range 1 + r.IntN(5) {
		h.units = append(h.units, unitNames[(start+i)%len(unitNames)])
	}
	for i := range tagNames {
		h.tags = append(h.tags, p.id(ofTag, h.index, uint64(i), p.first))
	}
	for i := range min(40, 5+h.talks/4000) {
		role, unit := "ATTENDANT", h.units[i%len(h.units)]
		switch {
		case i == 0:
			role, unit = "TENANT_ADMIN", ""
		case i == 1:
			role = "HEAD"
		case i == 2, i%12 == 0:
			role, unit = "SALES", ""
		}
		r := p.dice(ofPerson, h.index, uint64(i))
		h.people = append(h.people, person{
			p.id(ofPerson, h.index, uint64(i), p.first), fullName(r), fmt.Sprintf("pessoa%d@%s.example", i, h.slug), role, unit,
		})
	}
}

// zones are where hotels stand; most are in the first.
var zones = loadZones("America/Sao_Paulo", "America/Sao_Paulo", "America/Sao_Paulo", "America/Bahia", "America/Manaus", "America/Noronha")

func loadZones(names ...string) []*time.Location {
	out := make([]*time.Location, len(names))
	for i, name := range names {
		zone, err := time.LoadLocation(name)
		if err != nil {
			panic(err) // a build without time zones; see internal/app
		}
		out[i] = zone
	}
	return out
}

// perHour is how many guests begin to write in each hour of a hotel's day.
var perHour = weighted{}

func init() {
	of := []float64{8, 4, 2, 1, 1, 2, 6, 16, 34, 48, 56, 54, 44, 42, 48, 50, 48, 46, 46, 50, 52, 44, 30, 16}
	perHour = weigh(len(of), func(i int) float64 { return of[i] })
}

// begin spreads a hotel's conversations over guests and time: more each month, more in
// summer and in July, more at week-ends, hardly any at night.
func (p *platform) begin(h *hotel) []beginning {
	r := p.dice(ofTimes, h.index, 0)
	from := time.UnixMilli(p.first).In(h.zone)
	days := int((p.until - p.first) / (24 * time.Hour).Milliseconds())
	perDay := weigh(days, func(i int) float64 {
		day := from.AddDate(0, 0, i)
		return (0.5 + float64(i)/float64(days)) * season[day.Month()-1] * week[day.Weekday()]
	})
	regulars := max(1, h.talks*55/100) // the others are known, but have never written
	out := make([]beginning, 0, h.talks)
	for serial := range h.talks {
		day := from.AddDate(0, 0, perDay.draw(r))
		at := time.Date(day.Year(), day.Month(), day.Day(), perHour.draw(r), r.IntN(60), r.IntN(60), r.IntN(1000)*1e6, h.zone).UnixMilli()
		guest := int(math.Pow(r.Float64(), 1.3) * float64(regulars))
		out = append(out, beginning{at: min(max(at, p.first), p.until-1000), hotel: uint32(h.index), guest: uint32(guest), serial: uint32(serial)})
	}
	p.introduce(h, out)
	return out
}

var (
	season = [12]float64{1.6, 1.5, 1.1, 1, 0.9, 1, 1.4, 0.9, 1, 1, 1.1, 1.5}
	week   = [7]float64{1.1, 0.9, 0.9, 0.9, 1, 1.2, 1.2}
)

// introduce notes when each guest became known, and which conversation is their last.
func (p *platform) introduce(h *hotel, talks []beginning) {
	h.born = make([]int64, h.talks)
	last := make([]int, h.talks)
	for g := range h.born {
		h.born[g], last[g] = math.MaxInt64, -1
	}
	for i, b := range talks {
		h.born[b.guest] = min(h.born[b.guest], b.at)
		if l := last[b.guest]; l < 0 || talks[l].at < b.at {
			last[b.guest] = i
		}
	}
	for g := range h.born {
		if l := last[g]; l >= 0 {
			talks[l].last = true
			continue
		}
		h.born[g] = p.first + int64(p.hash(ofGuest, h.index, uint64(g))%uint64(p.until-p.first))
	}
}

func (p *platform) guestID(h *hotel, guest uint32) uuid.UUID {
	return p.id(ofGuest, h.index, uint64(guest), h.born[guest])
}
