package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/postgres/sqlc"
)

// LockContacts locks and returns guests; those that are not there are left out. Until
// the transaction ends nobody gives them another conversation.
func (tx *Tx) LockContacts(ctx context.Context, ids ...id.Contact) ([]contact.Contact, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	rows, err := tx.q.ContactsLock(ctx, sqlc.ContactsLockParams{TenantID: tx.tenant, Ids: plain(ids)})
	if err != nil {
		return nil, wrap(err, "lock contacts", nil)
	}
	out := make([]contact.Contact, 0, len(rows))
	for _, r := range rows {
		out = append(out, contactNoun(r))
	}
	return out, nil
}

// AddContacts stores guests whom people entered, and their numbers as aliases. It
// returns ErrRepeated if another transaction has just taken one of the numbers.
func (tx *Tx) AddContacts(ctx context.Context, now time.Time, contacts ...contact.Contact) error {
	if len(contacts) == 0 {
		return nil
	}
	c := profilesOf(contacts)
	err := tx.q.ContactsAdd(ctx, sqlc.ContactsAddParams{
		TenantID: tx.tenant, Now: now, Ids: c.ids, Phones: c.phones, Names: c.names, NameKepts: c.kept, FirstNames: c.firsts,
		LastNames: c.lasts, CompanyNames: c.companies, Designations: c.designations, Emails: c.emails, AvatarUrls: c.avatars,
		Metadatas: c.metadatas,
	})
	if err != nil {
		return wrap(err, "add contacts", nil)
	}
	aliases := make(map[contact.Alias]contact.Contact, len(contacts))
	for _, guest := range contacts {
		aliases[contact.Alias{Kind: contact.ByPhone, Value: string(guest.Phone)}] = guest
	}
	return tx.InsertAliases(ctx, aliases)
}

// EditContacts writes what people changed about guests that were locked before.
func (tx *Tx) EditContacts(ctx context.Context, now time.Time, contacts ...contact.Contact) error {
	if len(contacts) == 0 {
		return nil
	}
	c := profilesOf(contacts)
	err := tx.q.ContactsEdit(ctx, sqlc.ContactsEditParams{
		TenantID: tx.tenant, Now: now, Ids: c.ids, Names: c.names, NameKepts: c.kept, FirstNames: c.firsts, LastNames: c.lasts,
		CompanyNames: c.companies, Designations: c.designations, Emails: c.emails, AvatarUrls: c.avatars, Metadatas: c.metadatas,
	})
	return wrap(err, "edit contacts", nil)
}

// DeleteContact removes a guest that was locked before, or returns contact.ErrInUse
// if there are conversations.
func (tx *Tx) DeleteContact(ctx context.Context, guest id.Contact) error {
	used, err := tx.q.ContactHasConversations(ctx, sqlc.ContactHasConversationsParams{TenantID: tx.tenant, ContactID: guest})
	if err != nil {
		return wrap(err, "look for conversations", nil)
	}
	if used {
		return contact.ErrInUse
	}
	n, err := tx.q.ContactDelete(ctx, sqlc.ContactDeleteParams{TenantID: tx.tenant, ID: guest})
	if err == nil && n == 0 {
		return contact.ErrNotFound
	}
	return wrap(err, "delete contact", nil)
}

type profileColumns struct {
	ids                                                                               []uuid.UUID
	kept                                                                              []bool
	phones, names, firsts, lasts, companies, designations, emails, avatars, metadatas []string
}

func profilesOf(contacts []contact.Contact) profileColumns {
	var c profileColumns
	for _, g := range contacts {
		c.ids = append(c.ids, g.ID.UUID)
		c.phones = append(c.phones, string(g.Phone))
		c.names = append(c.names, g.Name)
		c.kept = append(c.kept, g.NameKept)
		c.firsts = append(c.firsts, g.FirstName)
		c.lasts = append(c.lasts, g.LastName)
		c.companies = append(c.companies, g.CompanyName)
		c.designations = append(c.designations, g.Designation)
		c.emails = append(c.emails, g.Email)
		c.avatars = append(c.avatars, g.AvatarURL)
		c.metadatas = append(c.metadatas, g.Metadata)
	}
	return c
}
