package privacy

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/event"
	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/wire"
)

// Refusals of erasing.
var (
	ErrNotConfirmed = fault.New(fault.Invalid, "erase_not_confirmed", "Type the contact's phone number or name to confirm: erasing cannot be undone.")
	ErrReason       = fault.New(fault.Invalid, "erase_reason_invalid", "Give a reason of 3 to 500 characters that does not name the guest: it is kept when the guest's data is gone.")
)

// Report says what was taken away. It holds nothing of the guest but marks that only the
// platform can make again of a number that somebody shows.
type Report struct {
	Version   int             `json:"version"`
	ID        uuid.UUID       `json:"id"`
	TenantID  string          `json:"tenantId"`
	ContactID string          `json:"contactId"`
	Subjects  []string        `json:"subjects"`
	ErasedBy  string          `json:"erasedBy"`
	Reason    string          `json:"reason"`
	ErasedAt  wire.Time       `json:"erasedAt"`
	Erased    postgres.Erased `json:"erased"`
	Kept      []string        `json:"kept"`
}

// whatStays is the part of a report that says what was not erased.
var whatStays = []string{
	"that messages were exchanged: their times, directions, kinds and delivery states, for the hotel's figures",
	"entries of the audit log, which name ids",
	"backups made before, until they expire",
}

// Erase takes away everything that names a guest, at once and for good, and signs what
// was done. It returns contact.ErrNotFound, also for who was erased before,
// ErrNotConfirmed or ErrReason. The guest who writes again is a new contact.
func (o *Officer) Erase(ctx context.Context, tenant id.Tenant, by user.User, guest id.Contact, confirm, reason string) (postgres.Erasure, error) {
	var (
		out    postgres.Erasure
		erased postgres.Erased
	)
	err := o.inTx(ctx, tenant, func(tx *postgres.Tx) error {
		found, err := tx.LockContacts(ctx, guest)
		switch {
		case err != nil:
			return err
		case len(found) == 0:
			return contact.ErrNotFound
		case !confirms(found[0], confirm):
			return ErrNotConfirmed
		}
		aliases, err := tx.Aliases(ctx, guest)
		if err != nil {
			return err
		}
		traces := tracesOf(found[0], aliases)
		if reason, err = tidyReason(reason, found[0], traces); err != nil {
			return err
		}
		now := o.clock.Now()
		if erased, err = tx.Erase(ctx, guest, traces, now); err != nil {
			return err
		}
		r := Report{
			Version: 1, ID: uuid.Must(uuid.NewV7()), TenantID: tenant.String(), ContactID: guest.String(), Subjects: []string{},
			ErasedBy: by.ID.String(), Reason: reason, ErasedAt: wire.At(now), Erased: erased, Kept: whatStays,
		}
		for _, a := range aliases {
			r.Subjects = append(r.Subjects, o.signer.mark(tenant, a))
		}
		text, err := json.Marshal(r)
		if err != nil {
			return fmt.Errorf("write the report of an erasure: %w", err)
		}
		out = postgres.Erasure{ID: r.ID, ContactID: guest, ErasedBy: by.ID, Report: string(text), ErasedAt: now}
		out.Signature, out.PublicKey = o.signer.sign(text)
		if err := tx.InsertErasure(ctx, out); err != nil {
			return err
		}
		if err := o.tell(ctx, tx, guest, erased.Talks); err != nil {
			return err
		}
		return o.note(ctx, tx, by, "ERASE_CONTACT", guest, map[string]any{"report": r.ID, "erased": erased})
	})
	if err == nil {
		o.removeFiles(ctx, tenant, erased.Keys)
	}
	return out, err
}

// tries is how often an erasure begins again when somebody at work on the same guest made
// the database choose between the two.
const tries = 3

func (o *Officer) inTx(ctx context.Context, tenant id.Tenant, fn func(tx *postgres.Tx) error) error {
	var err error
	for range tries {
		if err = o.db.InTx(ctx, tenant, fn); !postgres.IsRaceLost(err) {
			break
		}
	}
	return err
}

// Of is a kept report as it is given away.
func Of(e postgres.Erasure) Signed {
	return Signed{Report: json.RawMessage(e.Report), Signature: Signature{Algorithm: Algorithm, PublicKey: e.PublicKey, Value: e.Signature}}
}

// confirms reports whether somebody typed who the guest is.
func confirms(c contact.Contact, typed string) bool {
	typed = strings.TrimSpace(typed)
	if typed == "" {
		return false
	}
	phone := contact.FromForm(typed)
	return phone != "" && phone == c.Phone || strings.EqualFold(typed, c.DisplayName()) || typed == c.BSUID
}

// tracesOf lists by what the guest is found where no row names them.
func tracesOf(c contact.Contact, aliases []contact.Alias) postgres.Traces {
	t := postgres.Traces{Marks: append(c.Phone.Spellings(), c.WAID, c.BSUID)}
	for _, a := range aliases {
		t.LaneKeys = append(t.LaneKeys, string(a.Kind)+":"+a.Value)
		t.Marks = append(t.Marks, a.Value)
		if a.Kind == contact.ByPhone {
			t.Marks = append(t.Marks, contact.Phone(a.Value).Spellings()...)
		}
	}
	slices.Sort(t.Marks)
	t.Marks = slices.Compact(t.Marks)
	return t
}

// tidyReason refuses what would keep the guest's name in the report.
func tidyReason(reason string, c contact.Contact, traces postgres.Traces) (string, error) {
	reason = contact.CleanLine(reason)
	if n := len([]rune(reason)); n < 3 || n > 500 {
		return "", ErrReason
	}
	for _, name := range append([]string{c.Name, c.FirstName, c.LastName, c.Username, c.Email}, traces.Marks...) {
		if len(name) > 2 && strings.Contains(strings.ToLower(reason), strings.ToLower(name)) {
			return "", ErrReason
		}
	}
	return reason, nil
}

// tell lets screens forget the guest.
func (o *Officer) tell(ctx context.Context, tx *postgres.Tx, guest id.Contact, talks []id.Conversation) error {
	cards, err := tx.Cards(ctx, talks...)
	if err != nil {
		return err
	}
	for _, card := range cards {
		tx.Emit(event.Event{Name: event.ConversationUpdated, Card: &card})
	}
	tx.Emit(event.Event{Name: event.ContactDeleted, Contact: &contact.Contact{ID: guest}})
	return nil
}

// removeFiles removes the bytes of files whose rows are gone. What fails stays noted in
// the database, and is removed by upkeep.
func (o *Officer) removeFiles(ctx context.Context, tenant id.Tenant, keys []string) {
	ctx = context.WithoutCancel(ctx)
	for _, key := range keys {
		err := o.files.Remove(ctx, key)
		if err == nil {
			err = o.db.InTx(ctx, tenant, func(tx *postgres.Tx) error { return tx.FileRemoved(ctx, key) })
		}
		if err != nil {
			o.log.WarnContext(ctx, "file is removed later", "tenant_id", tenant, "key", key, "err", err)
		}
	}
}
