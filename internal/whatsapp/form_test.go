package whatsapp_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/whatsapp"
)

// What a guest filled in is read by people line by line, in the order of the form.
func TestAnswersOfForms(t *testing.T) {
	t.Parallel()
	many := make([]string, 60)
	for i := range many {
		many[i] = fmt.Sprintf(`"campo_%d":"%d"`, i, i)
	}
	for name, c := range map[string]struct{ answers, want string }{
		"texts, in order":     {`{"hora_chegada":"15:00","flow_token":"x","carro":"ABC1D23"}`, "Hora chegada: 15:00\nCarro: ABC1D23"},
		"of Meta's editor":    {`{"screen_0_Café_da_manhã_1":"0_Sim","screen_1_Camas_0":["0_Casal","1_Solteiro"]}`, "Café da manhã: Sim\nCamas: Casal, Solteiro"},
		"own numbers stay":    {`{"quarto":"0_Sim"}`, "Quarto: 0_Sim"},
		"other values":        {`{"pet":true,"fumante":false,"hospedes":3,"preço":12.50,"nada":null,"vazio":"","lista":[]}`, "Pet: sim\nFumante: não\nHospedes: 3\nPreço: 12.50"},
		"within":              {`{"pessoa":{"nome":"Ana"},"lista":[["a"],{"b":1}]}`, "Pessoa: {\"nome\":\"Ana\"}\nLista: [\"a\"], {\"b\":1}"},
		"lines and controls":  {`{"obs":"um\ndois\u0000\u202etrês","":"sem nome"}`, "Obs: um doistrês\n?: sem nome"},
		"nothing":             {`{}`, ""},
		"of WhatsApp only":    {`{"flow_token":"x","wa_flow_response_params":{"title":"t"}}`, ""},
		"more than are shown": {"{" + strings.Join(many, ",") + "}", "…"},
		"a long one":          {`{"obs":"` + strings.Repeat("é", 600) + `"}`, "Obs: " + strings.Repeat("é", 500)},
	} {
		text, err := json.Marshal(c.answers)
		if err != nil {
			t.Fatal(err)
		}
		payload := fmt.Sprintf(`{"message":{"id":"w","from":"5511987654321","timestamp":"1795000000","type":"interactive","interactive":{"type":"nfm_reply","nfm_reply":{"response_json":%s}}}}`, text)
		in, err := whatsapp.ParseMessage(json.RawMessage(payload), time.Now())
		if err != nil {
			t.Fatal(err)
		}
		want := strings.TrimSuffix("[Formulário respondido]\n"+c.want, "\n")
		if name == "more than are shown" {
			if n := strings.Count(in.Content, "\n"); n != 41 || !strings.HasSuffix(in.Content, "\n…") {
				t.Errorf("%s: %d lines: %s", name, n, in.Content)
			}
			continue
		}
		if in.Content != want {
			t.Errorf("%s: %q, want %q", name, in.Content, want)
		}
		if in.Metadata.Form.Failed {
			t.Errorf("%s: failed", name)
		}
	}
}
