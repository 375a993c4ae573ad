package provision

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/whatsapp"
)

// Finding is one thing that was looked at about a hotel's WhatsApp.
type Finding struct {
	Item    string // stable; dashboards translate it
	Number  string // the phone_number_id it is about; may be empty
	OK      bool
	Reason  string // why not, if it is one of the usual reasons: see Reasons
	Message string // what was seen
	Fix     string // what to do, if it is not well
}

// The usual reasons; stable.
const (
	TokenExpired      = "token_expired"
	TokenExpires      = "token_expires" // soon
	PermissionMissing = "permission_missing"
	WrongAccount      = "wrong_account"
	NotSubscribed     = "app_not_subscribed"
	NumberUnknown     = "number_unknown"
	Unreachable       = "unreachable"
)

// Checker looks whether a hotel's WhatsApp works, by asking Meta.
type Checker struct {
	Meta *whatsapp.Client
	// WebhookURL is where Meta should post what concerns a hotel's numbers.
	WebhookURL func(slug string) string
	// PlatformApp: the platform's own app secret is set.
	PlatformApp bool
	// Provision notes what Meta says of a number; may be nil.
	Provision *Provisioner
	// Now says when a token that ends has ended or soon will; nil: only Meta's word counts.
	Now func() time.Time
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
	return append(found, c.token(ctx, l), c.account(ctx, l), c.webhook(ctx, h, l, who))
}

// note keeps the number as people write it, where nobody typed it.
func (c *Checker) note(ctx context.Context, tenantID id.Tenant, l directory.Line, display string) {
	if c.Provision == nil || l.Display != "" || display == "" {
		return
	}
	// It is shown next time if it cannot be kept now.
	_, _ = c.Provision.Change(ctx, System, tenantID, Change{PhoneNumberID: &l.PhoneNumberID, Display: &display})
}

// token looks at what the token may do and until when. Meta answers that for most tokens;
// for others nothing is said, since what they cannot do shows in the other checks.
func (c *Checker) token(ctx context.Context, l directory.Line) Finding {
	f := Finding{Item: "token", Number: l.PhoneNumberID, OK: true, Message: "The access token works."}
	info, err := c.Meta.Token(ctx, l.AccessToken)
	if err != nil {
		return f
	}
	const month = 30 * 24 * time.Hour
	switch missing := missing(info.Scopes); {
	case !info.IsValid || c.Now != nil && !info.Expires.IsZero() && !c.Now().Before(info.Expires):
		f.OK, f.Reason, f.Message = false, TokenExpired, "The access token has expired or was taken back."
		f.Fix = "Make a permanent token for a system user in Meta's business settings and copy it into the settings."
	case len(info.Scopes) > 0 && missing != "":
		f.OK, f.Reason, f.Message = false, PermissionMissing, "The access token lacks the permission "+missing+"."
		f.Fix = "Make a token with the permissions " + strings.Join(needed, " and ") + "."
	case c.Now != nil && !info.Expires.IsZero() && c.Now().Add(month).After(info.Expires):
		f.OK, f.Reason, f.Message = false, TokenExpires, "The access token ends on "+info.Expires.Format(time.DateOnly)+"."
		f.Fix = "Make a permanent token for a system user before, and copy it into the settings."
	}
	return f
}

// needed are the permissions that a token must have.
var needed = []string{"whatsapp_business_messaging", "whatsapp_business_management"}

func missing(scopes []string) string {
	for _, permission := range needed {
		if !slices.Contains(scopes, permission) {
			return permission
		}
	}
	return ""
}

// account looks whether the number belongs to the business account, then whether an app
// hears what happens in that.
func (c *Checker) account(ctx context.Context, l directory.Line) Finding {
	if l.WABAID == "" {
		return c.subscription(ctx, l)
	}
	has, err := c.Meta.HasNumber(ctx, whatsapp.Account{WABAID: l.WABAID, AccessToken: l.AccessToken}, l.PhoneNumberID)
	switch {
	case err != nil:
		return c.refused("subscription", l, err, "Check the business account id, and that the token may manage the account (whatsapp_business_management).")
	case !has:
		return Finding{
			Item: "subscription", Number: l.PhoneNumberID, Reason: WrongAccount, Message: "The number does not belong to the business account " + l.WABAID + ".",
			Fix: "Copy the id of the number's own business account from Meta's WhatsApp manager into the settings.",
		}
	}
	return c.subscription(ctx, l)
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
		f.Reason = NotSubscribed
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
		f.Message, f.Reason = "Meta refuses: "+refusal.Title, reasonOf(refusal)
	case errors.Is(err, whatsapp.ErrCredentials):
		f.Message = whatsapp.ErrCredentials.Text
	default:
		f.Reason = Unreachable
		f.Message, f.Fix = "Meta cannot be reached from here.", "Try again in a minute. If it stays so, whoever runs the platform should run botreserva doctor."
	}
	return f
}

// reasonOf sorts the codes that credentials are refused with.
func reasonOf(refusal *whatsapp.APIError) string {
	switch code := refusal.Code; {
	case code == 190:
		return TokenExpired
	case code == 3, code == 10, code >= 200 && code <= 299:
		return PermissionMissing
	case code == 33, code == 100 && refusal.Subcode == 33:
		return NumberUnknown
	}
	return ""
}
