package outbox

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/domain/content"
	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/domain/template"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

// TestTemplates: what is sent by name is the language that Meta approved, with its gaps
// filled, and never to somebody who wants no offers.
func TestTemplates(t *testing.T) {
	t.Parallel()
	o := open(t)
	say := func(name, language string, values ...string) (message.Message, error) {
		c := content.Template{Name: name, Language: language}
		for _, v := range values {
			c.Body = append(c.Body, content.Parameter{Text: v})
		}
		return o.says(Request{Content: c, ClientID: "x" + name + language + strings.Join(values, " ")})
	}
	if m, err := say("never_read", "pt_BR"); err != nil || m.Content != "[Template: never_read]" {
		t.Fatalf("of an account that was never read: %q, %v", m.Content, err)
	}
	o.delivers()
	const waba = "301"
	pgtest.Exec(t, o.db, "UPDATE whatsapp_number SET waba_id = $1", waba)
	o.d.directory.ForgetAll()
	of := func(id, name, language, status, category string) template.Template {
		return template.Template{
			ID: id, Name: name, Language: language, Status: status, Category: category, IsNamed: true,
			Form: &template.Form{Body: "Olá {{nome}}, até {{dia}}!", Footer: "Hotel"},
		}
	}
	at := o.clock.Now().Add(-time.Minute)
	read := func(all ...template.Template) {
		t.Helper()
		at = at.Add(time.Second)
		pgtest.InTx(t, o.db, o.hotel.ID, func(tx *postgres.Tx) error {
			return errors.Join(tx.SyncTemplates(o.ctx, waba, all, at), tx.AccountSynced(o.ctx, waba, "", at))
		})
	}
	stay, offer := of("1", "estadia", "pt_PT", "APPROVED", "UTILITY"), of("2", "oferta", "pt_BR", "APPROVED", "MARKETING")
	read(stay, offer, of("3", "velho", "pt_BR", "PAUSED", "UTILITY"), of("4", "estadia", "en", "APPROVED", "UTILITY"))

	m, err := say("estadia", "pt_BR", "Ana", "12/12")
	if err != nil || m.Content != "Olá Ana, até 12/12!\nHotel" || m.Metadata.Language != "pt_PT" {
		t.Fatalf("stored %q %q, %v", m.Content, m.Metadata.Language, err)
	}
	if again, err := say("estadia", "pt_BR", "Ana", "12/12"); err != nil || again.ID != m.ID {
		t.Errorf("sent again: %v, %v", again.ID, err)
	}
	if sent := o.delivers(); !strings.Contains(sent, `"parameter_name":"dia"`) || !strings.Contains(sent, `"code":"pt_PT"`) {
		t.Errorf("Meta was sent %s", sent)
	}

	refused := func(what string, err, want error, says string) {
		t.Helper()
		if f := fault.Of(err); !errors.Is(err, want) || !strings.Contains(f.Text, says) || len(f.Details) == 0 {
			t.Errorf("%s: %v %+v", what, err, f.Details)
		}
	}
	_, err = say("velho", "pt_BR", "a", "b")
	refused("paused", err, template.ErrNotReady, "paused it")
	_, err = say("nenhum", "pt_BR", "a", "b")
	refused("unknown", err, template.ErrUnknown, "nenhum")
	if details := fault.Of(err).Details; !strings.Contains(details[len(details)-1].Message, "oferta (pt_BR)") {
		t.Errorf("not told what may be sent: %+v", details)
	}
	_, err = say("estadia", "fr", "a", "b")
	refused("another language", err, template.ErrLanguage, "Approved: en, pt_PT.")
	_, err = say("estadia", "pt_PT", "a")
	refused("too little", err, content.ErrInvalid, "")

	first, err := say("oferta", "pt_BR", "Ana", "hoje")
	if err != nil {
		t.Fatal(err)
	}
	pgtest.Exec(t, o.db, "UPDATE contact SET marketing_stopped = true, marketing_at = now()")
	if _, err = say("oferta", "pt_BR", "Ana", "ontem"); !errors.Is(err, template.ErrOptedOut) {
		t.Errorf("offered to somebody who wants none: %v", err)
	}
	o.delivers()
	if m := o.now(first); m.Status != message.Failed || m.Failure.Details != template.ErrOptedOut.Code {
		t.Errorf("was queued before they said so: %s %+v", m.Status, m.Failure)
	}

	second, err := say("estadia", "en", "Ana", "today")
	if err != nil {
		t.Fatal(err)
	}
	read(stay, of("4", "estadia", "en", "DISABLED", "UTILITY"))
	o.delivers()
	if m := o.now(second); m.Status != message.Failed || m.Failure.Details != template.ErrNotReady.Code {
		t.Errorf("was switched off meanwhile: %s %+v", m.Status, m.Failure)
	}
	if all, n, err := o.db.Templates(o.ctx, o.hotel.ID, postgres.TemplateFilter{}, 10, 0); err != nil || n != 2 || len(all) != 2 {
		t.Errorf("what is not there any more stays: %+v, %v", all, err)
	}
}
