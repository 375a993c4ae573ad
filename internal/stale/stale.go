// Package stale carries the news that something which processes remember for a moment is
// no longer so: a person was suspended, a log-in ended, a hotel changed its settings.
// Whoever remembers something reads the Board; the database posts on it after a commit,
// and package app carries notices to the other instances. Memories end by themselves
// after seconds, so a notice that gets lost costs seconds, not the truth.
package stale

import (
	"sync"

	"github.com/botreserva/botreserva/internal/domain/id"
)

// Notice says about what everything that is remembered may be wrong. The zero Notice is
// about nothing.
type Notice struct {
	All     bool       `json:"all,omitzero"`
	Tenant  id.Tenant  `json:"tenant,omitzero"`
	User    id.User    `json:"user,omitzero"`
	Session id.Session `json:"session,omitzero"`
}

// Tenant is the notice that a hotel, its numbers or its keys have changed.
func Tenant(t id.Tenant) Notice { return Notice{Tenant: t} }

// User is the notice that a person, or one of their log-ins, has changed.
func User(u id.User) Notice { return Notice{User: u} }

// Session is the notice that a log-in has ended.
func Session(s id.Session) Notice { return Notice{Session: s} }

// Everything is the notice for when nobody knows what has changed.
func Everything() Notice { return Notice{All: true} }

// Concerns reports whether something remembered about a person of a hotel, in a log-in,
// is meant.
func (n Notice) Concerns(t id.Tenant, u id.User, s id.Session) bool {
	return n.All || !n.Tenant.IsZero() && n.Tenant == t || !n.User.IsZero() && n.User == u ||
		!n.Session.IsZero() && n.Session == s
}

// Board is where notices are posted. The zero value is ready.
type Board struct {
	mu      sync.RWMutex
	readers []func(Notice)
	carrier func(Notice)
}

// Read has f called for every notice, in the order of the calls of Read. f must not
// block.
func (b *Board) Read(f func(Notice)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.readers = append(b.readers, f)
}

// Carry has f take the notices of this process to the others. f must not block.
func (b *Board) Carry(f func(Notice)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.carrier = f
}

// Post tells everybody, here and, if they are carried, elsewhere.
func (b *Board) Post(notices ...Notice) {
	b.Arrive(notices...)
	b.mu.RLock()
	defer b.mu.RUnlock()
	if b.carrier == nil {
		return
	}
	for _, n := range notices {
		b.carrier(n)
	}
}

// Arrive tells the readers of this process what was posted in another.
func (b *Board) Arrive(notices ...Notice) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	for _, n := range notices {
		for _, read := range b.readers {
			read(n)
		}
	}
}
