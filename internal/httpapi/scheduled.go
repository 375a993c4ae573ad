package httpapi

import (
	"cmp"
	"context"
	"time"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/outbox"
	"github.com/botreserva/botreserva/internal/wire"
)

// Later is anything that WhatsApp takes, and when to send it. Exported for huma.
type Later struct {
	NewContent
	SendAt time.Time `json:"sendAt" doc:"In the next 90 days, with a time zone: 2026-12-24T09:00:00-03:00"`
}

func (s *server) schedule(ctx context.Context, c caller, in *rich[Later]) (*reply[wire.Scheduled], error) {
	conversationID, err := in.id()
	if err != nil {
		return nil, err
	}
	said, err := in.Body.parts()
	if err != nil {
		return nil, err
	}
	item, card, err := s.deps.Sender.Schedule(ctx, c.tenant, outbox.Request{
		ConversationID: conversationID, Sender: message.Person, By: c.User, Content: said, ReplyTo: in.Body.ReplyTo,
		ClientID: cmp.Or(in.Body.ClientID, in.IdempotencyKey),
	}, in.Body.SendAt)
	if err != nil {
		return nil, below(in.Body.Type, err)
	}
	return answer(wire.ScheduledOf(item, card.Conversation)), nil
}

type listScheduledInput struct {
	ConversationPath
	Status string `query:"status" enum:"SCHEDULED,SENT,FAILED,CANCELLED"`
	Page   int    `query:"page" minimum:"1" maximum:"100000" default:"1"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
}

func (s *server) listScheduled(ctx context.Context, c caller, in *listScheduledInput) (*reply[list[wire.Scheduled]], error) {
	card, err := s.visible(ctx, c, in.ConversationPath)
	if err != nil {
		return nil, err
	}
	state := message.ScheduledState(in.Status)
	total, err := s.deps.DB.ScheduledCount(ctx, c.tenant, card.ID, state)
	if err != nil {
		return nil, err
	}
	items, err := s.deps.DB.ScheduledOf(ctx, c.tenant, card.ID, state, in.Limit, (in.Page-1)*in.Limit)
	if err != nil {
		return nil, err
	}
	out := list[wire.Scheduled]{Data: make([]wire.Scheduled, 0, len(items)), Pagination: paginate(in.Page, in.Limit, total)}
	for _, item := range items {
		out.Data = append(out.Data, wire.ScheduledOf(item, card.Conversation))
	}
	return answer(out), nil
}

func (s *server) cancelScheduled(ctx context.Context, c caller, in *MessagePath) (*reply[wire.Scheduled], error) {
	of, err := id.ParseScheduled(in.ID)
	if err != nil {
		return nil, message.ErrNoScheduled
	}
	item, card, err := s.deps.Sender.CancelScheduled(ctx, c.tenant, c.User, of)
	if err != nil {
		return nil, err
	}
	return answer(wire.ScheduledOf(item, card.Conversation)), nil
}
