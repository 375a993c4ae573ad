package httpapi

import (
	"context"
	"net/url"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"

	"github.com/botreserva/botreserva/internal/click"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/egress"
)

// Links that note a guest's click. The original's led wherever their address said: ours are
// signed, and lead to nothing else.

type botLinkInput struct {
	Body struct {
		BotTo
		Unidade   loose `json:"unidade,omitempty" doc:"Noted with the click; at most 100 characters"`
		HotelUnit loose `json:"hotelUnit,omitempty" doc:"The same as unidade"`
		Quarto    loose `json:"quarto,omitempty" doc:"Noted with the click; at most 100 characters"`
		RoomName  loose `json:"roomName,omitempty" doc:"The same as quarto"`
		Redirect  loose `json:"redirect,omitempty" doc:"Where the link leads"`
		URL       loose `json:"url,omitempty" doc:"The same as redirect"`
	}
}

type botLink struct {
	Success bool   `json:"success"`
	URL     string `json:"url" doc:"For the guest; holds for 90 days"`
}

func (s *server) botTrackLink(ctx context.Context, c caller, in *botLinkInput) (*reply[botLink], error) {
	b := in.Body
	phone, err := b.phone()
	if err != nil {
		return nil, err
	}
	to := first(b.Redirect, b.URL)
	if to == "" {
		return nil, missing("redirect", "Say where the link leads: redirect is missing.")
	}
	if err := egress.CheckURL(to, false); err != nil {
		return nil, wrongField("redirect", "Check the address: "+err.Error()+".")
	}
	_, conversationID, err := s.deps.Desk.IsLocked(ctx, c.tenant, phone)
	if err == nil && conversationID.IsZero() {
		err = conversation.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	return answer(botLink{true, s.deps.Clicks.To(click.Link{
		Tenant: c.tenant, Conversation: conversationID, Redirect: to,
		Unit: cut(first(b.Unidade, b.HotelUnit), 100), Room: cut(first(b.Quarto, b.RoomName), 100),
	})}), nil
}

type clickInput struct {
	Redirect string `query:"redirect" doc:"Where the link leads"`
	query    url.Values
	agent    string
}

// Resolve implements huma.Resolver: all parameters are signed together.
func (in *clickInput) Resolve(ctx huma.Context) []error {
	r, _ := humachi.Unwrap(ctx)
	in.query, in.agent = r.URL.Query(), r.UserAgent()
	return nil
}

type redirected struct {
	Location string `header:"Location"`
}

// trackUsage says to flow authors how links are made now.
const trackUsage = "POST /api/n8n/track-link gives a link with everything in it"

// trackClick notes the click and leads on. A click that cannot be noted does not keep the
// guest.
func (s *server) trackClick(ctx context.Context, _ caller, in *clickInput) (*redirected, error) {
	if in.Redirect == "" {
		p := problemOf(missing("redirect", "The link does not say where it leads."), "")
		p.Missing, p.Usage = []string{"redirect"}, trackUsage
		return nil, p
	}
	link, err := s.deps.Clicks.Read(in.query)
	if err != nil {
		return nil, err
	}
	if !looksAhead(in.agent) {
		if err := s.deps.Desk.NoteClick(ctx, link.Tenant, link.Conversation, link.Unit, link.Room); err != nil {
			s.deps.Log.WarnContext(ctx, "click not noted", "tenant_id", link.Tenant, "conversation_id", link.Conversation, "err", err)
		}
	}
	return &redirected{link.Redirect}, nil
}

// looksAhead reports whether a program fetches the page to show a preview of it: no guest
// has clicked.
func looksAhead(agent string) bool {
	agent = strings.ToLower(agent)
	for _, program := range []string{"whatsapp/", "facebookexternalhit", "bot/", "preview"} {
		if strings.Contains(agent, program) {
			return true
		}
	}
	return false
}
