package scale

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"sort"
	"time"

	"github.com/google/uuid"
)

// What is made up draws from a source of its own, found by what it is: rows can be made
// in any order, and again after a restart.
type kind uint64

const (
	ofHotel kind = iota + 1
	ofNumber
	ofPerson
	ofTag
	ofGuest
	ofTalk
	ofMessage
	ofEscalation
	ofAudit
	ofTimes
)

// mix is SplitMix64: every bit of x moves every bit of the result.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

func (p *platform) hash(k kind, hotel int, serial uint64) uint64 {
	return mix(mix(mix(p.Seed^uint64(k)<<56)^uint64(hotel)) ^ serial)
}

func (p *platform) dice(k kind, hotel int, serial uint64) *rand.Rand {
	h := p.hash(k, hotel, serial)
	return rand.New(rand.NewPCG(h, mix(h)))
}

// id makes a UUID of version 7, which carries its time.
func (p *platform) id(k kind, hotel int, serial uint64, at int64) uuid.UUID {
	h := p.hash(k, hotel, serial)
	var u uuid.UUID
	binary.BigEndian.PutUint64(u[:8], uint64(at)<<16|7<<12|h&0xfff)
	binary.BigEndian.PutUint64(u[8:], mix(h)>>2|1<<63)
	return u
}

// weighted draws an index, each as often as its weight says.
type weighted []float64 // cumulative

func weigh(n int, weight func(i int) float64) weighted {
	w, sum := make(weighted, n), 0.0
	for i := range n {
		sum += weight(i)
		w[i] = sum
	}
	return w
}

func (w weighted) draw(r *rand.Rand) int {
	return min(sort.SearchFloat64s(w, r.Float64()*w[len(w)-1]), len(w)-1)
}

// around draws a duration whose median is given; some are much longer.
func around(r *rand.Rand, median time.Duration) int64 {
	return int64(float64(median.Milliseconds()) * math.Exp(r.NormFloat64()*0.9))
}

// oneOf draws one of several.
func oneOf[T any](r *rand.Rand, all []T) T { return all[r.IntN(len(all))] }

// happens reports true as often as share says.
func happens(r *rand.Rand, share float64) bool { return r.Float64() < share }
