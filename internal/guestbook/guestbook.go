// Package guestbook is what people write about the guests of their hotel: here adding,
// changing and removing one; export.go and import.go do many. What guests tell about
// themselves by writing is package inbox's business, and both know a guest by the same
// aliases: whoever is entered here and writes later is one contact.
package guestbook

import (
	"context"
	"errors"
	"slices"

	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/event"
	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres"
)

// Book changes contacts on behalf of people.
type Book struct {
	db        *postgres.DB
	directory *directory.Directory
	clock     clock.Clock
}

// New makes a book.
func New(db *postgres.DB, dir *directory.Directory, c clock.Clock) *Book {
	return &Book{db: db, directory: dir, clock: c}
}

// tries is how often work is done again when a guest wrote for the first time, or
// somebody entered the same one, in the middle of it.
const tries = 3

// inTx is InTx, again if a number was just taken: the next look finds who has it.
func (b *Book) inTx(ctx context.Context, tenant id.Tenant, fn func(tx *postgres.Tx) error) error {
	var err error
	for range tries {
		if err = b.db.InTx(ctx, tenant, fn); !errors.Is(err, postgres.ErrRepeated) {
			break
		}
	}
	return err
}

// Add enters a guest. It returns contact.ErrPhone, a *contact.TakenError, or what is
// wrong with the rest.
func (b *Book) Add(ctx context.Context, tenant id.Tenant, by user.User, number string, about contact.Changes) (contact.Contact, error) {
	about, wrong := about.Tidy()
	phone, err := contact.NumberOf(number)
	if err != nil {
		wrong = append(wrong, fault.Detail{Path: "phoneNumber", Message: contact.ErrPhone.Text})
	}
	if len(wrong) > 0 {
		return contact.Contact{}, fault.ErrInvalid.With(wrong...)
	}
	var guest contact.Contact
	err = b.inTx(ctx, tenant, func(tx *postgres.Tx) error {
		alias := contact.Alias{Kind: contact.ByPhone, Value: string(phone)}
		known, err := tx.ContactsByAlias(ctx, []contact.Alias{alias})
		if err != nil {
			return err
		}
		if existing, taken := known[alias]; taken {
			return &contact.TakenError{Existing: existing.ID}
		}
		guest = about.Apply(contact.Contact{ID: id.NewContact(), Phone: phone})
		guest.CreatedAt = b.clock.Now()
		guest.UpdatedAt = guest.CreatedAt
		if err := tx.AddContacts(ctx, guest.CreatedAt, guest); err != nil {
			return err
		}
		added := guest
		tx.Emit(event.Event{Name: event.ContactCreated, Contact: &added})
		return tx.Audit(ctx, b.entry(by, "CREATE_CONTACT", guest.ID, written(contact.Contact{}, guest)))
	})
	return guest, err
}

// Change writes what somebody noted about a guest. Who does not manage the hotel may
// note what everybody at the desk does, of guests whose conversations they see.
func (b *Book) Change(ctx context.Context, tenant id.Tenant, by user.User, guest id.Contact, changes contact.Changes) (contact.Contact, error) {
	changes, wrong := changes.Tidy()
	if len(wrong) > 0 {
		return contact.Contact{}, fault.ErrInvalid.With(wrong...)
	}
	var after contact.Contact
	err := b.inTx(ctx, tenant, func(tx *postgres.Tx) error {
		before, err := lock(ctx, tx, guest)
		if err != nil {
			return err
		}
		if err := mayChange(ctx, tx, by, guest, changes); err != nil {
			return err
		}
		after = changes.Apply(before)
		if after == before {
			return nil
		}
		after.UpdatedAt = b.clock.Now()
		if err := tx.EditContacts(ctx, after.UpdatedAt, after); err != nil {
			return err
		}
		changed := after
		tx.Emit(event.Event{Name: event.ContactUpdated, Contact: &changed})
		return tx.Audit(ctx, b.entry(by, "UPDATE_CONTACT", guest, written(before, after)))
	})
	return after, err
}

func mayChange(ctx context.Context, tx *postgres.Tx, by user.User, guest id.Contact, changes contact.Changes) error {
	if by.Role.Manages() {
		return nil
	}
	seen, err := tx.ContactIsSeen(ctx, guest, by.Scope())
	if err == nil && (!seen || !changes.AreEveryday()) {
		err = contact.ErrNotYours
	}
	return err
}

// Remove takes a guest out of the book, or returns contact.ErrInUse if there are
// conversations: their messages would go with the guest.
func (b *Book) Remove(ctx context.Context, tenant id.Tenant, by user.User, guest id.Contact) error {
	return b.inTx(ctx, tenant, func(tx *postgres.Tx) error {
		if _, err := lock(ctx, tx, guest); err != nil {
			return err
		}
		if err := tx.DeleteContact(ctx, guest); err != nil {
			return err
		}
		if _, err := tx.ForgetMerges(ctx, guest); err != nil { // they hold names and numbers, of nobody any more
			return err
		}
		tx.Emit(event.Event{Name: event.ContactDeleted, Contact: &contact.Contact{ID: guest}})
		return tx.Audit(ctx, b.entry(by, "DELETE_CONTACT", guest, nil))
	})
}

func lock(ctx context.Context, tx *postgres.Tx, guest id.Contact) (contact.Contact, error) {
	found, err := tx.LockContacts(ctx, guest)
	if err == nil && len(found) == 0 {
		err = contact.ErrNotFound
	}
	if err != nil {
		return contact.Contact{}, err
	}
	return found[0], nil
}

// entry is the audit entry of a change. It names the fields and not what stands in them:
// entries outlive a guest whose data is erased.
func (b *Book) entry(by user.User, action string, guest id.Contact, fields []string) postgres.Entry {
	actor := by.ID.String()
	if by.ID.IsZero() {
		actor = "bot"
	}
	e := postgres.Entry{Actor: actor, Action: action, Entity: "contact", EntityID: guest.String(), At: b.clock.Now()}
	if len(fields) > 0 {
		e.Detail = map[string]any{"fields": fields}
	}
	return e
}

// written lists the fields that differ, in the order of their names.
func written(before, after contact.Contact) []string {
	var fields []string
	for name, pair := range map[string][2]string{
		"phoneNumber": {string(before.Phone), string(after.Phone)}, "name": {before.Name, after.Name},
		"firstName": {before.FirstName, after.FirstName}, "lastName": {before.LastName, after.LastName},
		"companyName": {before.CompanyName, after.CompanyName}, "designation": {before.Designation, after.Designation},
		"email": {before.Email, after.Email}, "profilePictureUrl": {before.AvatarURL, after.AvatarURL},
		"metadata": {before.Metadata, after.Metadata},
	} {
		if pair[0] != pair[1] {
			fields = append(fields, name)
		}
	}
	slices.Sort(fields)
	return fields
}
