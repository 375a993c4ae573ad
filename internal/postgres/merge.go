package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/postgres/sqlc"
)

// InsertMerge notes that two guests were made one.
func (tx *Tx) InsertMerge(ctx context.Context, m contact.Merge) error {
	err := tx.q.MergeInsert(ctx, sqlc.MergeInsertParams{
		TenantID: tx.tenant, ID: m.ID, SurvivorID: m.Survivor, AbsorbedID: m.Absorbed, MergedBy: m.By, MergedAt: m.At, Snapshot: m.Snapshot,
	})
	return wrap(err, "note merge", nil)
}

// LockMerge locks and returns a merge, or contact.ErrNoMerge.
func (tx *Tx) LockMerge(ctx context.Context, merge uuid.UUID) (contact.Merge, error) {
	r, err := tx.q.MergeForUpdate(ctx, sqlc.MergeForUpdateParams{TenantID: tx.tenant, ID: merge})
	return mergeNoun(r), wrap(err, "lock merge", contact.ErrNoMerge)
}

// LaterMerge returns the newest merge after another in which its survivor had a part and
// that was not undone; zero if there is none.
func (tx *Tx) LaterMerge(ctx context.Context, m contact.Merge) (uuid.UUID, error) {
	later, err := tx.q.MergeAfter(ctx, sqlc.MergeAfterParams{TenantID: tx.tenant, GuestID: m.Survivor, MergedAt: m.At, ID: m.ID})
	if errors.Is(err, pgx.ErrNoRows) {
		return uuid.Nil, nil
	}
	return later, wrap(err, "find later merge", nil)
}

// EndMerge notes that a merge was undone, and forgets what was kept for it.
func (tx *Tx) EndMerge(ctx context.Context, m contact.Merge) error {
	err := tx.q.MergeEnd(ctx, sqlc.MergeEndParams{TenantID: tx.tenant, ID: m.ID, UndoneBy: m.UndoneBy, UndoneAt: &m.UndoneAt})
	return wrap(err, "end merge", nil)
}

// ForgetMerges makes all merges of a guest final, and those of everybody whom the guest
// took in: what was kept for undoing them holds names and numbers.
func (tx *Tx) ForgetMerges(ctx context.Context, guest id.Contact) (int, error) {
	n, err := tx.q.MergesForget(ctx, sqlc.MergesForgetParams{TenantID: tx.tenant, GuestID: guest.UUID})
	return int(n), wrap(err, "forget merges", nil)
}

// Merges lists merges before a place in time, the newest first.
func (db *DB) Merges(ctx context.Context, tenant id.Tenant, before time.Time, behind uuid.UUID, limit int) ([]contact.Merge, error) {
	rows, err := db.reads(tenant).Merges(ctx, sqlc.MergesParams{TenantID: tenant, BeforeTime: before, BeforeID: behind, Most: int32(limit)})
	if err != nil {
		return nil, wrap(err, "list merges", nil)
	}
	merges := make([]contact.Merge, 0, len(rows))
	for _, r := range rows {
		merges = append(merges, mergeNoun(r))
	}
	return merges, nil
}

func mergeNoun(r sqlc.ContactMerge) contact.Merge {
	return contact.Merge{
		ID: r.ID, Survivor: r.SurvivorID, Absorbed: r.AbsorbedID, By: r.MergedBy, At: r.MergedAt, UndoneBy: r.UndoneBy,
		UndoneAt: zeroIfNull(r.UndoneAt), Snapshot: r.Snapshot,
	}
}

// Lookalikes is a part of the search for guests who may be one.
type Lookalikes struct {
	Pairs  []contact.Pair
	At     time.Time // of the last guest who was looked at, where the next part begins
	Behind id.Contact
	IsLast bool // there are no guests behind
}

// Lookalikes looks at guests before a place in time, the newest first, for others who may
// be the same person: at so many guests, or until there are so many pairs.
func (db *DB) Lookalikes(ctx context.Context, tenant id.Tenant, before time.Time, behind uuid.UUID, guests, pairs int) (Lookalikes, error) {
	rows, err := pinned{db.app, tenant, pinTenant}.Query(ctx,
		"SELECT contact_id, made_at, other_id, reason FROM contacts_alike($1, $2, $3)", before, behind, guests)
	if err != nil {
		return Lookalikes{}, wrap(err, "look for duplicates", nil)
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[lookalike])
	if err != nil {
		return Lookalikes{}, wrap(err, "look for duplicates", nil)
	}
	return gather(found, guests, pairs), nil
}

type lookalike struct {
	Guest  id.Contact
	MadeAt time.Time
	Other  id.Contact // zero: the guest was looked at
	Reason string
}

// gather makes pairs of what was found. A guest's pairs stay together.
func gather(found []lookalike, guests, pairs int) Lookalikes {
	var l Lookalikes
	looked := 0
	place := map[[2]id.Contact]int{}
	for _, f := range found {
		if f.Other.IsZero() {
			if len(l.Pairs) >= pairs {
				return l
			}
			looked++
			l.At, l.Behind = f.MadeAt, f.Guest
			continue
		}
		key := [2]id.Contact{f.Guest, f.Other}
		i, known := place[key]
		if !known {
			i, place[key] = len(l.Pairs), len(l.Pairs)
			l.Pairs = append(l.Pairs, contact.Pair{Guest: f.Guest, Other: f.Other})
		}
		l.Pairs[i].Reasons = append(l.Pairs[i].Reasons, contact.Reason(f.Reason))
	}
	l.IsLast = looked < guests
	return l
}

// AliasesOf locks and returns the ways by which guests are recognised.
func (tx *Tx) AliasesOf(ctx context.Context, guests ...id.Contact) ([]contact.OwnedAlias, error) {
	rows, err := tx.q.AliasesOf(ctx, sqlc.AliasesOfParams{TenantID: tx.tenant, ContactIds: plain(guests)})
	if err != nil {
		return nil, wrap(err, "list aliases", nil)
	}
	aliases := make([]contact.OwnedAlias, 0, len(rows))
	for _, r := range rows {
		aliases = append(aliases, contact.OwnedAlias{
			Alias: contact.Alias{Kind: contact.AliasKind(r.Kind), Value: r.Value}, Contact: r.ContactID, Origin: r.OriginID,
		})
	}
	return aliases, nil
}

// GiveAliases writes whose aliases are.
func (tx *Tx) GiveAliases(ctx context.Context, aliases ...contact.OwnedAlias) error {
	if len(aliases) == 0 {
		return nil
	}
	p := sqlc.AliasesGiveParams{TenantID: tx.tenant}
	for _, a := range aliases {
		p.Kinds = append(p.Kinds, string(a.Kind))
		p.Aliases = append(p.Aliases, a.Value)
		p.ContactIds = append(p.ContactIds, a.Contact.UUID)
		p.OriginIds = append(p.OriginIds, a.Origin.UUID)
	}
	return wrap(tx.q.AliasesGive(ctx, p), "give aliases", nil)
}

// RewriteContact writes everything about a guest that was locked before, as it is.
func (tx *Tx) RewriteContact(ctx context.Context, c contact.Contact) error {
	err := tx.q.ContactRewrite(ctx, sqlc.ContactRewriteParams{
		TenantID: tx.tenant, ID: c.ID, Phone: string(c.Phone), WaID: c.WAID, Bsuid: c.BSUID, Username: c.Username, Name: c.Name,
		NameKept: c.NameKept, FirstName: c.FirstName, LastName: c.LastName, CompanyName: c.CompanyName, Designation: c.Designation,
		Email: c.Email, AvatarUrl: c.AvatarURL, Metadata: c.Metadata, UpdatedAt: c.UpdatedAt,
	})
	return wrap(err, "rewrite contact", nil)
}

// RestoreContact makes a guest again, without aliases. It returns an error if the guest is
// there.
func (tx *Tx) RestoreContact(ctx context.Context, c contact.Contact) error {
	err := tx.q.ContactRestore(ctx, sqlc.ContactRestoreParams{
		TenantID: tx.tenant, ID: c.ID, Phone: string(c.Phone), WaID: c.WAID, Bsuid: c.BSUID, Username: c.Username, Name: c.Name,
		NameKept: c.NameKept, FirstName: c.FirstName, LastName: c.LastName, CompanyName: c.CompanyName, Designation: c.Designation,
		Email: c.Email, AvatarUrl: c.AvatarURL, Metadata: c.Metadata, CreatedAt: c.CreatedAt, UpdatedAt: c.UpdatedAt,
	})
	return wrap(err, fmt.Sprintf("restore contact %s", c.ID), nil)
}
