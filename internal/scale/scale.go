// Package scale makes up years of a platform's life and fills a database with it:
// hotels of very different sizes, their people, guests, conversations, messages,
// escalations, tags and audit entries, spread over two years as they would arrive. The
// same options always make the same rows, so that two runs can be compared.
//
// Open platform.go for what there is, talk.go for how a conversation goes, words.go for
// what is said, fill.go for how it gets into the database. Nothing here measures:
// internal/bench does. The product never imports it.
package scale

import (
	"errors"
	"time"
)

// Options say what to make up.
type Options struct {
	Scale  float64   // 1 is a million conversations with ten million messages
	Hotels int       // 100 if zero
	Seed   uint64    // another seed, another life
	Until  time.Time // the last moment; the first is two years before

	// Checked leaves foreign keys and indexes on while rows are stored: slow, for tests.
	Checked bool
	// Progress is told what is done, if set.
	Progress func(done string)
}

// Password is what everybody made up logs in with.
const Password = "Balcao-2026!" //nolint:gosec // of people who do not exist

const (
	millionConversations = 1_000_000
	messagesEach         = 10 // on average
	years                = 2
	spans                = 24 // the time is stored in so many steps, each all or nothing
)

func (o Options) withDefaults() (Options, error) {
	if o.Hotels == 0 {
		o.Hotels = 100
	}
	if o.Scale <= 0 || o.Scale > 10 || o.Hotels < 1 || o.Hotels > 10_000 || o.Until.IsZero() {
		return o, errors.New("scale must be in (0, 10], hotels in 1 to 10,000, and the last moment be set")
	}
	if o.Progress == nil {
		o.Progress = func(string) {}
	}
	o.Until = o.Until.UTC().Truncate(time.Millisecond)
	return o, nil
}

func (o Options) conversations() int { return int(o.Scale * millionConversations) }
