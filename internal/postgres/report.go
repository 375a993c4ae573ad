package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/figures"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/postgres/sqlc"
)

// ReportOutcomes sums up what became of a frame's conversations.
func (db *DB) ReportOutcomes(ctx context.Context, tenant id.Tenant, f figures.Frame) (figures.Outcomes, error) {
	r, err := db.reads(tenant).ReportOutcomes(ctx, sqlc.ReportOutcomesParams{TenantID: tenant, Since: f.From, Until: f.To, Unit: f.Unit})
	if err != nil {
		return figures.Outcomes{}, wrap(err, "report outcomes", nil)
	}
	return figures.Outcomes{
		Total: int(r.Total), Noted: int(r.Noted), Escalated: int(r.Escalated), ByPerson: int(r.ByPerson),
		EndedNoted: int(r.EndedNoted), ByBotAlone: int(r.ByBotAlone), ClosedMean: seconds(r.ClosedMean),
		ByState: map[conversation.State]int{
			conversation.BotHandling: int(r.BotHandling), conversation.Open: int(r.Open), conversation.InProgress: int(r.InProgress),
			conversation.Waiting: int(r.Waiting), conversation.Closed: int(r.Closed), conversation.Archived: int(r.Archived),
		},
		FirstReply: spread(r.ReplyCount, r.ReplyMean, r.ReplyShares),
		FirstHuman: spread(r.HumanCount, r.HumanMean, r.HumanShares),
		Close:      spread(r.CloseCount, r.CloseMean, r.CloseShares),
	}, nil
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// spread reads the shares 0.5 and 0.9.
func spread(count int32, mean float64, shares []float64) figures.Spread {
	return figures.Spread{Measured: int(count), Mean: seconds(mean), Median: seconds(shares[0]), P90: seconds(shares[1])}
}

// ReportTeam counts who was given conversations of a frame, the people there are, and
// the conversations of the equally long stretch before.
func (db *DB) ReportTeam(ctx context.Context, tenant id.Tenant, f figures.Frame) (active, everybody, previous int, err error) {
	r, err := db.reads(tenant).ReportTeam(ctx, sqlc.ReportTeamParams{TenantID: tenant, Since: f.From, Until: f.To, Before: f.Before(), Unit: f.Unit})
	return int(r.Active), int(r.Everybody), int(r.Previous), wrap(err, "report the team", nil)
}

// ReportAttendants lists who was given conversations of a frame, the busiest first.
func (db *DB) ReportAttendants(ctx context.Context, tenant id.Tenant, f figures.Frame) ([]figures.Attendant, error) {
	rows, err := db.reads(tenant).ReportAttendants(ctx, sqlc.ReportAttendantsParams{TenantID: tenant, Since: f.From, Until: f.To, Unit: f.Unit})
	out := make([]figures.Attendant, 0, len(rows))
	for _, r := range rows {
		out = append(out, figures.Attendant{
			ID: r.ID, Name: r.Name, Email: r.Email, Total: int(r.Total), Closed: int(r.Closed),
			FirstHuman: spread(r.HumanCount, r.HumanMean, r.HumanShares), Close: spread(r.CloseCount, r.CloseMean, r.CloseShares),
		})
	}
	return out, wrap(err, "report attendants", nil)
}

// ReportSlots counts a frame's beginnings by their place in the week: slots of so many
// minutes, from Sunday's midnight on. Slots without any are missing.
func (db *DB) ReportSlots(ctx context.Context, tenant id.Tenant, f figures.Frame, grain int) (map[int]int, error) {
	rows, err := db.reads(tenant).ReportSlots(ctx, sqlc.ReportSlotsParams{
		TenantID: tenant, Since: f.From, Until: f.To, Unit: f.Unit, Zone: f.Zone.String(), Grain: int32(grain),
	})
	out := make(map[int]int, len(rows))
	for _, r := range rows {
		out[int(r.Slot)] = int(r.Total)
	}
	return out, wrap(err, "report hours", nil)
}

// bounds are the business hours as two columns.
func bounds(f figures.Frame) (opens, closes []int32) {
	for _, day := range f.Hours {
		opens, closes = append(opens, int32(day.From)), append(closes, int32(day.To))
	}
	return opens, closes
}

// ReportOutsideHours lists conversations of a frame that began outside of business
// hours, the newest first.
func (db *DB) ReportOutsideHours(ctx context.Context, tenant id.Tenant, f figures.Frame, limit, offset int) ([]conversation.Card, error) {
	opens, closes := bounds(f)
	ids, err := db.reads(tenant).ReportOutsideHours(ctx, sqlc.ReportOutsideHoursParams{
		TenantID: tenant, Since: f.From, Until: f.To, Unit: f.Unit, Zone: f.Zone.String(), Opens: opens, Closes: closes,
		Enough: int32(limit + offset), Most: int32(limit), Skip: int32(offset),
	})
	if err != nil || len(ids) == 0 {
		return nil, wrap(err, "report outside hours", nil)
	}
	rows, err := db.reads(tenant).CardsGet(ctx, sqlc.CardsGetParams{TenantID: tenant, Ids: plain(ids)})
	if err != nil {
		return nil, wrap(err, "report outside hours", nil)
	}
	cards, err := cardNouns(rows)
	if err != nil {
		return nil, err
	}
	byID := make(map[uuid.UUID]conversation.Card, len(cards))
	for _, c := range cards {
		byID[c.ID.UUID] = c
	}
	out := make([]conversation.Card, 0, len(ids))
	for _, one := range ids {
		if c, ok := byID[one.UUID]; ok { // it may have been deleted meanwhile
			out = append(out, c)
		}
	}
	return out, nil
}

// ReportUnits compares the units, the busiest first.
func (db *DB) ReportUnits(ctx context.Context, tenant id.Tenant, f figures.Frame) ([]figures.Unit, error) {
	rows, err := db.reads(tenant).ReportUnits(ctx, sqlc.ReportUnitsParams{TenantID: tenant, Since: f.From, Until: f.To, Unit: f.Unit})
	out := make([]figures.Unit, 0, len(rows))
	for _, r := range rows {
		out = append(out, figures.Unit{Name: r.Unit, Outcomes: figures.Outcomes{
			Total: int(r.Total), ByState: map[conversation.State]int{conversation.Closed: int(r.Closed)},
			Noted: int(r.Noted), Escalated: int(r.Escalated), EndedNoted: int(r.EndedNoted), ByBotAlone: int(r.ByBotAlone),
			FirstReply: spread(r.ReplyCount, r.ReplyMean, r.ReplyShares),
			FirstHuman: spread(r.HumanCount, r.HumanMean, r.HumanShares),
			Close:      spread(r.CloseCount, r.CloseMean, r.CloseShares),
		}})
	}
	return out, wrap(err, "report units", nil)
}

// ReportDays tells a frame day by day, by date. Days without a conversation are
// missing.
func (db *DB) ReportDays(ctx context.Context, tenant id.Tenant, f figures.Frame) (map[string]figures.Day, error) {
	rows, err := db.reads(tenant).ReportDays(ctx, sqlc.ReportDaysParams{TenantID: tenant, Since: f.From, Until: f.To, Unit: f.Unit, Zone: f.Zone.String()})
	out := make(map[string]figures.Day, len(rows))
	for _, r := range rows {
		date := r.Day.Time.Format(time.DateOnly)
		out[date] = figures.Day{
			Date: date, Total: int(r.Total), Closed: int(r.Closed), Escalated: int(r.Escalated), ByBotAlone: int(r.ByBotAlone),
			FirstReply: figures.Spread{Measured: int(r.ReplyCount), Mean: seconds(r.ReplyMean)},
			FirstHuman: figures.Spread{Measured: int(r.HumanCount), Mean: seconds(r.HumanMean)},
		}
	}
	return out, wrap(err, "report days", nil)
}

// ReportReasons counts why the bot called for a person, the most frequent reason first.
func (db *DB) ReportReasons(ctx context.Context, tenant id.Tenant, f figures.Frame) ([]figures.Reason, error) {
	rows, err := db.reads(tenant).ReportReasons(ctx, sqlc.ReportReasonsParams{TenantID: tenant, Since: f.From, Until: f.To, Unit: f.Unit})
	out := make([]figures.Reason, 0, len(rows))
	for _, r := range rows {
		out = append(out, figures.Reason{Name: r.Reason, Count: int(r.Total)})
	}
	return out, wrap(err, "report reasons", nil)
}
