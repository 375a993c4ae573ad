// Package mirror keeps here what Meta has of a hotel's business accounts: templates.go reads
// them and hands them in, numbers.go reads how numbers stand and says when something needs an
// administrator, upkeep.go does both by the clock. What webhooks tell of the same is package
// inbox's. Start with Keeper.
package mirror

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/whatsapp"
)

// Keeper reads Meta and writes what it finds.
type Keeper struct {
	db        *postgres.DB
	directory *directory.Directory
	meta      *whatsapp.Client
	clock     clock.Clock
	log       *slog.Logger
	// Examples gives Meta files of the hotel; while nil, templates cannot name any.
	Examples Examples
	// Version of the Graph API that is used.
	Version string
}

// New makes a keeper.
func New(db *postgres.DB, dir *directory.Directory, meta *whatsapp.Client, c clock.Clock, log *slog.Logger) *Keeper {
	return &Keeper{db: db, directory: dir, meta: meta, clock: c, log: log, Version: whatsapp.DefaultVersion}
}

// behind dates what is read: Meta dates its news in whole seconds, and its clock is not ours.
// News of these seconds count as newer than what was read.
const behind = 5 * time.Second

// Refusals.
var (
	ErrNoAccount = fault.New(fault.Unprocessable, "account_missing",
		"The id of the WhatsApp business account is not known. Copy it from Meta's WhatsApp manager into the settings.")
	ErrWhichAccount = fault.New(fault.Invalid, "account_unnamed", "The hotel has several business accounts: say which one with businessAccountId.")
	ErrRefused      = fault.New(fault.Unprocessable, "template_refused", "WhatsApp refuses this.")
	ErrToken        = fault.New(fault.Unprocessable, "whatsapp_refused", "WhatsApp does not let us in. Check the access token in the settings.")
	ErrBusy         = fault.New(fault.Unavailable, "whatsapp_busy", "WhatsApp wants fewer calls for this account. Try again in an hour.")
	ErrAway         = fault.New(fault.Unavailable, "whatsapp_unreachable", "WhatsApp cannot be reached, or did not answer clearly. Fetch the templates anew before you try again.")
)

// accounts are the business accounts of a hotel, each with a token that opens it.
func accounts(h *directory.Hotel) []whatsapp.Account {
	var out []whatsapp.Account
	seen := map[string]bool{}
	for _, l := range h.Lines {
		if l.WABAID != "" && l.AccessToken != "" && !seen[l.WABAID] {
			seen[l.WABAID] = true
			out = append(out, whatsapp.Account{WABAID: l.WABAID, AccessToken: l.AccessToken})
		}
	}
	return out
}

// account is the one with an id; without one, the hotel's only.
func (k *Keeper) account(ctx context.Context, tenantID id.Tenant, wabaID string) (whatsapp.Account, error) {
	h, err := k.directory.Hotel(ctx, tenantID)
	if err != nil {
		return whatsapp.Account{}, err
	}
	if len(h.Lines) == 0 {
		return whatsapp.Account{}, tenant.ErrNoNumber
	}
	all := accounts(h)
	for _, a := range all {
		if a.WABAID == wabaID || wabaID == "" && len(all) == 1 {
			return a, nil
		}
	}
	if wabaID == "" && len(all) > 1 {
		return whatsapp.Account{}, ErrWhichAccount
	}
	return whatsapp.Account{}, ErrNoAccount
}

// explained says what a refusal of Meta's means for whoever edits templates.
func explained(err error) error {
	var refusal *whatsapp.APIError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, whatsapp.ErrCredentials), errors.Is(err, whatsapp.ErrNoApp):
		return ErrToken
	case !errors.As(err, &refusal):
		return ErrAway.Because(err)
	}
	said := cmp.Or(refusal.UserMessage, refusal.Details, refusal.Title)
	switch refusal.Action() {
	case whatsapp.Reauthenticate, whatsapp.StopNumber:
		return ErrToken.Saying("WhatsApp does not let us in: " + said + " Check access token and business account in the settings.").Because(err)
	case whatsapp.SlowDown, whatsapp.RetryLater:
		return ErrBusy.Because(err)
	default:
		detail := fault.Detail{Path: refusal.DraftField(), Code: fmt.Sprintf("meta_%d", cmp.Or(refusal.Subcode, refusal.Code)), Message: said}
		return ErrRefused.Saying("WhatsApp refuses this: " + said).With(detail).Because(err)
	}
}
