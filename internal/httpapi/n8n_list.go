package httpapi

import (
	"strings"

	"github.com/botreserva/botreserva/internal/domain/content"
)

// BotList is a text with a list to choose from, as Z-API (optionList) and the Cloud API
// (sections) word it. Exported for huma.
type BotList struct {
	BotTo
	BotPace
	Message     loose                   `json:"message,omitempty" doc:"At most 4096 characters; what is beyond is cut off"`
	Footer      loose                   `json:"footer,omitempty" doc:"At most 60 characters"`
	ButtonText  loose                   `json:"buttonText,omitempty" doc:"Opens the list; Ver opções without one"`
	ButtonLabel loose                   `json:"buttonLabel,omitempty" doc:"The same as buttonText"`
	Sections    looseList[botSection]   `json:"sections,omitempty" doc:"With at most ten rows together"`
	OptionList  looseObject[botOptions] `json:"optionList,omitempty" doc:"As Z-API has it"`
}

type botOptions struct {
	Title       loose             `json:"title,omitempty"`
	ButtonLabel loose             `json:"buttonLabel,omitempty"`
	ButtonText  loose             `json:"buttonText,omitempty"`
	Options     looseList[botRow] `json:"options,omitempty" doc:"One to ten"`
}

type botSection struct {
	Title loose             `json:"title,omitempty" doc:"At most 24 characters; needed when there is another section"`
	Rows  looseList[botRow] `json:"rows,omitempty"`
}

// botRow is a thing to choose in any spelling. Without an id of its own, its title comes
// back.
type botRow struct {
	ID          loose `json:"id,omitempty"`
	RowID       loose `json:"rowId,omitempty"`
	Title       loose `json:"title,omitempty" doc:"At most 24 characters; what is beyond is cut off"`
	Description loose `json:"description,omitempty" doc:"At most 72 characters; what is beyond is cut off"`
}

// seeOptions opens a list that names no button, as with the original.
const seeOptions = "Ver opções"

func (b BotList) content(func(string) (content.File, error)) (content.Content, error) {
	var options botOptions
	sections := b.Sections
	if b.isOptions() {
		options = *b.OptionList.of
		sections = looseList[botSection]{{Title: options.Title, Rows: options.Options}}
	}
	out := content.List{
		Body: string(b.Message), Footer: string(b.Footer),
		Button: first(b.ButtonText, b.ButtonLabel, options.ButtonLabel, options.ButtonText, seeOptions),
	}
	for _, section := range sections {
		s := content.Section{Title: string(section.Title)}
		for _, row := range section.Rows {
			s.Rows = append(s.Rows, content.Row{
				ID: first(row.ID, row.RowID, row.Title), Title: string(row.Title), Description: string(row.Description),
			})
		}
		out.Sections = append(out.Sections, s)
	}
	return out, nil
}

// isOptions reports whether the list is written as Z-API's.
func (b BotList) isOptions() bool { return b.OptionList.of != nil && len(b.Sections) == 0 }

func (b BotList) field(path string) string {
	if b.isOptions() {
		if rest, ok := strings.CutPrefix(path, "sections[0].rows"); ok {
			return "optionList.options" + rest
		}
		if rest, ok := strings.CutPrefix(path, "sections[0]"); ok {
			return "optionList" + rest
		}
	}
	return renamedPath(path, map[string]string{"body": "message", "button": "buttonText"})
}
