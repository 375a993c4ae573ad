package desk

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/event"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres"
)

// CreateTag makes a tag of the hotel.
func (d *Desk) CreateTag(ctx context.Context, tenant id.Tenant, by user.User, t conversation.Tag) (postgres.TagRow, error) {
	t, err := t.Checked()
	if err != nil {
		return postgres.TagRow{}, err
	}
	now := d.clock.Now()
	t.ID = uuid.Must(uuid.NewV7())
	err = d.db.InTx(ctx, tenant, func(tx *postgres.Tx) error {
		if err := tx.InsertTag(ctx, t, now); err != nil {
			return err
		}
		tx.Emit(event.Event{Name: event.TagCreated, Tag: &t})
		return tx.Audit(ctx, tagEntry(by, "CREATE_TAG", t.ID, nil, described(t), now))
	})
	return postgres.TagRow{Tag: t, CreatedAt: now}, err
}

// TagChanges is what can be changed about a tag. Nil fields stay.
type TagChanges struct{ Name, Color *string }

// ChangeTag renames or recolours a tag.
func (d *Desk) ChangeTag(ctx context.Context, tenant id.Tenant, by user.User, tag uuid.UUID, changes TagChanges) error {
	now := d.clock.Now()
	return d.db.InTx(ctx, tenant, func(tx *postgres.Tx) error {
		was, err := tx.LockTag(ctx, tag)
		if err != nil {
			return err
		}
		is := was
		if changes.Name != nil {
			is.Name = *changes.Name
		}
		if changes.Color != nil {
			is.Color = *changes.Color
		}
		if is, err = is.Checked(); err != nil || is == was {
			return err
		}
		if err := tx.SaveTag(ctx, is); err != nil {
			return err
		}
		tx.Emit(event.Event{Name: event.TagUpdated, Tag: &is})
		return tx.Audit(ctx, tagEntry(by, "UPDATE_TAG", tag, described(was), described(is), now))
	})
}

// DeleteTag removes a tag, also from the conversations that have it. Screens are told
// of the tag, once, and not of each conversation: there may be many thousands.
func (d *Desk) DeleteTag(ctx context.Context, tenant id.Tenant, by user.User, tag uuid.UUID) error {
	now := d.clock.Now()
	return d.db.InTx(ctx, tenant, func(tx *postgres.Tx) error {
		was, err := tx.LockTag(ctx, tag)
		if err != nil {
			return err
		}
		if err := tx.DeleteTag(ctx, tag); err != nil {
			return err
		}
		tx.Emit(event.Event{Name: event.TagDeleted, Tag: &was})
		return tx.Audit(ctx, tagEntry(by, "DELETE_TAG", tag, described(was), nil, now))
	})
}

// AttachTag puts a tag on a conversation that the person may see.
func (d *Desk) AttachTag(ctx context.Context, tenant id.Tenant, by user.User, c id.Conversation, tag uuid.UUID) (conversation.Card, error) {
	return d.do(ctx, tenant, by, c, "TAG_CONVERSATION", withTag(tag, (*postgres.Tx).AttachTag))
}

// DetachTag takes a tag off a conversation that the person may see.
func (d *Desk) DetachTag(ctx context.Context, tenant id.Tenant, by user.User, c id.Conversation, tag uuid.UUID) (conversation.Card, error) {
	return d.do(ctx, tenant, by, c, "UNTAG_CONVERSATION", withTag(tag, (*postgres.Tx).DetachTag))
}

func withTag(tag uuid.UUID, change func(*postgres.Tx, context.Context, id.Conversation, uuid.UUID) error) act {
	return func(ctx context.Context, tx *postgres.Tx, c *conversation.Card, _ time.Time) error {
		if _, err := tx.LockTag(ctx, tag); err != nil {
			return err
		}
		if err := change(tx, ctx, c.ID, tag); err != nil {
			return err
		}
		return readTags(ctx, tx, c)
	}
}

// readTags brings a card's tags up to date.
func readTags(ctx context.Context, tx *postgres.Tx, c *conversation.Card) error {
	fresh, err := tx.Cards(ctx, c.ID)
	if err == nil && len(fresh) > 0 {
		c.Tags = fresh[0].Tags
	}
	return err
}

func described(t conversation.Tag) map[string]any {
	return map[string]any{"name": t.Name, "color": t.Color}
}

func tagEntry(by user.User, action string, tag uuid.UUID, was, is map[string]any, now time.Time) postgres.Entry {
	e := postgres.Entry{Actor: by.ID.String(), Action: action, Entity: "tag", EntityID: tag.String(), At: now}
	if was != nil {
		e.Before = was
	}
	if is != nil {
		e.After = is
	}
	return e
}
