package httpapi

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/merging"
	"github.com/botreserva/botreserva/internal/wire"
)

// MergePage is a page of a list that is read by its cursor. It is exported because huma
// passes over embedded fields that are not.
type MergePage struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
	Cursor string `query:"cursor" maxLength:"200" doc:"nextCursor of the page before"`
}

// place is where the page begins: at the newest without a cursor.
func (p MergePage) place() (time.Time, uuid.UUID, error) {
	if p.Cursor == "" {
		return time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC), uuid.Max, nil
	}
	return readCursor(p.Cursor)
}

type duplicateList struct {
	Data       []wire.Duplicate `json:"data" nullable:"false"`
	NextCursor *string          `json:"nextCursor" doc:"Where to look on, also when nothing was found here; null behind the last contact"`
}

func (s *server) listDuplicates(ctx context.Context, c caller, in *MergePage) (*reply[duplicateList], error) {
	before, behind, err := in.place()
	if err != nil {
		return nil, err
	}
	found, at, last, err := s.deps.Merger.Find(ctx, c.tenant, before, behind, in.Limit)
	if err != nil {
		return nil, err
	}
	out := duplicateList{Data: make([]wire.Duplicate, 0, len(found))}
	for _, f := range found {
		out.Data = append(out.Data, wire.DuplicateOf(c.tenant, f.Guest, f.Other, f.Reasons))
	}
	if !last.IsZero() {
		next := cursorOf(at, last.UUID)
		out.NextCursor = &next
	}
	return answer(out), nil
}

type mergeList struct {
	Data       []wire.Merge `json:"data" nullable:"false"`
	NextCursor *string      `json:"nextCursor" doc:"Where the next page begins; null behind the last"`
}

func (s *server) listMerges(ctx context.Context, c caller, in *MergePage) (*reply[mergeList], error) {
	before, behind, err := in.place()
	if err != nil {
		return nil, err
	}
	done, err := s.deps.Merger.List(ctx, c.tenant, before, behind, in.Limit+1)
	if err != nil {
		return nil, err
	}
	out := mergeList{Data: make([]wire.Merge, 0, len(done))}
	for i, d := range done {
		if i == in.Limit {
			last := done[i-1]
			next := cursorOf(last.At, last.ID)
			out.NextCursor = &next
			break
		}
		out.Data = append(out.Data, s.merge(d))
	}
	return answer(out), nil
}

func (s *server) merge(d merging.Done) wire.Merge {
	return wire.MergeOf(d.Merge, d.SurvivorName, d.AbsorbedName, d.Conversations, d.Closed, s.deps.Clock.Now())
}

type mergeInput struct {
	ContactPath
	Body struct {
		OtherID string `json:"otherId" maxLength:"100" doc:"The contact that goes; what it has goes to the one in the path"`
	}
}

// merged is a merge and the contact that is left.
type merged struct {
	Merge   wire.Merge         `json:"merge"`
	Contact wire.ContactDetail `json:"contact"`
}

func (s *server) mergeContacts(ctx context.Context, c caller, in *mergeInput) (*reply[merged], error) {
	survivor, err := in.id()
	if err != nil {
		return nil, err
	}
	absorbed, err := id.ParseContact(in.Body.OtherID)
	if err != nil {
		return nil, contact.ErrNotFound
	}
	done, err := s.deps.Merger.Merge(ctx, c.tenant, c.User, survivor, absorbed)
	if err != nil {
		return nil, err
	}
	return s.mergedAs(ctx, c, done)
}

func (s *server) mergedAs(ctx context.Context, c caller, done merging.Done) (*reply[merged], error) {
	r, err := s.deps.DB.Contact(ctx, c.tenant, done.Survivor)
	if err != nil {
		return nil, err
	}
	return answer(merged{s.merge(done), wire.ContactDetailOf(c.tenant, r)}), nil
}

type undoMergeInput struct {
	ID string `path:"id"`
}

func (s *server) undoMerge(ctx context.Context, c caller, in *undoMergeInput) (*reply[merged], error) {
	merge, err := uuid.Parse(in.ID)
	if err != nil || len(in.ID) != 36 {
		return nil, contact.ErrNoMerge
	}
	done, err := s.deps.Merger.Undo(ctx, c.tenant, c.User, merge)
	if err != nil {
		return nil, err
	}
	return s.mergedAs(ctx, c, done)
}
