package provision

import (
	"context"
	"errors"
	"strings"

	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/whatsapp"
)

// Finding is one thing that was looked at about a hotel's WhatsApp.
type Finding struct {
	Item    string // stable; dashboards translate it
	Number  string // the phone_number_id it is about; may be empty
	OK      bool
	Message string // what was seen
	Fix     string // what to do, if it is not well
}

// Checker looks whether a hotel's WhatsApp works, by asking Meta.
type Checker struct {
	Meta *whatsapp.Client
	// WebhookURL is where Meta should post what concerns a hotel's numbers.
	WebhookURL func(slug string) string
	// PlatformApp: the platform's own app secret is set.
	PlatformApp bool
	// Provision notes what Meta says of a number; may be nil.
	Provision *Provisioner
}

// Check looks at everything that a hotel needs before guests' messages arrive and
// answers leave.
func (c *Checker) Check(ctx context.Context, h *directory.Hotel) []Finding {
	found := []Finding{c.appSecret(h), verifyToken(h)}
	if len(h.Lines) == 0 {
		return append(found, Finding{
			Item: "number", Message: "No WhatsApp number is connected.",
			Fix: "Copy phone number id and access token from Meta's WhatsApp manager into the settings.",
		})
	}
	for _, l := range h.Lines {
		found = append(found, c.line(ctx, h, l)...)
	}
	return found
}

func (c *Checker) appSecret(h *directory.Hotel) Finding {
	if h.AppSecret == "" && !c.PlatformApp {
		return Finding{
			Item: "appSecret", Message: "No app secret is known, so what Meta sends cannot be verified and is refused.",
			Fix: "Copy the app secret from Meta's app dashboard (App settings, Basic) into the settings.",
		}
	}
	return Finding{Item: "appSecret", OK: true, Message: "An app secret is set."}
}

func verifyToken(h *directory.Hotel) Finding {
	if h.VerifyToken == "" {
		return Finding{Item: "verifyToken", Message: "No verify token is set.", Fix: "Type one into the settings, and the same into Meta's webhook settings."}
	}
	return Finding{Item: "verifyToken", OK: true, Message: "A verify token is set."}
}

// line looks at one number: whether the token opens it, then where Meta posts for it.
func (c *Checker) line(ctx context.Context, h *directory.Hotel, l directory.Line) []Finding {
	who := whatsapp.Credentials{PhoneNumberID: l.PhoneNumberID, AccessToken: l.AccessToken}
	info, err := c.Meta.Number(ctx, who)
	if err != nil {
		return []Finding{c.refused("number", l, err, "Check the phone number id, and make a new permanent token for it in Meta's business settings.")}
	}
	c.note(ctx, h.ID, l, info.DisplayPhoneNumber)
	seen := "Meta knows the number " + info.DisplayPhoneNumber + " as " + info.VerifiedName + "."
	if info.QualityRating != "" {
		seen += " Its quality is " + info.QualityRating + "."
	}
	found := []Finding{{Item: "number", Number: l.PhoneNumberID, OK: true, Message: seen}}
	return append(found, c.subscription(ctx, l), c.webhook(ctx, h, l, who))
}

// note keeps the number as people write it, where nobody typed it.
func (c *Checker) note(ctx context.Context, tenantID id.Tenant, l directory.Line, display string) {
	if c.Provision == nil || l.Display != "" || display == "" {
		return
	}
	// It is shown next time if it cannot be kept now.
	_, _ = c.Provision.Change(ctx, System, tenantID, Change{PhoneNumberID: &l.PhoneNumberID, Display: &display})
}

func (c *Checker) subscription(ctx context.Context, l directory.Line) Finding {
	f := Finding{Item: "subscription", Number: l.PhoneNumberID}
	if l.WABAID == "" {
		f.Message, f.Fix = "The id of the WhatsApp business account is not known, so this cannot be checked.", "Copy the business account id from Meta's WhatsApp manager into the settings."
		return f
	}
	subscribed, err := c.Meta.Subscribed(ctx, l.WABAID, l.AccessToken)
	switch {
	case err != nil:
		return c.refused("subscription", l, err, "Check the business account id, and that the token may manage the account (whatsapp_business_management).")
	case !subscribed:
		f.Message, f.Fix = "No app is subscribed to the business account, so Meta sends nothing.", "Subscribe the app to the account: Meta's app dashboard, WhatsApp, Configuration."
	default:
		f.OK, f.Message = true, "An app is subscribed to the business account."
	}
	return f
}

func (c *Checker) webhook(ctx context.Context, h *directory.Hotel, l directory.Line, who whatsapp.Credentials) Finding {
	f := Finding{Item: "webhook", Number: l.PhoneNumberID}
	want := c.WebhookURL(h.Slug)
	hooks, err := c.Meta.Webhooks(ctx, who)
	if err != nil {
		return c.refused("webhook", l, err, "Make sure that the token may manage the account (whatsapp_business_management).")
	}
	address, _, _ := strings.Cut(hooks.InForce(), "?")
	ours, _, _ := strings.Cut(want, "?")
	if strings.TrimSuffix(address, "/") != ours {
		f.Message, f.Fix = "Meta posts what guests write to another address.", "Enter "+want+" and the verify token in Meta's app dashboard (WhatsApp, Configuration, Webhook), and subscribe to messages."
		if address == "" {
			f.Message = "Meta knows no address to post to."
		}
		return f
	}
	f.OK, f.Message = true, "Meta posts what guests write to us."
	return f
}

// refused says why Meta did not answer. Its own words help more than ours; they hold no
// secret.
func (c *Checker) refused(item string, l directory.Line, err error, fix string) Finding {
	f := Finding{Item: item, Number: l.PhoneNumberID, Fix: fix}
	var refusal *whatsapp.APIError
	switch {
	case errors.As(err, &refusal):
		f.Message = "Meta refuses: " + refusal.Title
	case errors.Is(err, whatsapp.ErrCredentials):
		f.Message = whatsapp.ErrCredentials.Text
	default:
		f.Message, f.Fix = "Meta cannot be reached from here.", "Try again in a minute. If it stays so, whoever runs the platform should run botreserva doctor."
	}
	return f
}
