package httpapi

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/wire"
)

type listConversationsInput struct {
	Status        string `query:"status" maxLength:"100" doc:"One status, or several separated by commas"`
	Priority      string `query:"priority" enum:"LOW,MEDIUM,HIGH,URGENT"`
	AssignedToID  string `query:"assignedToId" maxLength:"36" doc:"Id of a user, me, or none"`
	HotelUnit     string `query:"hotelUnit" maxLength:"100" doc:"In any spelling"`
	Opportunity   string `query:"isOpportunity" enum:"true,false"`
	Unread        string `query:"unread" enum:"true,false" doc:"true: only those with unread messages"`
	TagID         string `query:"tagId" maxLength:"36"`
	WindowClosing string `query:"windowClosing" enum:"true,false" doc:"true: only those whose 24-hour window ends within windowHours"`
	WindowHours   int    `query:"windowHours" minimum:"1" maximum:"24" default:"4"`
	Search        string `query:"search" maxLength:"200" doc:"Name, phone number or e-mail of the guest, or words of messages"`
	Sort          string `query:"sort" enum:"recent,oldest" default:"recent" doc:"oldest: who waits longest comes first"`
	Page          int    `query:"page" minimum:"1" maximum:"100000" default:"1"`
	Limit         int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
	Cursor        string `query:"cursor" maxLength:"200" doc:"nextCursor of the page before: unlike page, it stays right while conversations move"`
}

// conversationList is a page. One that was asked for by cursor is not counted.
type conversationList struct {
	Data       []wire.Conversation `json:"data" nullable:"false"`
	Pagination *pagination         `json:"pagination,omitempty"`
	NextCursor *string             `json:"nextCursor" doc:"Where the next page begins; null behind the last"`
}

func (s *server) listConversations(ctx context.Context, c caller, in *listConversationsInput) (*reply[conversationList], error) {
	f, err := s.cardFilter(ctx, c, in)
	if err != nil {
		return nil, err
	}
	page, err := s.deps.DB.Cards(ctx, c.tenant, f)
	if err != nil {
		return nil, err
	}
	out := conversationList{Data: make([]wire.Conversation, 0, len(page.Cards))}
	for _, card := range page.Cards {
		out.Data = append(out.Data, wire.ConversationOf(c.tenant, card))
	}
	if f.After == nil {
		counted := paginate(in.Page, in.Limit, page.Total)
		out.Pagination = &counted
	}
	if page.More {
		last := page.Cards[len(page.Cards)-1]
		next := cursorOf(last.LastMessageAt, last.ID.UUID)
		out.NextCursor = &next
	}
	return answer(out), nil
}

func (s *server) cardFilter(ctx context.Context, c caller, in *listConversationsInput) (postgres.CardFilter, error) {
	f := postgres.CardFilter{
		Scope: c.User.Scope(), Priority: conversation.Priority(in.Priority), Unread: in.Unread == "true",
		Search: strings.TrimSpace(in.Search), Rising: in.Sort == "oldest", Limit: in.Limit, Offset: (in.Page - 1) * in.Limit,
	}
	if in.Opportunity != "" {
		wanted := in.Opportunity == "true"
		f.Opportunity = &wanted
	}
	if in.WindowClosing == "true" {
		now := s.deps.Clock.Now()
		f.HeardSince = now.Add(-conversation.Window)
		f.HeardUntil = f.HeardSince.Add(time.Duration(in.WindowHours) * time.Hour)
	}
	for _, read := range []func(*postgres.CardFilter, caller) error{in.states, in.assignee, in.tag, in.place} {
		if err := read(&f, c); err != nil {
			return f, err
		}
	}
	var err error
	f.Unit, err = s.unitNamed(ctx, c, in.HotelUnit)
	return f, err
}

// unitNamed returns a unit as the hotel spells it. A name that it does not have stands
// for itself: there may be conversations from when it did.
func (s *server) unitNamed(ctx context.Context, c caller, name string) (string, error) {
	if name == "" {
		return "", nil
	}
	hotel, err := s.deps.Directory.Hotel(ctx, c.tenant)
	if err != nil {
		return "", err
	}
	if unit, known := hotel.Unit(name); known {
		return unit, nil
	}
	return name, nil
}

func (in *listConversationsInput) states(f *postgres.CardFilter, _ caller) error {
	for text := range strings.SplitSeq(in.Status, ",") {
		if text == "" {
			continue
		}
		state, err := parseState(text)
		if err != nil {
			return err
		}
		f.States = append(f.States, state)
	}
	return nil
}

func (in *listConversationsInput) assignee(f *postgres.CardFilter, c caller) error {
	switch in.AssignedToID {
	case "":
	case "me":
		f.AssignedTo = c.User.ID
	case "none":
		f.Unassigned = true
	default:
		assignee, err := id.ParseUser(in.AssignedToID)
		if err != nil {
			return wrongField("assignedToId", "This is no id of a user, and neither me nor none.")
		}
		f.AssignedTo = assignee
	}
	return nil
}

func (in *listConversationsInput) tag(f *postgres.CardFilter, _ caller) error {
	if in.TagID == "" {
		return nil
	}
	tag, err := uuid.Parse(in.TagID)
	if err != nil || tag == uuid.Nil {
		return wrongField("tagId", "This is no id of a tag.")
	}
	f.Tag = tag
	return nil
}

func (in *listConversationsInput) place(f *postgres.CardFilter, _ caller) error {
	if in.Cursor == "" {
		return nil
	}
	at, behind, err := readCursor(in.Cursor)
	if err != nil {
		return err
	}
	f.After, f.Offset = &postgres.CardPlace{At: at, ID: id.Conversation{UUID: behind}}, 0
	return nil
}
