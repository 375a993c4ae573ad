package httpapi

import (
	"context"
	"encoding/json"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/inbox"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/wire"
)

type listEventsInput struct {
	Fate      string `query:"fate" enum:"QUEUED,UNCLAIMED,POISON,IGNORED"`
	StartDate string `query:"startDate" maxLength:"40" doc:"A day of the hotel's, or a time"`
	EndDate   string `query:"endDate" maxLength:"40" doc:"A day of the hotel's, included, or a time"`
	Page      int    `query:"page" minimum:"1" maximum:"100000" default:"1"`
	Limit     int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
}

// WebhookEvent is what became of one webhook call. Exported for huma: see
// ConversationPath.
type WebhookEvent struct {
	ID            string        `json:"id"`
	TenantID      *string       `json:"tenantId"`
	Source        string        `json:"source"`
	Event         string        `json:"event" doc:"messages, statuses, or the field of Meta's that it is about"`
	Processed     bool          `json:"processed"`
	ProcessedAt   *wire.Time    `json:"processedAt" doc:"Null also when it is not known: statuses leave no trace"`
	Error         *string       `json:"error"`
	Fate          postgres.Fate `json:"fate"`
	PhoneNumberID *string       `json:"phoneNumberId"`
	CreatedAt     wire.Time     `json:"createdAt"`
}

func webhookEventOf(t inbox.Traced) WebhookEvent {
	out := WebhookEvent{
		ID: t.ID.String(), TenantID: tenantOrNull(t.TenantID), Source: "whatsapp", Event: t.Event,
		Processed: t.Processed, Error: textOrNull(t.Problem), Fate: t.Fate,
		PhoneNumberID: textOrNull(t.PhoneNumberID), CreatedAt: wire.At(t.ReceivedAt),
	}
	if !t.ProcessedAt.IsZero() {
		at := wire.At(t.ProcessedAt)
		out.ProcessedAt = &at
	}
	return out
}

// listEvents shows what Meta told us for a hotel; for nobody, when a super admin names
// no hotel.
func (s *server) listEvents(ctx context.Context, c caller, in *listEventsInput) (*reply[flatList[WebhookEvent]], error) {
	zone, err := s.zoneOf(ctx, c)
	if err != nil {
		return nil, err
	}
	f := postgres.DeliveryFilter{Fate: postgres.Fate(in.Fate), Limit: in.Limit, Offset: (in.Page - 1) * in.Limit}
	if f.From, f.Until, err = spanOf(in.StartDate, in.EndDate, zone); err != nil {
		return nil, err
	}
	rows, total, err := s.deliveries(ctx, c, f)
	if err != nil {
		return nil, err
	}
	traced, err := s.deps.Receiver.Trace(ctx, c.tenant, rows...)
	if err != nil {
		return nil, err
	}
	out := flatList[WebhookEvent]{Data: make([]WebhookEvent, 0, len(traced)), Total: total, Page: in.Page, Limit: in.Limit, Pages: (total + in.Limit - 1) / in.Limit}
	for _, t := range traced {
		out.Data = append(out.Data, webhookEventOf(t))
	}
	return answer(out), nil
}

func (s *server) deliveries(ctx context.Context, c caller, f postgres.DeliveryFilter) ([]postgres.DeliveryRow, int, error) {
	if c.tenant.IsZero() {
		return s.deps.DB.SystemUnclaimedDeliveries(ctx, f)
	}
	return s.deps.DB.Deliveries(ctx, c.tenant, f)
}

// EventPath names a webhook event in the path. Exported for huma: see ConversationPath.
type EventPath struct {
	ID string `path:"id"`
}

func (p EventPath) id() (id.Delivery, error) {
	d, err := id.ParseDelivery(p.ID)
	if err != nil {
		return d, postgres.ErrNoDelivery
	}
	return d, nil
}

type webhookEventInFull struct {
	WebhookEvent
	Payload any `json:"payload" doc:"As Meta sent it; a text when it is no JSON"`
}

func (s *server) getEvent(ctx context.Context, c caller, in *EventPath) (*reply[webhookEventInFull], error) {
	d, err := in.id()
	if err != nil {
		return nil, err
	}
	t, err := s.deps.Receiver.View(ctx, c.tenant, c.User, d, s.deps.Clock.Now())
	if err != nil {
		return nil, err
	}
	out := webhookEventInFull{webhookEventOf(t), any(string(t.Body))}
	if json.Valid(t.Body) {
		out.Payload = json.RawMessage(t.Body)
	}
	return answer(out), nil
}

func (s *server) replayEvent(ctx context.Context, c caller, in *EventPath) (*reply[WebhookEvent], error) {
	d, err := in.id()
	if err != nil {
		return nil, err
	}
	t, err := s.deps.Receiver.Replay(ctx, c.tenant, c.User, d, s.deps.Clock.Now())
	if err != nil {
		return nil, err
	}
	return answer(webhookEventOf(t)), nil
}

func (s *server) deleteEvent(ctx context.Context, c caller, in *EventPath) (*struct{}, error) {
	d, err := in.id()
	if err != nil {
		return nil, err
	}
	return nil, s.deps.Receiver.Delete(ctx, c.tenant, c.User, d, s.deps.Clock.Now())
}
