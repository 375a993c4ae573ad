package whatsapp

import "testing"

// Whoever reads English is told as much as whoever reads Portuguese.
func TestEveryReasonIsInBothLanguages(t *testing.T) {
	t.Parallel()
	used := map[string]bool{reasonUnknown: true, reasonNumberUnknown: true}
	for _, row := range errorCodes {
		used[row.Reason] = true
		if row.Reason == "" || reasonsInEnglish[row.Reason] == "" {
			t.Errorf("codes %d to %d have no reason in both languages: %q", row.from, row.to, row.Reason)
		}
	}
	delete(used, "")
	for reason := range reasonsInEnglish {
		if !used[reason] && reason != reasonRecipient {
			t.Errorf("no code has the reason %q", reason)
		}
	}
}
