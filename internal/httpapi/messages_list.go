package httpapi

import (
	"context"
	"errors"
	"slices"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/wire"
)

type listMessagesInput struct {
	ConversationPath
	Page   int    `query:"page" minimum:"1" maximum:"100000" default:"1"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
	Before string `query:"before" maxLength:"36" doc:"Id of a message: the page that ends just before it"`
	After  string `query:"after" maxLength:"36" doc:"Id of a message: the page that begins just after it"`
	Around string `query:"around" maxLength:"36" doc:"Id of a message: the page that has it in its middle, with up to half of limit before it and the rest behind it"`
}

// listMessages returns a page: page 1 has the newest messages, and each page begins
// with its oldest. With before or after it is counted from a message instead, which
// stays right while new ones come in.
func (s *server) listMessages(ctx context.Context, c caller, in *listMessagesInput) (*reply[list[wire.Message]], error) {
	card, err := s.visible(ctx, c, in.ConversationPath)
	if err != nil {
		return nil, err
	}
	messages, total, err := s.pageOfMessages(ctx, c, card.ID, in)
	if err != nil {
		return nil, err
	}
	if err := s.deps.DB.Quote(ctx, c.tenant, messages); err != nil {
		return nil, err
	}
	out := list[wire.Message]{Data: make([]wire.Message, 0, len(messages)), Pagination: paginate(in.Page, in.Limit, total)}
	for _, m := range messages {
		out.Data = append(out.Data, wire.MessageOf(c.tenant, m, s.deps.Links.Of))
	}
	return answer(out), nil
}

// pageOfMessages returns the page that was asked for, oldest first.
func (s *server) pageOfMessages(ctx context.Context, c caller, of id.Conversation, in *listMessagesInput) ([]message.Message, int, error) {
	if in.Around != "" {
		return s.around(ctx, c, of, in)
	}
	if in.After != "" {
		from, err := s.anchor(ctx, c, of, "after", in.After)
		if err != nil {
			return nil, 0, err
		}
		return s.deps.DB.MessagesAfter(ctx, c.tenant, of, from, in.Limit)
	}
	page := func() ([]message.Message, int, error) {
		return s.deps.DB.Messages(ctx, c.tenant, of, in.Limit, (in.Page-1)*in.Limit)
	}
	if in.Before != "" {
		from, err := s.anchor(ctx, c, of, "before", in.Before)
		if err != nil {
			return nil, 0, err
		}
		page = func() ([]message.Message, int, error) {
			return s.deps.DB.MessagesBefore(ctx, c.tenant, of, from, in.Limit)
		}
	}
	messages, total, err := page()
	slices.Reverse(messages)
	return messages, total, err
}

// around returns the page with a message in its middle.
func (s *server) around(ctx context.Context, c caller, of id.Conversation, in *listMessagesInput) ([]message.Message, int, error) {
	m, err := s.anchor(ctx, c, of, "around", in.Around)
	if err != nil {
		return nil, 0, err
	}
	before, total, err := s.deps.DB.MessagesBefore(ctx, c.tenant, of, m, in.Limit/2)
	if err != nil {
		return nil, 0, err
	}
	slices.Reverse(before)
	after, _, err := s.deps.DB.MessagesAfter(ctx, c.tenant, of, m, in.Limit-1-in.Limit/2)
	return slices.Concat(before, []message.Message{m}, after), total, err
}

// anchor returns the message of a conversation from which a page is counted.
func (s *server) anchor(ctx context.Context, c caller, of id.Conversation, field, text string) (message.Message, error) {
	wrong := wrongField(field, "This is no id of a message of this conversation.")
	messageID, err := id.ParseMessage(text)
	if err != nil {
		return message.Message{}, wrong
	}
	m, err := s.deps.DB.Message(ctx, c.tenant, messageID)
	if errors.Is(err, postgres.ErrNoMessage) || err == nil && m.ConversationID != of {
		return m, wrong
	}
	return m, err
}

type messageStats struct {
	Total       int            `json:"total"`
	ByDirection map[string]int `json:"byDirection"`
	ByStatus    map[string]int `json:"byStatus"`
}

// tallyMessages counts with the statuses that messages are shown with.
func (s *server) tallyMessages(ctx context.Context, c caller, in *ConversationPath) (*reply[messageStats], error) {
	card, err := s.visible(ctx, c, *in)
	if err != nil {
		return nil, err
	}
	t, err := s.deps.DB.TallyMessages(ctx, c.tenant, card.ID)
	if err != nil {
		return nil, err
	}
	out := messageStats{Total: t.Total, ByDirection: map[string]int{"INBOUND": 0, "OUTBOUND": 0}, ByStatus: map[string]int{}}
	for direction, n := range t.ByDirection {
		out.ByDirection[string(direction)] += n
	}
	for status, n := range t.ByStatus {
		out.ByStatus[string(wire.StatusOf(status))] += n
	}
	return answer(out), nil
}
