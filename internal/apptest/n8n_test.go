//go:build n8n

// A real n8n, with the nodes and flows that we ship, against the product and the simulated Meta:
// make test-n8n. It is not part of the other tests because n8n is two gigabytes.
package apptest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/apptest"
	"github.com/botreserva/botreserva/internal/provision"
	"github.com/botreserva/botreserva/internal/whatsapp/simulator"
)

// TestN8N tells the story of each flow that we ship, each at a hotel of its own, in one n8n that
// has their nodes, flows and keys, and a model that answers what the test wants.
func TestN8N(t *testing.T) { //nolint:paralleltest // alone: n8n wants the whole machine
	w := apptest.Start(t)
	model := newModel(t)
	n := newN8N(t, w.URL, model.URL+"/v1")
	hotels := map[string]*apptest.Hotel{}
	for _, f := range stories {
		hotels[f.file] = w.Hotel("hotel-"+f.file[:1], func(p *provision.Hotel) { p.BotURL = "" }) // the trigger subscribes by itself
		n.keys[f.file] = hotels[f.file].APIKey
	}
	n.runs("import:credentials", "--input="+n.credentials())
	n.runs("import:workflow", "--separate", "--input="+flows(t))
	for _, f := range stories {
		n.runs("publish:workflow", "--id="+idOf(t, f.file)) // counts at the next start: n8n must not be running
	}
	n.starts()
	for _, f := range stories {
		t.Run(f.file, func(t *testing.T) {
			hotel := hotels[f.file]
			apptest.Eventually(t, "the flow has subscribed", func() bool { return len(webhooks(t, w.URL, hotel.APIKey)) == f.triggers })
			f.story(t, hotel, hotel.Guest("Zoë Lima"), hotel.Admin())
			for _, s := range webhooks(t, w.URL, hotel.APIKey) {
				if s["status"] != "active" {
					t.Errorf("a subscription after the story: %v", s)
				}
			}
		})
	}
}

// stories are the flows with how many triggers they have and what happens in them.
var stories = []struct {
	file     string
	triggers int
	story    func(t *testing.T, hotel *apptest.Hotel, guest *apptest.Guest, ana *apptest.Person)
}{
	{"1-saudacao-e-menu", 1, menuStory},
	{"2-perguntas-com-ia", 1, modelStory},
	{"3-pedido-de-reserva", 1, reservationStory},
	{"4-chamar-uma-pessoa", 2, escalationStory},
	{"5-acompanhamento-e-oportunidade", 1, followUpStory},
}

// menuStory is the main one: a guest writes and gets the menu, asks for a person and gets silence
// from the bot until somebody hands them back.
func menuStory(t *testing.T, hotel *apptest.Hotel, guest *apptest.Guest, ana *apptest.Person) {
	t.Helper()
	sent := time.Now()
	guest.Writes("Oi, boa tarde")
	menu := guest.Sees("Olá, Zoë! Sou o assistente do hotel. Como posso ajudar?")
	t.Logf("the first answer came after %s", time.Since(sent).Round(time.Millisecond))
	taps(t, guest, menu, "Tirar dúvidas")
	seen(t, guest, "Café da manhã das 7h às 10h.")
	taps(t, guest, menu, "Falar com recepção")
	guest.Sees("Vou chamar a recepção. Alguém responde por aqui em instantes.")
	lockedOut(t, hotel, guest)
	talk := apptest.Text(ana.Conversations()[0], "id")
	ana.Answers(talk, "Boa tarde, aqui é a Ana.", "")
	guest.Sees("Boa tarde, aqui é a Ana.")
	guest.WritesAndIsTaken("Oi Ana!")

	shown := len(guest.Shown())
	handsBack(t, ana, talk)
	guest.Writes("E agora?")
	apptest.Eventually(t, "the bot answers again", func() bool { return len(guest.Shown()) > shown })
	if more := guest.Shown()[shown:]; len(more) != 1 || !strings.HasPrefix(more[0], "Olá, Zoë!") {
		t.Errorf("after the hand-over the guest was shown %q: what was said to Ana is not the bot's", more)
	}
}

// modelStory: the agent answers, and calls a person by itself; then even its own answer is held back.
func modelStory(t *testing.T, hotel *apptest.Hotel, guest *apptest.Guest, _ *apptest.Person) {
	t.Helper()
	guest.Writes("Que horas é o café?")
	guest.Sees("O café é das 7h às 10h.")
	guest.Writes("Prefiro uma pessoa")
	lockedOut(t, hotel, guest)
	if shown := guest.Shown(); len(shown) != 1 {
		t.Errorf("the guest was shown %q", shown)
	}
}

func reservationStory(t *testing.T, hotel *apptest.Hotel, guest *apptest.Guest, ana *apptest.Person) {
	t.Helper()
	in, out := time.Now().AddDate(0, 1, 0), time.Now().AddDate(0, 1, 3)
	for path, body := range map[string]any{
		"": map[string]any{"kind": "table"},
		"/tariffs": map[string]any{"tariffs": []any{map[string]any{
			"unit": "Ilhabela", "room": "Suíte Mar", "from": in.AddDate(0, 0, -5).Format(time.DateOnly), "until": out.AddDate(0, 0, 5).Format(time.DateOnly),
			"price": 450, "vacancies": 3, "maxAdults": 2,
		}}},
	} {
		if a := ana.Put("/api/tenants/availability"+path, body); a.Status != http.StatusOK {
			t.Fatalf("set tariffs%s: %d %s", path, a.Status, a.Raw)
		}
	}
	guest.Writes("Quero reservar um quarto")
	taps(t, guest, guest.Sees("Em qual unidade você quer ficar?"), "Ilhabela")
	guest.Sees("Quais são as datas e quantas pessoas? Por exemplo: 24/12/2026 a 27/12/2026, 2 adultos")
	guest.Writes(in.Format("02/01/2006") + " a " + out.Format("02/01/2006") + ", 2 adultos")
	offer := seen(t, guest, "Para Ilhabela, de "+in.Format("02/01/2006"))
	if !strings.Contains(offer.Text, "Suíte Mar") {
		t.Errorf("the offer is %q", offer.Text)
	}
	taps(t, guest, offer, "Quero reservar")
	guest.Sees("Perfeito! A recepção vai confirmar sua reserva por aqui.")
	lockedOut(t, hotel, guest)
	if c := ana.Conversations()[0]; c["isOpportunity"] != true || c["hotelUnit"] != "Ilhabela" {
		t.Errorf("the conversation: %v", c)
	}
}

func escalationStory(t *testing.T, hotel *apptest.Hotel, guest *apptest.Guest, ana *apptest.Person) {
	t.Helper()
	guest.WritesAndIsTaken("Bom dia")
	guest.Writes("Isto é um absurdo, quero um atendente")
	guest.Sees("Entendi. Vou chamar a recepção, que responde por aqui em instantes.")
	lockedOut(t, hotel, guest)
	talk := apptest.Text(ana.Conversations()[0], "id")
	handsBack(t, ana, talk)
	apptest.Eventually(t, "the flow notes that the bot is back", func() bool {
		return strings.Contains(ana.Get("/api/conversations/"+talk).Raw, "O robô voltou a atender.")
	})
}

func followUpStory(t *testing.T, hotel *apptest.Hotel, guest *apptest.Guest, ana *apptest.Person) {
	t.Helper()
	guest.WritesAndIsTaken("Quanto custa?")
	apptest.Eventually(t, "the bot says something", func() bool {
		return hotel.Bot.SaysOnce("price", guest.Phone, "A diária é R$ 450.").Status == http.StatusOK
	})
	guest.Sees("Ficou alguma dúvida sobre a sua reserva? Posso ajudar a concluir.")
	apptest.Eventually(t, "it is a possible sale", func() bool { return ana.Conversations()[0]["isOpportunity"] == true })
}

func lockedOut(t *testing.T, hotel *apptest.Hotel, guest *apptest.Guest) {
	t.Helper()
	apptest.Eventually(t, "the bot has called a person", func() bool { return hotel.Bot.IsLockedOut(guest.Phone) })
}

func handsBack(t *testing.T, ana *apptest.Person, talk string) {
	t.Helper()
	if a := ana.Patch("/api/conversations/"+talk+"/ia-lock", map[string]any{"locked": false}); a.Status != http.StatusOK {
		t.Fatalf("hand back: %d %s", a.Status, a.Raw)
	}
}

// seen waits for a text that begins so.
func seen(t *testing.T, guest *apptest.Guest, beginning string) (found simulator.Entry) {
	t.Helper()
	apptest.Eventually(t, "the phone shows "+beginning, func() bool {
		for _, e := range guest.Transcript() {
			if e.From == simulator.FromHotel && strings.HasPrefix(e.Text, beginning) {
				found = e
			}
		}
		return found.ID != ""
	})
	return found
}

// newModel stands in for a language model: it knows when breakfast is, and calls a person when it
// is asked for one.
func newModel(t *testing.T) *httptest.Server {
	t.Helper()
	model := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var q struct {
			Messages []struct {
				Role    string
				Content any
			}
			Tools []struct{ Function struct{ Name string } }
		}
		_ = json.NewDecoder(r.Body).Decode(&q)
		last := q.Messages[len(q.Messages)-1]
		answer, reason := map[string]any{"role": "assistant", "content": "O café é das 7h às 10h."}, "stop"
		if text := fmt.Sprint(last.Content); last.Role == "user" && strings.Contains(text, "pessoa") && len(q.Tools) > 0 {
			reason = "tool_calls"
			answer["content"] = nil
			answer["tool_calls"] = []any{map[string]any{
				"id": "call_1", "type": "function", "function": map[string]any{"name": q.Tools[0].Function.Name, "arguments": "{}"},
			}}
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]any{
			"id": "chatcmpl-1", "object": "chat.completion", "created": time.Now().Unix(), "model": "gpt-4.1-mini",
			"choices": []any{map[string]any{"index": 0, "message": answer, "finish_reason": reason}},
			"usage":   map[string]any{"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
		})
	}))
	t.Cleanup(model.Close)
	return model
}

func taps(t *testing.T, guest *apptest.Guest, on simulator.Entry, title string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if _, err := guest.Tap(ctx, on.ID, title); err != nil {
		t.Fatalf("tap %q: %v", title, err)
	}
}

// n8n is one that runs.
type realN8N struct {
	t          *testing.T
	dir        string // where it is installed
	home       string
	port       string
	api, model string            // addresses of the product and of a language model
	keys       map[string]string // of hotels, by the flow that they have
	env        []string
}

func newN8N(t *testing.T, api, model string) *realN8N {
	t.Helper()
	dir := os.Getenv("N8N_DIR")
	if dir == "" {
		t.Fatal("N8N_DIR says where n8n is installed: run make test-n8n")
	}
	n := &realN8N{t: t, dir: dir, home: t.TempDir(), port: freePort(t), api: api, model: model, keys: map[string]string{}}
	n.env = append(os.Environ(),
		"N8N_USER_FOLDER="+n.home, "N8N_ENCRYPTION_KEY=only-for-this-test-0123456789", "N8N_HOST=127.0.0.1", "N8N_LISTEN_ADDRESS=127.0.0.1",
		"N8N_PORT="+n.port, "WEBHOOK_URL=http://127.0.0.1:"+n.port+"/", "N8N_RUNNERS_BROKER_PORT="+freePort(t), "N8N_DIAGNOSTICS_ENABLED=false",
		"N8N_VERSION_NOTIFICATIONS_ENABLED=false", "N8N_TEMPLATES_ENABLED=false", "N8N_PERSONALIZATION_ENABLED=false", "N8N_SECURE_COOKIE=false",
		"N8N_EXPRESSION_ENGINE=legacy", "EXECUTIONS_DATA_SAVE_ON_SUCCESS=none", "N8N_ENFORCE_SETTINGS_FILE_PERMISSIONS=false", "TZ=America/Sao_Paulo",
		"GENERIC_TIMEZONE=America/Sao_Paulo", "N8N_COMMUNITY_PACKAGES_ENABLED=true", "N8N_LOG_LEVEL=info",
		"PATH="+filepath.Dir(n.node())+":"+os.Getenv("PATH"),
	)
	n.installs("../../n8n")
	return n
}

func (n *realN8N) node() string {
	found, err := filepath.Glob(filepath.Join(n.dir, "node_modules", "node-linux-*", "bin", "node"))
	if err != nil || len(found) == 0 {
		n.t.Fatalf("no node in %s: run make test-n8n", n.dir)
	}
	return found[0]
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}

// installs puts our nodes where n8n looks for those of the community.
func (n *realN8N) installs(from string) {
	n.t.Helper()
	to := filepath.Join(n.home, ".n8n", "nodes", "node_modules", "n8n-nodes-botreserva")
	n.must(os.MkdirAll(to, 0o755))
	n.must(os.CopyFS(filepath.Join(to, "dist"), os.DirFS(filepath.Join(from, "dist"))))
	text, err := os.ReadFile(filepath.Join(from, "package.json"))
	n.must(err)
	n.must(os.WriteFile(filepath.Join(to, "package.json"), text, 0o644))
	list := `{"name":"installed-nodes","private":true,"dependencies":{"n8n-nodes-botreserva":"*"}}`
	n.must(os.WriteFile(filepath.Join(n.home, ".n8n", "nodes", "package.json"), []byte(list), 0o644))
}

func (n *realN8N) must(err error) {
	n.t.Helper()
	if err != nil {
		n.t.Fatal(err)
	}
}

// credentials writes what the flows name: the keys of their hotels, and that of the model.
func (n *realN8N) credentials() string {
	all := []map[string]any{{"id": "openai", "name": "OpenAI", "type": "openAiApi", "data": map[string]string{"apiKey": "none", "url": n.model}}}
	for file, key := range n.keys {
		all = append(all, map[string]any{
			"id": credentialOf(file), "name": "Bot Reserva", "type": "botReservaApi", "data": map[string]string{"baseUrl": n.api, "apiKey": key},
		})
	}
	text, err := json.Marshal(all)
	n.must(err)
	path := filepath.Join(n.home, "credentials.json")
	n.must(os.WriteFile(path, text, 0o600))
	return path
}

func credentialOf(file string) string { return "botreserva-" + file[:1] }

// flows is a folder with the flows that we ship, each with the key of a hotel of its own, and
// those who wait two hours waiting five seconds.
func flows(t *testing.T) string {
	t.Helper()
	files, err := filepath.Glob("../../n8n/flows/*.json")
	if err != nil || len(files) < 5 {
		t.Fatalf("%d flows: %v", len(files), err)
	}
	dir := t.TempDir()
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		ours := strings.NewReplacer(
			`"id": "botreserva"`, `"id": "`+credentialOf(filepath.Base(file))+`"`,
			`"amount": 2`, `"amount": 5`, `"unit": "hours"`, `"unit": "seconds"`,
		).Replace(string(text))
		if err := os.WriteFile(filepath.Join(dir, filepath.Base(file)), []byte(ours), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func idOf(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile("../../n8n/flows/" + file + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var f struct{ ID string }
	if err := json.Unmarshal(text, &f); err != nil {
		t.Fatal(err)
	}
	return f.ID
}

func (n *realN8N) command(args ...string) *exec.Cmd {
	c := exec.CommandContext(n.t.Context(), n.node(), append([]string{filepath.Join(n.dir, "node_modules", "n8n", "bin", "n8n")}, args...)...)
	c.Env = n.env
	return c
}

func (n *realN8N) runs(args ...string) {
	n.t.Helper()
	began := time.Now()
	out, err := n.command(args...).CombinedOutput()
	if err != nil {
		n.t.Fatalf("n8n %v: %v\n%s", args, err, out)
	}
	n.t.Logf("n8n %s: %s", args[0], time.Since(began).Round(100*time.Millisecond))
}

// starts runs n8n until the test ends. What it said is shown when the test failed.
func (n *realN8N) starts() {
	n.t.Helper()
	log, err := os.Create(filepath.Join(n.home, "n8n.log"))
	n.must(err)
	c := n.command("start")
	c.Stdout, c.Stderr = log, log
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	c.Cancel = func() error { return syscall.Kill(-c.Process.Pid, syscall.SIGTERM) }
	n.must(c.Start())
	n.t.Cleanup(func() {
		_ = syscall.Kill(-c.Process.Pid, syscall.SIGTERM)
		time.AfterFunc(20*time.Second, func() { _ = syscall.Kill(-c.Process.Pid, syscall.SIGKILL) })
		_ = c.Wait()
		_ = log.Close()
		if text, _ := os.ReadFile(log.Name()); n.t.Failed() {
			n.t.Logf("n8n said:\n%s", text[max(0, len(text)-6000):])
		}
	})
	began := time.Now()
	every := time.NewTicker(200 * time.Millisecond)
	defer every.Stop()
	for !n.isReady() {
		if <-every.C; time.Since(began) > 4*time.Minute {
			n.t.Fatal("n8n does not start")
		}
	}
	n.t.Logf("n8n started in %s", time.Since(began).Round(100*time.Millisecond))
}

func (n *realN8N) isReady() bool {
	request, err := http.NewRequestWithContext(n.t.Context(), http.MethodGet, "http://127.0.0.1:"+n.port+"/healthz/readiness", nil)
	n.must(err)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return false
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, response.Body)
	return response.StatusCode == http.StatusOK
}

// webhooks lists who subscribed.
func webhooks(t *testing.T, api, key string) []map[string]any {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, api+"/api/n8n/webhooks", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("X-API-Key", key)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var list struct{ Data []map[string]any }
	if err := json.NewDecoder(response.Body).Decode(&list); err != nil || response.StatusCode != http.StatusOK {
		t.Fatal(fmt.Errorf("list webhooks: %d %w", response.StatusCode, err))
	}
	return list.Data
}
