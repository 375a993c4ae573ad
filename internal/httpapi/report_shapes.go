package httpapi

import (
	"math"
	"time"

	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/figures"
	"github.com/botreserva/botreserva/internal/sheet"
	"github.com/botreserva/botreserva/internal/wire"
)

// FrameShape says what a report looked at. It is exported, as KPIs is, because huma
// passes over embedded fields that are not.
type FrameShape struct {
	Period    string    `json:"period" doc:"As asked, or custom" example:"30d"`
	StartDate wire.Time `json:"startDate"`
	EndDate   wire.Time `json:"endDate" doc:"Not counted any more"`
	TimeZone  string    `json:"timeZone" doc:"Of the hotel: its days and hours are counted"`
	HotelUnit *string   `json:"hotelUnit" doc:"The one unit that was looked at"`
}

func frameShape(f figures.Frame) FrameShape {
	out := FrameShape{Period: string(f.Period), StartDate: wire.At(f.From), EndDate: wire.At(f.To), TimeZone: f.Zone.String()}
	if f.Unit != "" {
		out.HotelUnit = &f.Unit
	}
	return out
}

// spreadShape is how long something took, in seconds; null when it was never measured.
type spreadShape struct {
	Mean     *int `json:"mean"`
	Median   *int `json:"median"`
	P90      *int `json:"p90" doc:"Nine of ten took no longer"`
	Measured int  `json:"measured" doc:"In how many conversations"`
}

func spreadOf(s figures.Spread) spreadShape {
	if s.Measured == 0 {
		return spreadShape{}
	}
	return spreadShape{wholeSeconds(s.Mean), wholeSeconds(s.Median), wholeSeconds(s.P90), s.Measured}
}

func wholeSeconds(d time.Duration) *int {
	n := int(math.Round(d.Seconds()))
	return &n
}

// cells are those of a table.
func (s spreadShape) cells() []any { return []any{valueOf(s.Mean), valueOf(s.Median), valueOf(s.P90)} }

// shareShape is how many of how many.
type shareShape struct {
	Count      int     `json:"count"`
	Of         int     `json:"of" doc:"Those that can be judged"`
	Percentage float64 `json:"percentage"`
}

func shareOf(s figures.Share) shareShape { return shareShape{s.Count, s.Of, s.Percent()} }

// KPIs are the original's numbers, with its formulas.
type KPIs struct {
	TotalConversations  int `json:"totalConversations"`
	ConversationsChange int `json:"conversationsChange" doc:"Percent more or fewer than in the equally long stretch before"`
	AverageResponseTime int `json:"averageResponseTime" doc:"Minutes from beginning to end of closed conversations, as the original counted. The time to an answer is timeToFirstReply"`
	ResolutionRate      int `json:"resolutionRate" doc:"Percent that are closed"`
	ActiveAttendants    int `json:"activeAttendants" doc:"People who were given conversations of this stretch"`
	TotalAttendants     int `json:"totalAttendants"`
}

type statusShare struct {
	Status     conversation.State `json:"status"`
	Count      int                `json:"count"`
	Percentage int                `json:"percentage"`
}

type overviewReport struct {
	FrameShape
	KPIs
	Overview             KPIs          `json:"overview" doc:"The same numbers, for dashboards that look here"`
	StatusBreakdown      []statusShare `json:"statusBreakdown" nullable:"false"`
	PreviousTotal        int           `json:"previousTotal"`
	TimeToFirstReply     spreadShape   `json:"timeToFirstReply" doc:"From the beginning until the first answer of anybody"`
	TimeToFirstHuman     spreadShape   `json:"timeToFirstHumanAnswer" doc:"From the bot's call for a person, else from the beginning, until the first answer of a person"`
	TimeToClose          spreadShape   `json:"timeToClose" doc:"From the beginning until it was closed or archived"`
	BotResolvedShare     shareShape    `json:"botResolvedShare" doc:"Ended conversations that the bot managed alone"`
	EscalationRate       shareShape    `json:"escalationRate" doc:"Conversations in which the bot called for a person"`
	AnsweredByPerson     int           `json:"answeredByPerson"`
	ConversationsWithout int           `json:"conversationsWithoutTimes" doc:"Of which no first answer is known: nobody has answered, or they are older than the counting"`
}

func overviewOf(o figures.Overview) overviewReport {
	k := KPIs{
		TotalConversations: o.Total, ConversationsChange: figures.Change(o.Total, o.Previous),
		AverageResponseTime: int(math.Round(o.ClosedMean.Minutes())), ResolutionRate: o.Resolution().Whole(),
		ActiveAttendants: o.Active, TotalAttendants: o.Team,
	}
	out := overviewReport{
		FrameShape: frameShape(o.Frame), KPIs: k, Overview: k, PreviousTotal: o.Previous, StatusBreakdown: []statusShare{},
		TimeToFirstReply: spreadOf(o.FirstReply), TimeToFirstHuman: spreadOf(o.FirstHuman), TimeToClose: spreadOf(o.Close),
		BotResolvedShare: shareOf(o.BotResolved()), EscalationRate: shareOf(o.EscalationRate()),
		AnsweredByPerson: o.ByPerson, ConversationsWithout: o.Total - o.Noted,
	}
	for _, state := range conversation.States {
		if n := o.ByState[state]; n > 0 {
			out.StatusBreakdown = append(out.StatusBreakdown, statusShare{state, n, figures.Share{Count: n, Of: o.Total}.Whole()})
		}
	}
	return out
}

func (r overviewReport) table() sheet.Table {
	t := sheet.Table{Header: []string{"Indicador", "Valor", "Unidade", "Conversas consideradas"}}
	add := func(name string, value any, unit string, of any) {
		t.Rows = append(t.Rows, []any{name, value, unit, of})
	}
	add("Conversas", r.TotalConversations, "", nil)
	add("Conversas no período anterior", r.PreviousTotal, "", nil)
	for _, s := range r.StatusBreakdown {
		add("Conversas "+string(s.Status), s.Count, "", nil)
	}
	addSpread := func(name string, s spreadShape) {
		add(name+": média", valueOf(s.Mean), "s", s.Measured)
		add(name+": mediana", valueOf(s.Median), "s", s.Measured)
		add(name+": 90% até", valueOf(s.P90), "s", s.Measured)
	}
	addSpread("Tempo até a primeira resposta", r.TimeToFirstReply)
	addSpread("Tempo até a primeira resposta de uma pessoa", r.TimeToFirstHuman)
	addSpread("Tempo até o encerramento", r.TimeToClose)
	add("Resolvidas só pelo robô", r.BotResolvedShare.Percentage, "%", r.BotResolvedShare.Of)
	add("Encaminhadas a uma pessoa", r.EscalationRate.Percentage, "%", r.EscalationRate.Of)
	add("Encerradas", r.ResolutionRate, "%", r.TotalConversations)
	add("Atendentes com conversas", r.ActiveAttendants, "", nil)
	add("Atendentes", r.TotalAttendants, "", nil)
	return t
}

func valueOf(n *int) any {
	if n == nil {
		return nil
	}
	return *n
}
