package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/escalation"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/media"
	"github.com/botreserva/botreserva/internal/postgres/sqlc"
)

// Dossier is what is kept of one guest, but for the messages and the bytes of files.
type Dossier struct {
	Guest         contact.Contact
	Aliases       []contact.Alias
	Conversations []conversation.Card // oldest first, as everything here
	Escalations   []escalation.Escalation
	Files         []media.File
	Merges        []KeptMerge
	Audit         []AuditRow
}

// KeptMerge is what undoing a merge would need.
type KeptMerge struct {
	ID       uuid.UUID
	At       time.Time
	Snapshot []byte // JSON
}

// Dossier collects what is kept of a guest, or returns contact.ErrNotFound. It asks
// question by question: what happens in the meantime may be in one part and not yet in
// another.
func (db *DB) Dossier(ctx context.Context, tenant id.Tenant, guest id.Contact) (Dossier, error) {
	record, err := db.Contact(ctx, tenant, guest)
	if err != nil {
		return Dossier{}, err
	}
	d, q := Dossier{Guest: record.Contact}, db.reads(tenant)
	aliases, aliasErr := q.ContactAliases(ctx, sqlc.ContactAliasesParams{TenantID: tenant, ContactID: guest})
	for _, a := range aliases {
		d.Aliases = append(d.Aliases, contact.Alias{Kind: contact.AliasKind(a.Kind), Value: a.Value})
	}
	cards, cardErr := q.ContactCards(ctx, sqlc.ContactCardsParams{TenantID: tenant, ContactID: guest})
	escalations, escalationErr := q.ContactEscalations(ctx, sqlc.ContactEscalationsParams{TenantID: tenant, ContactID: guest})
	d.Escalations = escalationNouns(escalations)
	files, fileErr := q.ContactMedia(ctx, sqlc.ContactMediaParams{TenantID: tenant, ContactID: guest})
	for _, f := range files {
		d.Files = append(d.Files, mediaNoun(f))
	}
	merges, mergeErr := q.ContactMerges(ctx, sqlc.ContactMergesParams{TenantID: tenant, ContactID: guest.UUID})
	for _, m := range merges {
		d.Merges = append(d.Merges, KeptMerge{m.ID, m.MergedAt, m.Snapshot})
	}
	if err := errors.Join(aliasErr, cardErr, escalationErr, fileErr, mergeErr); err != nil {
		return Dossier{}, wrap(err, "collect what is kept of a contact", nil)
	}
	if d.Conversations, err = cardNouns(cards); err != nil {
		return Dossier{}, err
	}
	entries, err := q.AuditAbout(ctx, sqlc.AuditAboutParams{TenantID: tenant, EntityIds: d.ids()})
	for _, e := range entries {
		d.Audit = append(d.Audit, AuditRow{
			TenantID: e.TenantID, ID: e.ID, Actor: e.Actor, Action: e.Action, Entity: e.Entity, EntityID: e.EntityID,
			IP: e.Ip, RequestID: e.RequestID, Detail: e.Detail, Before: e.Before, After: e.After, CreatedAt: e.CreatedAt,
		})
	}
	return d, wrap(err, "collect the audit entries of a contact", nil)
}

// ids are those under which the audit log may have something.
func (d Dossier) ids() []string {
	ids := []string{d.Guest.ID.String()}
	for _, c := range d.Conversations {
		ids = append(ids, c.ID.String())
	}
	for _, e := range d.Escalations {
		ids = append(ids, e.ID.String())
	}
	for _, f := range d.Files {
		ids = append(ids, f.ID.String())
	}
	return ids
}
