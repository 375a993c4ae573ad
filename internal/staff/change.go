package staff

import (
	"context"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/stale"
)

// Changes is what managers may change about somebody. Nil fields stay.
type Changes struct {
	Email, Name, Password, Unit, AvatarURL *string
	Role                                   *user.Role
	Status                                 *user.Status
}

// Change changes somebody of a hotel's team. A new password, and a suspension, end all of
// their log-ins. The refusals are those of Add, ErrSelf, ErrOwnPassword and
// ErrLastManager.
func (t *Staff) Change(ctx context.Context, hotel id.Tenant, by user.User, who id.User, c Changes) (user.User, error) {
	var hash string
	if c.Password != nil {
		if who == by.ID {
			return user.User{}, ErrOwnPassword
		}
		var err error
		if hash, err = t.auth.Hash(ctx, *c.Password); err != nil {
			return user.User{}, err
		}
	}
	var after user.User
	err := t.db.InTx(ctx, hotel, func(tx *postgres.Tx) error {
		place, err := tx.LockTeam(ctx)
		if err != nil {
			return err
		}
		before, err := tx.LockUser(ctx, who)
		if err != nil {
			return err
		}
		if after, err = c.apply(place, by, before); err != nil {
			return err
		}
		if err := check(ctx, tx, place, before, after); err != nil {
			return err
		}
		return t.save(ctx, tx, by, before, &after, hash)
	})
	t.auth.Forget(stale.User(who))
	return after, err
}

// apply makes the changes on paper.
func (c Changes) apply(hotel tenant.Tenant, by, u user.User) (user.User, error) {
	after := u
	set(&after.Email, c.Email)
	set(&after.Name, c.Name)
	set(&after.AvatarURL, c.AvatarURL)
	set(&after.Role, c.Role)
	set(&after.Status, c.Status)
	set(&after.Unit, c.Unit)
	if err := parse(&after); err != nil {
		return u, err
	}
	if u.ID == by.ID && (after.Role != u.Role || after.Status != u.Status) {
		return u, ErrSelf
	}
	if after.Role != u.Role {
		if err := mayGrant(by, after.Role); err != nil {
			return u, err
		}
	}
	if c.Role == nil && c.Unit == nil {
		return after, nil // whoever was there before the rule stays as they are
	}
	unit, err := user.Place(hotel, after.Role, after.Unit)
	after.Unit = unit
	return after, err
}

func set[T any](field *T, value *T) {
	if value != nil {
		*field = *value
	}
}

// check asks the others of the team.
func check(ctx context.Context, tx *postgres.Tx, hotel tenant.Tenant, before, after user.User) error {
	if after.Role != user.TenantAdmin || after.Status != user.Active {
		if err := spare(ctx, tx, before); err != nil {
			return err
		}
	}
	returns := after.Status == user.Active && before.Status != user.Active
	if !returns {
		hotel.Limits.Users = 0 // they are in already, or no longer
	}
	if !returns && after.Email == before.Email {
		return nil
	}
	return admit(ctx, tx, hotel, after)
}

// save stores what changed; if nothing did, it leaves no trace.
func (t *Staff) save(ctx context.Context, tx *postgres.Tx, by, before user.User, after *user.User, hash string) error {
	was, is := user.Difference(before, *after)
	if len(is) == 0 && hash == "" {
		return nil
	}
	after.UpdatedAt = t.clock.Now()
	if err := tx.SaveUser(ctx, *after); err != nil {
		return err
	}
	if hash != "" {
		is["password"] = "changed"
		if err := tx.SetPassword(ctx, after.ID, hash); err != nil {
			return err
		}
	}
	if hash != "" || after.Status != user.Active {
		if err := tx.EndSessions(ctx, after.ID); err != nil {
			return err
		}
	}
	tx.Outdate(stale.User(after.ID))
	return tx.Audit(ctx, entry("UPDATE_USER", by, after.ID, was, is, after.UpdatedAt))
}
