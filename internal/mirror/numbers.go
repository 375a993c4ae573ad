package mirror

import (
	"context"
	"crypto/sha256"
	"errors"
	"strings"
	"time"

	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/news"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/whatsapp"
)

// ReadNumbers asks Meta how a hotel's numbers stand. A number that is refused is told to
// administrators, once a day, and so is the coming end of the version of Meta's API.
func (k *Keeper) ReadNumbers(ctx context.Context, tenantID id.Tenant) error {
	h, err := k.directory.Hotel(ctx, tenantID)
	if err != nil {
		return err
	}
	var failed error
	for _, l := range h.Lines {
		if l.AccessToken != "" {
			failed = errors.Join(failed, k.readNumber(ctx, tenantID, l))
		}
	}
	return errors.Join(failed, k.tellVersion(ctx, tenantID))
}

func (k *Keeper) readNumber(ctx context.Context, tenantID id.Tenant, l directory.Line) error {
	began := k.clock.Now()
	info, err := k.meta.Number(ctx, whatsapp.Credentials{PhoneNumberID: l.PhoneNumberID, AccessToken: l.AccessToken})
	var refusal *whatsapp.APIError
	switch {
	case errors.As(err, &refusal) && refusal.Action().PausesNumber():
		return k.tellRefused(ctx, tenantID, l, refusal, began)
	case err != nil:
		k.log.WarnContext(ctx, "a number could not be read", "tenant_id", tenantID, "number_id", l.ID, "err", err)
		return k.db.InTx(ctx, tenantID, func(tx *postgres.Tx) error { return tx.NumberAsked(ctx, l.ID, began) })
	}
	standing := tenant.Standing{
		Status: info.Status, Quality: info.QualityRating, VerifiedName: info.VerifiedName, NameState: info.NameState, DailyLimit: info.Limit,
		Throughput: info.MessagesPerSecond(),
	}
	return k.db.InTx(ctx, tenantID, func(tx *postgres.Tx) error { return tx.NumberRead(ctx, l.ID, standing, began.Add(-behind)) })
}

// tellRefused tells administrators that a number's token or account does not work.
func (k *Keeper) tellRefused(ctx context.Context, tenantID id.Tenant, l directory.Line, refusal *whatsapp.APIError, now time.Time) error {
	n := news.Event{
		WABAID: l.WABAID, NumberID: l.ID, Kind: news.Problem, Name: "CREDENTIALS", Severity: news.Critical, Subject: l.Display,
		Reason: refusal.Failure().MessageEN, At: now, SeenAt: now,
		Key: keyOf("credentials", l.ID.String(), now.UTC().Format(time.DateOnly)),
	}
	return k.db.InTx(ctx, tenantID, func(tx *postgres.Tx) error {
		if err := tx.NumberAsked(ctx, l.ID, now); err != nil {
			return err
		}
		return tx.TellNews(ctx, n)
	})
}

// tellVersion tells administrators that the version of Meta's API ends, once when that is
// near and once when it has.
func (k *Keeper) tellVersion(ctx context.Context, tenantID id.Tenant) error {
	now := k.clock.Now()
	s := whatsapp.StateOfVersion(k.Version, now)
	if !s.Near {
		return nil
	}
	n := news.Event{
		Kind: news.APIVersion, Name: "ENDING", Severity: news.Warning, Subject: s.Version, Reason: s.Warning(), At: now, SeenAt: now,
	}
	if s.Ended {
		n.Name, n.Severity = "ENDED", news.Critical
	}
	n.Key = keyOf("api version", s.Version, n.Name)
	return k.db.InTx(ctx, tenantID, func(tx *postgres.Tx) error { return tx.TellNews(ctx, n) })
}

func keyOf(parts ...string) [32]byte { return sha256.Sum256([]byte(strings.Join(parts, "\x00"))) }

// VersionState says how long the version of Meta's API that is used will be served.
func (k *Keeper) VersionState() whatsapp.VersionState {
	return whatsapp.StateOfVersion(k.Version, k.clock.Now())
}
