package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/postgres/sqlc"
)

// ErrNoErasure is returned for a report that is not there.
var ErrNoErasure = fault.New(fault.NotFound, "erasure_not_found", "There is no such report of an erasure.")

// Erased counts what was taken away of a guest. The JSON is part of signed reports.
type Erased struct {
	Conversations int `json:"conversations"`
	Messages      int `json:"messages"`
	Escalations   int `json:"escalations"`
	Tags          int `json:"tags"`
	Files         int `json:"files"`
	Aliases       int `json:"aliases"`
	Deliveries    int `json:"deliveries"`  // raw calls of Meta's
	Waiting       int `json:"waiting"`     // pieces of work
	DeadLetters   int `json:"deadLetters"` // and those that were given up

	Talks []id.Conversation `json:"-"`
	Keys  []string          `json:"-"` // of files, to be removed from the store after the commit

	moment time.Time // what came later is another guest's
}

// Traces is by what a guest is found where no row names them.
type Traces struct {
	LaneKeys []string // of the inbox
	Marks    []string // texts that nobody else's raw data holds
}

// Aliases lists the ways to recognise a guest.
func (tx *Tx) Aliases(ctx context.Context, guest id.Contact) ([]contact.Alias, error) {
	rows, err := tx.q.ContactAliases(ctx, sqlc.ContactAliasesParams{TenantID: tx.tenant, ContactID: guest})
	aliases := make([]contact.Alias, 0, len(rows))
	for _, r := range rows {
		aliases = append(aliases, contact.Alias{Kind: contact.AliasKind(r.Kind), Value: r.Value})
	}
	return aliases, wrap(err, "list aliases", nil)
}

// Erase takes away what is kept of a guest who was locked before. What stays tells
// that somebody wrote at some time, and not who or what.
func (tx *Tx) Erase(ctx context.Context, guest id.Contact, traces Traces, now time.Time) (Erased, error) {
	var e Erased
	for _, part := range []func() error{
		func() error { return tx.eraseTalks(ctx, guest, now, &e) },
		func() error { return tx.eraseFiles(ctx, now, &e) },
		func() error { return tx.eraseWork(ctx, traces, &e) },
		func() error { return tx.eraseDeliveries(ctx, traces.marks(), &e) }, // takes longest
		func() error { return tx.eraseMessages(ctx, &e) },
		func() error {
			return tx.q.EraseNews(ctx, sqlc.EraseNewsParams{TenantID: tx.tenant, Marks: traces.marks()})
		},
		func() error { return tx.eraseGuest(ctx, guest, now, &e) },
	} {
		if err := part(); err != nil {
			return e, wrap(err, "erase a contact", nil)
		}
	}
	return e, nil
}

func (tx *Tx) eraseTalks(ctx context.Context, guest id.Contact, now time.Time, e *Erased) (err error) {
	e.Talks, err = tx.q.EraseConversations(ctx, sqlc.EraseConversationsParams{TenantID: tx.tenant, ContactID: guest, Now: &now})
	if err != nil {
		return err
	}
	e.Conversations = len(e.Talks)
	if e.moment, err = tx.q.SystemMoment(ctx); err != nil {
		return err
	}
	escalations, err := tx.q.EraseEscalations(ctx, sqlc.EraseEscalationsParams{TenantID: tx.tenant, ConversationIds: plain(e.Talks), Now: &now})
	if err != nil {
		return err
	}
	if err := tx.q.EraseScheduled(ctx, sqlc.EraseScheduledParams{TenantID: tx.tenant, ConversationIds: plain(e.Talks)}); err != nil {
		return err
	}
	tags, err := tx.q.EraseTags(ctx, sqlc.EraseTagsParams{TenantID: tx.tenant, ConversationIds: plain(e.Talks)})
	e.Escalations, e.Tags = int(escalations), int(tags)
	return err
}

func (tx *Tx) eraseFiles(ctx context.Context, now time.Time, e *Erased) (err error) {
	talks := plain(e.Talks)
	shown, err := tx.q.MediaOfConversations(ctx, sqlc.MediaOfConversationsParams{TenantID: tx.tenant, ConversationIds: talks})
	if err != nil {
		return err
	}
	gone, err := tx.q.EraseMedia(ctx, sqlc.EraseMediaParams{TenantID: tx.tenant, Ids: plain(shown), ConversationIds: talks})
	if err != nil {
		return err
	}
	for _, f := range gone {
		e.Keys = append(e.Keys, objects(f.Key, f.ThumbKey)...)
	}
	e.Files = len(gone)
	err = tx.q.MediaLeftoversInsert(ctx, sqlc.MediaLeftoversInsertParams{TenantID: tx.tenant, Keys: e.Keys, Now: now})
	if err != nil {
		return err
	}
	return tx.q.EraseMessageMedia(ctx, sqlc.EraseMessageMediaParams{TenantID: tx.tenant, ConversationIds: talks})
}

func (tx *Tx) eraseMessages(ctx context.Context, e *Erased) error {
	if err := tx.q.SystemIndexingPause(ctx); err != nil {
		return err
	}
	wamids, err := tx.q.EraseMessages(ctx, sqlc.EraseMessagesParams{TenantID: tx.tenant, ConversationIds: plain(e.Talks)})
	if err != nil {
		return err
	}
	e.Messages = len(wamids)
	_, err = tx.q.EraseParkedStatuses(ctx, sqlc.EraseParkedStatusesParams{TenantID: tx.tenant, Wamids: wamids})
	return err
}

func (tx *Tx) eraseWork(ctx context.Context, traces Traces, e *Erased) error {
	var talks []string
	for _, c := range e.Talks {
		talks = append(talks, c.String())
	}
	err := tx.q.EraseLanesLock(ctx, sqlc.EraseLanesLockParams{TenantID: tx.tenant, GuestKeys: traces.LaneKeys, ConversationKeys: talks})
	if err != nil {
		return err
	}
	n, err := tx.q.EraseItems(ctx, sqlc.EraseItemsParams{
		TenantID: tx.tenant, GuestKeys: traces.LaneKeys, ConversationKeys: talks, Marks: traces.marks(), Moment: e.moment,
	})
	if err != nil {
		return err
	}
	e.Waiting, e.DeadLetters = int(n.Items), int(n.Letters)
	left, err := tx.q.EraseLanes(ctx, sqlc.EraseLanesParams{TenantID: tx.tenant, GuestKeys: traces.LaneKeys, ConversationKeys: talks})
	for _, kind := range left {
		tx.woken[lane.Kind(kind)] = true
	}
	return err
}

// deliveriesAtOnce is how many raw deliveries one statement looks through.
const deliveriesAtOnce = 2000

// eraseDeliveries deletes raw deliveries that mention a guest, with what else they tell:
// all of it was cut into pieces of work when it came.
func (tx *Tx) eraseDeliveries(ctx context.Context, marks [][]byte, e *Erased) error {
	p := sqlc.DeliveriesMentioningParams{TenantID: tx.tenant, BeforeTime: e.moment, Marks: marks, PageSize: deliveriesAtOnce}
	for len(marks) > 0 {
		page, err := tx.q.DeliveriesMentioning(ctx, p)
		if err != nil {
			return err
		}
		for _, d := range page {
			if !d.Mentions {
				continue
			}
			err := tx.q.DeliveryDelete(ctx, sqlc.DeliveryDeleteParams{TenantID: tx.tenant, ReceivedAt: d.ReceivedAt, ID: d.ID})
			if err != nil {
				return err
			}
			e.Deliveries++
		}
		if len(page) < deliveriesAtOnce {
			return nil
		}
		last := page[len(page)-1]
		p.BeforeTime, p.BeforeID = last.ReceivedAt, last.ID.UUID
	}
	return nil
}

func (tx *Tx) eraseGuest(ctx context.Context, guest id.Contact, now time.Time, e *Erased) error {
	n, err := tx.q.EraseAliases(ctx, sqlc.EraseAliasesParams{TenantID: tx.tenant, ContactID: guest})
	if err != nil {
		return err
	}
	e.Aliases = int(n)
	if _, err := tx.ForgetMerges(ctx, guest); err != nil {
		return err
	}
	return tx.q.EraseContact(ctx, sqlc.EraseContactParams{TenantID: tx.tenant, ID: guest, Now: now})
}

func (t Traces) marks() [][]byte {
	marks := make([][]byte, 0, len(t.Marks))
	for _, m := range t.Marks {
		if m != "" { // it would be in everything
			marks = append(marks, []byte(m))
		}
	}
	return marks
}

// Erasure is the signed report of what was taken away.
type Erasure struct {
	ID        uuid.UUID
	ContactID id.Contact
	ErasedBy  id.User
	Report    string // JSON, exactly as it was signed
	Signature []byte
	PublicKey []byte
	ErasedAt  time.Time
}

// InsertErasure keeps a report. It is never changed.
func (tx *Tx) InsertErasure(ctx context.Context, e Erasure) error {
	err := tx.q.ErasureInsert(ctx, sqlc.ErasureInsertParams{
		TenantID: tx.tenant, ID: e.ID, ContactID: e.ContactID, ErasedBy: e.ErasedBy.UUID, Report: e.Report,
		Signature: e.Signature, PublicKey: e.PublicKey, ErasedAt: e.ErasedAt,
	})
	return wrap(err, "keep the report of an erasure", nil)
}

// FileRemoved notes that the bytes of a file are gone from the store.
func (tx *Tx) FileRemoved(ctx context.Context, key string) error {
	err := tx.q.MediaLeftoverDelete(ctx, sqlc.MediaLeftoverDeleteParams{TenantID: tx.tenant, Key: key})
	return wrap(err, "note that a file is gone", nil)
}

// Erasure returns one report, or ErrNoErasure.
func (db *DB) Erasure(ctx context.Context, tenant id.Tenant, report uuid.UUID) (Erasure, error) {
	r, err := db.reads(tenant).ErasureGet(ctx, sqlc.ErasureGetParams{TenantID: tenant, ID: report})
	return erasureNoun(r), wrap(err, "load the report of an erasure", ErrNoErasure)
}

// Erasures returns a page of reports, the newest first, and how many there are.
func (db *DB) Erasures(ctx context.Context, tenant id.Tenant, limit, offset int) ([]Erasure, int, error) {
	rows, err := db.reads(tenant).ErasurePage(ctx, sqlc.ErasurePageParams{TenantID: tenant, PageSize: int32(limit), Skip: int32(offset)})
	if err != nil {
		return nil, 0, wrap(err, "list reports of erasures", nil)
	}
	out := make([]Erasure, 0, len(rows))
	for _, r := range rows {
		out = append(out, erasureNoun(r))
	}
	total, err := db.reads(tenant).ErasureCount(ctx, tenant)
	return out, int(total), wrap(err, "count reports of erasures", nil)
}

func erasureNoun(r sqlc.Erasure) Erasure {
	return Erasure{
		ID: r.ID, ContactID: r.ContactID, ErasedBy: id.User{UUID: r.ErasedBy}, Report: r.Report,
		Signature: r.Signature, PublicKey: r.PublicKey, ErasedAt: r.ErasedAt,
	}
}

// leftoversAtOnce is how many files one round of upkeep removes.
const leftoversAtOnce = 500

// SystemRemoveLeftovers removes the bytes of files whose rows went before some time. What
// cannot be removed is tried again the next time.
func (db *DB) SystemRemoveLeftovers(ctx context.Context, before time.Time, remove func(ctx context.Context, key string) error) error {
	q := db.systemQueries()
	rows, err := q.SystemMediaLeftovers(ctx, sqlc.SystemMediaLeftoversParams{Before: before, Most: leftoversAtOnce})
	if err != nil {
		return wrap(err, "list files to remove", nil)
	}
	for _, r := range rows {
		if err := remove(ctx, r.Key); err != nil {
			return err
		}
		err := q.SystemMediaLeftoverDelete(ctx, sqlc.SystemMediaLeftoverDeleteParams(r))
		if err != nil {
			return wrap(err, "note that a file is gone", nil)
		}
	}
	return nil
}
