package wire

import (
	"encoding/json"

	"github.com/google/uuid"
)

// AuditLog is a line of the audit log as lists show it.
type AuditLog struct {
	ID        string  `json:"id"`
	TenantID  *string `json:"tenantId"`
	UserID    *string `json:"userId"`
	Actor     string  `json:"actor" doc:"A user's id, bot or system"`
	Action    string  `json:"action"`
	Entity    string  `json:"entity"`
	EntityID  *string `json:"entityId"`
	Metadata  any     `json:"metadata"`
	IP        *string `json:"ip"`
	RequestID *string `json:"requestId"`
	CreatedAt Time    `json:"createdAt"`
	User      *Named  `json:"user" doc:"Null for the bot and the system; the name is empty for users who are gone"`
}

// AuditLogInFull is a line of the audit log by itself.
type AuditLogInFull struct {
	AuditLog
	OldData any `json:"oldData"`
	NewData any `json:"newData"`
}

// ByUser returns who stands behind the actor of an entry, if that is a user.
func ByUser(actor string, names map[uuid.UUID]string) (userID *string, user *Named) {
	known, err := uuid.Parse(actor)
	if err != nil {
		return nil, nil
	}
	return &actor, &Named{ID: actor, Name: names[known]}
}

// RawOrNull writes JSON as it is stored; nothing is null.
func RawOrNull(raw json.RawMessage) any {
	if len(raw) == 0 {
		return nil
	}
	return raw
}
