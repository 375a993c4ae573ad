package httpapi

import (
	"fmt"
	"time"

	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/figures"
	"github.com/botreserva/botreserva/internal/sheet"
	"github.com/botreserva/botreserva/internal/wire"
)

type attendantShape struct {
	ID                 string      `json:"id"`
	Name               string      `json:"name"`
	Email              string      `json:"email"`
	ConversationsCount int         `json:"conversationsCount" doc:"Given to them, of this stretch"`
	SatisfactionRate   int         `json:"satisfactionRate" doc:"The original's name for resolutionRate; nobody asked guests"`
	ResolutionRate     int         `json:"resolutionRate" doc:"Percent of theirs that are closed"`
	TimeToFirstHuman   spreadShape `json:"timeToFirstHumanAnswer"`
	TimeToClose        spreadShape `json:"timeToClose"`
}

type attendantsReport struct {
	FrameShape
	Attendants []attendantShape `json:"attendants" nullable:"false" doc:"The busiest first"`
}

func attendantsOf(f figures.Frame, people []figures.Attendant) attendantsReport {
	out := attendantsReport{FrameShape: frameShape(f), Attendants: []attendantShape{}}
	for _, a := range people {
		rate := figures.Share{Count: a.Closed, Of: a.Total}.Whole()
		out.Attendants = append(out.Attendants, attendantShape{
			ID: a.ID.String(), Name: a.Name, Email: a.Email, ConversationsCount: a.Total, SatisfactionRate: rate, ResolutionRate: rate,
			TimeToFirstHuman: spreadOf(a.FirstHuman), TimeToClose: spreadOf(a.Close),
		})
	}
	return out
}

func (r attendantsReport) table() sheet.Table {
	t := sheet.Table{Header: []string{
		"Nome", "E-mail", "Conversas", "Encerradas (%)", "Resposta de uma pessoa: média (s)", "mediana (s)", "90% até (s)",
		"Encerramento: média (s)", "mediana (s)", "90% até (s)",
	}}
	for _, a := range r.Attendants {
		row := []any{a.Name, a.Email, a.ConversationsCount, a.ResolutionRate}
		t.Rows = append(t.Rows, append(append(row, a.TimeToFirstHuman.cells()...), a.TimeToClose.cells()...))
	}
	return t
}

type hourShape struct {
	Hour           int  `json:"hour"`
	Count          int  `json:"count"`
	IsBusinessHour bool `json:"isBusinessHour" doc:"Somebody is at the desk as it begins, on one day at least"`
}

type weekdayShape struct {
	Weekday int     `json:"weekday" doc:"0 is Sunday"`
	Count   int     `json:"count"`
	Hours   []int   `json:"hours" nullable:"false" doc:"The same by hour, from 0 to 23"`
	From    *string `json:"from" doc:"Business hours; null when closed" example:"08:00"`
	To      *string `json:"to" example:"18:00"`
}

type businessHoursShape struct {
	BusinessHoursStart int `json:"businessHoursStart" doc:"The earliest hour of any day"`
	BusinessHoursEnd   int `json:"businessHoursEnd" doc:"The latest"`
	InsideCount        int `json:"insideCount"`
	OutsideCount       int `json:"outsideCount"`
	OutsidePercentage  int `json:"outsidePercentage"`
}

type hourlyReport struct {
	FrameShape
	HourlyVolume         []hourShape        `json:"hourlyVolume" nullable:"false" doc:"Conversations by the hour in which they began"`
	BusinessHoursMetrics businessHoursShape `json:"businessHoursMetrics"`
	Weekdays             []weekdayShape     `json:"weekdays" nullable:"false"`
}

func hourlyOf(f figures.Frame, c figures.Clockwork) hourlyReport {
	out := hourlyReport{FrameShape: frameShape(f), BusinessHoursMetrics: businessHoursShape{
		c.Opening, c.Closing, c.Inside, c.Total - c.Inside, c.Outside().Whole(),
	}}
	for hour, count := range c.Hours {
		out.HourlyVolume = append(out.HourlyVolume, hourShape{hour, count, c.AtDesk[hour]})
	}
	for day, span := range f.Hours {
		shape := weekdayShape{Weekday: day, Count: c.Days[day], Hours: c.Week[day][:]}
		if !span.IsEmpty() {
			from, to := span.Texts()
			shape.From, shape.To = &from, &to
		}
		out.Weekdays = append(out.Weekdays, shape)
	}
	return out
}

// weekdays are those of a table, Sunday first.
var weekdays = [7]string{"domingo", "segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira", "sábado"}

func (r hourlyReport) table() sheet.Table {
	t := sheet.Table{Header: []string{"Hora", "Conversas"}}
	for day := range weekdays {
		t.Header = append(t.Header, weekdays[day])
	}
	for hour, h := range r.HourlyVolume {
		row := []any{fmt.Sprintf("%02d:00", hour), h.Count}
		for _, day := range r.Weekdays {
			row = append(row, day.Hours[hour])
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

type guestShape struct {
	ID                string  `json:"id"`
	PhoneNumber       string  `json:"phoneNumber"`
	Name              string  `json:"name"`
	ProfilePictureURL *string `json:"profilePictureUrl"`
}

type assigneeShape struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type outsideShape struct {
	ID            string             `json:"id"`
	Status        conversation.State `json:"status"`
	CreatedAt     wire.Time          `json:"createdAt"`
	LastMessageAt wire.Time          `json:"lastMessageAt"`
	HotelUnit     *string            `json:"hotelUnit"`
	Contact       guestShape         `json:"contact"`
	AssignedTo    *assigneeShape     `json:"assignedTo"`
}

type outsideReport struct {
	FrameShape
	Total         int            `json:"total"`
	Conversations []outsideShape `json:"conversations" nullable:"false" doc:"The newest first"`
	Pagination    pagination     `json:"pagination"`

	zone  *time.Location
	cards []conversation.Card
}

func outsideOf(f figures.Frame, cards []conversation.Card, pages pagination) outsideReport {
	out := outsideReport{FrameShape: frameShape(f), Total: pages.Total, Conversations: []outsideShape{}, Pagination: pages, zone: f.Zone, cards: cards}
	for _, c := range cards {
		guest := wire.ContactOf(c.Contact)
		shape := outsideShape{
			ID: c.ID.String(), Status: c.State, CreatedAt: wire.At(c.CreatedAt), LastMessageAt: wire.At(c.LastMessageAt),
			Contact: guestShape{guest.ID, guest.PhoneNumber, guest.Name, guest.ProfilePictureURL},
		}
		if c.Unit != "" {
			shape.HotelUnit = &c.Unit
		}
		if c.Assignee != nil {
			shape.AssignedTo = &assigneeShape{c.Assignee.ID.String(), c.Assignee.Name}
		}
		out.Conversations = append(out.Conversations, shape)
	}
	return out
}

func (r outsideReport) table() sheet.Table {
	t := sheet.Table{Header: []string{"Início", "Última mensagem", "Hóspede", "Telefone", "Unidade", "Status", "Atendente"}}
	for _, c := range r.cards {
		row := []any{c.CreatedAt.In(r.zone), c.LastMessageAt.In(r.zone), c.Contact.DisplayName(), spaced(string(c.Contact.Phone)), c.Unit, string(c.State), nil}
		if c.Assignee != nil {
			row[6] = c.Assignee.Name
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// spaced sets country and area of a number apart, so that no program shows it as 5.5E12.
func spaced(phone string) string {
	if len(phone) < 8 {
		return phone
	}
	return phone[:2] + " " + phone[2:4] + " " + phone[4:]
}

type unitShape struct {
	HotelUnit          *string     `json:"hotelUnit" doc:"null: conversations without a unit"`
	TotalConversations int         `json:"totalConversations"`
	Percentage         int         `json:"percentage" doc:"Of all conversations"`
	ResolutionRate     int         `json:"resolutionRate"`
	TimeToFirstReply   spreadShape `json:"timeToFirstReply"`
	TimeToFirstHuman   spreadShape `json:"timeToFirstHumanAnswer"`
	TimeToClose        spreadShape `json:"timeToClose"`
	BotResolvedShare   shareShape  `json:"botResolvedShare"`
	EscalationRate     shareShape  `json:"escalationRate"`
}

type unitsReport struct {
	FrameShape
	Units []unitShape `json:"units" nullable:"false" doc:"The busiest first"`
}

func unitsOf(f figures.Frame, units []figures.Unit) unitsReport {
	out := unitsReport{FrameShape: frameShape(f), Units: []unitShape{}}
	total := 0
	for _, u := range units {
		total += u.Total
	}
	for _, u := range units {
		shape := unitShape{
			TotalConversations: u.Total, Percentage: figures.Share{Count: u.Total, Of: total}.Whole(), ResolutionRate: u.Resolution().Whole(),
			TimeToFirstReply: spreadOf(u.FirstReply), TimeToFirstHuman: spreadOf(u.FirstHuman), TimeToClose: spreadOf(u.Close),
			BotResolvedShare: shareOf(u.BotResolved()), EscalationRate: shareOf(u.EscalationRate()),
		}
		if u.Name != "" {
			shape.HotelUnit = &u.Name
		}
		out.Units = append(out.Units, shape)
	}
	return out
}

func (r unitsReport) table() sheet.Table {
	t := sheet.Table{Header: []string{
		"Unidade", "Conversas", "Encerradas (%)", "Primeira resposta: média (s)", "mediana (s)", "90% até (s)",
		"Resposta de uma pessoa: média (s)", "mediana (s)", "90% até (s)", "Encerramento: média (s)", "mediana (s)", "90% até (s)",
		"Só pelo robô (%)", "Encaminhadas (%)",
	}}
	for _, u := range r.Units {
		row := []any{"", u.TotalConversations, u.ResolutionRate}
		if u.HotelUnit != nil {
			row[0] = *u.HotelUnit
		}
		for _, s := range []spreadShape{u.TimeToFirstReply, u.TimeToFirstHuman, u.TimeToClose} {
			row = append(row, s.cells()...)
		}
		t.Rows = append(t.Rows, append(row, u.BotResolvedShare.Percentage, u.EscalationRate.Percentage))
	}
	return t
}

type dayShape struct {
	Date               string `json:"date" example:"2026-01-31"`
	TotalConversations int    `json:"totalConversations"`
	Closed             int    `json:"closed"`
	Escalated          int    `json:"escalated"`
	BotResolved        int    `json:"botResolved"`
	TimeToFirstReply   *int   `json:"timeToFirstReply" doc:"Mean, in seconds"`
	TimeToFirstHuman   *int   `json:"timeToFirstHumanAnswer" doc:"Mean, in seconds"`
}

type timelineReport struct {
	FrameShape
	Timeline []dayShape `json:"timeline" nullable:"false" doc:"Every day of the hotel's calendar, by when conversations began"`
}

func timelineOf(f figures.Frame, days []figures.Day) timelineReport {
	out := timelineReport{FrameShape: frameShape(f), Timeline: []dayShape{}}
	for _, d := range days {
		out.Timeline = append(out.Timeline, dayShape{
			d.Date, d.Total, d.Closed, d.Escalated, d.ByBotAlone, spreadOf(d.FirstReply).Mean, spreadOf(d.FirstHuman).Mean,
		})
	}
	return out
}

func (r timelineReport) table() sheet.Table {
	t := sheet.Table{Header: []string{
		"Dia", "Conversas", "Encerradas", "Encaminhadas", "Só pelo robô", "Primeira resposta: média (s)", "Resposta de uma pessoa: média (s)",
	}}
	for _, d := range r.Timeline {
		t.Rows = append(t.Rows, []any{d.Date, d.TotalConversations, d.Closed, d.Escalated, d.BotResolved, valueOf(d.TimeToFirstReply), valueOf(d.TimeToFirstHuman)})
	}
	return t
}

type reasonShape struct {
	Reason string `json:"reason"`
	Count  int    `json:"count"`
}

type botReport struct {
	FrameShape
	TotalConversations int           `json:"totalConversations"`
	Judged             int           `json:"judged" doc:"Conversations of which first answers are known"`
	BotResolvedShare   shareShape    `json:"botResolvedShare" doc:"Ended conversations without a person called for or answering"`
	EscalationRate     shareShape    `json:"escalationRate"`
	AnsweredByPerson   shareShape    `json:"answeredByPerson"`
	TimeToFirstReply   spreadShape   `json:"timeToFirstReply"`
	TimeToFirstHuman   spreadShape   `json:"timeToFirstHumanAnswer"`
	Reasons            []reasonShape `json:"escalationReasons" nullable:"false" doc:"Of escalations of this stretch, the most frequent first"`
}

func botOf(f figures.Frame, o figures.Outcomes, reasons []figures.Reason) botReport {
	out := botReport{
		FrameShape: frameShape(f), TotalConversations: o.Total, Judged: o.Noted, BotResolvedShare: shareOf(o.BotResolved()),
		EscalationRate: shareOf(o.EscalationRate()), AnsweredByPerson: shareOf(figures.Share{Count: o.ByPerson, Of: o.Noted}),
		TimeToFirstReply: spreadOf(o.FirstReply), TimeToFirstHuman: spreadOf(o.FirstHuman), Reasons: []reasonShape{},
	}
	for _, r := range reasons {
		out.Reasons = append(out.Reasons, reasonShape{r.Name, r.Count})
	}
	return out
}

func (r botReport) table() sheet.Table {
	t := sheet.Table{Header: []string{"Indicador", "Conversas", "De", "%"}}
	for _, s := range []struct {
		name  string
		share shareShape
	}{{"Resolvidas só pelo robô", r.BotResolvedShare}, {"Encaminhadas a uma pessoa", r.EscalationRate}, {"Respondidas por uma pessoa", r.AnsweredByPerson}} {
		t.Rows = append(t.Rows, []any{s.name, s.share.Count, s.share.Of, s.share.Percentage})
	}
	for _, reason := range r.Reasons {
		t.Rows = append(t.Rows, []any{"Motivo " + reason.Reason, reason.Count, nil, nil})
	}
	return t
}
