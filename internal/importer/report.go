package importer

// Report says what became of every row. It holds no secret but the keys of new hotels,
// and nothing that a guest wrote.
type Report struct {
	DryRun   bool           `json:"dryRun"`
	Complete bool           `json:"complete"` // every row was imported, or skipped for a reason
	Platform *HotelReport   `json:"platform,omitempty"`
	Hotels   []*HotelReport `json:"hotels"`
}

// HotelReport is what became of a hotel, or of the platform's own rows.
type HotelReport struct {
	Slug     string                  `json:"slug,omitempty"`
	Refused  string                  `json:"refused,omitempty"` // why nothing of the hotel was imported
	TenantID string                  `json:"tenantId,omitempty"`
	Tables   map[string]*TableReport `json:"tables"`
	Odd      []OddRow                `json:"odd"`      // the first rows that were skipped
	Warnings []string                `json:"warnings"` // what somebody should look at
	Changed  map[string]int          `json:"changed"`  // rows that are not as they were, by what was done

	// Guests with one phone number, to be merged by people.
	SameNumber       int        `json:"sameNumber"`
	SameNumberGuests [][]string `json:"sameNumberGuests,omitempty"`

	// Shown once, when the hotel has been imported.
	APIKey    string `json:"apiKey,omitempty"`
	BotSecret string `json:"botSecret,omitempty"`
}

// TableReport counts rows of a table of the original.
type TableReport struct {
	Source   int            `json:"source"`
	Imported int            `json:"imported"` // are there now
	Skipped  int            `json:"skipped"`
	Reasons  map[string]int `json:"reasons,omitempty"`
}

// OddRow is a row that was skipped.
type OddRow struct {
	Table  string `json:"table"`
	ID     string `json:"id"`
	Reason string `json:"reason"`
}

const oddShown = 20

func (h *HotelReport) table(name string) *TableReport {
	if h.Tables[name] == nil {
		h.Tables[name] = &TableReport{Reasons: map[string]int{}}
	}
	return h.Tables[name]
}

func (h *HotelReport) skip(table, key, reason string) {
	t := h.table(table)
	t.Skipped++
	t.Reasons[reason]++
	if len(h.Odd) < oddShown {
		h.Odd = append(h.Odd, OddRow{table, key, reason})
	}
}

func (h *HotelReport) warn(text string) { h.Warnings = append(h.Warnings, text) }

// matches reports whether every row of the source is accounted for.
func (r Report) matches() bool {
	all := r.Hotels
	if r.Platform != nil {
		all = append([]*HotelReport{r.Platform}, all...)
	}
	for _, h := range all {
		if h.Refused != "" {
			return false
		}
		for _, t := range h.Tables {
			if t.Source != t.Imported+t.Skipped {
				return false
			}
		}
	}
	return true
}
