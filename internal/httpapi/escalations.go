package httpapi

import (
	"context"

	"github.com/botreserva/botreserva/internal/desk"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/escalation"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/wire"
)

type listEscalationsInput struct {
	Status    string `query:"status" enum:"PENDING,IN_PROGRESS,RESOLVED,CANCELLED"`
	HotelUnit string `query:"hotelUnit" maxLength:"100" doc:"In any spelling"`
	Page      int    `query:"page" minimum:"1" maximum:"100000" default:"1"`
	Limit     int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
}

func (s *server) listEscalations(ctx context.Context, c caller, in *listEscalationsInput) (*reply[list[wire.EscalationItem]], error) {
	unit, err := s.unitOf(ctx, c, in.HotelUnit)
	if err != nil {
		return nil, err
	}
	found, total, err := s.deps.DB.Escalations(ctx, c.tenant, postgres.EscalationFilter{
		Scope: c.User.Scope(), State: escalation.State(in.Status), Unit: unit, Limit: in.Limit, Offset: (in.Page - 1) * in.Limit,
	})
	if err != nil {
		return nil, err
	}
	out := list[wire.EscalationItem]{Data: make([]wire.EscalationItem, 0, len(found)), Pagination: paginate(in.Page, in.Limit, total)}
	for _, e := range found {
		out.Data = append(out.Data, wire.EscalationItemOf(c.tenant, e.Escalation, e.Card))
	}
	return answer(out), nil
}

// unitOf returns a unit as the hotel spells it; a name that is none stays as it is, and
// finds what was noted under it.
func (s *server) unitOf(ctx context.Context, c caller, text string) (string, error) {
	if text == "" {
		return "", nil
	}
	hotel, err := s.deps.Directory.Hotel(ctx, c.tenant)
	if err != nil {
		return "", err
	}
	if unit, known := hotel.Unit(text); known {
		return unit, nil
	}
	return text, nil
}

type escalationStats struct {
	Total       int            `json:"total"`
	Pending     int            `json:"pending"`
	InProgress  int            `json:"inProgress"`
	Resolved    int            `json:"resolved"`
	Cancelled   int            `json:"cancelled"`
	ByStatus    map[string]int `json:"byStatus"`
	ByReason    map[string]int `json:"byReason"`
	ByHotelUnit map[string]int `json:"byHotelUnit"`
}

func (s *server) countEscalations(ctx context.Context, c caller, _ *struct{}) (*reply[escalationStats], error) {
	counts, err := s.deps.DB.EscalationCounts(ctx, c.tenant, c.User.Scope())
	if err != nil {
		return nil, err
	}
	out := escalationStats{ByStatus: map[string]int{}, ByReason: map[string]int{}, ByHotelUnit: map[string]int{}}
	for _, state := range escalation.States {
		out.ByStatus[string(state)] = 0
	}
	for _, n := range counts {
		out.Total += n.Count
		out.ByStatus[string(n.State)] += n.Count
		out.ByReason[string(n.Reason)] += n.Count
		if n.Unit != "" {
			out.ByHotelUnit[n.Unit] += n.Count
		}
	}
	of := func(state escalation.State) int { return out.ByStatus[string(state)] }
	out.Pending, out.InProgress = of(escalation.Pending), of(escalation.InProgress)
	out.Resolved, out.Cancelled = of(escalation.Resolved), of(escalation.Cancelled)
	return answer(out), nil
}

// EscalationPath names an escalation in the path. Exported for huma: see
// ConversationPath.
type EscalationPath struct {
	ID string `path:"id"`
}

func (p EscalationPath) id() (id.Escalation, error) {
	e, err := id.ParseEscalation(p.ID)
	if err != nil {
		return e, escalation.ErrNotFound
	}
	return e, nil
}

// firstMessages is how much of a conversation an escalation shows.
const firstMessages = 100

func (s *server) getEscalation(ctx context.Context, c caller, in *EscalationPath) (*reply[wire.EscalationInFull], error) {
	escalationID, err := in.id()
	if err != nil {
		return nil, err
	}
	e, err := s.deps.DB.Escalation(ctx, c.tenant, escalationID)
	if err != nil {
		return nil, err
	}
	card, err := s.deps.DB.Card(ctx, c.tenant, e.ConversationID)
	if err == nil && !card.VisibleTo(c.User.Scope()) {
		err = escalation.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	messages, err := s.deps.DB.FirstMessages(ctx, c.tenant, card.ID, firstMessages)
	if err != nil {
		return nil, err
	}
	return answer(wire.EscalationInFullOf(c.tenant, e, card, messages, s.deps.Links.Of)), nil
}

type escalateInput struct {
	Body struct {
		ContactPhoneNumber string `json:"contactPhoneNumber" minLength:"8" maxLength:"30" doc:"10 to 15 digits, in any spelling"`
		Reason             string `json:"reason,omitempty" maxLength:"100" doc:"Names that are not known are OTHER"`
		ReasonDetail       string `json:"reasonDetail,omitempty" maxLength:"2000"`
		HotelUnit          string `json:"hotelUnit,omitempty" maxLength:"100" doc:"In any spelling"`
		MessageHistory     []said `json:"messageHistory,omitempty" maxItems:"500"`
		AIContext          any    `json:"aiContext,omitempty" doc:"An object"`
		Priority           string `json:"priority,omitempty" enum:"LOW,MEDIUM,HIGH,URGENT" default:"HIGH"`
	}
}

func (s *server) escalate(ctx context.Context, c caller, in *escalateInput) (*reply[escalated], error) {
	b := in.Body
	var history any
	if len(b.MessageHistory) > 0 {
		history = b.MessageHistory
	}
	about, err := contextOf(b.AIContext, history)
	if err != nil {
		return nil, err
	}
	a, err := s.deps.Desk.Escalate(ctx, c.tenant, desk.Call{
		By: c.User, Phone: b.ContactPhoneNumber, Reason: escalation.ParseReason(b.Reason), Detail: b.ReasonDetail, Unit: b.HotelUnit,
		Priority: conversation.Priority(b.Priority), AIContext: about, History: recalled(b.MessageHistory),
	})
	if err != nil {
		return nil, err
	}
	return answer(escalated{
		Success: true, Escalation: wire.EscalationOf(c.tenant, a.Escalation, nil),
		Conversation: wire.ConversationOf(c.tenant, a.Card), Contact: wire.ContactOf(a.Card.Contact),
	}), nil
}

type handleInput struct {
	EscalationPath
	Body struct {
		Status       *string `json:"status,omitempty" enum:"PENDING,IN_PROGRESS,RESOLVED,CANCELLED"`
		AssignedToID *string `json:"assignedToId,omitempty" format:"uuid" doc:"Gives them the conversation"`
		Notes        *string `json:"notes,omitempty" maxLength:"2000"`
		Resolution   *string `json:"resolution,omitempty" maxLength:"2000" doc:"The same as notes"`
		HandBack     bool    `json:"handBack,omitempty" doc:"Gives the guest back to the bot"`
	}
}

func (s *server) changeEscalation(ctx context.Context, c caller, in *handleInput) (*reply[wire.EscalationItem], error) {
	h := desk.Handling{Notes: in.Body.Notes, HandBack: in.Body.HandBack}
	if h.Notes == nil {
		h.Notes = in.Body.Resolution
	}
	if in.Body.Status != nil {
		state := escalation.State(*in.Body.Status)
		h.State = &state
	}
	if in.Body.AssignedToID != nil {
		assignee, err := id.ParseUser(*in.Body.AssignedToID)
		if err != nil {
			return nil, wrongField("assignedToId", "This is no id of a user.")
		}
		if assignee != c.User.ID || c.User.TenantID == c.tenant { // the original's page names whoever looks, operators of the platform too
			h.AssignedTo = &assignee
		}
	}
	return s.handle(ctx, c, in.EscalationPath, h)
}

type assignEscalationInput struct {
	EscalationPath
	Body struct {
		UserID string `json:"userId" format:"uuid"`
	}
}

func (s *server) assignEscalation(ctx context.Context, c caller, in *assignEscalationInput) (*reply[wire.EscalationItem], error) {
	assignee, err := id.ParseUser(in.Body.UserID)
	if err != nil {
		return nil, wrongField("userId", "This is no id of a user.")
	}
	return s.handle(ctx, c, in.EscalationPath, desk.Handling{AssignedTo: &assignee})
}

type resolveEscalationInput struct {
	EscalationPath
	Body *struct {
		Notes    *string `json:"notes,omitempty" maxLength:"2000"`
		HandBack bool    `json:"handBack,omitempty" doc:"Gives the guest back to the bot"`
	}
}

func (s *server) resolveEscalation(ctx context.Context, c caller, in *resolveEscalationInput) (*reply[wire.EscalationItem], error) {
	resolved := escalation.Resolved
	h := desk.Handling{State: &resolved}
	if in.Body != nil {
		h.Notes, h.HandBack = in.Body.Notes, in.Body.HandBack
	}
	return s.handle(ctx, c, in.EscalationPath, h)
}

func (s *server) handle(ctx context.Context, c caller, p EscalationPath, h desk.Handling) (*reply[wire.EscalationItem], error) {
	escalationID, err := p.id()
	if err != nil {
		return nil, err
	}
	a, err := s.deps.Desk.Handle(ctx, c.tenant, c.User, escalationID, h)
	if err != nil {
		return nil, err
	}
	return answer(wire.EscalationItemOf(c.tenant, a.Escalation, a.Card)), nil
}

type lockOfInput struct {
	PhoneNumber string `query:"phoneNumber" required:"true" maxLength:"30"`
}

// checkLock is for dashboards what botCheckLock is for flows. A conversation that the
// caller may not see is as none.
func (s *server) checkLock(ctx context.Context, c caller, in *lockOfInput) (*reply[botLock], error) {
	locked, conversationID, err := s.deps.Desk.IsLocked(ctx, c.tenant, in.PhoneNumber)
	if err != nil || conversationID.IsZero() {
		return answer(botLock{}), err
	}
	card, err := s.deps.DB.Card(ctx, c.tenant, conversationID)
	if err != nil || !card.VisibleTo(c.User.Scope()) {
		return answer(botLock{}), nil //nolint:nilerr // deleted a moment ago: there is none
	}
	return answer(botLock{Locked: locked, ConversationID: conversationID.String()}), nil
}
