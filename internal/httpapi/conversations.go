package httpapi

import (
	"context"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/botreserva/botreserva/internal/desk"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/wire"
)

// pagination is the envelope of lists; pages and totalPages are the same, because
// the original used both names.
type pagination struct {
	Page       int `json:"page"`
	Limit      int `json:"limit"`
	Total      int `json:"total"`
	Pages      int `json:"pages"`
	TotalPages int `json:"totalPages"`
}

func paginate(page, limit, total int) pagination {
	pages := (total + limit - 1) / limit
	return pagination{page, limit, total, pages, pages}
}

type list[T any] struct {
	Data       []T        `json:"data" nullable:"false"`
	Pagination pagination `json:"pagination"`
}

func parseState(text string) (conversation.State, error) {
	for _, known := range conversation.States {
		if string(known) == strings.TrimSpace(text) {
			return known, nil
		}
	}
	return "", wrongField("status", "Use BOT_HANDLING, OPEN, IN_PROGRESS, WAITING, CLOSED or ARCHIVED.")
}

func wrongField(path, message string) error {
	return fault.ErrInvalid.With(fault.Detail{Path: path, Message: message})
}

// ConversationPath names a conversation in the path. It is exported, as NewMessage is,
// because huma passes over embedded fields that are not.
type ConversationPath struct {
	ID string `path:"id"`
}

// id returns the conversation's id. Text that is none names nothing: 404.
func (p ConversationPath) id() (id.Conversation, error) {
	c, err := id.ParseConversation(p.ID)
	if err != nil {
		return c, conversation.ErrNotFound
	}
	return c, nil
}

// visible returns a conversation that the caller may see, or ErrNotFound.
func (s *server) visible(ctx context.Context, c caller, p ConversationPath) (conversation.Card, error) {
	conversationID, err := p.id()
	if err != nil {
		return conversation.Card{}, err
	}
	card, err := s.deps.DB.Card(ctx, c.tenant, conversationID)
	if err == nil && !card.VisibleTo(c.User.Scope()) {
		return card, conversation.ErrNotFound
	}
	return card, err
}

func (s *server) getConversation(ctx context.Context, c caller, in *ConversationPath) (*reply[wire.Conversation], error) {
	card, err := s.visible(ctx, c, *in)
	return written(c, card, err)
}

func written(c caller, card conversation.Card, err error) (*reply[wire.Conversation], error) {
	if err != nil {
		return nil, err
	}
	return answer(wire.ConversationOf(c.tenant, card)), nil
}

type changeInput struct {
	ConversationPath
	Body struct {
		Status       *string   `json:"status,omitempty"`
		Priority     *string   `json:"priority,omitempty" enum:"LOW,MEDIUM,HIGH,URGENT"`
		AssignedToID *string   `json:"assignedToId,omitempty" format:"uuid"`
		TagIDs       *[]string `json:"tagIds,omitempty" maxItems:"50"`
		HotelUnit    *string   `json:"hotelUnit,omitempty" maxLength:"100" doc:"One of the hotel's units in any spelling; empty for none"`
		Opportunity  *bool     `json:"isOpportunity,omitempty"`

		Metadata *map[string]any `json:"metadata,omitempty" doc:"An object of at most 10,000 characters; it replaces the one before"`
	}
}

func (s *server) changeConversation(ctx context.Context, c caller, in *changeInput) (*reply[wire.Conversation], error) {
	conversationID, err := in.id()
	if err != nil {
		return nil, err
	}
	changes, err := in.changes()
	if err != nil {
		return nil, err
	}
	if changes == (desk.Changes{}) {
		card, err := s.visible(ctx, c, in.ConversationPath)
		return written(c, card, err)
	}
	card, err := s.deps.Desk.Change(ctx, c.tenant, c.User, conversationID, changes)
	return written(c, card, err)
}

func (in *changeInput) changes() (desk.Changes, error) {
	out := desk.Changes{Unit: in.Body.HotelUnit, Opportunity: in.Body.Opportunity}
	if in.Body.Metadata != nil {
		text, err := metadataOf(*in.Body.Metadata)
		if err != nil {
			return out, err
		}
		out.Metadata = &text
	}
	if in.Body.Status != nil {
		state, err := parseState(*in.Body.Status)
		if err != nil {
			return out, err
		}
		out.State = &state
	}
	if in.Body.Priority != nil {
		priority := conversation.Priority(*in.Body.Priority)
		out.Priority = &priority
	}
	if in.Body.AssignedToID != nil {
		assignee, err := id.ParseUser(*in.Body.AssignedToID)
		if err != nil {
			return out, wrongField("assignedToId", "This is no id of a user.")
		}
		out.AssignedTo = &assignee
	}
	if in.Body.TagIDs == nil {
		return out, nil
	}
	tags, err := parseTags(*in.Body.TagIDs)
	out.Tags = &tags
	return out, err
}

// maxMetadata bounds what dashboards keep with a conversation, in characters of JSON.
const maxMetadata = 10_000

func metadataOf(of map[string]any) (json.RawMessage, error) {
	if len(of) == 0 {
		return nil, nil
	}
	text, err := json.Marshal(of)
	if err != nil || utf8.RuneCount(text) > maxMetadata {
		return nil, wrongField("metadata", "metadata may have at most 10,000 characters of JSON.")
	}
	return text, nil
}

func parseTags(texts []string) ([]uuid.UUID, error) {
	tags := make([]uuid.UUID, 0, len(texts))
	for _, text := range texts {
		tag, err := uuid.Parse(text)
		if err != nil {
			return nil, wrongField("tagIds", "Every entry must be the id of a tag.")
		}
		tags = append(tags, tag)
	}
	return tags, nil
}

type assignInput struct {
	ConversationPath
	Body struct {
		UserID string `json:"userId" format:"uuid"`
	}
}

func (s *server) assign(ctx context.Context, c caller, in *assignInput) (*reply[wire.Conversation], error) {
	conversationID, err := in.id()
	if err != nil {
		return nil, err
	}
	assignee, err := id.ParseUser(in.Body.UserID)
	if err != nil {
		return nil, wrongField("userId", "This is no id of a user.")
	}
	card, err := s.deps.Desk.Assign(ctx, c.tenant, c.User, conversationID, assignee)
	return written(c, card, err)
}

func (s *server) unassign(ctx context.Context, c caller, in *ConversationPath) (*reply[wire.Conversation], error) {
	conversationID, err := in.id()
	if err != nil {
		return nil, err
	}
	card, err := s.deps.Desk.Unassign(ctx, c.tenant, c.User, conversationID)
	return written(c, card, err)
}

type closeInput struct {
	ConversationPath
	Body *struct {
		Reason string `json:"reason,omitempty" maxLength:"500" doc:"Why; colleagues read it in the conversation"`
	}
}

func (s *server) closeConversation(ctx context.Context, c caller, in *closeInput) (*reply[wire.Conversation], error) {
	conversationID, err := in.id()
	if err != nil {
		return nil, err
	}
	var reason string
	if in.Body != nil {
		reason = in.Body.Reason
	}
	card, err := s.deps.Desk.Close(ctx, c.tenant, c.User, conversationID, reason)
	return written(c, card, err)
}

func (s *server) archiveConversation(ctx context.Context, c caller, in *ConversationPath) (*reply[wire.Conversation], error) {
	conversationID, err := in.id()
	if err != nil {
		return nil, err
	}
	card, err := s.deps.Desk.Archive(ctx, c.tenant, c.User, conversationID)
	return written(c, card, err)
}

func (s *server) unarchiveConversation(ctx context.Context, c caller, in *ConversationPath) (*reply[wire.Conversation], error) {
	conversationID, err := in.id()
	if err != nil {
		return nil, err
	}
	card, err := s.deps.Desk.Unarchive(ctx, c.tenant, c.User, conversationID)
	return written(c, card, err)
}

type deleted struct {
	Success bool   `json:"success"`
	ID      string `json:"id"`
}

func (s *server) deleteConversation(ctx context.Context, c caller, in *ConversationPath) (*reply[deleted], error) {
	conversationID, err := in.id()
	if err != nil {
		return nil, err
	}
	if err := s.deps.Desk.Delete(ctx, c.tenant, c.User, conversationID); err != nil {
		return nil, err
	}
	return answer(deleted{true, conversationID.String()}), nil
}

type updated struct {
	UpdatedCount int `json:"updatedCount"`
}

func (s *server) markRead(ctx context.Context, c caller, in *ConversationPath) (*reply[updated], error) {
	conversationID, err := in.id()
	if err != nil {
		return nil, err
	}
	count, err := s.deps.Desk.MarkRead(ctx, c.tenant, c.User, conversationID)
	if err == nil && count > 0 {
		err = s.showLastRead(ctx, c, conversationID)
	}
	if err != nil {
		return nil, err
	}
	return answer(updated{count}), nil
}

type lockInput struct {
	ConversationPath
	Body struct {
		Locked  bool   `json:"locked"`
		Version *int64 `json:"version,omitempty" minimum:"0" doc:"When taking it: the ball's version that you see. It is then yours at once, and 409 if somebody else has taken it meanwhile"`
		Note    string `json:"note,omitempty" maxLength:"2000" doc:"When handing back: what the bot is to know. The flow gets it with the next hand-over, colleagues see it in the conversation"`
	}
}

func (s *server) setLock(ctx context.Context, c caller, in *lockInput) (*reply[wire.Conversation], error) {
	conversationID, err := in.id()
	if err != nil {
		return nil, err
	}
	if v := in.Body.Version; in.Body.Locked && v != nil {
		card, err := s.deps.Desk.Claim(ctx, c.tenant, c.User, conversationID, *v)
		return written(c, card, err)
	}
	if in.Body.Locked {
		card, err := s.deps.Desk.TakeOver(ctx, c.tenant, c.User, conversationID)
		return written(c, card, err)
	}
	card, err := s.deps.Desk.HandBack(ctx, c.tenant, c.User, conversationID, strings.TrimSpace(in.Body.Note))
	return written(c, card, err)
}
