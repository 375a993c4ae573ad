package outbox

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/content"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/event"
	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/media"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres"
)

// Schedule stores what a person wants to say at a time, checked as if it were said now but
// for the window: the guest may write until then.
func (s *Sender) Schedule(ctx context.Context, tenantID id.Tenant, r Request, at time.Time) (message.Scheduled, conversation.Card, error) {
	now := s.clock.Now()
	if err := message.CheckSchedule(at, now); err != nil {
		return message.Scheduled{}, conversation.Card{}, err
	}
	if _, err := s.check(ctx, tenantID, r); err != nil {
		return message.Scheduled{}, conversation.Card{}, err
	}
	if r.Content.Kind() == message.Reaction {
		return message.Scheduled{}, conversation.Card{}, message.ErrScheduleReac
	}
	stored, err := content.Encode(r.Content)
	if err != nil {
		return message.Scheduled{}, conversation.Card{}, err
	}
	item := message.Scheduled{
		ID: id.NewScheduled(), ConversationID: r.ConversationID, Content: stored, ReplyTo: r.ReplyTo, SendAt: at.UTC().Truncate(time.Millisecond),
		State: message.StillScheduled, CreatedAt: now,
	}
	if !r.By.TenantID.IsZero() {
		item.MadeBy = r.By.ID
	}
	if r.ClientID != "" {
		item.ClientID = r.scopedID()
	}
	var card conversation.Card
	for range 3 {
		err = s.db.InTx(ctx, tenantID, func(tx *postgres.Tx) (err error) {
			item, card, err = s.schedule(ctx, tx, r, item)
			return err
		})
		if !errors.Is(err, postgres.ErrRepeated) {
			break // else somebody did the same at the same moment: look again
		}
	}
	return item, card, err
}

func (s *Sender) schedule(ctx context.Context, tx *postgres.Tx, r Request, item message.Scheduled) (message.Scheduled, conversation.Card, error) {
	card, err := visibleTo(ctx, tx, r.By, item.ConversationID)
	if err != nil {
		return item, card, err
	}
	if item.ClientID != "" {
		before, err := tx.ScheduledByClientID(ctx, item.ClientID)
		if err == nil && (before.ConversationID != item.ConversationID || !before.SendAt.Equal(item.SendAt) || !sameJSON(before.Content, item.Content)) {
			err = ErrReused
		}
		if err == nil || !errors.Is(err, message.ErrNoScheduled) {
			return before, card, err
		}
	}
	open, err := tx.OpenScheduled(ctx, card.ID)
	if err == nil && open >= message.MaxScheduled {
		err = message.ErrScheduleFull
	}
	if err == nil {
		err = tx.InsertScheduled(ctx, item)
	}
	if err != nil {
		return item, card, err
	}
	return item, card, s.noteSchedule(ctx, tx, r.By, "SCHEDULE_MESSAGE", card, item)
}

// noteSchedule tells the audit log and screens.
func (s *Sender) noteSchedule(ctx context.Context, tx *postgres.Tx, by user.User, action string, card conversation.Card, item message.Scheduled) error {
	tx.Emit(event.Event{Name: event.MessageScheduled, Card: &card, Scheduled: &item})
	return tx.Audit(ctx, postgres.Entry{
		Actor: by.ID.String(), Action: action, Entity: "scheduled_message", EntityID: item.ID.String(),
		After: map[string]any{"conversationId": card.ID.String(), "sendAt": item.SendAt, "status": item.State}, At: s.clock.Now(),
	})
}

func visibleTo(ctx context.Context, tx *postgres.Tx, by user.User, c id.Conversation) (conversation.Card, error) {
	card, err := tx.LockCard(ctx, c)
	if err == nil && !card.VisibleTo(by.Scope()) {
		err = conversation.ErrNotFound
	}
	return card, err
}

// CancelScheduled keeps a scheduled message from being sent. Doing it twice is no mistake.
func (s *Sender) CancelScheduled(ctx context.Context, tenantID id.Tenant, by user.User, of id.Scheduled) (message.Scheduled, conversation.Card, error) {
	item, err := s.db.Scheduled(ctx, tenantID, of)
	if err != nil {
		return item, conversation.Card{}, err
	}
	var card conversation.Card
	err = s.db.InTx(ctx, tenantID, func(tx *postgres.Tx) (err error) {
		if card, err = visibleTo(ctx, tx, by, item.ConversationID); err != nil {
			return orNoScheduled(err)
		}
		if item, err = tx.LockScheduled(ctx, of); err != nil || item.State == message.ScheduleEnded {
			return err
		}
		if item.State != message.StillScheduled {
			return message.ErrScheduleGone
		}
		item.State, item.SettledAt = message.ScheduleEnded, s.clock.Now()
		if err := tx.SettleScheduled(ctx, item); err != nil {
			return err
		}
		return s.noteSchedule(ctx, tx, by, "CANCEL_SCHEDULED_MESSAGE", card, item)
	})
	return item, card, err
}

func orNoScheduled(err error) error {
	if errors.Is(err, conversation.ErrNotFound) {
		return message.ErrNoScheduled
	}
	return err
}

const (
	// dueEvery is how often it is looked for messages whose time has come.
	dueEvery = time.Second
	// dueAtOnce is how many are sent before it is looked again.
	dueAtOnce = 100
)

// SendScheduled sends what was scheduled, until ctx ends. Every instance may do it.
func (s *Sender) SendScheduled(ctx context.Context, log *slog.Logger) {
	clock.Every(ctx, dueEvery, func() {
		if err := s.SendDue(ctx); err != nil && ctx.Err() == nil {
			log.WarnContext(ctx, "scheduled messages are sent later", "err", err)
		}
	})
}

// SendDue sends what was scheduled for now or earlier.
func (s *Sender) SendDue(ctx context.Context) error {
	for {
		due, err := s.db.SystemScheduledDue(ctx, s.clock.Now(), dueAtOnce)
		if err != nil {
			return err
		}
		var failed []error
		for _, d := range due {
			if err := s.sendDue(ctx, d); err != nil {
				failed = append(failed, err)
			}
		}
		if len(failed) > 0 || len(due) < dueAtOnce {
			return errors.Join(failed...)
		}
	}
}

// sendDue makes a message of one, or notes why that cannot be. The row is locked while it is
// done, and what is settled is not done again: whoever does it, it happens once.
func (s *Sender) sendDue(ctx context.Context, d postgres.Due) error {
	err := s.become(ctx, d)
	f := fault.Of(err)
	if err == nil || f.Kind == fault.Internal || f.Kind == fault.Unavailable {
		return err
	}
	why := failureOf(f)
	return s.db.InTx(ctx, d.Tenant, func(tx *postgres.Tx) error {
		item, err := tx.LockScheduled(ctx, d.ID)
		if err != nil || item.State != message.StillScheduled {
			return ignoreGone(err)
		}
		item.State, item.Failure, item.SettledAt = message.ScheduleFailed, &why, s.clock.Now()
		cards, err := tx.Cards(ctx, item.ConversationID)
		if err != nil {
			return err
		}
		if len(cards) > 0 {
			tx.Emit(event.Event{Name: event.MessageScheduled, Card: &cards[0], Scheduled: &item})
		}
		return tx.SettleScheduled(ctx, item)
	})
}

func ignoreGone(err error) error {
	if errors.Is(err, message.ErrNoScheduled) {
		return nil // the conversation was deleted
	}
	return err
}

func (s *Sender) become(ctx context.Context, d postgres.Due) error {
	item, err := s.db.Scheduled(ctx, d.Tenant, d.ID)
	if err != nil || item.State != message.StillScheduled {
		return ignoreGone(err)
	}
	hotel, err := s.directory.Hotel(ctx, d.Tenant)
	if err != nil {
		return err
	}
	if err := hotel.MayWork(s.clock.Now()); err != nil {
		return err
	}
	said, err := content.Decode(item.Content)
	if err != nil {
		return err
	}
	r := Request{ConversationID: item.ConversationID, Sender: message.Person, Content: said, ReplyTo: item.ReplyTo}
	files, err := s.check(ctx, d.Tenant, r)
	if err != nil {
		return err
	}
	done, overPlan := s.Meter.Take(ctx, hotel.Tenant)
	sent := false
	err = s.db.InTx(ctx, d.Tenant, func(tx *postgres.Tx) (err error) {
		sent, err = s.becomeIn(ctx, tx, hotel, r, files, overPlan, d.ID)
		return err
	})
	if overPlan == nil {
		done(err == nil && sent)
	}
	return ignoreGone(err)
}

func (s *Sender) becomeIn(ctx context.Context, tx *postgres.Tx, hotel *directory.Hotel, r Request, files map[id.Media]media.File, overPlan error, of id.Scheduled) (bool, error) {
	// In the order in which sending locks: the conversation first.
	card, err := tx.LockCard(ctx, r.ConversationID)
	if err != nil {
		return false, err
	}
	item, err := tx.LockScheduled(ctx, of)
	if err != nil || item.State != message.StillScheduled {
		return false, err
	}
	if r.By, err = maker(ctx, tx, item); err != nil {
		return false, err
	}
	if !card.State.IsActive() { // the guest may have a newer one
		active, err := tx.ActiveCards(ctx, card.ContactID)
		if err != nil {
			return false, err
		}
		if len(active) > 0 {
			r.ConversationID = active[0].ID
		}
	}
	all, err := s.store(ctx, tx, hotel, r, files, overPlan)
	if err != nil {
		return false, err
	}
	item.State, item.MessageID, item.SettledAt = message.ScheduleSent, all[0].Message.ID, s.clock.Now()
	tx.Emit(event.Event{Name: event.MessageScheduled, Card: &card, Scheduled: &item})
	return true, tx.SettleScheduled(ctx, item)
}

// errMakerGone fails what was scheduled by somebody who left.
var errMakerGone = fault.New(fault.Unprocessable, "sender_gone", "Whoever scheduled the message no longer works at the hotel.")

// maker returns who scheduled a message, as they are now.
func maker(ctx context.Context, tx *postgres.Tx, item message.Scheduled) (user.User, error) {
	if item.MadeBy.IsZero() {
		return user.User{Role: user.SuperAdmin}, nil
	}
	by, err := tx.Colleague(ctx, item.MadeBy)
	if errors.Is(err, user.ErrNotFound) {
		err = errMakerGone
	}
	return by, err
}
