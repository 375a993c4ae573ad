package httpapi

import (
	"context"
	"time"

	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/provision"
	"github.com/botreserva/botreserva/internal/wire"
)

// hotelOf returns the caller's hotel as it is now.
func (s *server) hotelOf(ctx context.Context, c caller) (*directory.Hotel, error) {
	return s.deps.Directory.Hotel(ctx, c.tenant)
}

func connected(h *directory.Hotel) bool {
	for _, l := range h.Lines {
		if l.AccessToken != "" {
			return true
		}
	}
	return false
}

func (s *server) getSettings(ctx context.Context, c caller, _ *struct{}) (*reply[wire.Settings], error) {
	h, err := s.hotelOf(ctx, c)
	if err != nil {
		return nil, err
	}
	return answer(wire.SettingsOf(h.Tenant, connected(h), s.deps.Clock.Now())), nil
}

type changeSettingsInput struct {
	Body struct {
		Name               *string        `json:"name,omitempty" maxLength:"100"`
		Email              *string        `json:"email,omitempty" maxLength:"254"`
		Units              *[]string      `json:"units,omitempty" maxItems:"100" doc:"All of them. One that is used cannot be left out"`
		RenameUnits        []unitRename   `json:"renameUnits,omitempty" maxItems:"100" doc:"Users and conversations follow"`
		TimeZone           *string        `json:"timeZone,omitempty" maxLength:"64" example:"America/Sao_Paulo"`
		BusinessHours      map[string]any `json:"businessHours,omitempty" doc:"The days that change: {\"monday\": {\"from\": \"08:00\", \"to\": \"18:00\"}, \"sunday\": null}"`
		BotPaused          *bool          `json:"botPaused,omitempty"`
		ForwardWhileLocked *bool          `json:"forwardWhileLocked,omitempty"`
		KeepDeliveriesDays *int           `json:"keepDeliveriesDays,omitempty" minimum:"1" maximum:"3650" doc:"Raw deliveries of Meta's are removed after so many days"`
		KeepMediaDays      *int           `json:"keepMediaDays,omitempty" minimum:"0" maximum:"3650" doc:"Files are removed so many days after they were last shown; 0: never"`
		WindowReminder     *int           `json:"windowReminderMinutes,omitempty" minimum:"0" maximum:"1380" doc:"How long before the 24-hour window closes on a guest who waits people are reminded (event window:closing); 0: never"`
	}
}

// unitRename calls a unit something else.
type unitRename struct {
	From string `json:"from" maxLength:"100"`
	To   string `json:"to" maxLength:"100"`
}

func (s *server) changeSettings(ctx context.Context, c caller, in *changeSettingsInput) (*reply[wire.Settings], error) {
	b := in.Body
	hours, err := hoursFrom(b.BusinessHours)
	if err != nil {
		return nil, err
	}
	renames := map[string]string{}
	for _, r := range b.RenameUnits {
		renames[r.From] = r.To
	}
	_, err = s.deps.Provision.Change(ctx, c.User.ID.String(), c.tenant, provision.Change{
		Name: b.Name, Email: b.Email, Units: b.Units, RenameUnits: renames, TimeZone: b.TimeZone, Hours: hours,
		BotPaused: b.BotPaused, ForwardWhileLocked: b.ForwardWhileLocked, KeepDeliveriesDays: b.KeepDeliveriesDays, KeepMediaDays: b.KeepMediaDays,
		WindowReminderMinutes: b.WindowReminder,
	})
	if err != nil {
		return nil, err
	}
	return s.getSettings(ctx, c, nil)
}

// hoursFrom reads the days that change. A day that is null is closed.
func hoursFrom(days map[string]any) (map[time.Weekday]tenant.Span, error) {
	out := map[time.Weekday]tenant.Span{}
	for name, value := range days {
		day, ok := wire.Weekday(name)
		if !ok {
			return nil, wrongField("businessHours", "Days are sunday, monday, … saturday.")
		}
		span := tenant.Span{}
		if value != nil {
			parts, _ := value.(map[string]any)
			from, _ := parts["from"].(string)
			to, _ := parts["to"].(string)
			var err error
			if span, err = tenant.ParseSpan(from, to); err != nil {
				return nil, wrongField("businessHours", tenant.ErrBadHours.Text)
			}
		}
		out[day] = span
	}
	return out, nil
}
