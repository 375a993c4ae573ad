package whatsapp_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/botreserva/botreserva/internal/domain/content"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/whatsapp"
	"github.com/botreserva/botreserva/internal/whatsapp/simulator"
)

var (
	ourFile  = id.NewMedia()
	uploaded = map[id.Media]string{ourFile: "700100000000010"}

	kept    = content.File{FileID: ourFile}
	metas   = content.File{MetaID: "700100000000011"}
	outside = content.File{Link: "https://hotel.example/a.jpg"}
	hotelAt = content.Location{Place: message.Place{Latitude: -23.7781, Longitude: -45.3581, Name: "Hotel Mar Azul", Address: "Rua da Praia, 1"}}
)

// examples holds every content that can be sent, and every form that it has.
var examples = map[string]content.Content{
	"image_link":      content.Image{File: outside, Caption: "Vista do quarto"},
	"image_id":        content.Image{File: metas},
	"image_file":      content.Image{File: kept},
	"video":           content.Video{File: metas, Caption: "A praia"},
	"audio":           content.Audio{File: metas},
	"voice":           content.Voice{File: metas},
	"document":        content.Document{File: metas, Caption: "Seu voucher", Filename: "voucher.pdf"},
	"sticker":         content.Sticker{File: metas},
	"location":        hotelAt,
	"location_bare":   content.Location{},
	"reaction":        content.Reaction{WAMID: "wamid.IN1", Emoji: "👍🏽"},
	"reaction_remove": content.Reaction{WAMID: "wamid.IN1"},
	"contacts": content.Contacts{Cards: []content.ContactCard{
		{Name: content.ContactName{Formatted: "Recepção"}, Phones: []content.ContactPhone{{Phone: "+55 12 3895-0000"}}},
		{
			Name:     content.ContactName{Formatted: "Dra. Ana B. Souza", First: "Ana", Middle: "B.", Last: "Souza", Prefix: "Dra.", Suffix: "Jr."},
			Birthday: "1990-12-31", Phones: []content.ContactPhone{{Phone: "+5512999990000", WAID: "5512999990000", Type: "CELL"}},
			Emails: []content.ContactEntry{{Value: "ana@hotel.example", Type: "WORK"}}, URLs: []content.ContactEntry{{Value: "https://hotel.example"}},
			Addresses: []content.PostAddress{{Street: "Rua da Praia, 1", City: "Ilhabela", State: "SP", Zip: "11630-000", Country: "Brasil", CountryCode: "br", Type: "WORK"}},

			Organization: &content.Organization{Company: "Hotel Mar Azul", Department: "Reservas", Title: "Gerente"},
		},
	}},
	"buttons": content.Buttons{
		Header: &content.Header{Text: "Sua reserva"}, Body: "Confirma <12/12>?", Footer: "Hotel Mar Azul",
		Buttons: []content.Button{{ID: "sim:8841", Title: "Sim"}, {ID: "nao:8841", Title: "Não"}},
	},
	"buttons_image":    content.Buttons{Header: &content.Header{Image: &outside}, Body: "x", Buttons: []content.Button{{ID: "1", Title: "Ver"}}},
	"buttons_video":    content.Buttons{Header: &content.Header{Video: &metas}, Body: "x", Buttons: []content.Button{{ID: "1", Title: "Ver"}}},
	"buttons_document": content.Buttons{Header: &content.Header{Document: &content.Attachment{File: kept, Filename: "a.pdf"}}, Body: "x", Buttons: []content.Button{{ID: "1", Title: "Ver"}}},
	"list": content.List{
		Header: "Quartos disponíveis", Body: "Escolha o quarto para 12 a 15/12.", Footer: "Hotel Exemplo", Button: "Ver quartos",
		Sections: []content.Section{
			{Title: "Frente mar", Rows: []content.Row{{ID: "quarto:luxo", Title: "Luxo vista mar", Description: "R$ 780 por noite"}}},
			{Title: "Jardim", Rows: []content.Row{{ID: "quarto:std", Title: "Standard"}}},
		},
	},
	"link":             content.Link{Header: &content.Header{Text: "Reserva"}, Body: "Pague o sinal", Footer: "Até amanhã", Label: "Pagar", URL: "https://hotel.example/p?a=1&b=2"},
	"location_request": content.LocationRequest{Body: "Onde você está?"},
	"flow": content.Flow{
		Header: &content.Header{Text: "Check-in"}, Body: "Adiante seu check-in", Footer: "Leva um minuto", FlowID: "90210", Label: "Começar", Token: "8841",
		Action: content.FlowNavigate, Screen: "GUEST", Data: json.RawMessage(`{"name":"Marina"}`),
	},
	"flow_draft":       content.Flow{Body: "x", FlowName: "checkin", Label: "Começar", Action: content.FlowDataExchange, Draft: true},
	"product":          content.Product{Body: "O quarto de que falamos", Footer: "Até domingo", Catalogue: "1234", Product: "luxo"},
	"product_bare":     content.Product{Catalogue: "1234", Product: "luxo"},
	"product_list":     content.ProductList{Header: "Quartos", Body: "Veja", Footer: "f", Catalogue: "1234", Sections: []content.ProductSection{{Title: "Mar", Products: []string{"luxo", "std"}}}},
	"catalogue":        content.Catalogue{Body: "Tudo o que temos", Footer: "f", Thumbnail: "luxo"},
	"catalogue_bare":   content.Catalogue{Body: "Tudo o que temos"},
	"carousel_product": content.ProductCarousel{Body: "Veja", Catalogue: "1234", Products: []string{"luxo", "std"}},
	"carousel": content.Carousel{Body: "Pacotes de verão", Cards: []content.Card{
		{Header: content.Header{Image: &outside}, Body: "3 noites", Label: "Reservar", URL: "https://hotel.example/p/1"},
		{Header: content.Header{Image: &kept}, Label: "Reservar", URL: "https://hotel.example/p/2"},
	}},
	"template_bare": content.Template{Name: "ola", Language: "pt_BR", Text: "Olá!"},
	"template": content.Template{
		Name: "confirmacao_reserva", Language: "pt_BR",
		Header: &content.TemplateHeader{Document: &content.Attachment{File: metas, Filename: "voucher.pdf"}},
		Body:   []content.Parameter{{Name: "nome", Text: "Marina"}, {Name: "checkin", Text: "12/12"}},
		Buttons: []content.TemplateButton{
			{Index: 0, Payload: "confirmar:8841"},
			{Index: 1, URLSuffix: "8841"},
			{Index: 2, CopyCode: "VERAO25"},
			{Index: 3, Flow: &content.FlowButton{Token: "8841", Data: json.RawMessage(`{"a":1}`)}},
			{Index: 4, Flow: &content.FlowButton{}},
			{Index: 5, Catalogue: &content.CatalogueButton{Thumbnail: "luxo"}},
			{Index: 6, Products: &content.ProductsButton{Thumbnail: "luxo", Sections: []content.ProductSection{{Products: []string{"luxo"}}}}},
		},
	},
	"template_positional": content.Template{
		Name: "sinal", Language: "pt_BR", Header: &content.TemplateHeader{Text: &content.Parameter{Text: "Marina"}},
		Body: []content.Parameter{
			{Text: "Marina"},
			{Currency: &content.Currency{Fallback: "R$ 780,00", Code: "BRL", Amount1000: 780_000}},
			{DateTime: &content.DateTime{Fallback: "12 de dezembro"}},
		},
	},
	"template_image":    content.Template{Name: "a", Language: "en", Header: &content.TemplateHeader{Image: &kept}},
	"template_video":    content.Template{Name: "a", Language: "en", Header: &content.TemplateHeader{Video: &outside}},
	"template_location": content.Template{Name: "a", Language: "en", Header: &content.TemplateHeader{Location: &hotelAt}},
	"template_offer": content.Template{
		Name: "oferta", Language: "pt_BR", Header: &content.TemplateHeader{Image: &metas}, Body: []content.Parameter{{Text: "Marina"}},
		Offer: &content.Offer{ExpirationMs: 1_796_000_000_000}, Buttons: []content.TemplateButton{{Index: 0, CopyCode: "VERAO25"}},
	},
	"template_carousel": content.Template{
		Name: "pacotes", Language: "pt_BR", Body: []content.Parameter{{Text: "Marina"}},
		Cards: []content.TemplateCard{
			{Header: content.TemplateHeader{Image: &metas}, Body: []content.Parameter{{Text: "3 noites"}}, Buttons: []content.TemplateButton{{Index: 0, Payload: "p1"}, {Index: 1, URLSuffix: "1"}}},
			{Header: content.TemplateHeader{Image: &kept}, Body: []content.Parameter{{Text: "5 noites"}}, Buttons: []content.TemplateButton{{Index: 0, Payload: "p2"}, {Index: 1, URLSuffix: "2"}}},
		},
	},
	"template_carousel_products": content.Template{
		Name: "pacotes", Language: "pt_BR", Cards: []content.TemplateCard{
			{Header: content.TemplateHeader{Product: &content.ProductRef{Catalogue: "1234", Product: "luxo"}}},
			{Header: content.TemplateHeader{Product: &content.ProductRef{Catalogue: "1234", Product: "std"}}},
		},
	},
}

// asked lets a client send something and returns the request that left.
func asked(t *testing.T, o whatsapp.Outgoing) sentRequest {
	t.Helper()
	var got sentRequest
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got = sentRequest{r.Method, r.URL.RequestURI(), r.Header.Get("Authorization"), r.Header.Get("Content-Type"), body}
		fmt.Fprint(w, acceptance)
	})
	if _, err := client.Send(t.Context(), credentials, o); err != nil {
		t.Fatal(err)
	}
	return got
}

func TestEveryContentIsSentAsItsGoldenFileSays(t *testing.T) {
	t.Parallel()
	for name, c := range examples {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := whatsapp.Outgoing{To: "5511987654321", Content: c, Uploaded: uploaded, Opaque: "outbox:1"}
			golden(t, "testdata/request/"+name+".golden.json", asked(t, o))
		})
	}
}

// A quoted message and a guest without a number go with contents as they do with texts.
func TestContentsQuoteAndGoToBSUIDs(t *testing.T) {
	t.Parallel()
	o := whatsapp.Outgoing{BSUID: "BR.70231198450021937", Content: examples["carousel"], Uploaded: uploaded, ReplyTo: "wamid.IN1"}
	golden(t, "testdata/request/carousel_reply_to_bsuid.golden.json", asked(t, o))
}

// What is stored is sent as what was given: a restart lies between the two.
func TestStoredContentsAreSentAlike(t *testing.T) {
	t.Parallel()
	for name, c := range examples {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			stored, err := content.Encode(c)
			if err != nil {
				t.Fatal(err)
			}
			again, err := content.Decode(stored)
			if err != nil {
				t.Fatal(err)
			}
			before := asked(t, whatsapp.Outgoing{To: "551198", Content: c, Uploaded: uploaded})
			after := asked(t, whatsapp.Outgoing{To: "551198", Content: again, Uploaded: uploaded})
			if string(before.Body) != string(after.Body) {
				t.Errorf("sent\n%s\nand from the store\n%s", before.Body, after.Body)
			}
		})
	}
}

// A file that was not uploaded is found wherever it hides.
func TestFilesMustHaveBeenUploaded(t *testing.T) {
	t.Parallel()
	n := 0
	for name, c := range examples {
		if len(content.Files(c)) == 0 {
			continue
		}
		n++
		client := serve(t, func(http.ResponseWriter, *http.Request) { t.Errorf("%s was sent", name) })
		if _, err := client.Send(t.Context(), credentials, whatsapp.Outgoing{To: "551198", Content: c}); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
	if n < 5 {
		t.Errorf("only %d examples have files", n)
	}
}

// The simulator checks as Meta does, and was written from Meta's pages by itself.
func TestTheSimulatorTakesEveryContent(t *testing.T) {
	t.Parallel()
	sim := simulator.New(simulator.Options{Accounts: []simulator.Account{{
		PhoneNumberID: credentials.PhoneNumberID, DisplayNumber: "551238950000", AccessToken: credentials.AccessToken, WebhookURL: "http://127.0.0.1:1/",
	}}})
	t.Cleanup(func() { _ = sim.Close(context.WithoutCancel(t.Context())) })
	knobs := sim.Knobs()
	knobs.Window, knobs.PairRate, knobs.Statuses = simulator.Off, simulator.Off, simulator.AutoStatuses{}
	if err := sim.SetKnobs(knobs); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(sim.Handler())
	t.Cleanup(server.Close)
	media, err := sim.UploadMedia(credentials.PhoneNumberID, "image/jpeg", "a.jpg", []byte("\xff\xd8\xff\xe0"))
	if err != nil {
		t.Fatal(err)
	}
	client := newClient(t, server.URL)
	for _, name := range slices.Sorted(maps.Keys(examples)) {
		stored, err := content.Encode(examples[name])
		if err != nil {
			t.Fatal(err)
		}
		c, err := content.Decode(bytes.ReplaceAll(stored, []byte(metas.MetaID), []byte(media)))
		if err != nil {
			t.Fatal(err)
		}
		_, err = client.Send(t.Context(), credentials, whatsapp.Outgoing{To: "5511987654321", Content: c, Uploaded: map[id.Media]string{ourFile: media}})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
