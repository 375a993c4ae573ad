package httpapi

import (
	"context"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/outbox"
	"github.com/botreserva/botreserva/internal/wire"
)

// What flows do at the desk beyond the original's calls: look at a conversation, hold themselves
// back, leave notes and tags, and keep what guests tell of themselves.

type botTalk struct {
	Success      bool              `json:"success"`
	Locked       bool              `json:"locked"`
	Conversation wire.Conversation `json:"conversation"`
}

func botTalkOf(c caller, card conversation.Card, err error) (*reply[botTalk], error) {
	if err != nil {
		return nil, err
	}
	return answer(botTalk{true, card.Lock.Locked, wire.ConversationOf(c.tenant, card)}), nil
}

type botTalkInput struct {
	Phone       string `query:"phone" doc:"The guest's number in any form"`
	PhoneNumber string `query:"phoneNumber" doc:"The same as phone"`
}

// botGetTalk answers with a guest's active conversation.
func (s *server) botGetTalk(ctx context.Context, c caller, in *botTalkInput) (*reply[botTalk], error) {
	named := first(loose(in.Phone), loose(in.PhoneNumber))
	if named == "" {
		return nil, missing("phone", "Say of whom: phone is missing.")
	}
	_, talk, err := s.deps.Desk.IsLocked(ctx, c.tenant, named)
	if err == nil && talk.IsZero() {
		err = conversation.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	card, err := s.deps.DB.Card(ctx, c.tenant, talk)
	return botTalkOf(c, card, err)
}

type botToInput struct{ Body struct{ BotTo } }

func (s *server) botLockOut(ctx context.Context, c caller, in *botToInput) (*reply[botTalk], error) {
	phone, err := in.Body.phone()
	if err != nil {
		return nil, err
	}
	card, err := s.deps.Desk.BotLock(ctx, c.tenant, phone)
	return botTalkOf(c, card, err)
}

// botUnlock lets the bot speak again: 409 ia_locked while a person works on the conversation.
func (s *server) botUnlock(ctx context.Context, c caller, in *botToInput) (*reply[botTalk], error) {
	phone, err := in.Body.phone()
	if err != nil {
		return nil, err
	}
	card, err := s.deps.Desk.BotUnlock(ctx, c.tenant, phone)
	return botTalkOf(c, card, err)
}

type botNoteInput struct {
	Body struct {
		BotTo
		Note loose `json:"note,omitempty" doc:"For the people at the hotel; the guest does not see it"`
		Text loose `json:"text,omitempty" doc:"The same as note"`
	}
}

func (s *server) botNote(ctx context.Context, c caller, in *botNoteInput) (*reply[botTalk], error) {
	phone, err := in.Body.phone()
	if err != nil {
		return nil, err
	}
	card, err := s.deps.Desk.BotNote(ctx, c.tenant, phone, first(in.Body.Note, in.Body.Text))
	return botTalkOf(c, card, err)
}

type botTagsInput struct {
	Body struct {
		BotTo
		Add    looseList[loose] `json:"add,omitempty" doc:"Names of the hotel's tags, in any case"`
		Remove looseList[loose] `json:"remove,omitempty"`
	}
}

const maxBotTags = 20

func (s *server) botTags(ctx context.Context, c caller, in *botTagsInput) (*reply[botTalk], error) {
	phone, err := in.Body.phone()
	if err != nil {
		return nil, err
	}
	if len(in.Body.Add)+len(in.Body.Remove) > maxBotTags {
		return nil, wrongField("add", "Change at most 20 tags at once.")
	}
	card, err := s.deps.Desk.BotTags(ctx, c.tenant, phone, textsOf(in.Body.Add), textsOf(in.Body.Remove))
	return botTalkOf(c, card, err)
}

func textsOf(list looseList[loose]) []string {
	out := make([]string, 0, len(list))
	for _, text := range list {
		out = append(out, string(text))
	}
	return out
}

// BotGuestPath names a guest in the path as flows know them. Exported for huma.
type BotGuestPath struct {
	Phone string `path:"phone" doc:"The guest's number in any form"`
}

// guest finds who is meant; whoever has not written yet is nobody.
func (s *server) botGuest(ctx context.Context, c caller, named string) (contact.Record, error) {
	if _, err := outbox.AliasOf(named); err != nil {
		return contact.Record{}, contact.ErrNotFound
	}
	phone, err := contact.NumberOf(named)
	if err != nil {
		return contact.Record{}, contact.ErrNotFound
	}
	return s.deps.DB.ContactByPhone(ctx, c.tenant, phone)
}

func (s *server) botGetGuest(ctx context.Context, c caller, in *BotGuestPath) (*reply[wire.ContactDetail], error) {
	r, err := s.botGuest(ctx, c, in.Phone)
	if err != nil {
		return nil, err
	}
	return answer(wire.ContactDetailOf(c.tenant, r)), nil
}

type botChangeGuestInput struct {
	BotGuestPath
	Body struct {
		Name        *loose `json:"name,omitempty"`
		Email       *loose `json:"email,omitempty"`
		CompanyName *loose `json:"companyName,omitempty"`
	}
}

// botChangeGuest writes down what a guest told the bot.
func (s *server) botChangeGuest(ctx context.Context, c caller, in *botChangeGuestInput) (*reply[wire.ContactDetail], error) {
	r, err := s.botGuest(ctx, c, in.Phone)
	if err != nil {
		return nil, err
	}
	b := in.Body
	changes := contact.Changes{Name: (*string)(b.Name), Email: (*string)(b.Email), CompanyName: (*string)(b.CompanyName)}
	if _, err := s.deps.Guests.Change(ctx, c.tenant, user.User{Role: user.TenantAdmin}, r.ID, changes); err != nil {
		return nil, err
	}
	return s.contactDetail(ctx, c, r.ID)
}
