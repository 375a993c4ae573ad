package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/quickreply"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/domain/user"
)

// ErrRepeated is returned when a row that may exist only once exists already, or when
// its guest has become another's since; the caller is expected to know what that means,
// or looks again.
var ErrRepeated = errors.New("row exists already")

// SQLSTATE codes, PostgreSQL 16 appendix A.
const (
	uniqueViolation     = "23505"
	foreignKeyViolation = "23503"
	serializationFailed = "40001"
	deadlockDetected    = "40P01"
	mayNot              = "42501"
)

// refusals says what a violated constraint means to a person.
var refusals = map[string]error{
	"tenant_slug_key":                         tenant.ErrSlugTaken,
	"whatsapp_number_phone_number_id_key":     tenant.ErrNumber,
	"account_email":                           user.ErrEmailTaken,
	"message_client_once":                     ErrRepeated,
	"scheduled_client_once":                   ErrRepeated,
	"message_once":                            ErrRepeated,
	"conversation_one_active":                 ErrRepeated,
	"contact_alias_pkey":                      ErrRepeated,
	"contact_erased":                          ErrRepeated, // they are somebody new now
	"conversation_tenant_id_contact_id_fkey":  ErrRepeated, // the guest has just been merged into another
	"contact_alias_tenant_id_contact_id_fkey": ErrRepeated,
	"conversation_tenant_id_assigned_to_fkey": user.ErrNotFound,
	"tag_tenant_id_name_key":                  conversation.ErrTagTaken,
	"quick_reply_shortcut":                    quickreply.ErrTaken,
}

// wrap says what was tried and translates what the database answered: a missing row
// becomes notFound, a violated constraint the refusal it stands for.
func wrap(err error, tried string, notFound error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, pgx.ErrNoRows) && notFound != nil {
		return notFound
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) && (pg.Code == uniqueViolation || pg.Code == foreignKeyViolation) {
		if refusal, known := refusals[pg.ConstraintName]; known {
			return fmt.Errorf("%s: %w (%s)", tried, refusal, pg.ConstraintName)
		}
	}
	if IsUnavailable(err) {
		return fault.ErrUnavailable.Because(fmt.Errorf("%s: %w", tried, err))
	}
	return fmt.Errorf("%s: %w", tried, err)
}

// IsUnavailable reports whether the database could not be reached, went away, or is
// shutting down or starting: trying again later may help. A transaction that was cut
// off while it committed may have been kept.
func IsUnavailable(err error) bool {
	var connect *pgconn.ConnectError
	var pg *pgconn.PgError
	switch {
	case errors.As(err, &connect):
		return true
	case errors.As(err, &pg):
		class := pg.Code[:2]
		return class == "57" || class == "08" || class == "53"
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return false // the caller gave up, not the database
	default:
		return pgconn.SafeToRetry(err) || isCutOff(err)
	}
}

// isCutOff reports whether a connection ended while the database owed an answer: its
// process was killed, or the network between us failed.
func isCutOff(err error) bool {
	var network *net.OpError
	return errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) || errors.As(err, &network)
}

// IsRaceLost reports whether a transaction failed only because another one ran at
// the same time.
func IsRaceLost(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == serializationFailed || pg.Code == deadlockDetected)
}
