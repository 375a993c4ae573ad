package postgres_test

import (
	"context"
	"maps"
	"time"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/escalation"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/postgres"
)

// plumbing lists the methods that are not asked as one tenant on rows, each with the
// reason.
var plumbing = map[string]string{
	"DB.SystemImport":      "an import makes tenants, and people are unique on the platform",
	"DB.InTx":              "runs what Tx offers, each method of which has a row",
	"DB.Insist":            "is InTx, again and again",
	"DB.OnCommit":          "set-up; touches no row",
	"DB.Close":             "touches no row",
	"DB.Ping":              "touches no row",
	"DB.Instance":          "touches no row",
	"Tx.Outdate":           "touches no row",
	"DB.ForgetSubscribers": "touches no row",
	"Tx.Emit":              "touches no row; TestCommit proves that the tenant is the transaction's own",

	"DB.LaneTenants": "tells workers which tenants have work, nothing else of them",

	"DB.SystemInsertTenant":         "makes the tenant",
	"DB.SystemTenantPage":           "the operator's list",
	"DB.SystemTenantCounts":         "the operator's list",
	"DB.SystemTenantActivity":       "the operator's figures of one tenant",
	"DB.SystemDropFiles":            "the operator's; every statement is bound to the one tenant",
	"DB.SystemDeleteTenant":         "the operator's; every statement is bound to the one tenant",
	"DB.SystemSealedValues":         "rotation of the platform's encryption key",
	"DB.SystemReseal":               "rotation of the platform's encryption key",
	"DB.SystemChangeTenant":         "settings of one tenant, whose id every statement is bound to",
	"DB.SystemTenants":              "the operator's list",
	"DB.SystemTenantBySlug":         "log-in and keys name the tenant by its slug",
	"DB.SystemTenantByID":           "asked with the tenant of a token",
	"DB.SystemNumber":               "tells whose a delivery is, before anything is trusted",
	"DB.SystemInsertAccount":        "the super admin has no tenant",
	"DB.SystemAccountByEmail":       "log-in: the e-mail tells the tenant",
	"DB.SystemAccount":              "asked with the user of a token, before the tenant is known",
	"DB.SystemOpenSession":          "log-ins belong to accounts",
	"DB.SystemRotate":               "log-ins belong to accounts",
	"DB.SystemEndSession":           "log-ins belong to accounts",
	"DB.SystemSessionIsLive":        "log-ins belong to accounts",
	"DB.SystemAPIKeyHashes":         "checks a flow's key, before the tenant is trusted",
	"DB.SystemStoreDeliveries":      "one commit for deliveries of many tenants",
	"DB.SystemUnclaimed":            "deliveries without a tenant",
	"DB.SystemNumbersWithUnclaimed": "deliveries without a tenant, of all tenants' numbers",
	"DB.SystemClaim":                "gives deliveries without a tenant to one",
	"DB.SystemDeliveryFates":        "the operator's figures",
	"DB.SystemPrepareDays":          "makes partitions",
	"DB.SystemFreeLanes":            "start of the sole instance",
	"DB.SystemBacklog":              "what waits, for those who watch the platform",
	"DB.SystemConnections":          "figures of the pools; no rows",
	"DB.SystemPurge":                "upkeep of the platform",
	"DB.SystemDeliveryDays":         "names of partitions",
	"DB.SystemDropDay":              "upkeep of the platform; a day has deliveries of all",
	"DB.SystemAgeDeliveries":        "upkeep of the platform; nobody else may delete without being asked",
	"DB.SystemAgeMedia":             "upkeep of the platform, see SystemAgeDeliveries",
	"DB.SystemNoteRetention":        "upkeep of the platform; each count goes to the log of its tenant",
	"DB.SystemRemoveLeftovers":      "upkeep of the platform; a key names its tenant",
	"DB.SystemScheduledDue":         "finds what all tenants' people scheduled for now; their own tenants' transactions send it",
	"DB.SystemUnheard":              "whoever gives guests to people whom bots do not hear asks for all hotels",
	"DB.SystemHandBackDue":          "whoever gives idle guests back to bots asks for all hotels",
	"DB.SystemWindowsClosing":       "finds tenants with guests of whom people are to be reminded; their own transactions tell them",
	"DB.SystemChangesWaiting":       "finds changes of all tenants' messages that wait; their own tenants' transactions show them",
	"DB.SystemTenantsOfWABA":        "tells whose news about an account is, before anything is trusted",
	"DB.SystemFreeLanesOf":          "leases of a process that died, whatever the tenant",
	"DB.SystemLeaseholders":         "names of processes",
	"DB.SystemStandings":            "asked with the users of tokens; its answer is a sum, not a row",
	"DB.SystemJoin":                 "locks, no row",
	"DB.SystemPresent":              "locks, no row",
	"DB.SystemIdentity":             "touches no row",
}

func init() { maps.Copy(attempts, tenantAttempts) }

func nothing(err error) (any, error) { return nil, err }

// attempts has a row for every method that a tenant's work may call.
var attempts = map[string]attempt{
	"DB.Card": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, of furnished) (any, error) {
		return db.Card(ctx, as, of.Card.ID)
	}},
	"DB.Cards": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, _ furnished) (any, error) {
		return db.Cards(ctx, as, postgres.CardFilter{Scope: user.Scope{All: true}, Limit: 100})
	}},
	"DB.Message": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, of furnished) (any, error) {
		return db.Message(ctx, as, of.In.ID)
	}},
	"DB.LatestInbound": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, of furnished) (any, error) {
		return db.LatestInbound(ctx, as, of.Card.ID)
	}},
	"DB.MessageByWAMID": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, of furnished) (any, error) {
		return db.MessageByWAMID(ctx, as, of.In.WAMID)
	}},
	"DB.Messages": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, of furnished) (any, error) {
		messages, n, err := db.Messages(ctx, as, of.Card.ID, 100, 0)
		return []any{messages, n}, err
	}},
	"DB.Spoken": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, of furnished) (any, error) {
		return db.Spoken(ctx, as, of.In.ID, of.Out.ID)
	}},
	"DB.LockOf": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, of furnished) (any, error) {
		locked, conversationID, err := db.LockOf(ctx, as, phoneOf(of))
		return []any{locked, conversationID}, err
	}},
	"DB.Numbers": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, _ furnished) (any, error) {
		return db.Numbers(ctx, as)
	}},
	"DB.ClaimLanes": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, _ furnished) (any, error) {
		return db.ClaimLanes(ctx, as, lane.Inbox, 100)
	}},
	"DB.DeadLetters": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, of furnished) (any, error) {
		return db.DeadLetters(ctx, as, of.Letter.Kind, 100)
	}},

	"Tx.ContactsByAlias": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		found, err := tx.ContactsByAlias(ctx, []contact.Alias{phoneOf(of)})
		return found, err
	}},
	"Tx.InsertContacts": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return nothing(tx.InsertContacts(ctx, time.Now(), of.Card.Contact))
	}},
	"Tx.SaveContacts": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		c := of.Card.Contact
		c.Name = "Mallory"
		return nothing(tx.SaveContacts(ctx, time.Now(), c))
	}},
	"Tx.InsertAliases": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return nothing(tx.InsertAliases(ctx, map[contact.Alias]contact.Contact{{Kind: contact.ByBSUID, Value: "BR.9"}: of.Card.Contact}))
	}},
	"Tx.ActiveCards": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return tx.ActiveCards(ctx, of.Card.ContactID)
	}},
	"Tx.Cards": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return tx.Cards(ctx, of.Card.ID, of.Closed.ID)
	}},
	"Tx.LatestConversation": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return tx.LatestConversation(ctx, of.Card.ContactID)
	}},
	"Tx.PendingEscalation": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return tx.PendingEscalation(ctx, of.Card.ID)
	}},
	"Tx.BeginTurn": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return tx.BeginTurn(ctx, of.Card.ID, 1, true)
	}},
	"Tx.LockCard": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return tx.LockCard(ctx, of.Card.ID)
	}},
	"Tx.LastUnits": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return tx.LastUnits(ctx, of.Card.ContactID)
	}},
	"Tx.InsertConversations": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		c := of.Closed.Conversation
		c.ID = id.NewConversation()
		return nothing(tx.InsertConversations(ctx, c))
	}},
	"Tx.SaveConversations": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return nothing(tx.SaveConversations(ctx, of.Card.Unlock(time.Now())))
	}},
	"Tx.SetTags": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return nothing(tx.SetTags(ctx, of.Card.ID, nil))
	}},
	"Tx.InsertEscalation": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return nothing(tx.InsertEscalation(ctx, escalation.Escalation{
			ID: id.NewEscalation(), ConversationID: of.Card.ID, Reason: escalation.Other, State: escalation.Pending, CreatedAt: time.Now(),
		}))
	}},
	"Tx.Colleague": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return tx.Colleague(ctx, of.Ana.ID)
	}},
	"Tx.RotateAPIKey": {inTx: func(ctx context.Context, tx *postgres.Tx, _ furnished) (any, error) {
		return nothing(tx.RotateAPIKey(ctx, []byte("new"), time.Now()))
	}},
	"Tx.Audit": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return nothing(tx.Audit(ctx, postgres.Entry{Actor: "bot", Action: "x", Entity: "tenant", EntityID: of.ID.String(), At: time.Now()}))
	}},

	"Tx.KnownMessages": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return tx.KnownMessages(ctx, []postgres.Received{receivedOf(of)})
	}},
	"Tx.InsertMessages": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return nothing(tx.InsertMessages(ctx, time.Now(), another(of.In)))
	}},
	"Tx.MessagesOfStatuses": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return tx.MessagesOfStatuses(ctx, []postgres.Received{receivedOf(of)}, []id.Message{of.Out.ID})
	}},
	"Tx.SaveStatuses": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		m := of.Out
		m.Status = message.Failed
		return nothing(tx.SaveStatuses(ctx, m))
	}},
	"Tx.LockMessage": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return tx.LockMessage(ctx, of.Out.ID)
	}},
	"Tx.MessageByClientID": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return tx.MessageByClientID(ctx, of.Out.ClientID)
	}},
	"Tx.BeginAttempt": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return nothing(tx.BeginAttempt(ctx, of.Out.ID, time.Now()))
	}},
	"Tx.CancelAttempt": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return nothing(tx.CancelAttempt(ctx, of.Out.ID))
	}},
	"Tx.MarkRead": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return tx.MarkRead(ctx, of.Card.ID)
	}},
	"Tx.ParkStatuses": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		p := of.Parked
		p.Status = message.Read
		return nothing(tx.ParkStatuses(ctx, []postgres.Parked{p}))
	}},
	"Tx.TakeParked": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return tx.TakeParked(ctx, of.Parked.Received)
	}},

	"Tx.Enqueue": {inTx: func(_ context.Context, tx *postgres.Tx, _ furnished) (any, error) {
		tx.Enqueue(lane.Inbox, lane.New{Key: busyKey, Payload: []byte("x")})
		return nil, nil
	}},
	"Tx.ReleaseLanes": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return nothing(tx.ReleaseLanes(ctx, of.Leased.Finished()))
	}},
	"Tx.WakeLane": {inTx: func(ctx context.Context, tx *postgres.Tx, _ furnished) (any, error) {
		return nothing(tx.WakeLane(ctx, lane.Handoff, waitingKey))
	}},
	"Tx.WakeAllLanes": {inTx: func(ctx context.Context, tx *postgres.Tx, _ furnished) (any, error) {
		return nothing(tx.WakeAllLanes(ctx, lane.Handoff))
	}},
	"Tx.Bury": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return nothing(tx.Bury(ctx, of.Leased, of.Leased.Items[0], "hopeless", "It cannot be done."))
	}},
	"Tx.Unbury": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return nothing(tx.Unbury(ctx, of.Letter.ID))
	}},
}

func phoneOf(h furnished) contact.Alias {
	return contact.Alias{Kind: contact.ByPhone, Value: string(h.Card.Contact.Phone)}
}

func receivedOf(h furnished) postgres.Received {
	return postgres.Received{Number: h.In.NumberID, WAMID: h.In.WAMID}
}
