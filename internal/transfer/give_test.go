package transfer_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/domain/content"
	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/media"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/filing"
	"github.com/botreserva/botreserva/internal/logtest"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
	"github.com/botreserva/botreserva/internal/transfer"
	"github.com/botreserva/botreserva/internal/whatsapp"
)

// Beginnings of files, as their types are told by.
var (
	jpeg   = "\xff\xd8\xff\xe0\x00\x10JFIF\x00" + strings.Repeat("\x00", 40)
	gif    = "GIF89a" + strings.Repeat("\x00", 40)
	mono   = "OggS\x00\x02" + strings.Repeat("\x00", 20) + "\x01\x13OpusHead\x01\x01" + strings.Repeat("\x00", 40)
	stereo = "OggS\x00\x02" + strings.Repeat("\x00", 20) + "\x01\x13OpusHead\x01\x02" + strings.Repeat("\x00", 40)
	vorbis = "OggS\x00\x02" + strings.Repeat("\x00", 20) + "\x01\x1e\x01vorbis" + strings.Repeat("\x00", 40)
	still  = "RIFF\x24\x00\x00\x00WEBPVP8 " + strings.Repeat("\x00", 40)
	moving = "RIFF\x24\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x02" + strings.Repeat("\x00", 40)
)

func (d *desk) giver() *transfer.Giver {
	client := whatsapp.NewClient(whatsapp.Options{BaseURL: d.meta.url})
	d.t.Cleanup(client.CloseIdleConnections)
	return transfer.NewGiver(d.db, client, d.cabinet(), d.clock, logtest.Logger())
}

func (d *desk) cabinet() *filing.Cabinet { return filing.New(d.db, d.store, d.clock, logtest.Logger()) }

func (d *desk) keeps(name, text string) media.File {
	d.t.Helper()
	f, err := d.cabinet().Arrive(d.t.Context(), d.hotel.ID, name, whatsapp.MaxInbound, strings.NewReader(text))
	if err != nil {
		d.t.Fatal(err)
	}
	pgtest.InTx(d.t, d.db, d.hotel.ID, func(tx *postgres.Tx) (err error) {
		f, _, err = tx.KeepMedia(d.t.Context(), f)
		return err
	})
	return f
}

// TestCheck: a file is sent as what WhatsApp takes it, up to its size, and everything that
// is wrong is said at once.
func TestCheck(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	g := d.giver()
	filled := func(head string, size int) string { return head + strings.Repeat("\x01", size-len(head)) }
	for name, c := range map[string]struct {
		file  string
		kind  message.Kind
		voice bool
		code  string
	}{
		"picture":                   {filled(jpeg, 5_000_000), message.Image, false, ""},
		"picture one byte too much": {filled(jpeg, 5_000_001), message.Image, false, "media_too_large_to_send"},
		"gif as a picture":          {gif, message.Image, false, "media_type_not_allowed"},
		"picture as a sticker":      {jpeg, message.Sticker, false, "media_type_not_allowed"},
		"sound as a film":           {mono, message.Video, false, "media_type_not_allowed"},
		"voice":                     {mono, message.Audio, true, ""},
		"voice that is a picture":   {jpeg, message.Audio, true, "voice_not_opus"},
		"stereo voice":              {stereo, message.Audio, true, "voice_not_opus"},
		"stereo sound":              {stereo, message.Audio, false, "media_type_not_allowed"},
		"vorbis":                    {vorbis, message.Audio, false, "media_type_not_allowed"},
		"sticker":                   {filled(still, 100_000), message.Sticker, false, ""},
		"sticker too large":         {filled(still, 100_001), message.Sticker, false, "media_too_large_to_send"},
		"moving sticker":            {filled(moving, 500_000), message.Sticker, false, ""},
		"moving sticker too large":  {filled(moving, 500_001), message.Sticker, false, "media_too_large_to_send"},
		"pdf":                       {pdf, message.Document, false, ""},
		"page as a document":        {"<!DOCTYPE html><script>alert(1)</script>", message.Document, false, "media_type_not_allowed"},
		"program as a document":     {"MZ" + strings.Repeat("\x00", 100), message.Document, false, "media_type_not_allowed"},
	} {
		f := d.keeps(name, c.file)
		found, err := g.Check(t.Context(), d.hotel.ID, []content.Use{{File: f.ID, Kind: c.kind, Voice: c.voice, Path: "fileId"}})
		switch {
		case c.code == "" && (err != nil || found[f.ID].ID != f.ID):
			t.Errorf("%s: %v", name, err)
		case c.code != "" && (fault.Of(err).Code != c.code || len(fault.Of(err).Details) != 1 || fault.Of(err).Details[0].Path != "fileId"):
			t.Errorf("%s: %v %+v", name, err, fault.Of(err))
		}
	}
	ours, theirs := d.keeps("a", gif), pgtest.Tenant(t, d.db)
	_, err := g.Check(t.Context(), theirs.ID, []content.Use{
		{File: ours.ID, Kind: message.Image, Path: "cards.0"}, {File: id.NewMedia(), Kind: message.Image, Path: "cards.1"},
	})
	if f := fault.Of(err); !errors.Is(err, media.ErrNotFound) || len(f.Details) != 2 || f.Details[1].Path != "cards.1" {
		t.Errorf("another hotel's: %v %+v", err, f)
	}
	if err := d.store.Delete(t.Context(), ours.Key); err != nil {
		t.Fatal(err)
	}
	pic := d.keeps("b", jpeg+"lost")
	_ = d.store.Delete(t.Context(), pic.Key)
	if _, err := g.Check(t.Context(), d.hotel.ID, []content.Use{{File: pic.ID, Kind: message.Image}}); !errors.Is(err, media.ErrNotFound) {
		t.Errorf("lost bytes: %v", err)
	}
}

// TestUploadIsRemembered: a file is given to Meta once for each number, and again after 29
// days or when Meta has forgotten it.
func TestUploadIsRemembered(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	f, uploads := d.keeps("vista.jpg", jpeg), 0
	d.meta.about = func(w http.ResponseWriter, r *http.Request) {
		uploads++
		file, head, err := r.FormFile("file")
		if err != nil {
			t.Error(err)
			return
		}
		got, _ := io.ReadAll(file)
		if string(got) != jpeg || head.Header.Get("Content-Type") != "image/jpeg" || head.Filename != f.Name || r.FormValue("type") != "image/jpeg" ||
			r.FormValue("messaging_product") != "whatsapp" || r.ContentLength <= int64(len(jpeg)) || !strings.HasSuffix(r.URL.Path, "/media") {
			t.Errorf("%s %+v %v", r.URL.Path, head, r.Form)
		}
		_, _ = io.WriteString(w, `{"id":"90010`+strings.Repeat("0", uploads)+`"}`)
	}
	g, number, other := d.giver(), d.hotel.Number, pgtest.Number(t, d.db, d.hotel.ID)
	upload := func(n id.Number) (string, bool) {
		t.Helper()
		metaID, isOld, err := g.Upload(t.Context(), d.hotel.ID, n, whatsapp.Credentials{PhoneNumberID: "1", AccessToken: "token"}, content.Use{File: f.ID})
		if err != nil {
			t.Fatal(err)
		}
		return metaID, isOld
	}
	first, isOld := upload(number.ID)
	again, isAgainOld := upload(number.ID)
	if uploads != 1 || isOld || !isAgainOld || first != again {
		t.Errorf("%d uploads: %q %v, then %q %v", uploads, first, isOld, again, isAgainOld)
	}
	if upload(other.ID); uploads != 2 {
		t.Errorf("another number: %d uploads", uploads)
	}
	d.clock.Advance(29*24*time.Hour - time.Second)
	if _, isOld := upload(number.ID); !isOld {
		t.Error("not remembered for 29 days")
	}
	d.clock.Advance(time.Second)
	if next, isOld := upload(number.ID); isOld || next == first || uploads != 3 {
		t.Errorf("after 29 days: %q %v, %d uploads", next, isOld, uploads)
	}
	pgtest.InTx(t, d.db, d.hotel.ID, func(tx *postgres.Tx) error { return tx.ForgetMetaMedia(t.Context(), number.ID, f.ID) })
	if _, isOld := upload(number.ID); isOld || uploads != 4 {
		t.Error("not forgotten")
	}
	d.meta.about = func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, `{"error":{"message":"no","code":131053}}`)
	}
	pgtest.InTx(t, d.db, d.hotel.ID, func(tx *postgres.Tx) error { return tx.ForgetMetaMedia(t.Context(), number.ID, f.ID) })
	var api *whatsapp.APIError
	_, _, err := g.Upload(t.Context(), d.hotel.ID, number.ID, whatsapp.Credentials{PhoneNumberID: "1", AccessToken: "token"}, content.Use{File: f.ID})
	if !errors.As(err, &api) || api.Code != 131053 {
		t.Errorf("refused: %v", err)
	}
}
