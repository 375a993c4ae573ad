package httpapi

import (
	"context"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/subscription"
	"github.com/botreserva/botreserva/internal/wire"
)

// webhookAttempt is how telling a subscriber one thing ended. Nothing that a guest said is in it.
type webhookAttempt struct {
	ID             string             `json:"id" doc:"What the receiver gets as X-BotReserva-Delivery"`
	Event          subscription.Name  `json:"event"`
	ConversationID *string            `json:"conversationId"`
	Status         subscription.State `json:"status" enum:"delivered,retrying,failed,skipped"`
	Attempts       int                `json:"attempts"`
	HTTPStatus     *int               `json:"httpStatus" doc:"Of the last answer; null when none came"`
	DurationMs     int64              `json:"durationMs" doc:"Of the last attempt"`
	Answer         *string            `json:"answer" doc:"How the last answer began, if it was a refusal, without what it repeats of the message"`
	Reason         *string            `json:"reason" doc:"What happened and what to do, in Portuguese"`
	CreatedAt      wire.Time          `json:"createdAt"`
	UpdatedAt      wire.Time          `json:"updatedAt"`
}

func webhookAttemptOf(a subscription.Attempt) webhookAttempt {
	out := webhookAttempt{
		ID: a.ID.String(), Event: a.Event, Status: a.State, Attempts: a.Attempts, DurationMs: a.Took.Milliseconds(),
		Answer: textOrNull(a.Answer), Reason: textOrNull(a.Reason), CreatedAt: wire.At(a.CreatedAt), UpdatedAt: wire.At(a.UpdatedAt),
	}
	if a.HTTPStatus != 0 {
		out.HTTPStatus = &a.HTTPStatus
	}
	if !a.ConversationID.IsZero() {
		named := a.ConversationID.String()
		out.ConversationID = &named
	}
	return out
}

type webhookLogInput struct {
	WebhookPath
	Page  int `query:"page" minimum:"1" maximum:"1000" default:"1"`
	Limit int `query:"limit" minimum:"1" maximum:"100" default:"20"`
}

func (s *server) webhookLog(ctx context.Context, c caller, in *webhookLogInput) (*reply[list[webhookAttempt]], error) {
	of, err := in.id()
	if err != nil {
		return nil, err
	}
	if _, err := s.deps.DB.Subscription(ctx, c.tenant, of); err != nil {
		return nil, err
	}
	log, total, err := s.deps.DB.SubscriptionLog(ctx, c.tenant, of, in.Limit, (in.Page-1)*in.Limit)
	if err != nil {
		return nil, err
	}
	out := list[webhookAttempt]{Data: make([]webhookAttempt, 0, len(log)), Pagination: paginate(in.Page, in.Limit, total)}
	for _, a := range log {
		out.Data = append(out.Data, webhookAttemptOf(a))
	}
	return answer(out), nil
}

func (s *server) testWebhook(ctx context.Context, c caller, in *WebhookPath) (*reply[webhookAttempt], error) {
	of, err := in.id()
	if err != nil {
		return nil, err
	}
	a, err := s.deps.Subscriptions.Test(ctx, c.tenant, of)
	if err != nil {
		return nil, err
	}
	return answer(webhookAttemptOf(a)), nil
}

type replayAttemptInput struct {
	WebhookPath
	DeliveryID string `path:"deliveryId"`
}

func (s *server) replayWebhook(ctx context.Context, c caller, in *replayAttemptInput) (*reply[replayed], error) {
	of, err := in.id()
	if err != nil {
		return nil, err
	}
	delivery, err := parseID(in.DeliveryID, subscription.ErrNoDelivery)
	if err != nil {
		return nil, err
	}
	if err := s.deps.Subscriptions.Replay(ctx, c.tenant, c.actor(), of, id.Subscribed{UUID: delivery}); err != nil {
		return nil, err
	}
	return answer(replayed{1}), nil
}
