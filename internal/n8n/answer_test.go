package n8n_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/botreserva/botreserva/internal/n8n"
)

func TestAnswers(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string][]string{
		`{"output":" Temos, sim. "}`:          {"Temos, sim."},
		`{"text":"Temos."}`:                   {"Temos."},
		`{"output":"","text":"Temos."}`:       {"Temos."},
		`[{"output":"Um."},{"text":"Dois."}]`: {"Um.", "Dois."},
		`{"messages":["Um.",{"text":"Dois."},{"message":"Três."},{"output":"Quatro."},7,{"image":"x"}]}`: {"Um.", "Dois.", "Três.", "Quatro."},
		`{"message":"Workflow was started"}`:   {},
		`[{"message":"Workflow was started"}]`: {},
		`{"output":{"a":1},"text":7}`:          {},
		`"Temos."`:                             {},
		`Temos.`:                               {},
		``:                                     {},
		`null`:                                 {},
	} {
		if got := n8n.Answers([]byte(answer)); !cmp.Equal(append([]string{}, got...), want) {
			t.Errorf("%s says %q, want %q", answer, got, want)
		}
	}
	if got := n8n.Answers([]byte(`{"messages":["a"` + strings.Repeat(`,"a"`, 20) + `]}`)); len(got) != 10 {
		t.Errorf("%d messages of 21", len(got))
	}
}
