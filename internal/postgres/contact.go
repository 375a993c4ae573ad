package postgres

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/postgres/sqlc"
)

// ContactsByAlias finds the guests behind aliases.
func (tx *Tx) ContactsByAlias(ctx context.Context, aliases []contact.Alias) (map[contact.Alias]contact.Known, error) {
	if len(aliases) == 0 {
		return nil, nil
	}
	p := sqlc.ContactsByAliasParams{TenantID: tx.tenant}
	for _, a := range aliases {
		p.Kinds = append(p.Kinds, string(a.Kind))
		p.Aliases = append(p.Aliases, a.Value)
	}
	rows, err := tx.q.ContactsByAlias(ctx, p)
	if err != nil {
		return nil, wrap(err, "find contacts", nil)
	}
	found := make(map[contact.Alias]contact.Known, len(rows))
	for _, r := range rows {
		found[contact.Alias{Kind: contact.AliasKind(r.Kind), Value: r.Value}] = contact.Known{Contact: contactNoun(r.Contact), Origin: r.OriginID, Until: zeroIfNull(r.Until)}
	}
	return found, nil
}

// InsertContacts stores new guests, without their aliases.
func (tx *Tx) InsertContacts(ctx context.Context, now time.Time, contacts ...contact.Contact) error {
	if len(contacts) == 0 {
		return nil
	}
	c := columnsOf(contacts)
	err := tx.q.ContactsInsert(ctx, sqlc.ContactsInsertParams{
		TenantID: tx.tenant, Ids: c.ids, Phones: c.phones, WaIds: c.waIDs, Bsuids: c.bsuids,
		Usernames: c.usernames, Names: c.names, NameKepts: c.nameKepts, Learneds: c.learneds, Now: now,
	})
	return wrap(err, "store contacts", nil)
}

// SaveContacts writes what messages taught about guests.
func (tx *Tx) SaveContacts(ctx context.Context, now time.Time, contacts ...contact.Contact) error {
	if len(contacts) == 0 {
		return nil
	}
	c := columnsOf(contacts)
	err := tx.q.ContactsSave(ctx, sqlc.ContactsSaveParams{
		TenantID: tx.tenant, Ids: c.ids, Phones: c.phones, WaIds: c.waIDs, Bsuids: c.bsuids,
		Usernames: c.usernames, Names: c.names, Learneds: c.learneds, Now: now,
	})
	return wrap(err, "save contacts", nil)
}

// InsertAliases stores new ways to recognise guests. It returns ErrRepeated if
// another transaction has just taken one of them.
func (tx *Tx) InsertAliases(ctx context.Context, aliases map[contact.Alias]contact.Contact) error {
	if len(aliases) == 0 {
		return nil
	}
	p := sqlc.AliasesInsertParams{TenantID: tx.tenant}
	for a, c := range aliases {
		p.Kinds = append(p.Kinds, string(a.Kind))
		p.Aliases = append(p.Aliases, a.Value)
		p.ContactIds = append(p.ContactIds, c.ID.UUID)
	}
	return wrap(tx.q.AliasesInsert(ctx, p), "store contact aliases", nil)
}

type contactColumns struct {
	ids                                     []uuid.UUID
	phones, waIDs, bsuids, usernames, names []string
	nameKepts                               []bool
	learneds                                [][]byte
}

func columnsOf(contacts []contact.Contact) contactColumns {
	var c contactColumns
	for _, g := range contacts {
		c.ids = append(c.ids, g.ID.UUID)
		c.phones = append(c.phones, string(g.Phone))
		c.waIDs = append(c.waIDs, g.WAID)
		c.bsuids = append(c.bsuids, g.BSUID)
		c.usernames = append(c.usernames, g.Username)
		c.names = append(c.names, g.Name)
		c.nameKepts = append(c.nameKepts, g.NameKept)
		c.learneds = append(c.learneds, learnedColumn(g.Learned))
	}
	return c
}

// learnedColumn is null for a guest of whom nothing is dated.
func learnedColumn(l contact.Learned) []byte {
	if l == (contact.Learned{}) {
		return nil
	}
	text, err := json.Marshal(l)
	if err != nil {
		panic("encode times: " + err.Error()) // they are numbers
	}
	return text
}

func contactNoun(r sqlc.Contact) contact.Contact {
	var learned contact.Learned
	_ = decodeColumn(r.Learned, &learned) // without dates everything is as old as can be
	return contact.Contact{
		Learned: learned, NoOffers: r.MarketingStopped,
		ID: r.ID, Phone: contact.Phone(r.Phone), WAID: r.WaID, BSUID: r.Bsuid, Username: r.Username,
		Name: r.Name, NameKept: r.NameKept, FirstName: r.FirstName, LastName: r.LastName, CompanyName: r.CompanyName, Designation: r.Designation,
		Metadata: string(r.Metadata), Email: r.Email, AvatarURL: r.AvatarUrl, CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt,
	}
}
