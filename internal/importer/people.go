package importer

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/original"
)

// users moves those who log in. Their passwords are hashed as ours.
func (m *moving) users(ctx context.Context) error {
	return walk(ctx, m, original.Users, postgres.ImportAccounts, func(u original.User) (postgres.ImportRow, error) {
		email, err := user.ParseEmail(u.Email)
		if err != nil {
			return postgres.ImportRow{}, skipped("its e-mail address is none")
		}
		role := user.Role(u.Role)
		switch {
		case !role.IsKnown():
			return postgres.ImportRow{}, skipped("its role is not known")
		case (role == user.SuperAdmin) != m.of.ID.IsZero():
			return postgres.ImportRow{}, skipped("a super admin belongs to no hotel, and everybody else to one")
		}
		if !strings.HasPrefix(u.Password, "$2") {
			m.changed("password is not hashed with bcrypt: cannot log in until it is set anew")
			u.Password = "!"
		}
		return m.row(u.ID, map[string]any{
			"email": email, "password_hash": u.Password, "name": strings.TrimSpace(u.Name), "role": role, "status": u.Status, "unit": m.unit(u.HotelUnit),
			"avatar_url": u.AvatarURL, "created_at": or(u.CreatedAt, m.now), "updated_at": or(u.UpdatedAt, m.now), "last_login": at(u.LastLogin),
		})
	})
}

// whatsapp is the channel of guests who can be answered here.
const whatsapp = "WHATSAPP"

func isWhatsApp(channel string) bool { return channel == "" || channel == whatsapp }

// contacts moves the guests. Those of other channels stay, for what was said: they have
// no number.
func (m *moving) contacts(ctx context.Context) error {
	return walk(ctx, m, original.Contacts, postgres.ImportContacts, func(c original.Contact) (postgres.ImportRow, error) {
		notes, phone := object(c.Metadata), c.PhoneNumber
		if isWhatsApp(c.Channel) && phone == "" {
			phone = c.ExternalID
		}
		if !isWhatsApp(c.Channel) {
			m.changed("guest of another channel: kept without a number")
			phone, notes = "", with(with(notes, "channel", c.Channel), "externalId", c.ExternalID)
		}
		known := contact.Canonical(phone)
		address := ""
		if known != "" {
			address = digits(phone)
		} else if phone != "" {
			m.changed("phone number cannot be used: kept with the guest's notes")
			notes = with(notes, "phoneNumber", phone)
		}
		return m.row(c.ID, map[string]any{
			"phone": known, "wa_id": address, "name": strings.TrimSpace(c.Name), "email": c.Email, "avatar_url": c.ProfilePictureURL,
			"first_name": c.FirstName, "last_name": c.LastName, "company_name": c.CompanyName, "designation": c.Designation,
			"metadata": orNull(notes), "created_at": or(c.CreatedAt, m.now), "updated_at": or(c.UpdatedAt, m.now),
		})
	})
}

// digits is the address to reply to: the number as Meta wrote it.
func digits(text string) string {
	return strings.TrimPrefix(strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, text), "00")
}

func with(o map[string]json.RawMessage, name, value string) map[string]json.RawMessage {
	if o == nil {
		o = map[string]json.RawMessage{}
	}
	text, _ := json.Marshal(value) // a string always can be written
	o[name] = text
	return o
}
