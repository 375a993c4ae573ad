package desk

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/quickreply"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres"
)

// CreateQuickReply stores a text that people insert while they write.
func (d *Desk) CreateQuickReply(ctx context.Context, tenant id.Tenant, by user.User, r quickreply.Reply) (quickreply.Reply, error) {
	r, err := r.Checked()
	if err != nil {
		return r, err
	}
	now := d.clock.Now()
	r.ID, r.CreatedAt, r.UpdatedAt = uuid.Must(uuid.NewV7()), now, now
	if author := staff(by); !author.IsZero() {
		r.Author = quickreply.Author{ID: author, Name: by.Name}
	}
	err = d.db.InTx(ctx, tenant, func(tx *postgres.Tx) error {
		if err := tx.InsertQuickReply(ctx, r); err != nil {
			return err
		}
		_, is := differenceOfReplies(quickreply.Reply{}, r)
		return tx.Audit(ctx, replyEntry(by, "CREATE_QUICK_REPLY", r.ID, nil, is, now))
	})
	return r, err
}

// ReplyChanges is what can be changed about a quick reply. Nil fields stay.
type ReplyChanges struct {
	Title, Shortcut, Content, Category *string
	Order                              *int
	IsActive                           *bool
}

func (c ReplyChanges) applied(r quickreply.Reply) quickreply.Reply {
	set(&r.Title, c.Title)
	set(&r.Shortcut, c.Shortcut)
	set(&r.Content, c.Content)
	set(&r.Category, c.Category)
	set(&r.Order, c.Order)
	set(&r.IsActive, c.IsActive)
	return r
}

func set[T any](field, to *T) {
	if to != nil {
		*field = *to
	}
}

// ChangeQuickReply changes a stored text.
func (d *Desk) ChangeQuickReply(ctx context.Context, tenant id.Tenant, by user.User, reply uuid.UUID, changes ReplyChanges) (quickreply.Reply, error) {
	var is quickreply.Reply
	now := d.clock.Now()
	err := d.db.InTx(ctx, tenant, func(tx *postgres.Tx) error {
		was, err := tx.LockQuickReply(ctx, reply)
		if err != nil {
			return err
		}
		if is, err = changes.applied(was).Checked(); err != nil || is == was {
			return err
		}
		is.UpdatedAt = now
		if err := tx.SaveQuickReply(ctx, is); err != nil {
			return err
		}
		before, after := differenceOfReplies(was, is)
		return tx.Audit(ctx, replyEntry(by, "UPDATE_QUICK_REPLY", reply, before, after, now))
	})
	return is, err
}

// DeleteQuickReply removes a stored text.
func (d *Desk) DeleteQuickReply(ctx context.Context, tenant id.Tenant, by user.User, reply uuid.UUID) error {
	now := d.clock.Now()
	return d.db.InTx(ctx, tenant, func(tx *postgres.Tx) error {
		was, err := tx.LockQuickReply(ctx, reply)
		if err != nil {
			return err
		}
		if err := tx.DeleteQuickReply(ctx, reply); err != nil {
			return err
		}
		before, _ := differenceOfReplies(was, quickreply.Reply{})
		return tx.Audit(ctx, replyEntry(by, "DELETE_QUICK_REPLY", reply, before, nil, now))
	})
}

// differenceOfReplies says which fields differ, and of the text only how long it is.
func differenceOfReplies(before, after quickreply.Reply) (was, is map[string]any) {
	was, is = map[string]any{}, map[string]any{}
	note := func(field string, b, a any) {
		if b != a {
			was[field], is[field] = b, a
		}
	}
	note("title", before.Title, after.Title)
	note("shortcut", before.Shortcut, after.Shortcut)
	note("category", before.Category, after.Category)
	note("order", before.Order, after.Order)
	note("isActive", before.IsActive, after.IsActive)
	if before.Content != after.Content {
		was["contentLength"], is["contentLength"] = len(before.Content), len(after.Content)
	}
	return was, is
}

func replyEntry(by user.User, action string, reply uuid.UUID, was, is map[string]any, now time.Time) postgres.Entry {
	e := postgres.Entry{Actor: by.ID.String(), Action: action, Entity: "quick_reply", EntityID: reply.String(), At: now}
	if was != nil {
		e.Before = was
	}
	if is != nil {
		e.After = is
	}
	return e
}
