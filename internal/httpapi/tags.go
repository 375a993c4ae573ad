package httpapi

import (
	"context"

	"github.com/google/uuid"

	"github.com/botreserva/botreserva/internal/desk"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/wire"
)

// whole is the envelope of lists that come on one page.
type whole[T any] struct {
	Data []T `json:"data" nullable:"false"`
}

type listTagsInput struct {
	Search string `query:"search" maxLength:"100"`
}

type tagItem struct {
	ID                 string    `json:"id"`
	Name               string    `json:"name"`
	Color              string    `json:"color"`
	CreatedAt          wire.Time `json:"createdAt"`
	ConversationsCount int       `json:"conversationsCount"`
}

func tagItemOf(t postgres.TagRow) tagItem {
	return tagItem{t.ID.String(), t.Name, t.Color, wire.At(t.CreatedAt), t.Conversations}
}

func (s *server) listTags(ctx context.Context, c caller, in *listTagsInput) (*reply[whole[tagItem]], error) {
	tags, err := s.deps.DB.Tags(ctx, c.tenant, in.Search)
	if err != nil {
		return nil, err
	}
	out := whole[tagItem]{make([]tagItem, 0, len(tags))}
	for _, t := range tags {
		out.Data = append(out.Data, tagItemOf(t))
	}
	return answer(out), nil
}

// TagPath names a tag in the path. Exported for huma: see ConversationPath.
type TagPath struct {
	ID string `path:"id"`
}

func (p TagPath) id() (uuid.UUID, error) { return parseID(p.ID, conversation.ErrNoTag) }

// parseID reads an id in its canonical form. Text that is none names nothing.
func parseID(text string, notFound error) (uuid.UUID, error) {
	parsed, err := uuid.Parse(text)
	if err != nil || len(text) != len(uuid.Nil.String()) {
		return uuid.Nil, notFound
	}
	return parsed, nil
}

func (s *server) getTag(ctx context.Context, c caller, in *TagPath) (*reply[tagItem], error) {
	tag, err := in.id()
	if err != nil {
		return nil, err
	}
	return s.tagNow(ctx, c, tag)
}

func (s *server) tagNow(ctx context.Context, c caller, tag uuid.UUID) (*reply[tagItem], error) {
	t, err := s.deps.DB.Tag(ctx, c.tenant, tag)
	if err != nil {
		return nil, err
	}
	return answer(tagItemOf(t)), nil
}

type newTagInput struct {
	Body struct {
		Name  string `json:"name" minLength:"1" maxLength:"50"`
		Color string `json:"color" pattern:"^#[0-9A-Fa-f]{6}$"`
	}
}

func (s *server) createTag(ctx context.Context, c caller, in *newTagInput) (*reply[tagItem], error) {
	t, err := s.deps.Desk.CreateTag(ctx, c.tenant, c.User, conversation.Tag{Name: in.Body.Name, Color: in.Body.Color})
	if err != nil {
		return nil, err
	}
	return answer(tagItemOf(t)), nil
}

type changeTagInput struct {
	TagPath
	Body struct {
		Name  *string `json:"name,omitempty" minLength:"1" maxLength:"50"`
		Color *string `json:"color,omitempty" pattern:"^#[0-9A-Fa-f]{6}$"`
	}
}

func (s *server) changeTag(ctx context.Context, c caller, in *changeTagInput) (*reply[tagItem], error) {
	tag, err := in.id()
	if err != nil {
		return nil, err
	}
	err = s.deps.Desk.ChangeTag(ctx, c.tenant, c.User, tag, desk.TagChanges{Name: in.Body.Name, Color: in.Body.Color})
	if err != nil {
		return nil, err
	}
	return s.tagNow(ctx, c, tag)
}

func (s *server) deleteTag(ctx context.Context, c caller, in *TagPath) (*struct{}, error) {
	tag, err := in.id()
	if err != nil {
		return nil, err
	}
	return nil, s.deps.Desk.DeleteTag(ctx, c.tenant, c.User, tag)
}

type taggingInput struct {
	Body struct {
		ConversationID string `json:"conversationId"`
		TagID          string `json:"tagId"`
	}
}

func (s *server) attachTag(ctx context.Context, c caller, in *taggingInput) (*reply[done], error) {
	return tagging(ctx, c, in, s.deps.Desk.AttachTag, "The conversation has the tag.")
}

func (s *server) detachTag(ctx context.Context, c caller, in *taggingInput) (*reply[done], error) {
	return tagging(ctx, c, in, s.deps.Desk.DetachTag, "The conversation has the tag no more.")
}

type tagger func(ctx context.Context, tenant id.Tenant, by user.User, c id.Conversation, tag uuid.UUID) (conversation.Card, error)

func tagging(ctx context.Context, c caller, in *taggingInput, change tagger, said string) (*reply[done], error) {
	conversationID, err := ConversationPath{in.Body.ConversationID}.id()
	if err != nil {
		return nil, err
	}
	tag, err := parseID(in.Body.TagID, conversation.ErrNoTag)
	if err != nil {
		return nil, err
	}
	if _, err := change(ctx, c.tenant, c.User, conversationID, tag); err != nil {
		return nil, err
	}
	return answer(done{said}), nil
}
