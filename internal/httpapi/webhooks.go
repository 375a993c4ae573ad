package httpapi

import (
	"context"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/domain/subscription"
	"github.com/botreserva/botreserva/internal/fanout"
	"github.com/botreserva/botreserva/internal/wire"
)

// webhook is a subscription as its hotel sees it.
type webhook struct {
	ID           string              `json:"id"`
	URL          string              `json:"url"`
	Events       []subscription.Name `json:"events" nullable:"false"`
	Options      webhookOptions      `json:"options"`
	Description  string              `json:"description"`
	Status       string              `json:"status" enum:"active,failing,paused" doc:"failing: the last delivery did not arrive; it is tried again for a day"`
	PausedAt     *wire.Time          `json:"pausedAt"`
	PausedByUs   bool                `json:"pausedByUs" doc:"Nothing arrived for a day. Mend the receiver, then send paused: false"`
	FailingSince *wire.Time          `json:"failingSince"`
	Failures     int                 `json:"failures" doc:"Attempts in a row that failed"`
	LastError    *string             `json:"lastError"`
	CreatedAt    wire.Time           `json:"createdAt"`
	UpdatedAt    wire.Time           `json:"updatedAt"`
	Secret       string              `json:"secret,omitempty" doc:"Signs what is posted; shown once, when it is made"`
}

type webhookOptions struct {
	HotelUnits   []string         `json:"hotelUnits" nullable:"false" maxItems:"50" doc:"Only conversations of these units; empty: all"`
	Statuses     []message.Status `json:"statuses" nullable:"false" maxItems:"5" doc:"Of message.status only these: SENT, DELIVERED, READ, PLAYED, FAILED; empty: all"`
	OnlyUnlocked bool             `json:"onlyUnlocked" doc:"Of message.received and button.clicked only what the bot is to answer: not while a person holds the conversation or the bot is paused"`
	Answers      bool             `json:"answers" doc:"The subscriber is the hotel's bot: guests are handed over to it as to n8nWebhookUrl, which must be empty. Of several it is the newest"`
}

func webhookOf(s subscription.Subscription, secret string) webhook {
	out := webhook{
		ID: s.ID.String(), URL: s.URL, Events: s.Events, Description: s.Description, Status: "active", PausedByUs: s.PausedByUs,
		Failures: s.Failures, LastError: textOrNull(s.LastError), CreatedAt: wire.At(s.CreatedAt), UpdatedAt: wire.At(s.UpdatedAt), Secret: secret,
		Options: webhookOptions{HotelUnits: []string{}, Statuses: []message.Status{}, OnlyUnlocked: s.Options.OnlyUnlocked, Answers: s.Options.Answers},
	}
	out.Options.HotelUnits = append(out.Options.HotelUnits, s.Options.Units...)
	out.Options.Statuses = append(out.Options.Statuses, s.Options.Statuses...)
	if !s.FailingSince.IsZero() {
		at := wire.At(s.FailingSince)
		out.Status, out.FailingSince = "failing", &at
	}
	if s.IsPaused() {
		at := wire.At(s.PausedAt)
		out.Status, out.PausedAt = "paused", &at
	}
	return out
}

// actor is who a change is noted of: a person, or the hotel's flow.
func (c caller) actor() string {
	if c.User.ID.IsZero() {
		return "bot"
	}
	return c.User.ID.String()
}

func (s *server) listWebhooks(ctx context.Context, c caller, _ *struct{}) (*reply[whole[webhook]], error) {
	all, err := s.deps.DB.Subscriptions(ctx, c.tenant)
	if err != nil {
		return nil, err
	}
	out := whole[webhook]{make([]webhook, 0, len(all))}
	for _, one := range all {
		out.Data = append(out.Data, webhookOf(one, ""))
	}
	return answer(out), nil
}

type givenOptions struct {
	HotelUnits   []string `json:"hotelUnits,omitempty" maxItems:"50" doc:"Only conversations of these units"`
	Statuses     []string `json:"statuses,omitempty" maxItems:"5" doc:"Of message.status only these"`
	OnlyUnlocked bool     `json:"onlyUnlocked,omitempty" doc:"Of message.received and button.clicked only what the bot is to answer"`
	Answers      bool     `json:"answers,omitempty" doc:"Be the hotel's bot: guests are handed over instead of told of with message.received"`
}

func (o givenOptions) read() subscription.Options {
	out := subscription.Options{Units: o.HotelUnits, OnlyUnlocked: o.OnlyUnlocked, Answers: o.Answers}
	for _, status := range o.Statuses {
		out.Statuses = append(out.Statuses, message.Status(status))
	}
	return out
}

func namesOf(events []string) []subscription.Name {
	out := make([]subscription.Name, len(events))
	for i, e := range events {
		out[i] = subscription.Name(e)
	}
	return out
}

type newWebhookInput struct {
	Body struct {
		URL         string       `json:"url" maxLength:"2048" doc:"Where to post; its address must be public"`
		Events      []string     `json:"events" nullable:"false" maxItems:"50"`
		Options     givenOptions `json:"options,omitempty"`
		Description string       `json:"description,omitempty" maxLength:"200"`
	}
}

func (s *server) createWebhook(ctx context.Context, c caller, in *newWebhookInput) (*reply[webhook], error) {
	b := in.Body
	made, secret, err := s.deps.Subscriptions.Create(ctx, c.tenant, c.actor(), subscription.Subscription{
		URL: b.URL, Events: namesOf(b.Events), Options: b.Options.read(), Description: b.Description,
	})
	if err != nil {
		return nil, err
	}
	return answer(webhookOf(made, secret)), nil
}

// WebhookPath names a subscription in the path. Exported for huma: see ConversationPath.
type WebhookPath struct {
	ID string `path:"id"`
}

func (p WebhookPath) id() (id.Subscription, error) {
	parsed, err := parseID(p.ID, subscription.ErrNotFound)
	return id.Subscription{UUID: parsed}, err
}

func (s *server) getWebhook(ctx context.Context, c caller, in *WebhookPath) (*reply[webhook], error) {
	of, err := in.id()
	if err != nil {
		return nil, err
	}
	row, err := s.deps.DB.Subscription(ctx, c.tenant, of)
	if err != nil {
		return nil, err
	}
	return answer(webhookOf(row.Subscription, "")), nil
}

type changeWebhookInput struct {
	WebhookPath
	Body struct {
		URL         *string       `json:"url,omitempty" maxLength:"2048"`
		Events      *[]string     `json:"events,omitempty" maxItems:"50"`
		Options     *givenOptions `json:"options,omitempty" doc:"All of them"`
		Description *string       `json:"description,omitempty" maxLength:"200"`
		Paused      *bool         `json:"paused,omitempty" doc:"While it is paused nothing is told, and nothing kept for later"`
	}
}

func (s *server) changeWebhook(ctx context.Context, c caller, in *changeWebhookInput) (*reply[webhook], error) {
	of, err := in.id()
	if err != nil {
		return nil, err
	}
	b := in.Body
	change := fanout.Change{URL: b.URL, Description: b.Description, Paused: b.Paused}
	if b.Events != nil {
		names := namesOf(*b.Events)
		change.Events = &names
	}
	if b.Options != nil {
		options := b.Options.read()
		change.Options = &options
	}
	changed, err := s.deps.Subscriptions.Change(ctx, c.tenant, c.actor(), of, change)
	if err != nil {
		return nil, err
	}
	return answer(webhookOf(changed, "")), nil
}

func (s *server) deleteWebhook(ctx context.Context, c caller, in *WebhookPath) (*struct{}, error) {
	of, err := in.id()
	if err != nil {
		return nil, err
	}
	return nil, s.deps.Subscriptions.Delete(ctx, c.tenant, c.actor(), of)
}

func (s *server) rotateWebhook(ctx context.Context, c caller, in *WebhookPath) (*reply[webhook], error) {
	of, err := in.id()
	if err != nil {
		return nil, err
	}
	now, secret, err := s.deps.Subscriptions.Rotate(ctx, c.tenant, c.actor(), of)
	if err != nil {
		return nil, err
	}
	return answer(webhookOf(now, secret)), nil
}
