package n8n_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"go.uber.org/goleak"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/n8n"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestMain(m *testing.M) {
	flag.Parse()
	goleak.VerifyTestMain(m)
}

var wrote = time.Date(2026, 11, 23, 14, 30, 15, 250_000_000, time.UTC)

// ana says "oi" to the hotel's number; change makes it another story.
func ana(change func(h *n8n.Handover)) n8n.Handover {
	h := n8n.Handover{
		DeliveryID: "01999999-0000-7000-8000-00000000000d",
		TenantSlug: "pousada-do-mar",
		Number:     tenant.Number{PhoneNumberID: "106540352242922", Display: "+55 12 3890-0000"},
		Card: conversation.Card{
			Contact: contact.Contact{
				ID: id.Contact{UUID: uuid.MustParse("01999999-0000-7000-8000-00000000000c")}, Name: "Ana Souza",
				Phone: "5511987654321", WAID: "5511987654321", BSUID: "BR.70231198450021937",
			},
			Conversation: conversation.Conversation{
				ID: id.Conversation{UUID: uuid.MustParse("01999999-0000-7000-8000-00000000000b")}, LastInboundAt: wrote,
				Ball: conversation.Ball{Version: 2, Since: wrote.Add(-time.Hour)}, Turn: 4,
			},
		},
		Turn: 4,
		Message: message.Message{
			ID:    id.Message{UUID: uuid.MustParse("01999999-0000-7000-8000-00000000000a")},
			WAMID: "wamid.HBgNNTUxMTk4NzY1NDMyMRUCABIY", Kind: message.Text, Content: "oi", Timestamp: wrote,
		},
		Now: wrote.Add(time.Second),
	}
	if change != nil {
		change(&h)
	}
	return h
}

// said changes only the message.
func said(kind message.Kind, content string, meta message.Metadata) n8n.Handover {
	return ana(func(h *n8n.Handover) {
		h.Message.Kind, h.Message.Content, h.Message.Metadata = kind, content, meta
	})
}

func file(mime, caption string) message.Metadata {
	return message.Metadata{MediaURL: "https://hotel.example.com/media/x?sig=a&exp=1", MimeType: mime, Caption: caption}
}

func shown(m message.Metadata, s message.Shown) message.Metadata {
	m.Shown = &s
	return m
}

// stories are hand-overs of every kind.
func stories() map[string]n8n.Handover {
	voice, contract := file("audio/ogg; codecs=opus", ""), file("application/pdf", "Segue o contrato")
	voice.Voice, contract.Filename = true, "contrato.pdf"
	cards := []message.SharedContact{
		{Name: "Bia; Recepção", Company: "Pousada", Phones: []message.SharedPhone{{Phone: "+55 12 99999-0000", WAID: "5512999990000", Type: "CELL"}, {Phone: "190"}}, Emails: []string{"bia@example.com"}},
		{Name: "Caio"},
	}
	choice := &message.Choice{ID: "falar_humano", Title: "Falar com atendente", Description: "Respondemos em minutos"}
	return map[string]n8n.Handover{
		"text":         ana(nil),
		"text_special": said(message.Text, "<b>Olá & \"tchau\"</b>\n🏨 \u2028", message.Metadata{}),
		"button_reply": said(message.Text, "Falar com atendente", message.Metadata{Button: choice}),
		"button_offered": ana(func(h *n8n.Handover) {
			h.Message.Content, h.Message.Metadata = choice.Title, message.Metadata{Button: choice}
			h.Press = &n8n.Press{ID: n8n.PressID("wamid.OUT", choice.ID), Offered: true, OfferedAt: wrote.Add(-time.Hour)}
		}),
		"row_not_offered": ana(func(h *n8n.Handover) {
			h.Message.Content, h.Message.Metadata = choice.Title, message.Metadata{List: choice}
			h.Press = &n8n.Press{ID: n8n.PressID("wamid.OUT", choice.ID)}
		}),
		"list":              said(message.Text, "Falar com atendente", message.Metadata{List: choice}),
		"image":             said(message.Image, "Vista do quarto", file("image/jpeg", "Vista do quarto")),
		"image_not_fetched": said(message.Image, "", message.Metadata{MediaID: "900", MimeType: "image/jpeg"}),
		"image_late": ana(func(h *n8n.Handover) {
			h.Event, h.DeliveryID = n8n.EventFile, "01999999-0000-7000-8000-00000000000e"
			h.Message.Kind, h.Message.Metadata = message.Image, file("image/jpeg", "")
		}),
		"sticker": said(message.Sticker, "", file("image/webp", "")),
		"video":   said(message.Video, "", file("video/mp4", "")),
		"audio":   said(message.Audio, "", voice),
		"reaction_told": ana(func(h *n8n.Handover) {
			h.Event, h.Message.Kind, h.Message.Content = n8n.EventReaction, message.Reaction, ""
			h.Message.Metadata.Reaction = &message.ReactionTo{WAMID: "wamid.OUT", Emoji: "👍", IsToHotel: true}
		}),
		"image_shown":   said(message.Image, "", shown(file("image/jpeg", ""), message.Shown{FileSize: 9, ThumbnailURL: "https://hotel.example.com/media/t?sig=a", Width: 640, Height: 480})),
		"image_lost":    said(message.Image, "", message.Metadata{MediaID: "900", Shown: &message.Shown{MediaError: &message.MediaLost{Code: "media_expired"}}}),
		"video_shown":   said(message.Video, "", shown(file("video/mp4", ""), message.Shown{Duration: 12.4})),
		"audio_shown":   said(message.Audio, "", shown(voice, message.Shown{Duration: 2.6})),
		"edited":        said(message.Text, "para sábado", message.Metadata{EditedAt: wrote}),
		"contact_one":   said(message.Text, "[Contato compartilhado] Bia", message.Metadata{Contacts: cards[:1]}),
		"contact_many":  said(message.Text, "[Contato compartilhado] Bia; Caio", message.Metadata{Contacts: cards}),
		"order":         said(message.Text, "[Pedido]", message.Metadata{Order: &message.Order{CatalogID: "7", Text: "Entregar no quarto", More: 1, Items: []message.OrderItem{{ProductID: "cesta", Quantity: "2", Price: "89.90", Currency: "BRL"}, {ProductID: "vinho", Quantity: "um"}}}}),
		"product_asked": said(message.Text, "Ainda tem?", message.Metadata{Context: &message.Context{WAMID: "wamid.B", Product: &message.Product{CatalogID: "7", ProductID: "cesta"}}}),
		"advertisement_film": said(message.Text, "Quero saber mais", message.Metadata{Referral: json.RawMessage(
			`{"source_type":"ad","headline":"Réveillon","media_type":"video","video_url":"https://x.example/v.mp4","thumbnail_url":"https://x.example/t.jpg","image_url":"javascript:1"}`)}),
		"audio_in_words": said(message.Audio, "", func() message.Metadata {
			heard := voice
			heard.Heard = &message.Transcription{Text: "Tem quarto para sábado?"}
			return heard
		}()),
		"document":           said(message.Document, "Segue o contrato", contract),
		"location":           said(message.Location, `{"latitude":-23.81,"longitude":-45.36}`, message.Metadata{Location: &message.Place{Latitude: -23.81, Longitude: -45.36, Name: "Praia do Curral", Address: "Ilhabela"}}),
		"location_bare":      said(message.Location, `{"latitude":0,"longitude":0}`, message.Metadata{Location: &message.Place{}}),
		"location_unread":    said(message.Location, `{"latitude":"x"}`, message.Metadata{}),
		"reaction":           said(message.Reaction, "👍", message.Metadata{Reaction: &message.ReactionTo{WAMID: "wamid.A", Emoji: "👍"}}),
		"unsupported":        said(message.Unsupported, "[Contato compartilhado]", message.Metadata{Type: "contacts", Raw: json.RawMessage(`{"contacts":[]}`)}),
		"form":               said(message.Text, "[Formulário respondido]\nHora chegada: 15:00", message.Metadata{Form: &message.Form{Name: "flow", Token: "chk-8841", Answers: json.RawMessage(`{"flow_token":"chk-8841","hora_chegada":"15:00","hospedes":[{"nome":"Ana <3"}]}`)}}),
		"form_failed":        said(message.Text, "[Formulário respondido]", message.Metadata{Form: &message.Form{Answers: json.RawMessage(`"[1,"`), Failed: true}}),
		"form_empty":         said(message.Text, "[Formulário respondido]", message.Metadata{Form: &message.Form{Failed: true}}),
		"quoted_and_forward": said(message.Text, "esse aqui", message.Metadata{Context: &message.Context{WAMID: "wamid.B", FrequentlyForwarded: true}}),
		"advertisement": said(message.Text, "Quero saber mais", message.Metadata{Referral: json.RawMessage(
			`{"source_url":"https://fb.me/a","source_id":"9001","source_type":"ad","headline":"Réveillon","body":"Com ceia","ctwa_clid":"Clid1"}`)}),
		"advertisement_hostile": said(message.Text, "oi", message.Metadata{Referral: json.RawMessage(`{"source_url":"javascript:alert(1)","headline":"x"}`)}),
		"advertisement_unread":  said(message.Text, "oi", message.Metadata{Referral: json.RawMessage(`{"headline":7}`)}),
		"only_bsuid": ana(func(h *n8n.Handover) {
			h.Card.Contact = contact.Contact{ID: h.Card.Contact.ID, BSUID: "BR.70231198450021937", Username: "ana.souza"}
		}),
		"new_locked_retry_unit_late": ana(func(h *n8n.Handover) {
			h.IsNew, h.IsRetry, h.Now = true, true, wrote.Add(25*time.Hour)
			h.Card.Lock.Locked, h.Card.Unit = true, "Ilhabela"
		}),
		"handed_back": ana(func(h *n8n.Handover) {
			h.Card.HandBack = &conversation.HandBack{By: "Bia", Note: "Quer vista para o mar", At: wrote.Add(-time.Minute), Turn: 3}
		}),
		"guest_never_wrote": ana(func(h *n8n.Handover) { h.Card.LastInboundAt = time.Time{} }),
		"other_time_zone": ana(func(h *n8n.Handover) {
			h.Card.LastInboundAt = wrote.In(time.FixedZone("BRT", -3*3600))
		}),
	}
}

func TestBody(t *testing.T) {
	t.Parallel()
	for name, h := range stories() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body, err := n8n.Body(h)
			if err != nil {
				t.Fatal(err)
			}
			holdsItselfTwice(t, body)
			golden(t, name, body)
			likeInOtherStyles(t, h, body)
		})
	}
}

// likeInOtherStyles holds the other styles against the original's: flat is what lies under "body", and Z-API's differs
// in the few values that are its own.
func likeInOtherStyles(t *testing.T, h n8n.Handover, legacy []byte) {
	t.Helper()
	read := func(text []byte) (object map[string]any) {
		t.Helper()
		if err := json.Unmarshal(text, &object); err != nil {
			t.Fatal(err)
		}
		return object
	}
	write := func(style tenant.Style) map[string]any {
		t.Helper()
		h.Style = style
		text, err := n8n.Body(h)
		if err != nil {
			t.Fatal(err)
		}
		return read(text)
	}
	want := read(legacy)["body"].(map[string]any)
	if diff := cmp.Diff(want, write(tenant.Flat)); diff != "" {
		t.Error("flat:", diff)
	}
	want["type"], want["messageId"] = "ReceivedCallback", want["externalMessageId"]
	if cards := h.Message.Metadata.Contacts; len(cards) == 1 {
		want["guest"], want["contact"] = want["contact"], want["contacts"].([]any)[0]
	}
	if diff := cmp.Diff(want, write(tenant.ZAPI)); diff != "" {
		t.Error("zapi:", diff)
	}
}

// holdsItselfTwice checks the form on which old and new flows rely: every key at the top is there under "body" too.
func holdsItselfTwice(t *testing.T, body []byte) {
	t.Helper()
	var top map[string]any
	if err := json.Unmarshal(body, &top); err != nil {
		t.Fatal(err)
	}
	inner := top["body"]
	delete(top, "body")
	if !reflect.DeepEqual(inner, any(top)) {
		t.Error("the top and body differ:", cmp.Diff(any(top), inner))
	}
}

func golden(t *testing.T, name string, body []byte) {
	t.Helper()
	var indented bytes.Buffer
	if err := json.Indent(&indented, body, "", "  "); err != nil {
		t.Fatal(err)
	}
	indented.WriteByte('\n')
	path := filepath.Join("testdata", name+".golden.json")
	if *update {
		if err := os.WriteFile(path, indented.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), indented.String()); diff != "" {
		t.Errorf("differs from %s (-want +got):\n%s", path, diff)
	}
}

func TestBodyRefusesAGuestWithoutAddress(t *testing.T) {
	t.Parallel()
	if _, err := n8n.Body(ana(func(h *n8n.Handover) { h.Card.Contact = contact.Contact{Name: "Ana"} })); err == nil {
		t.Fatal("a flow could not answer this guest")
	}
}

func TestBodyKeepsLongTexts(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("é", 65_536)
	body, err := n8n.Body(said(message.Text, long, message.Metadata{}))
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(body, []byte(long)); n != 4 {
		t.Errorf("the text is there %d times, want 4: text.message and chatInput, each twice", n)
	}
}

func BenchmarkBody(b *testing.B) {
	h := ana(nil)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := n8n.Body(h); err != nil {
			b.Fatal(err)
		}
	}
}
