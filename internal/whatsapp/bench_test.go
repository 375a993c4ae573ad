package whatsapp_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/botreserva/botreserva/internal/whatsapp"
)

func BenchmarkSplitOneMessage(b *testing.B) {
	body, err := os.ReadFile("testdata/webhook/text.json")
	if err != nil {
		b.Fatal(err)
	}
	benchmarkSplit(b, body)
}

func BenchmarkSplitThousandStatuses(b *testing.B) {
	var list []string
	for i := range 1000 {
		list = append(list, fmt.Sprintf(`{"id":"wamid.%d","status":"delivered","timestamp":"1795000000","recipient_id":"55119%08d",`+
			`"biz_opaque_callback_data":"outbox:%d","pricing":{"billable":true,"pricing_model":"PMP","type":"regular","category":"utility"}}`, i, i, i))
	}
	benchmarkSplit(b, value(`"statuses":[`+strings.Join(list, ",")+`]`))
}

func benchmarkSplit(b *testing.B, body []byte) {
	b.Helper()
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := whatsapp.Split(body); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParseMessage(b *testing.B) {
	body, err := os.ReadFile("testdata/webhook/text.json")
	if err != nil {
		b.Fatal(err)
	}
	d, err := whatsapp.Split(body)
	if err != nil {
		b.Fatal(err)
	}
	payload := d.Parts[0].Items[0].Payload
	b.ReportAllocs()
	for b.Loop() {
		if _, err := whatsapp.ParseMessage(payload, received); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkHasValidSignature(b *testing.B) {
	body := messages(say("w", "5511987654321"))
	header := map[string][]string{"X-Hub-Signature-256": {whatsapp.Sign("segredo", body)}}
	b.ReportAllocs()
	for b.Loop() {
		if !whatsapp.HasValidSignature(header, body, "segredo") {
			b.Fatal("refused")
		}
	}
}
