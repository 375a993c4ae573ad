package httpapi

import (
	"context"

	"github.com/google/uuid"

	"github.com/botreserva/botreserva/internal/desk"
	"github.com/botreserva/botreserva/internal/domain/quickreply"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/wire"
)

type listQuickRepliesInput struct {
	Search   string `query:"search" maxLength:"200"`
	Category string `query:"category" maxLength:"50"`
	IsActive string `query:"isActive" enum:"true,false"`
}

func (s *server) listQuickReplies(ctx context.Context, c caller, in *listQuickRepliesInput) (*reply[whole[wire.QuickReply]], error) {
	f := postgres.QuickReplyFilter{Search: in.Search, Category: in.Category}
	if in.IsActive != "" {
		wanted := in.IsActive == "true"
		f.IsActive = &wanted
	}
	replies, err := s.deps.DB.QuickReplies(ctx, c.tenant, f)
	if err != nil {
		return nil, err
	}
	out := whole[wire.QuickReply]{make([]wire.QuickReply, 0, len(replies))}
	for _, r := range replies {
		out.Data = append(out.Data, wire.QuickReplyOf(r))
	}
	return answer(out), nil
}

// QuickReplyPath names a quick reply in the path. Exported for huma: see
// ConversationPath.
type QuickReplyPath struct {
	ID string `path:"id"`
}

func (p QuickReplyPath) id() (uuid.UUID, error) { return parseID(p.ID, quickreply.ErrNotFound) }

func (s *server) getQuickReply(ctx context.Context, c caller, in *QuickReplyPath) (*reply[wire.QuickReply], error) {
	id, err := in.id()
	if err != nil {
		return nil, err
	}
	r, err := s.deps.DB.QuickReply(ctx, c.tenant, id)
	return quickReply(r, err)
}

func quickReply(r quickreply.Reply, err error) (*reply[wire.QuickReply], error) {
	if err != nil {
		return nil, err
	}
	return answer(wire.QuickReplyOf(r)), nil
}

type newQuickReplyInput struct {
	Body struct {
		Title    string  `json:"title" minLength:"1" maxLength:"100"`
		Shortcut string  `json:"shortcut" minLength:"2" maxLength:"50" pattern:"^[a-z0-9-]+$"`
		Content  string  `json:"content" minLength:"1" maxLength:"4000"`
		Category *string `json:"category,omitempty" nullable:"true" maxLength:"50"`
		Order    int     `json:"order,omitempty" minimum:"0" maximum:"1000000"`
		IsActive *bool   `json:"isActive,omitempty"`
	}
}

func (s *server) createQuickReply(ctx context.Context, c caller, in *newQuickReplyInput) (*reply[wire.QuickReply], error) {
	b := in.Body
	r := quickreply.Reply{Title: b.Title, Shortcut: b.Shortcut, Content: b.Content, Order: b.Order, IsActive: true}
	if b.Category != nil {
		r.Category = *b.Category
	}
	if b.IsActive != nil {
		r.IsActive = *b.IsActive
	}
	made, err := s.deps.Desk.CreateQuickReply(ctx, c.tenant, c.User, r)
	return quickReply(made, err)
}

type changeQuickReplyInput struct {
	QuickReplyPath
	Body struct {
		Title    *string        `json:"title,omitempty" minLength:"1" maxLength:"100"`
		Shortcut *string        `json:"shortcut,omitempty" minLength:"2" maxLength:"50" pattern:"^[a-z0-9-]+$"`
		Content  *string        `json:"content,omitempty" minLength:"1" maxLength:"4000"`
		Category orNull[string] `json:"category,omitempty" maxLength:"50"`
		Order    *int           `json:"order,omitempty" minimum:"0" maximum:"1000000"`
		IsActive *bool          `json:"isActive,omitempty"`
	}
}

func (s *server) changeQuickReply(ctx context.Context, c caller, in *changeQuickReplyInput) (*reply[wire.QuickReply], error) {
	id, err := in.id()
	if err != nil {
		return nil, err
	}
	b := in.Body
	r, err := s.deps.Desk.ChangeQuickReply(ctx, c.tenant, c.User, id, desk.ReplyChanges{
		Title: b.Title, Shortcut: b.Shortcut, Content: b.Content, Category: b.Category.set(), Order: b.Order, IsActive: b.IsActive,
	})
	return quickReply(r, err)
}

func (s *server) deleteQuickReply(ctx context.Context, c caller, in *QuickReplyPath) (*struct{}, error) {
	id, err := in.id()
	if err != nil {
		return nil, err
	}
	return nil, s.deps.Desk.DeleteQuickReply(ctx, c.tenant, c.User, id)
}
