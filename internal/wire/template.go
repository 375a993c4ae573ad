package wire

import "github.com/botreserva/botreserva/internal/domain/template"

// Template is one language of a template.
type Template struct {
	ID                string          `json:"id" doc:"Meta's"`
	Name              string          `json:"name"`
	Language          string          `json:"language"`
	Category          string          `json:"category"`
	PreviousCategory  *string         `json:"previousCategory" doc:"What it was before Meta changed it"`
	UpcomingCategory  *string         `json:"upcomingCategory" doc:"What Meta is about to make of it"`
	Status            string          `json:"status" doc:"Meta's: APPROVED, PENDING, REJECTED, PAUSED, DISABLED and others"`
	CanBeSent         bool            `json:"canBeSent"`
	Reason            *string         `json:"reason" doc:"Why it was rejected or paused, in Meta's words"`
	Quality           *string         `json:"quality" doc:"GREEN, YELLOW, RED or UNKNOWN"`
	ParameterFormat   string          `json:"parameterFormat" enum:"NAMED,POSITIONAL"`
	BusinessAccountID string          `json:"businessAccountId"`
	Components        *template.Form  `json:"components" doc:"null until it was read from WhatsApp"`
	Parameters        []template.Need `json:"parameters" nullable:"false" doc:"What is given with it when it is sent"`
	ChangedAt         Time            `json:"changedAt"`
	SyncedAt          *Time           `json:"syncedAt"`
}

// TemplateOf writes a template.
func TemplateOf(t template.Template) Template {
	out := Template{
		ID: t.ID, Name: t.Name, Language: t.Language, Category: t.Category, PreviousCategory: orNull(t.Previous), UpcomingCategory: orNull(t.Correct),
		Status: t.Status, CanBeSent: t.IsSendable(), Reason: orNull(t.Reason), Quality: orNull(t.Quality), ParameterFormat: "POSITIONAL",
		BusinessAccountID: t.WABAID, Components: t.Form, Parameters: []template.Need{}, ChangedAt: At(t.ChangedAt), SyncedAt: atOrNull(t.SyncedAt),
	}
	if t.IsNamed {
		out.ParameterFormat = "NAMED"
	}
	if t.Form != nil {
		if needs := t.Form.Needs(); needs != nil {
			out.Parameters = needs
		}
	}
	return out
}
