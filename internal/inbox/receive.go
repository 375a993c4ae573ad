// Package inbox is what happens to everything that Meta tells us: receive.go puts a
// delivery on disk before it is answered, process.go turns it into messages and
// statuses in their order, handoff.go gives a guest's message to the hotel's flow.
// Read it in that order. Sending is package outbox.
package inbox

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/groupcommit"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/whatsapp"
)

// Refusals of a delivery. Whatever is refused, Meta sends again for days.
var (
	ErrEmpty     = fault.New(fault.Invalid, "webhook_empty", "The body is empty.")
	ErrSignature = fault.New(fault.Unauthorized, "webhook_signature",
		"The signature is missing or wrong: check the app secret in the WhatsApp settings.")
)

// maxGroup is how many deliveries share one commit.
const maxGroup = 256

// Receiver takes webhook deliveries in.
type Receiver struct {
	db             *postgres.DB
	directory      *directory.Directory
	platformSecret string
	log            *slog.Logger
	group          *groupcommit.Committer[[]postgres.Delivery]
	// PreviousSecret is the platform's before it was changed; empty when it was not.
	PreviousSecret string
	// Now tells the time, until when hotels' previous secrets are believed.
	Now    func() time.Time
	Counts ReceiverCounts
}

// ReceiverCounts counts deliveries since the start, for operators.
type ReceiverCounts struct {
	Accepted, Refused, Unclaimed, Poison atomic.Int64
}

// NewReceiver makes a receiver. platformSecret verifies what belongs to hotels that
// have no app secret of their own; it may be empty.
func NewReceiver(db *postgres.DB, dir *directory.Directory, platformSecret string, log *slog.Logger) *Receiver {
	return &Receiver{
		db: db, directory: dir, platformSecret: platformSecret, log: log, Now: clock.System{}.Now,
		group: groupcommit.New(maxGroup, func(ctx context.Context, group [][]postgres.Delivery) error {
			return db.SystemStoreDeliveries(ctx, flatten(group))
		}),
	}
}

func flatten(group [][]postgres.Delivery) []postgres.Delivery {
	var all []postgres.Delivery
	for _, g := range group {
		all = append(all, g...)
	}
	return all
}

// Close waits until what was taken in is on disk.
func (r *Receiver) Close() { r.group.Close() }

// Receive verifies a delivery over its raw bytes and stores it. When it returns nil
// the delivery is on disk and may be answered with 200. slug is the hotel named in
// the callback URL, if any: it helps where the body names no number. The refusals
// are ErrEmpty and ErrSignature; every other error means that nothing was stored and
// Meta should try again.
func (r *Receiver) Receive(ctx context.Context, header http.Header, body []byte, slug string) error {
	if len(header.Values("X-Hub-Signature-256")) != 1 {
		r.Counts.Refused.Add(1)
		return ErrSignature
	}
	split, err := whatsapp.Split(body)
	if errors.Is(err, whatsapp.ErrEmpty) {
		return ErrEmpty
	}
	v := &verifier{r: r, header: header, body: body, results: map[string]bool{}}
	if v.named, err = r.bySlug(ctx, slug); err != nil {
		return err
	}
	deliveries, sortErr := v.sort(ctx, split)
	if sortErr != nil {
		return sortErr
	}
	if len(deliveries) == 0 {
		r.Counts.Refused.Add(1)
		return ErrSignature
	}
	if err := r.group.Do(ctx, deliveries); err != nil {
		return err
	}
	r.count(ctx, deliveries)
	r.claimLate(ctx, deliveries)
	return nil
}

// claimLate queues what was taken for a stranger's although its number has just been
// connected: the directory believes its last answer for some seconds. Whoever connects
// a number stores it first and then looks for deliveries; here it is the other way
// round, so that one of the two finds them.
func (r *Receiver) claimLate(ctx context.Context, deliveries []postgres.Delivery) {
	for _, d := range deliveries {
		if d.Fate != postgres.Unclaimed {
			continue
		}
		number, _, err := r.db.SystemNumber(ctx, d.PhoneNumberID)
		if errors.Is(err, tenant.ErrUnknown) {
			continue
		}
		if err == nil {
			err = r.Claim(ctx, number.TenantID, number.Number)
		}
		if err != nil {
			r.log.WarnContext(ctx, "deliveries of a connected number stay unclaimed", "phone_number_id", d.PhoneNumberID, "err", err)
		}
	}
}

func (r *Receiver) bySlug(ctx context.Context, slug string) (*directory.Hotel, error) {
	if slug == "" {
		return nil, nil
	}
	h, err := r.directory.BySlug(ctx, slug)
	if errors.Is(err, tenant.ErrUnknown) {
		return nil, nil
	}
	return h, err
}

func (r *Receiver) count(ctx context.Context, deliveries []postgres.Delivery) {
	r.Counts.Accepted.Add(1)
	for _, d := range deliveries {
		switch d.Fate {
		case postgres.Unclaimed:
			r.Counts.Unclaimed.Add(1)
			r.log.WarnContext(ctx, "webhook for a number that no hotel has claimed", "phone_number_id", d.PhoneNumberID)
		case postgres.Poison:
			r.Counts.Poison.Add(1)
			r.log.WarnContext(ctx, "webhook kept without processing", "delivery_id", d.ID, "phone_number_id", d.PhoneNumberID)
		case postgres.Queued, postgres.Ignored:
		}
	}
}

// verifier sorts the parts of one delivery by whom they belong to, and believes a
// part only if the body is signed by the one who may speak for it.
type verifier struct {
	r       *Receiver
	header  http.Header
	body    []byte
	named   *directory.Hotel // by the callback URL; may be nil
	results map[string]bool  // by secret
}

// maxSecrets bounds the work that a forged body naming many numbers can cause: one
// app signs a body, and it is the platform's or one hotel's, each as it is or as it was.
const maxSecrets = 6

func (v *verifier) signedWith(secret string) bool {
	if secret == "" {
		return false
	}
	ok, known := v.results[secret]
	if !known && len(v.results) < maxSecrets {
		ok = whatsapp.HasValidSignature(v.header, v.body, secret)
		v.results[secret] = ok
	}
	return ok
}

// signedFor reports whether the body is signed by a hotel's own app, or, for a hotel
// that has none, by the platform's.
func (v *verifier) signedFor(h *directory.Hotel) bool {
	if h != nil && v.signedWith(h.OldSecretAt(v.r.Now())) {
		return true
	}
	if h != nil && h.AppSecret != "" {
		return v.signedWith(h.AppSecret)
	}
	return v.signedByPlatform()
}

func (v *verifier) signedByPlatform() bool {
	return v.signedWith(v.r.platformSecret) || v.signedWith(v.r.PreviousSecret)
}

// maxGuesses is how many numbers of a body are looked up to find the app that signed
// it. Whoever did signed for one of the first; a forged body may name thousands.
const maxGuesses = 16

// mayGoOn reports whether another part is worth a look: some part before it was
// signed as it must be, or there were few.
func (v *verifier) mayGoOn(looked int) bool {
	if looked < maxGuesses {
		return true
	}
	for _, ok := range v.results {
		if ok {
			return true
		}
	}
	return false
}

// sort returns what is to be stored: nothing if no part is signed as it must be.
func (v *verifier) sort(ctx context.Context, split whatsapp.Delivery) ([]postgres.Delivery, error) {
	if len(split.Parts) == 0 {
		return v.whole(), nil
	}
	var out []postgres.Delivery
	for looked, p := range split.Parts {
		if !v.mayGoOn(looked) {
			break
		}
		h, err := v.r.directory.ByNumber(ctx, p.PhoneNumberID)
		if err != nil && !errors.Is(err, tenant.ErrUnknown) {
			return nil, err
		}
		if h == nil && p.PhoneNumberID == "" && p.WABAID != "" {
			ofAccount, err := v.ofAccount(ctx, p)
			if err != nil {
				return nil, err
			}
			if len(ofAccount) > 0 {
				out = append(out, ofAccount...)
				continue
			}
		}
		d, believed := v.judge(p, h)
		if !believed {
			continue
		}
		d.Body = p.Envelope()
		out = append(out, d)
	}
	if len(out) == 1 && len(split.Parts) == 1 {
		out[0].Body = v.body // the raw bytes, where they hold nothing of anybody else's
	}
	return out, nil
}

// ofAccount returns news about an account for each hotel that has numbers in it and by
// whose app, or the platform's, it is signed.
func (v *verifier) ofAccount(ctx context.Context, p whatsapp.Part) ([]postgres.Delivery, error) {
	if len(p.WABAID) > maxNumberID {
		return nil, nil
	}
	hotels, err := v.r.directory.ByAccount(ctx, p.WABAID)
	if err != nil {
		return nil, err
	}
	var out []postgres.Delivery
	for _, h := range hotels {
		if !v.signedFor(h) {
			continue
		}
		d := postgres.Delivery{ID: id.NewDelivery(), TenantID: h.ID, Fate: postgres.Ignored, Body: p.Envelope(), Items: queued(p, id.Number{})}
		if len(d.Items) > 0 {
			d.Fate = postgres.Queued
		}
		out = append(out, d)
	}
	return out, nil
}

// whole is a body without any part that can be told apart: kept, if it is signed.
func (v *verifier) whole() []postgres.Delivery {
	if !v.signedFor(v.named) {
		return nil
	}
	d := postgres.Delivery{ID: id.NewDelivery(), Fate: postgres.Poison, Body: v.body}
	if v.named != nil {
		d.TenantID = v.named.ID
	}
	return []postgres.Delivery{d}
}

// judge decides about one part. h is the hotel of its number, nil when nobody's.
func (v *verifier) judge(p whatsapp.Part, h *directory.Hotel) (postgres.Delivery, bool) {
	d := postgres.Delivery{ID: id.NewDelivery(), PhoneNumberID: p.PhoneNumberID}
	if h == nil {
		return v.judgeStranger(d, p)
	}
	if !v.signedFor(h) {
		return d, false
	}
	d.TenantID = h.ID
	line, _ := h.LineOf(p.PhoneNumberID)
	if line.WABAID != "" && p.WABAID != "" && line.WABAID != p.WABAID {
		d.Fate = postgres.Poison // the number moved to another account, or somebody pretends so
		return d, true
	}
	d.Items = queued(p, line.ID)
	d.Fate = postgres.Ignored
	if len(d.Items) > 0 {
		d.Fate = postgres.Queued
	}
	return d, true
}

// queued returns what of a part is worked on.
func queued(p whatsapp.Part, number id.Number) []lane.New {
	var items []lane.New
	for _, item := range p.Items {
		if item.Kind != whatsapp.ItemOther {
			items = append(items, lane.New{Key: item.LaneKey, NumberID: number, Payload: item.Payload})
		}
	}
	return items
}

// maxNumberID is longer than any phone_number_id, and short enough for an index.
const maxNumberID = 64

// judgeStranger decides about a part whose number belongs to no hotel. Signed by a
// hotel's own app it is kept for that hotel only, so that nobody can prepare
// messages for a number that another hotel will connect.
func (v *verifier) judgeStranger(d postgres.Delivery, p whatsapp.Part) (postgres.Delivery, bool) {
	d.Fate = postgres.Unclaimed
	if p.PhoneNumberID == "" {
		d.Fate = postgres.Ignored // news about an account, not about a number
	}
	if len(p.PhoneNumberID) > maxNumberID {
		d.Fate, d.PhoneNumberID = postgres.Poison, "" // nobody's ever; the body has it
	}
	if v.signedByPlatform() {
		return d, true
	}
	if v.named != nil && (v.signedWith(v.named.AppSecret) || v.signedWith(v.named.OldSecretAt(v.r.Now()))) {
		d.TenantID = v.named.ID
		return d, true
	}
	return d, false
}

// Claim queues what arrived for a hotel's number before the hotel had it.
func (r *Receiver) Claim(ctx context.Context, tenantID id.Tenant, line tenant.Number) error {
	const batch = 500
	for {
		waiting, err := r.db.SystemUnclaimed(ctx, tenantID, line.PhoneNumberID, batch)
		if err != nil || len(waiting) == 0 {
			return err
		}
		for i := range waiting {
			waiting[i].TenantID = tenantID
			waiting[i].Items = itemsFor(waiting[i].Body, line)
		}
		if err := r.db.SystemClaim(ctx, tenantID, line.PhoneNumberID, waiting); err != nil {
			return err
		}
	}
}

// ClaimAll queues what still waits for numbers that are connected by now.
func (r *Receiver) ClaimAll(ctx context.Context) error {
	numbers, err := r.db.SystemNumbersWithUnclaimed(ctx)
	if err != nil {
		return err
	}
	for _, n := range numbers {
		if err := r.Claim(ctx, n.TenantID, n.Number); err != nil {
			return err
		}
	}
	return nil
}

// itemsFor cuts a stored body again, now that the number is known.
func itemsFor(body []byte, line tenant.Number) []lane.New {
	split, err := whatsapp.Split(body)
	if err != nil {
		return nil
	}
	var items []lane.New
	for _, p := range split.Parts {
		for _, item := range p.Items {
			if p.PhoneNumberID == line.PhoneNumberID && item.Kind != whatsapp.ItemOther {
				items = append(items, lane.New{Key: item.LaneKey, NumberID: line.ID, Payload: item.Payload})
			}
		}
	}
	return items
}
