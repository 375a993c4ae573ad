package httpapi

import (
	"context"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/n8n"
	"github.com/botreserva/botreserva/internal/provision"
	"github.com/botreserva/botreserva/internal/wire"
)

// flowConfig is how a hotel's flow is reached, and how it reaches us.
type flowConfig struct {
	N8NWebhookURL      *string       `json:"n8nWebhookUrl" doc:"Where guests' messages are posted"`
	Paused             bool          `json:"paused" doc:"Nothing is handed to the flow"`
	ForwardWhileLocked bool          `json:"forwardWhileLocked" doc:"Handed over even while a person holds the conversation"`
	HandBackMinutes    int           `json:"handBackMinutes" doc:"After how long without a word the bot gets a guest back whom a person holds; 0: never by itself"`
	QuietSeconds       int           `json:"quietSeconds" doc:"How long a guest must be silent before the flow gets what they said as one turn; 0: each message at once"`
	History            int           `json:"history" doc:"How many earlier messages a turn tells of"`
	PayloadStyle       tenant.Style  `json:"payloadStyle" enum:"legacy,flat,zapi" doc:"legacy: everything twice, at the top and under body; flat: at the top; zapi: at the top, with Z-API's values where they clash with the original's"`
	MediaWaitSeconds   int           `json:"mediaWaitSeconds" doc:"How long a message waits for its file before the flow gets it without"`
	RepeatGuard        bool          `json:"repeatGuard" doc:"The same call to a guest within 30 seconds says nothing new, unless each has its own Idempotency-Key"`
	ZAPIFacade         bool          `json:"zapiFacade" doc:"Flows may call /instances/{slug}/token/{key}/send-… as they called Z-API"`
	GetsReactions      bool          `json:"getsReactions" doc:"The flow hears what emoji guests put on messages (message.reaction)"`
	AnswerInResponse   bool          `json:"answerInResponse" doc:"What the flow answers the post with is sent to the guest: output, text or messages; it is waited for up to 100 seconds"`
	Transcription      flowEngine    `json:"transcription" doc:"Guests' recordings in words, for people and for the flow (audio.transcription, chatInput)"`
	LegacyKey          bool          `json:"legacyKey" doc:"Accept {slug}:{phoneNumberId} as key"`
	IPAllowList        []string      `json:"ipAllowList" nullable:"false" doc:"Networks from which keys work; empty: from anywhere"`
	HasSecret          bool          `json:"hasSecret"`
	Keys               []flowKeyItem `json:"keys" nullable:"false"`
	LastCallFrom       *string       `json:"lastCallFrom" doc:"From where the flow called last, as far as this server remembers"`
	LastCallAt         *wire.Time    `json:"lastCallAt"`
	Secret             string        `json:"secret,omitempty" doc:"Signs what the flow gets; shown once, when it is changed"`
	Warnings           []string      `json:"warnings" nullable:"false"`
	NoReplyMinutes     int           `json:"noReplyMinutes" doc:"After how long a guest whom the bot neither heard nor answered is given to people; 0: never"`
	Health             FlowHealth    `json:"health"`
}

// flowEngine is the engine that puts recordings into words.
type flowEngine struct {
	URL      string `json:"url" doc:"Of an engine that is spoken to as OpenAI's; empty: none"`
	Model    string `json:"model" doc:"Empty: whisper-1"`
	Language string `json:"language" doc:"Two letters, such as pt; empty: the engine finds out"`
	HasKey   bool   `json:"hasKey"`
}

type flowKeyItem struct {
	ID        string     `json:"id"`
	Name      string     `json:"name"`
	CreatedAt wire.Time  `json:"createdAt"`
	ExpiresAt *wire.Time `json:"expiresAt"`
}

// legacyWarning says what the original's key is worth.
const legacyWarning = "The old key {slug}:{phoneNumberId} is made of two facts that others can know: whoever guesses it can write to your guests. " +
	"Use a key of POST /api/tenants/n8n-config/rotate-key in the flow and switch the old one off, or limit it to your flow's addresses with the IP allow-list."

func (s *server) getFlowConfig(ctx context.Context, c caller, _ *struct{}) (*reply[flowConfig], error) {
	out, err := s.flowConfigOf(ctx, c)
	if err != nil {
		return nil, err
	}
	return answer(out), nil
}

func (s *server) flowConfigOf(ctx context.Context, c caller) (flowConfig, error) {
	h, err := s.hotelOf(ctx, c)
	if err != nil {
		return flowConfig{}, err
	}
	keys, err := s.deps.DB.APIKeys(ctx, c.tenant, s.deps.Clock.Now())
	if err != nil {
		return flowConfig{}, err
	}
	out := flowConfig{
		N8NWebhookURL: textOrNull(h.Bot.URL), Paused: h.Bot.Paused, ForwardWhileLocked: h.Bot.ForwardWhileLocked, LegacyKey: h.Bot.LegacyKey,
		HandBackMinutes: int(h.Bot.HandBack / time.Minute), QuietSeconds: int(h.Bot.Quiet / time.Second), History: h.Bot.History,
		PayloadStyle: h.Bot.Style, MediaWaitSeconds: int(h.Bot.MediaWait / time.Second), NoReplyMinutes: int(h.Bot.NoReply / time.Minute),
		RepeatGuard: h.Bot.RepeatGuard, ZAPIFacade: h.Bot.Facade,
		GetsReactions: h.Bot.GetsReactions, AnswerInResponse: h.Bot.AnswersAtOnce,
		Transcription: flowEngine{h.Bot.Transcription.URL, h.Bot.Transcription.Model, h.Bot.Transcription.Language, h.TranscriptionKey != ""},
		IPAllowList:   []string{}, HasSecret: h.BotSecret != "", Keys: make([]flowKeyItem, 0, len(keys)), Warnings: []string{},
	}
	for _, n := range h.Bot.Networks {
		out.IPAllowList = append(out.IPAllowList, n.String())
	}
	for _, k := range keys {
		item := flowKeyItem{ID: k.ID.String(), Name: k.Name, CreatedAt: wire.At(k.CreatedAt)}
		if !k.ExpiresAt.IsZero() {
			at := wire.At(k.ExpiresAt)
			item.ExpiresAt = &at
		}
		out.Keys = append(out.Keys, item)
	}
	s.warn(ctx, &out, h)
	out.Health, err = s.flowHealthOf(ctx, h)
	return out, err
}

// warn says what is allowed and yet unwise.
func (s *server) warn(ctx context.Context, out *flowConfig, h *directory.Hotel) {
	if h.Bot.LegacyKey {
		out.Warnings = append(out.Warnings, legacyWarning)
	}
	if strings.Contains(h.Bot.URL, "/webhook-test/") {
		out.Warnings = append(out.Warnings, "This is n8n's test address, which listens for two minutes only. Use the production address, with /webhook/.")
	}
	out.Warnings = append(out.Warnings, s.flowsThatAnswer(ctx, h)...)
	call, ok := s.deps.Auth.LastFlowCall(h.ID)
	if !ok {
		return
	}
	from, at := call.From.String(), wire.At(call.At)
	out.LastCallFrom, out.LastCallAt = &from, &at
	if !h.Bot.Admits(call.From) {
		out.Warnings = append(out.Warnings, fmt.Sprintf("The flow called last from %s, which the IP allow-list does not admit: it is locked out until the list has that address.", from))
	}
}

// flowsThatAnswer warns where more than one flow wants to answer guests: only one does.
func (s *server) flowsThatAnswer(ctx context.Context, h *directory.Hotel) []string {
	all, err := s.deps.DB.Subscriptions(ctx, h.ID)
	if err != nil {
		return nil
	}
	want := 0
	for _, one := range all {
		if one.Options.Answers && !one.IsPaused() {
			want++
		}
	}
	switch {
	case want > 0 && h.Bot.URL != "":
		return []string{"A flow subscribed in order to answer guests, and n8nWebhookUrl is set: guests are handed over to n8nWebhookUrl alone. Empty it, and the flow that subscribed answers."}
	case want > 1:
		return []string{"Several flows subscribed in order to answer guests: they are handed over to the newest alone. Delete or pause the others (/api/webhooks)."}
	default:
		return nil
	}
}

type setFlowConfigInput struct {
	Body struct {
		N8NWebhookURL      *string `json:"n8nWebhookUrl,omitempty" maxLength:"2048" doc:"Empty: no flow, people answer everything"`
		Paused             *bool   `json:"paused,omitempty"`
		ForwardWhileLocked *bool   `json:"forwardWhileLocked,omitempty"`
		LegacyKey          *bool   `json:"legacyKey,omitempty"`
		Secret             *string `json:"secret,omitempty" minLength:"16" maxLength:"200" doc:"One of your own to sign with; never shown again"`
		RotateSecret       bool    `json:"rotateSecret,omitempty" doc:"Make a new one to sign with, and show it once"`

		HandBackMinutes  *int          `json:"handBackMinutes,omitempty" minimum:"0" maximum:"10080"`
		QuietSeconds     *int          `json:"quietSeconds,omitempty" minimum:"0" maximum:"15"`
		History          *int          `json:"history,omitempty" minimum:"0" maximum:"50"`
		PayloadStyle     *tenant.Style `json:"payloadStyle,omitempty" enum:"legacy,flat,zapi"`
		MediaWaitSeconds *int          `json:"mediaWaitSeconds,omitempty" minimum:"0" maximum:"60"`
		NoReplyMinutes   *int          `json:"noReplyMinutes,omitempty" minimum:"0" maximum:"1440"`
		RepeatGuard      *bool         `json:"repeatGuard,omitempty"`
		ZAPIFacade       *bool         `json:"zapiFacade,omitempty"`

		GetsReactions *bool `json:"getsReactions,omitempty"`

		AnswerInResponse *bool `json:"answerInResponse,omitempty"`

		Transcription SetTranscription `json:"transcription,omitempty"`
	}
}

// SetTranscription changes the engine that puts recordings into words. Exported for huma.
type SetTranscription struct {
	URL      *string `json:"url,omitempty" maxLength:"2048" doc:"https://api.openai.com, or that of an engine like it; empty: none"`
	Key      *string `json:"key,omitempty" maxLength:"1000" doc:"Sent as Authorization: Bearer; never shown again; empty: none. It goes when url changes and it is left out"`
	Model    *string `json:"model,omitempty" maxLength:"100"`
	Language *string `json:"language,omitempty" maxLength:"2"`
}

// setFlowConfig changes what is given. A new secret counts at once: the flow refuses what
// is signed with it until it knows it too.
func (s *server) setFlowConfig(ctx context.Context, c caller, in *setFlowConfigInput) (*reply[flowConfig], error) {
	b := in.Body
	if b.RotateSecret {
		made := n8n.NewSecret()
		b.Secret = &made
	}
	_, err := s.deps.Provision.Change(ctx, c.User.ID.String(), c.tenant, provision.Change{
		BotURL: b.N8NWebhookURL, BotPaused: b.Paused, ForwardWhileLocked: b.ForwardWhileLocked, LegacyKey: b.LegacyKey, BotSecret: b.Secret,
		HandBackMinutes: b.HandBackMinutes, QuietSeconds: b.QuietSeconds, History: b.History, PayloadStyle: b.PayloadStyle,
		MediaWaitSeconds: b.MediaWaitSeconds, NoReplyMinutes: b.NoReplyMinutes,
		RepeatGuard: b.RepeatGuard, ZAPIFacade: b.ZAPIFacade,
		Transcription: provision.TranscriptionChange(b.Transcription),
		GetsReactions: b.GetsReactions, AnswersAtOnce: b.AnswerInResponse,
	})
	if err != nil {
		return nil, err
	}
	out, err := s.flowConfigOf(ctx, c)
	if err != nil {
		return nil, err
	}
	if b.RotateSecret {
		out.Secret = *b.Secret
	}
	return answer(out), nil
}

type rotateKeyInput struct {
	Body struct {
		OverlapHours *int `json:"overlapHours,omitempty" minimum:"0" maximum:"720" doc:"How long the keys before still work; 24 if left out"`
	}
}

type rotatedKey struct {
	APIKey           string    `json:"apiKey" doc:"Shown once; the flow sends it as X-API-Key"`
	OldKeysWorkUntil wire.Time `json:"oldKeysWorkUntil"`
}

func (s *server) rotateFlowKey(ctx context.Context, c caller, in *rotateKeyInput) (*reply[rotatedKey], error) {
	hours := 24
	choose(&hours, in.Body.OverlapHours)
	overlap := time.Duration(hours) * time.Hour
	key, err := s.deps.Provision.NewKey(ctx, c.User.ID.String(), c.tenant, overlap)
	if err != nil {
		return nil, err
	}
	return answer(rotatedKey{key, wire.At(s.deps.Clock.Now().Add(overlap))}), nil
}

type allowListInput struct {
	Body struct {
		IPAllowList []string `json:"ipAllowList" maxItems:"100" nullable:"false" doc:"Addresses or networks such as 203.0.113.7 or 203.0.113.0/24; empty: from anywhere"`
	}
}

func (s *server) setAllowList(ctx context.Context, c caller, in *allowListInput) (*reply[flowConfig], error) {
	networks := make([]netip.Prefix, 0, len(in.Body.IPAllowList))
	for i, text := range in.Body.IPAllowList {
		network, err := tenant.ParseNetwork(text)
		if err != nil {
			return nil, wrongField(fmt.Sprintf("ipAllowList[%d]", i), tenant.ErrBadNetwork.Text)
		}
		networks = append(networks, network)
	}
	_, err := s.deps.Provision.Change(ctx, c.User.ID.String(), c.tenant, provision.Change{Networks: &networks})
	if err != nil {
		return nil, err
	}
	return s.getFlowConfig(ctx, c, nil)
}
