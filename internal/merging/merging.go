// Package merging makes one of two guests who are the same person, and two again when
// they were not: here finding them and the list of what was done, merge.go does it, undo.go
// takes it back, and apportion.go says whose is what happened in between. What people write
// about a guest is package guestbook's business; how a guest is recognised who writes is
// package inbox's.
package merging

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/postgres"
)

// Merger merges guests on behalf of people.
type Merger struct {
	db    *postgres.DB
	clock clock.Clock
}

// New makes a merger.
func New(db *postgres.DB, c clock.Clock) *Merger { return &Merger{db: db, clock: c} }

// looked is how many guests one look for duplicates goes through at most.
const looked = 500

// Candidates are two guests who may be one, as lists show them. Guest came later.
type Candidates struct {
	Guest, Other contact.Record
	Reasons      []contact.Reason
}

// Find looks for guests who may be one, those who came last first, from a place on. It
// returns where the next look begins, or zero behind the last guest: a look ends when it
// has found enough, or has gone through many guests.
func (m *Merger) Find(ctx context.Context, tenant id.Tenant, before time.Time, behind uuid.UUID, enough int) ([]Candidates, time.Time, id.Contact, error) {
	l, err := m.db.Lookalikes(ctx, tenant, before, behind, looked, enough)
	if err != nil {
		return nil, time.Time{}, id.Contact{}, err
	}
	if l.IsLast {
		l.Behind = id.Contact{}
	}
	found, err := m.candidates(ctx, tenant, l.Pairs)
	return found, l.At, l.Behind, err
}

func (m *Merger) candidates(ctx context.Context, tenant id.Tenant, pairs []contact.Pair) ([]Candidates, error) {
	if len(pairs) == 0 {
		return nil, nil
	}
	var ids []id.Contact
	known := map[id.Contact]contact.Record{}
	for _, p := range pairs {
		for _, guest := range []id.Contact{p.Guest, p.Other} {
			if _, asked := known[guest]; !asked {
				known[guest] = contact.Record{}
				ids = append(ids, guest)
			}
		}
	}
	records, err := m.db.ContactsByID(ctx, tenant, ids...)
	if err != nil {
		return nil, err
	}
	for _, r := range records {
		known[r.ID] = r
	}
	var out []Candidates
	for _, p := range pairs {
		guest, other := known[p.Guest], known[p.Other]
		if !guest.ID.IsZero() && !other.ID.IsZero() { // else one has just gone
			out = append(out, Candidates{Guest: guest, Other: other, Reasons: p.Reasons})
		}
	}
	return out, nil
}

// Done is a merge with the names that the two guests had, as long as they are kept.
type Done struct {
	contact.Merge
	SurvivorName, AbsorbedName string
	Closed                     id.Conversation // of two that went on; zero if there was none
	Conversations              int             // that came from the absorbed guest
}

// List returns merges before a place in time, the newest first.
func (m *Merger) List(ctx context.Context, tenant id.Tenant, before time.Time, behind uuid.UUID, limit int) ([]Done, error) {
	merges, err := m.db.Merges(ctx, tenant, before, behind, limit)
	if err != nil {
		return nil, err
	}
	all := make([]Done, 0, len(merges))
	for _, merge := range merges {
		d, err := doneOf(merge)
		if err != nil {
			return nil, err
		}
		all = append(all, d)
	}
	return all, nil
}

func doneOf(m contact.Merge) (Done, error) {
	if len(m.Snapshot) == 0 {
		return Done{Merge: m}, nil
	}
	s, err := read(m)
	return s.done(m), err
}

// tries is how often a merge is done again when a guest wrote in the middle of it.
const tries = 3

func (m *Merger) inTx(ctx context.Context, tenant id.Tenant, fn func(tx *postgres.Tx) error) error {
	var err error
	for range tries {
		if err = m.db.InTx(ctx, tenant, fn); !errors.Is(err, postgres.ErrRepeated) {
			break
		}
	}
	return err
}

// snapshot is what undoing a merge needs. Of conversations it holds no words: the last
// message, which a merge does not change, is left out.
type snapshot struct {
	Before, After contact.Contact // of the survivor
	Absorbed      contact.Contact
	Aliases       []contact.OwnedAlias // of both, before
	Address       id.Contact           // to whom of the two replies went after the merge
	Ours, Theirs  []id.Conversation    // of the survivor and of the absorbed guest, before
	Closed, Kept  *change              // of the two conversations that went on, if there were two
	Escalations   []id.Escalation      // that went from Closed to Kept
	Tags          []uuid.UUID          // that Kept got from Closed
}

// change is what became of a conversation.
type change struct{ Before, After conversation.Conversation }

func read(m contact.Merge) (snapshot, error) {
	var s snapshot
	if err := json.Unmarshal(m.Snapshot, &s); err != nil {
		return s, fmt.Errorf("read merge %s: %w", m.ID, err)
	}
	for _, c := range []*change{s.Closed, s.Kept} {
		if c != nil {
			c.Before.Metadata, c.After.Metadata = orNone(c.Before.Metadata), orNone(c.After.Metadata)
		}
	}
	return s, nil
}

// orNone reads the null as which no metadata is written.
func orNone(text json.RawMessage) json.RawMessage {
	if string(text) == "null" {
		return nil
	}
	return text
}

func (s snapshot) done(m contact.Merge) Done {
	d := Done{Merge: m, SurvivorName: s.Before.DisplayName(), AbsorbedName: s.Absorbed.DisplayName(), Conversations: len(s.Theirs)}
	if s.Closed != nil {
		d.Closed = s.Closed.Before.ID
	}
	return d
}
