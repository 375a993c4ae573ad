package httpapi

import (
	"context"
	"strings"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/wire"
)

type searchMessagesInput struct {
	Query          string `query:"query" required:"true" minLength:"1" maxLength:"200" doc:"Words in any form, with or without accents; the last may be the beginning of one"`
	ConversationID string `query:"conversationId" maxLength:"36" doc:"Only in this conversation"`
	Limit          int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
	Cursor         string `query:"cursor" maxLength:"200" doc:"nextCursor of the page before"`
}

type messageHits struct {
	Data       []messageHit `json:"data" nullable:"false"`
	Count      int          `json:"count" doc:"How many there are on this page"`
	NextCursor *string      `json:"nextCursor" doc:"Where older ones begin; null when there are none. A page may be short and still have one"`
}

type messageHit struct {
	ID             string         `json:"id"`
	ConversationID string         `json:"conversationId"`
	Direction      string         `json:"direction"`
	Type           string         `json:"type"`
	Content        string         `json:"content"`
	Timestamp      wire.Time      `json:"timestamp"`
	Sender         message.Sender `json:"sender"`
	Conversation   talkOfHit      `json:"conversation"`
	Snippet        string         `json:"snippet" doc:"The part of the text around the first word found"`
	Highlights     []message.Mark `json:"highlights" nullable:"false" doc:"The words found, as places in the snippet"`
}

type talkOfHit struct {
	ID      string     `json:"id"`
	Contact guestOfHit `json:"contact"`
}

type guestOfHit struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	PhoneNumber string `json:"phoneNumber"`
}

func (s *server) searchMessages(ctx context.Context, c caller, in *searchMessagesInput) (*reply[messageHits], error) {
	search := postgres.MessageSearch{Text: in.Query, Scope: c.User.Scope(), Limit: in.Limit}
	if strings.TrimSpace(in.Query) == "" {
		return nil, wrongField("query", "Say what to look for.")
	}
	if in.ConversationID != "" {
		card, err := s.visible(ctx, c, ConversationPath{in.ConversationID})
		if err != nil {
			return nil, err
		}
		search.Conversation = card.ID
	}
	if in.Cursor != "" {
		at, behind, err := readCursor(in.Cursor)
		if err != nil {
			return nil, err
		}
		search.Before = postgres.MessagePlace{At: at, ID: id.Message{UUID: behind}}
	}
	found, err := s.deps.DB.SearchMessages(ctx, c.tenant, search)
	if err != nil {
		return nil, err
	}
	return answer(hitsOf(found, in.Query)), nil
}

func hitsOf(found postgres.MessagesFound, typed string) messageHits {
	out := messageHits{Data: make([]messageHit, 0, len(found.Messages)), Count: len(found.Messages)}
	highlighter := message.NewHighlighter(found.Stems, typed)
	for _, said := range found.Messages {
		m := said.Message
		snippet, marks := highlighter.Show(m.Content)
		out.Data = append(out.Data, messageHit{
			ID: m.ID.String(), ConversationID: m.ConversationID.String(), Direction: string(m.Direction), Type: string(m.Kind),
			Content: m.Content, Timestamp: wire.At(m.Timestamp), Sender: m.Sender, Snippet: snippet, Highlights: marks,
			Conversation: talkOfHit{ID: m.ConversationID.String(), Contact: guestOfHit{
				ID: m.ContactID.String(), Name: said.Guest.DisplayName(), PhoneNumber: string(said.Guest.Phone),
			}},
		})
	}
	if found.Next != nil {
		next := cursorOf(found.Next.At, found.Next.ID.UUID)
		out.NextCursor = &next
	}
	return out
}
