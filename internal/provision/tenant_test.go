package provision_test

import (
	"context"
	"encoding/hex"
	"errors"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/botreserva/botreserva/internal/auth"
	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
	"github.com/botreserva/botreserva/internal/provision"
	"github.com/botreserva/botreserva/internal/whatsapp"
)

// TestAddTenant: what is printed once is what opens.
func TestAddTenant(t *testing.T) {
	t.Parallel()
	w := setup(t)
	made := w.add(grand())
	hotel, err := w.directory.BySlug(t.Context(), "grand")
	if err != nil {
		t.Fatal(err)
	}
	if hotel.ID != made.Tenant.ID || hotel.AppSecret != "PLANTED-app-secret" || hotel.VerifyToken != made.VerifyToken || hotel.BotSecret != made.BotSecret {
		t.Errorf("the directory knows something else: %s", hotel.Slug)
	}
	if l, ok := hotel.LineOf("106540352242922"); !ok || l.AccessToken != "PLANTED-access-token" || l.WABAID != "102290129340398" {
		t.Errorf("the number is %+v", l.Number)
	}
	if found, err := w.auth.Flow(t.Context(), made.APIKey, netip.Addr{}); err != nil || found.ID != made.Tenant.ID {
		t.Errorf("the key does not open: %v", err)
	}
	u, _, err := w.auth.Login(t.Context(), "ana@example.com", made.AdminPassword, "grand")
	if err != nil || u.Role != user.TenantAdmin || u.TenantID != made.Tenant.ID || u.Name != "Ana" {
		t.Errorf("the administrator is %+v (%v)", u, err)
	}
	if secret, err := w.provision.BotSecret(t.Context(), "grand"); err != nil || secret != made.BotSecret {
		t.Errorf("the flow's secret differs: %v", err)
	}
}

// TestAddTenantMakesUpTheRest: a slug, a name and an address are enough, and what is
// made up is never the same.
func TestAddTenantMakesUpTheRest(t *testing.T) {
	t.Parallel()
	w := setup(t)
	one := w.add(provision.Hotel{Slug: "one", Name: "One", Email: "one@example.com"})
	two := w.add(provision.Hotel{Slug: "two", Name: "Two", Email: "two@example.com"})
	for name, pair := range map[string][2]string{
		"key": {one.APIKey, two.APIKey}, "flow's secret": {one.BotSecret, two.BotSecret},
		"verify token": {one.VerifyToken, two.VerifyToken}, "password": {one.AdminPassword, two.AdminPassword},
	} {
		if pair[0] == pair[1] || len(pair[0]) < 16 {
			t.Errorf("%s: %q and %q", name, pair[0], pair[1])
		}
	}
	if u, _, err := w.auth.Login(t.Context(), "one@example.com", one.AdminPassword, ""); err != nil || u.Name != "Admin One" {
		t.Errorf("the administrator is %+v (%v)", u, err)
	}
}

// TestNoSecretInTheDatabase looks through every row of every table for what was
// planted, and for what was made up.
func TestNoSecretInTheDatabase(t *testing.T) {
	t.Parallel()
	w := setup(t)
	made := w.add(grand())
	second := provision.Change{PhoneNumberID: ptr("888"), AccessToken: ptr("PLANTED-second-token"), AppSecret: ptr("PLANTED-new-secret"), VerifyToken: ptr("PLANTED-new-verify")}
	if _, err := w.provision.SetTenant(t.Context(), "grand", second); err != nil {
		t.Fatal(err)
	}
	_, password, err := w.provision.AddUser(t.Context(), "grand", user.User{Email: "bia@example.com", Name: "Bia", Role: user.Attendant, Unit: "Ilhabela"}, "")
	if err != nil {
		t.Fatal(err)
	}
	key, err := w.provision.RotateKey(t.Context(), "grand", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	_, tokens, err := w.auth.Login(t.Context(), "bia@example.com", password, "")
	if err != nil {
		t.Fatal(err)
	}
	everything := w.everything()
	if !strings.Contains(everything, "Grand Hotel") || !strings.Contains(everything, "106540352242922") {
		t.Fatal("the search does not see what is there")
	}
	for name, secret := range map[string]string{
		"planted": "PLANTED", "flow's secret": made.BotSecret, "first key": secretOf(made.APIKey), "second key": secretOf(key),
		"password": password, "refresh token": tokens.Refresh, "access token": tokens.Access,
	} {
		if strings.Contains(everything, secret) || strings.Contains(everything, hex.EncodeToString([]byte(secret))) {
			t.Errorf("%s: in the database in the clear", name)
		}
	}
}

func secretOf(key string) string {
	_, secret, _ := strings.Cut(key, ":")
	return secret
}

// everything is the text of all rows of all tables, byte columns in hexadecimal.
func (w *world) everything() string {
	w.t.Helper()
	conn := pgtest.Owner(w.t, w.db)
	rows, err := conn.Query(w.t.Context(), `SELECT quote_ident(table_name) FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`)
	if err != nil {
		w.t.Fatal(err)
	}
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		w.t.Fatal(err)
	}
	var all strings.Builder
	for _, table := range tables {
		var text string
		if err := conn.QueryRow(w.t.Context(), "SELECT coalesce(string_agg(t::text, ' '), '') FROM "+table+" t").Scan(&text); err != nil {
			w.t.Fatal(err)
		}
		all.WriteString(text)
	}
	return all.String()
}

// TestAddTenantRefusals: what is refused leaves nothing behind.
func TestAddTenantRefusals(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.add(grand())
	fresh := func(edit func(*provision.Hotel)) provision.Hotel {
		h := grand()
		h.Slug, h.Email, h.AdminEmail, h.PhoneNumberID = "other", "other@example.com", "other@example.com", "999"
		edit(&h)
		return h
	}
	for name, c := range map[string]struct {
		edit func(*provision.Hotel)
		want error
	}{
		"slug is taken":         {func(h *provision.Hotel) { h.Slug = "grand" }, tenant.ErrSlugTaken},
		"slug in capitals":      {func(h *provision.Hotel) { h.Slug = "Grand" }, tenant.ErrBadSlug},
		"slug too short":        {func(h *provision.Hotel) { h.Slug = "ab" }, tenant.ErrBadSlug},
		"slug with a colon":     {func(h *provision.Hotel) { h.Slug = "a:bc" }, tenant.ErrBadSlug},
		"no name":               {func(h *provision.Hotel) { h.Name = "  " }, provision.ErrName},
		"name too long":         {func(h *provision.Hotel) { h.Name = strings.Repeat("é", 101) }, provision.ErrName},
		"no e-mail":             {func(h *provision.Hotel) { h.Email = "" }, provision.ErrEmail},
		"e-mail with a name":    {func(h *provision.Hotel) { h.Email = "A <a@example.com>" }, provision.ErrEmail},
		"no e-mail at all":      {func(h *provision.Hotel) { h.Email = "x" }, provision.ErrEmail},
		"administrator's wrong": {func(h *provision.Hotel) { h.AdminEmail = "x" }, provision.ErrEmail},
		"administrator's taken": {func(h *provision.Hotel) { h.AdminEmail = "ANA@example.com" }, user.ErrEmailTaken},
		"short password":        {func(h *provision.Hotel) { h.AdminPassword = "1234567" }, auth.ErrPassword},
		"number is taken":       {func(h *provision.Hotel) { h.PhoneNumberID = "106540352242922" }, tenant.ErrNumber},
		"number without token":  {func(h *provision.Hotel) { h.AccessToken = "" }, provision.ErrLine},
		"token without number":  {func(h *provision.Hotel) { h.PhoneNumberID = "" }, provision.ErrLine},
		"endless number":        {func(h *provision.Hotel) { h.PhoneNumberID = strings.Repeat("1", 65) }, provision.ErrLine},
		"number with a blank":   {func(h *provision.Hotel) { h.PhoneNumberID = "99 9" }, provision.ErrLine},
		"flow at home":          {func(h *provision.Hotel) { h.BotURL = "http://127.0.0.1:5678/x" }, provision.ErrURL},
		"flow in a cloud's net": {func(h *provision.Hotel) { h.BotURL = "http://169.254.169.254/latest" }, provision.ErrURL},
		"flow is a file":        {func(h *provision.Hotel) { h.BotURL = "file:///etc/passwd" }, provision.ErrURL},
	} {
		_, err := w.provision.AddTenant(t.Context(), fresh(c.edit))
		w.refused(name, err, c.want)
		if fault.Of(err).Kind == fault.Internal {
			t.Errorf("%s: a failure and no refusal: %v", name, err)
		}
	}
	if n := w.count("SELECT (SELECT count(*) FROM tenant) + (SELECT count(*) FROM account) + (SELECT count(*) FROM whatsapp_number) + (SELECT count(*) FROM api_key)"); n != 4 {
		t.Errorf("%d rows, want those of one hotel", n)
	}
}

func TestPrivateFlows(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.provision.AllowPrivate = true
	h := grand()
	h.BotURL = "http://127.0.0.1:5678/webhook"
	w.add(h)
}

func TestSetTenant(t *testing.T) {
	t.Parallel()
	w := setup(t)
	made, ctx := w.add(grand()), t.Context()
	set := func(c provision.Change) error {
		_, err := w.provision.SetTenant(ctx, "grand", c)
		w.directory.ForgetAll()
		return err
	}
	if err := set(provision.Change{Name: ptr("Grander"), BotPaused: ptr(true), Units: ptr([]string{"Camburi"}), AccessToken: ptr("rotated"), PhoneNumberID: ptr("106540352242922")}); err != nil {
		t.Fatal(err)
	}
	hotel, err := w.directory.BySlug(ctx, "grand")
	if err != nil {
		t.Fatal(err)
	}
	l, _ := hotel.LineOf("106540352242922")
	if hotel.Name != "Grander" || !hotel.Bot.Paused || len(hotel.Units) != 1 || l.AccessToken != "rotated" || l.WABAID != "102290129340398" {
		t.Errorf("changed into %+v", hotel.Tenant)
	}
	if hotel.AppSecret != "PLANTED-app-secret" || hotel.BotSecret != made.BotSecret || hotel.Bot.URL != grand().BotURL || hotel.Email != grand().Email || len(hotel.Lines) != 1 {
		t.Error("something else changed too")
	}
	other := w.add(provision.Hotel{Slug: "other", Name: "Other", Email: "other@example.com", PhoneNumberID: "777", AccessToken: "x"})
	for name, c := range map[string]struct {
		change provision.Change
		want   error
	}{
		"name is blank":         {provision.Change{Name: ptr(" ")}, provision.ErrName},
		"no e-mail":             {provision.Change{Email: ptr("x")}, provision.ErrEmail},
		"flow at home":          {provision.Change{BotURL: ptr("http://10.0.0.1/")}, provision.ErrURL},
		"number without token":  {provision.Change{PhoneNumberID: ptr("555")}, provision.ErrLine},
		"empty number":          {provision.Change{PhoneNumberID: ptr(""), AccessToken: ptr("x")}, provision.ErrLine},
		"number of another":     {provision.Change{PhoneNumberID: ptr("777"), AccessToken: ptr("x")}, tenant.ErrNumber},
		"nothing":               {provision.Change{}, provision.ErrNoChange},
		"unknown status":        {provision.Change{Status: ptr(tenant.Status("GONE"))}, provision.ErrStatus},
		"empty number's token":  {provision.Change{PhoneNumberID: ptr("556"), AccessToken: ptr("")}, provision.ErrLine},
		"number with a newline": {provision.Change{PhoneNumberID: ptr("5\n5"), AccessToken: ptr("x")}, provision.ErrLine},
	} {
		w.refused(name, set(c.change), c.want)
	}
	if err := set(provision.Change{AccessToken: ptr("third")}); err != nil {
		t.Fatal(err)
	}
	if found, err := w.directory.ByNumber(ctx, "106540352242922"); err != nil || found.Lines[0].AccessToken != "third" {
		t.Errorf("the only number did not get the token that named no number: %v", err)
	}
	_, err = w.provision.SetTenant(ctx, "nobody", provision.Change{Name: ptr("x")})
	w.refused("unknown hotel", err, tenant.ErrUnknown)
	if found, err := w.directory.ByNumber(ctx, "777"); err != nil || found.ID != other.Tenant.ID {
		t.Errorf("the other hotel lost its number: %v", err)
	}
	if err := set(provision.Change{Status: ptr(tenant.Suspended)}); err != nil {
		t.Fatal(err)
	}
	_, err = w.auth.Flow(ctx, made.APIKey, netip.Addr{})
	w.refused("flow of a suspended hotel", err, tenant.ErrSuspended)
}

// A token for no number, or for one of several, must not vanish in silence.
func TestSetTenantMustKnowTheNumber(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.add(provision.Hotel{Slug: "none", Name: "None", Email: "none@example.com"})
	w.add(grand())
	if _, err := w.provision.SetTenant(t.Context(), "grand", provision.Change{PhoneNumberID: ptr("888"), AccessToken: ptr("x")}); err != nil {
		t.Fatal(err)
	}
	for _, slug := range []string{"none", "grand"} {
		_, err := w.provision.SetTenant(t.Context(), slug, provision.Change{Name: ptr("New"), AccessToken: ptr("y")})
		w.refused(slug, err, provision.ErrWhichLine)
	}
}

// An address that was allowed when it came does not stand in the way of other changes.
func TestSetTenantLeavesTheFlowAlone(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.provision.AllowPrivate = true
	h := grand()
	h.BotURL = "http://127.0.0.1:5678/webhook"
	w.add(h)
	w.provision.AllowPrivate = false
	if _, err := w.provision.SetTenant(t.Context(), "grand", provision.Change{AppSecret: ptr("new")}); err != nil {
		t.Fatal(err)
	}
}

func TestRotateKey(t *testing.T) {
	t.Parallel()
	w := setup(t)
	made, ctx := w.add(grand()), t.Context()
	second, err := w.provision.RotateKey(ctx, "grand", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	opens := func(key string, want error) {
		t.Helper()
		_, err := w.auth.Flow(ctx, key, netip.Addr{})
		w.refused(key[:8], err, want)
	}
	opens(made.APIKey, nil)
	opens(second, nil)
	w.clock.Advance(time.Hour)
	opens(made.APIKey, auth.ErrKey)
	opens(second, nil)
	third, err := w.provision.RotateKey(ctx, "grand", 0)
	if err != nil {
		t.Fatal(err)
	}
	opens(second, auth.ErrKey)
	opens(third, nil)
	_, err = w.provision.RotateKey(ctx, "nobody", 0)
	w.refused("unknown hotel", err, tenant.ErrUnknown)
}

// TestClaim: what arrived for a number before it was connected belongs to whoever
// connects it, but for what another hotel's app signed.
func TestClaim(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.add(provision.Hotel{Slug: "rival", Name: "Rival", Email: "rival@example.com", AppSecret: "rival's app"})
	own := w.add(provision.Hotel{Slug: "own", Name: "Own", Email: "own@example.com", AppSecret: "own app"})
	for _, number := range []string{"111", "222"} {
		w.receive(platformSecret, "", number)
		w.receive("rival's app", "rival", number)
		w.receive("own app", "own", number)
	}
	const queued = `SELECT count(*) FROM lane_item WHERE kind = 'inbox' AND tenant_id = $1`
	if _, err := w.provision.SetTenant(t.Context(), "own", provision.Change{PhoneNumberID: ptr("111"), AccessToken: ptr("x")}); err != nil {
		t.Fatal(err)
	}
	if n := w.count(queued, own.Tenant.ID); n != 2 {
		t.Errorf("%d messages for the number, want the platform's and its own", n)
	}
	h := grand()
	h.PhoneNumberID = "222"
	late := w.add(h)
	if n := w.count(queued, late.Tenant.ID); n != 1 {
		t.Errorf("%d messages for the new hotel, want the platform's", n)
	}
	if n := w.count(`SELECT count(*) FROM webhook_delivery d JOIN tenant t ON t.id = d.tenant_id WHERE t.slug = 'rival' AND fate = 'UNCLAIMED'`); n != 2 {
		t.Errorf("%d of the rival's are left, want 2", n)
	}
	if n := w.count(queued, id.NewTenant()); n != 0 {
		t.Errorf("%d messages for nobody", n)
	}
}

// receive takes in one guest's message for a number, signed by an app.
func (w *world) receive(secret, slug, number string) {
	w.t.Helper()
	body := []byte(`{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":{` +
		`"metadata":{"phone_number_id":"` + number + `"},"messages":[{"from":"5512988887777","id":"wamid.` + number + secret[:3] + `",` +
		`"timestamp":"1764590400","type":"text","text":{"body":"Oi"}}]}}]}]}`)
	header := http.Header{"X-Hub-Signature-256": {whatsapp.Sign(secret, body)}}
	if err := w.receiver.Receive(w.t.Context(), header, body, slug); err != nil {
		w.t.Fatalf("receive for %s: %v", number, err)
	}
}

// TestClaimFails: a hotel is told its key even if its old messages could not be queued
// at once.
func TestClaimFails(t *testing.T) {
	t.Parallel()
	w := setup(t)
	failed := errors.New("later")
	w.provision.Claim = func(context.Context, id.Tenant, tenant.Number) error { return failed }
	made, err := w.provision.AddTenant(t.Context(), grand())
	w.refused("claim", err, failed)
	if _, err := w.auth.Flow(t.Context(), made.APIKey, netip.Addr{}); err != nil {
		t.Errorf("the key of the hotel that was made is lost: %v", err)
	}
}

// TestClaimAll: a process that died between connecting a number and queueing what
// waited for it leaves nothing behind.
func TestClaimAll(t *testing.T) {
	t.Parallel()
	w := setup(t)
	own := w.add(provision.Hotel{Slug: "own", Name: "Own", Email: "own@example.com"})
	w.receive(platformSecret, "", "333")
	w.provision.Claim = nil // as if it had died here
	if _, err := w.provision.SetTenant(t.Context(), "own", provision.Change{PhoneNumberID: ptr("333"), AccessToken: ptr("x")}); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second finds nothing to do
		if err := w.receiver.ClaimAll(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := w.count(`SELECT count(*) FROM lane_item WHERE kind = 'inbox' AND tenant_id = $1`, own.Tenant.ID); n != 1 {
			t.Fatalf("%d messages queued, want 1", n)
		}
	}
}
