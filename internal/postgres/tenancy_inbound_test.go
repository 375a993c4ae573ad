package postgres_test

import (
	"context"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/domain/news"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

func init() { maps.Copy(attempts, inboundAttempts) }

// furnishInbound gives a hotel what Meta tells besides messages.
func furnishInbound(t *testing.T, db *postgres.DB, h furnished, marker string) {
	t.Helper()
	pgtest.Exec(t, db, "UPDATE whatsapp_number SET waba_id = $2 WHERE tenant_id = $1", h.ID, h.Card.Unit)
	pgtest.Exec(t, db, "UPDATE conversation SET source = 'history', phone_reply_at = now() WHERE tenant_id = $1 AND id = $2", h.ID, h.Closed.ID)
	pgtest.Exec(t, db, "UPDATE contact SET marketing_stopped = true, marketing_at = now() - interval '1 day' WHERE tenant_id = $1", h.ID)
	pgtest.Exec(t, db, "UPDATE contact_alias SET until = now() WHERE tenant_id = $1 AND contact_id = $2", h.ID, h.Closed.ContactID)
	pgtest.InTx(t, db, h.ID, func(tx *postgres.Tx) error {
		ctx := within(t)
		must(t, tx.SaveBookName(ctx, h.Card.Contact.Phone, postgres.BookName{Name: marker, At: time.Now().Add(-time.Hour)}))
		must(t, tx.SaveFacts(ctx, h.Card.Unit, news.Facts{Template: &news.TemplateFacts{ID: "1", Name: marker, Status: "APPROVED"}}, time.Now().Add(-time.Hour), time.Now()))
		old := changeOf(h)
		old.ID, old.Text = marker+" change", &message.Words{Content: marker}
		must(t, tx.KeepChanges(ctx, true, old))
		_, err := tx.InsertNews(ctx, news.Event{
			ID: id.NewNews(), Key: [32]byte{1}, Kind: news.Kind(h.Card.Unit), Severity: news.Info, Subject: marker, At: time.Now(), SeenAt: time.Now(),
		})
		return err
	})
}

func changeOf(of furnished) postgres.Changed {
	return postgres.Changed{Number: of.Parked.Number, Change: message.Change{
		ID: "wamid.change", Target: of.Parked.WAMID, Kind: message.Reacting, By: message.Inbound, At: time.Now(), Emoji: "👍",
	}}
}

// inboundAttempts has the rows of what Meta tells besides messages.
var inboundAttempts = map[string]attempt{
	"DB.News": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, _ furnished) (any, error) {
		return db.News(ctx, as, postgres.NewsFilter{}, 10, 0)
	}},
	"DB.NewsCount": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, of furnished) (any, error) {
		n, err := db.NewsCount(ctx, as, postgres.NewsFilter{Kind: news.Kind(of.Card.Unit)})
		if n == 0 {
			return nil, err
		}
		return of.Card.ID, err
	}},
	"DB.TemplateStates": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, _ furnished) (any, error) {
		return db.TemplateStates(ctx, as)
	}},
	"DB.WantsNoOffers": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, of furnished) (any, error) {
		stopped, err := db.WantsNoOffers(ctx, as, of.Card.ContactID)
		if !stopped {
			return nil, err
		}
		return of.Card.ID, err
	}},
	"Tx.ExpectFile": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return nothing(tx.ExpectFile(ctx, time.Now(), "of "+of.Leftover))
	}},
	"Tx.TakeBackMedia": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return nothing(tx.TakeBackMedia(ctx, time.Now(), of.Out.ID))
	}},
	"DB.ExchangeIn": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, of furnished) (any, error) {
		e, err := db.ExchangeIn(ctx, as, of.Card.ID, time.Unix(0, 0), time.Now().AddDate(1, 0, 0), 100)
		if e.Heard == 0 {
			return nil, err
		}
		return of.Card.ID, err
	}},
	"DB.MessagesNamed": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, of furnished) (any, error) {
		found, err := db.MessagesNamed(ctx, as, postgres.Received{Number: of.Parked.Number, WAMID: of.In.WAMID})
		return slices.Collect(maps.Values(found)), err
	}},
	"DB.Quote": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, of furnished) (any, error) {
		m := message.Message{NumberID: of.Parked.Number, ContactID: of.Card.ContactID}
		m.Metadata.Context = &message.Context{WAMID: of.In.WAMID}
		list := []message.Message{m}
		err := db.Quote(ctx, as, list)
		return list[0].Quoted, err
	}},
	"Tx.KeepChanges": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return nothing(tx.KeepChanges(ctx, true, changeOf(of)))
	}},
	"Tx.ChangesOf": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		found, err := tx.ChangesOf(ctx, of.Parked.Received)
		if len(found) == 0 {
			return nil, err
		}
		return of.Card.ID, err
	}},
	"Tx.ChangesApplied": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		m := of.In
		m.WAMID, m.Metadata.RevokedAt = of.Parked.WAMID, time.Now()
		return nothing(tx.ChangesApplied(ctx, m))
	}},
	"Tx.MessagesNamed": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return tx.MessagesNamed(ctx, postgres.Received{Number: of.In.NumberID, WAMID: of.In.WAMID})
	}},
	"Tx.LockMessages": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return tx.LockMessages(ctx, of.In.ID)
	}},
	"Tx.LockCards": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return tx.LockCards(ctx, of.Card.ID)
	}},
	"Tx.SaveWords": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		m := of.In
		m.Content = "mallory"
		return nothing(tx.SaveWords(ctx, m))
	}},
	"Tx.BeingSent": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return tx.BeingSent(ctx, time.Time{}, of.Card.ID)
	}},
	"Tx.MarkReadUntil": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return tx.MarkReadUntil(ctx, map[id.Conversation]time.Time{of.Card.ID: time.Now().Add(time.Hour)})
	}},
	"Tx.PhoneReplies": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return tx.PhoneReplies(ctx, of.Closed.ID)
	}},
	"Tx.SavePhoneReplies": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return nothing(tx.SavePhoneReplies(ctx, map[id.Conversation]time.Time{of.Card.ID: time.Now()}))
	}},
	"Tx.HistoryConversation": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		c, err := tx.HistoryConversation(ctx, of.Closed.ContactID)
		if err == conversation.ErrNotFound { //nolint:errorlint // it is returned as it is
			return nil, nil
		}
		return c, err
	}},
	"Tx.InsertNews": {inTx: func(ctx context.Context, tx *postgres.Tx, _ furnished) (any, error) {
		_, err := tx.InsertNews(ctx, news.Event{ID: id.NewNews(), Kind: news.Other, Severity: news.Info, At: time.Now(), SeenAt: time.Now()})
		return nothing(err)
	}},
	"Tx.TellNews": {inTx: func(ctx context.Context, tx *postgres.Tx, _ furnished) (any, error) {
		return nothing(tx.TellNews(ctx, news.Event{Kind: news.Other, Severity: news.Info, At: time.Now(), SeenAt: time.Now()}))
	}},
	"Tx.SaveFacts": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return nothing(tx.SaveFacts(ctx, of.Card.Unit, news.Facts{
			Number: &news.NumberFacts{Quality: "RED"}, Template: &news.TemplateFacts{ID: "1", Status: "PAUSED"},
		}, time.Now(), time.Now()))
	}},
	"Tx.SaveBookName": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return nothing(tx.SaveBookName(ctx, of.Card.Contact.Phone, postgres.BookName{Name: "Mallory", At: time.Now()}))
	}},
	"Tx.TakeBookNames": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return tx.TakeBookNames(ctx, string(of.Card.Contact.Phone))
	}},
	"Tx.NameFromBook": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return tx.NameFromBook(ctx, of.Card.ContactID, postgres.BookName{Name: "Mallory", At: time.Now()}, time.Now())
	}},
	"Tx.SavePreference": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return tx.SavePreference(ctx, of.Card.ContactID, true, time.Now(), time.Now())
	}},
	"Tx.RetireAliases": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return nothing(tx.RetireAliases(ctx, map[contact.Alias]time.Time{phoneOf(of): time.Now()}))
	}},
	"Tx.TakeAliases": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return nothing(tx.TakeAliases(ctx, map[contact.Alias]contact.Contact{{Kind: contact.ByPhone, Value: string(of.Closed.Contact.Phone)}: of.Card.Contact}))
	}},
}
