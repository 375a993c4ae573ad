package httpapi

import (
	"context"
	"strings"

	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/wire"
)

type listLettersInput struct {
	Kind  string `query:"kind" enum:"inbox,handoff,deliver,media,listen" doc:"What could not be done: taken in, handed to the flow, delivered, fetched (a guest's file), or listened to (a guest's recording)"`
	Page  int    `query:"page" minimum:"1" maximum:"100000" default:"1"`
	Limit int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
}

// letter is a given-up item, without its content: that may be a guest's words.
type letter struct {
	ID             string    `json:"id"`
	Kind           lane.Kind `json:"kind"`
	ConversationID *string   `json:"conversationId" doc:"Null for what could not be taken in"`
	Code           string    `json:"code"`
	Reason         string    `json:"reason"`
	FailedAt       wire.Time `json:"failedAt"`
}

func (s *server) listLetters(ctx context.Context, c caller, in *listLettersInput) (*reply[flatList[letter]], error) {
	letters, total, err := s.deps.DB.DeadLetterPage(ctx, c.tenant, lane.Kind(in.Kind), in.Limit, (in.Page-1)*in.Limit)
	if err != nil {
		return nil, err
	}
	out := flatList[letter]{Data: make([]letter, 0, len(letters)), Total: total, Page: in.Page, Limit: in.Limit, Pages: (total + in.Limit - 1) / in.Limit}
	for _, l := range letters {
		out.Data = append(out.Data, letter{l.ID.String(), l.Kind, conversationOf(l), l.Code, l.Reason, wire.At(l.FailedAt)})
	}
	return answer(out), nil
}

// conversationOf returns what names the lane of a letter. That of an inbox item is
// named by a guest's number, which is nobody's business here.
func conversationOf(l postgres.DeadLetter) *string {
	if l.Kind == lane.Inbox {
		return nil
	}
	conversation, _, _ := strings.Cut(l.Key, "/")
	return &conversation
}

// LetterPath names a dead letter in the path. Exported for huma: see ConversationPath.
type LetterPath struct {
	ID string `path:"id"`
}

type replayed struct {
	Replayed int `json:"replayed" doc:"How many are back in their lanes. When it is 10000, more may be left: ask again"`
}

func (s *server) replayLetter(ctx context.Context, c caller, in *LetterPath) (*reply[replayed], error) {
	id, err := parseID(in.ID, postgres.ErrNoLetter)
	if err != nil {
		return nil, err
	}
	if err := s.deps.Desk.ReplayLetter(ctx, c.tenant, c.User, id); err != nil {
		return nil, err
	}
	return answer(replayed{1}), nil
}

type replayAllInput struct {
	Body *struct {
		Kind string `json:"kind,omitempty" enum:"inbox,handoff,deliver,media"`
	}
}

func (s *server) replayLetters(ctx context.Context, c caller, in *replayAllInput) (*reply[replayed], error) {
	var kind lane.Kind
	if in.Body != nil {
		kind = lane.Kind(in.Body.Kind)
	}
	n, err := s.deps.Desk.ReplayLetters(ctx, c.tenant, c.User, kind)
	if err != nil {
		return nil, err
	}
	return answer(replayed{n}), nil
}
