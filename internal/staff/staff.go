// Package staff is the people of a hotel as their managers change them: who is added, what
// they may do, who is suspended or removed. What people change about themselves, and how
// they log in, is package auth's; setting up a hotel with its first manager is package
// provision's.
package staff

import (
	"context"
	"time"

	"github.com/botreserva/botreserva/internal/auth"
	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/stale"
)

// Refusals.
var (
	ErrGrant       = fault.New(fault.Forbidden, "role_not_grantable", "Nobody gives a role that stands above their own.")
	ErrSelf        = fault.New(fault.Invalid, "own_account", "You cannot suspend or remove yourself, or give yourself another role: ask a colleague who manages the hotel.")
	ErrOwnPassword = fault.New(fault.Invalid, "own_password", "Change your own password under your profile, where the present one is asked for.")
	ErrOwnFactor   = fault.New(fault.Invalid, "own_second_factor", "Switch your own second factor off under your profile, where a code or your password is asked for.")
	ErrLastManager = fault.New(fault.Conflict, "last_manager", "This is the hotel's only active administrator: name another one first.")
	ErrAtWork      = fault.New(fault.Invalid, "user_has_conversations", "Conversations that go on are assigned to this person: give them to somebody else first.")
	// ErrEmailOurs is user.ErrEmailTaken when it is somebody of the same hotel.
	ErrEmailOurs = fault.New(fault.Invalid, user.ErrEmailTaken.Code, "Somebody of your team already logs in with this e-mail address.")
)

// Staff changes the people of hotels.
type Staff struct {
	db    *postgres.DB
	auth  *auth.Service
	clock clock.Clock
}

// New makes the staff of all hotels.
func New(db *postgres.DB, a *auth.Service, c clock.Clock) *Staff {
	return &Staff{db: db, auth: a, clock: c}
}

// Newcomer is somebody who is added.
type Newcomer struct {
	Email, Name, Password string
	Role                  user.Role
	Unit                  string
	AvatarURL             string
}

// Add adds somebody to a hotel's team. The refusals are those of user's Parse functions
// and Place, ErrGrant, user.ErrEmailTaken or ErrEmailOurs, and tenant.ErrPlanLimit.
func (t *Staff) Add(ctx context.Context, hotel id.Tenant, by user.User, n Newcomer) (user.User, error) {
	u := user.User{
		ID: id.NewUser(), TenantID: hotel, Email: n.Email, Name: n.Name, Role: n.Role, Status: user.Active, Unit: n.Unit, AvatarURL: n.AvatarURL,
	}
	if err := parse(&u); err != nil {
		return u, err
	}
	if err := mayGrant(by, u.Role); err != nil {
		return u, err
	}
	hash, err := t.auth.Hash(ctx, n.Password)
	if err != nil {
		return u, err
	}
	err = t.db.InTx(ctx, hotel, func(tx *postgres.Tx) error {
		place, err := tx.LockTeam(ctx)
		if err != nil {
			return err
		}
		if u.Unit, err = user.Place(place, u.Role, n.Unit); err != nil {
			return err
		}
		if err := admit(ctx, tx, place, u); err != nil {
			return err
		}
		u.CreatedAt, u.UpdatedAt = t.clock.Now(), t.clock.Now()
		if err := tx.InsertUser(ctx, u, hash); err != nil {
			return err
		}
		_, is := user.Difference(user.User{}, u)
		return tx.Audit(ctx, entry("CREATE_USER", by, u.ID, nil, is, u.CreatedAt))
	})
	return u, err
}

// parse checks what is said about somebody, and writes it as it is kept.
func parse(u *user.User) (err error) {
	if u.Name, err = user.ParseName(u.Name); err != nil {
		return err
	}
	if u.Email, err = user.ParseEmail(u.Email); err != nil {
		return err
	}
	u.AvatarURL, err = user.ParseAvatar(u.AvatarURL)
	return err
}

// mayGrant reports whether somebody may give a role of a hotel's. A super admin belongs
// to no hotel, so not even another one makes one here.
func mayGrant(by user.User, role user.Role) error {
	switch {
	case !role.IsKnown(), role == user.SuperAdmin && by.Role == user.SuperAdmin:
		return user.ErrBadRole
	case !by.Role.MayGrant(role):
		return ErrGrant
	default:
		return nil
	}
}

// admit checks that there is room for somebody who will be active, with an e-mail address
// that nobody has.
func admit(ctx context.Context, tx *postgres.Tx, hotel tenant.Tenant, u user.User) error {
	taken, err := tx.HasEmail(ctx, u.Email, u.ID)
	if err != nil {
		return err
	}
	if taken {
		return ErrEmailOurs
	}
	if hotel.Limits.Users == 0 {
		return nil
	}
	others, _, err := tx.Team(ctx, u.ID)
	if err == nil && others >= hotel.Limits.Users {
		return tenant.ErrPlanLimit
	}
	return err
}

func entry(action string, by user.User, about id.User, was, is map[string]any, now time.Time) postgres.Entry {
	e := postgres.Entry{Actor: by.ID.String(), Action: action, Entity: "user", EntityID: about.String(), At: now}
	if was != nil {
		e.Before = was
	}
	if is != nil {
		e.After = is
	}
	return e
}

// Remove takes somebody off a hotel's team, for good. What they wrote keeps their name.
func (t *Staff) Remove(ctx context.Context, hotel id.Tenant, by user.User, who id.User) error {
	err := t.db.InTx(ctx, hotel, func(tx *postgres.Tx) error {
		if _, err := tx.LockTeam(ctx); err != nil {
			return err
		}
		u, err := tx.LockUser(ctx, who)
		if err != nil {
			return err
		}
		if u.ID == by.ID {
			return ErrSelf
		}
		if err := spare(ctx, tx, u); err != nil {
			return err
		}
		if n, err := tx.ActiveConversationsOf(ctx, who); err != nil || n > 0 {
			return first(err, ErrAtWork)
		}
		now := t.clock.Now()
		if err := tx.RemoveUser(ctx, who, now); err != nil {
			return err
		}
		tx.Outdate(stale.User(who))
		was, _ := user.Difference(u, user.User{})
		return tx.Audit(ctx, entry("DELETE_USER", by, who, was, nil, now))
	})
	t.auth.Forget(stale.User(who))
	return err
}

// EndSecondFactor lets somebody in again who has lost the telephone and the recovery
// codes: the password alone opens, until they set another up.
func (t *Staff) EndSecondFactor(ctx context.Context, hotel id.Tenant, by user.User, who id.User) error {
	m, err := t.db.User(ctx, hotel, who)
	if err != nil {
		return err
	}
	if who == by.ID {
		return ErrOwnFactor
	}
	return t.db.SystemEndSecondFactor(ctx, m.User, entry("TOTP_DISABLED", by, who, nil, nil, t.clock.Now()))
}

// spare refuses to lose the hotel's last active manager.
func spare(ctx context.Context, tx *postgres.Tx, u user.User) error {
	if u.Role != user.TenantAdmin || u.Status != user.Active {
		return nil
	}
	_, managers, err := tx.Team(ctx, u.ID)
	if err == nil && managers == 0 {
		return ErrLastManager
	}
	return err
}

func first(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}
