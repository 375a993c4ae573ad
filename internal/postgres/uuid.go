package postgres

import (
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgtype"
)

// sendUUIDsAsBytes teaches a connection to take uuid.UUID as the 16 bytes that it is.
// pgx would ask its database/sql interface first and send text, which was a tenth of
// the work on a message.
func sendUUIDsAsBytes(m *pgtype.Map) {
	m.TryWrapEncodePlanFuncs = append([]pgtype.TryWrapEncodePlanFunc{wrapUUID}, m.TryWrapEncodePlanFuncs...)
}

func wrapUUID(value any) (pgtype.WrappedEncodePlanNextSetter, any, bool) {
	if u, ok := value.(uuid.UUID); ok {
		return &uuidPlan{}, uuidValue(u), true
	}
	return nil, nil, false
}

type uuidPlan struct{ next pgtype.EncodePlan }

// SetNext implements pgtype.WrappedEncodePlanNextSetter.
func (p *uuidPlan) SetNext(next pgtype.EncodePlan) { p.next = next }

// Encode implements pgtype.EncodePlan.
func (p *uuidPlan) Encode(value any, buf []byte) ([]byte, error) {
	u, _ := value.(uuid.UUID) // what wrapUUID accepted
	return p.next.Encode(uuidValue(u), buf)
}

// uuidValue implements pgtype.UUIDValuer.
type uuidValue uuid.UUID

// UUIDValue implements pgtype.UUIDValuer.
func (u uuidValue) UUIDValue() (pgtype.UUID, error) { return pgtype.UUID{Bytes: u, Valid: true}, nil }
