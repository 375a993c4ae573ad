package faulttest

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"
)

// desk is the people at all hotels, with the REST API: they take the guests who asked for
// a person, answer line by line, and give them back or close the conversation.
type desk struct {
	tasks
	w     *stay
	work  sync.WaitGroup
	mu    sync.Mutex
	held  map[string]*held // by guest's phone
	past  []held
	asked map[string]int // answers that the product took, by text
	wrong map[string]int
	keys  map[string]*session // by hotel
}

// held is the time during which a guest is a person's.
type held struct {
	inn                      *inn
	phone                    string
	conversation, escalation string
	call                     string // the line that called for a person
	from, until              time.Time
	open                     []string // lines that nobody has answered
	isTaken                  bool
	answers                  int
}

type session struct {
	token, user string
	at          time.Time
}

func newDesk(w *stay) *desk {
	d := &desk{w: w, held: map[string]*held{}, asked: map[string]int{}, wrong: map[string]int{}, keys: map[string]*session{}}
	w.t.Cleanup(d.work.Wait)
	return d
}

// called notes that the flow has called a person for a guest.
func (d *desk) called(h handed, since time.Time, conversation, escalation string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.held[h.phone] == nil {
		d.held[h.phone] = &held{
			inn: h.inn, phone: h.phone, conversation: conversation, escalation: escalation, call: h.text, from: since, open: []string{h.text},
		}
	}
}

// reads lets people see what a guest writes while they hold the conversation.
func (d *desk) reads(phone, text string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if h := d.held[phone]; h != nil {
		h.open = append(h.open, text)
	}
}

// look lets somebody look after every guest who is held, while traffic goes on, and reports
// whether there is one.
func (d *desk) look() (any bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, phone := range slices.Sorted(maps.Keys(d.held)) {
		h := d.held[phone]
		d.begin()
		d.work.Go(func() {
			defer d.end()
			d.lookAfter(h)
		})
	}
	return len(d.held) > 0
}

func (d *desk) lookAfter(h *held) {
	if !h.isTaken {
		d.must(h, "/api/escalations/"+h.escalation+"/assign", map[string]any{"userId": d.session(h.inn).user})
		h.isTaken = true
	}
	d.mu.Lock()
	open := h.open
	h.open = nil
	d.mu.Unlock()
	for _, text := range open {
		d.answer(h, "Atendimento: "+text)
	}
	if len(open) > 0 && h.answers < 3 {
		return // the guest may have more to say
	}
	if len(h.phone)%2 == 0 && h.phone[len(h.phone)-1]%3 == 0 {
		d.must(h, "/api/conversations/"+h.conversation+"/close", map[string]any{})
	} else {
		d.must(h, "/api/escalations/"+h.escalation+"/resolve", map[string]any{"handBack": true})
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	h.until = d.w.clock.Now()
	d.past = append(d.past, *h)
	delete(d.held, h.phone)
}

func (d *desk) answer(h *held, text string) {
	h.answers++
	status := d.must(h, "/api/conversations/"+h.conversation+"/messages", map[string]any{"content": text, "type": "TEXT", "clientId": text})
	if status/100 == 2 {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.asked[text]++
	}
}

// must does something that nothing speaks against.
func (d *desk) must(h *held, path string, body any) (status int) {
	header := http.Header{"Authorization": {"Bearer " + d.session(h.inn).token}}
	status, answer := d.w.insist(context.Background(), path, header, body)
	if status/100 != 2 && status != http.StatusConflict { // a conflict with what it did before it was killed
		d.complain(fmt.Sprintf("%s answered %d: %s", path, status, answer))
	}
	return status
}

func (d *desk) complain(what string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.wrong[what]++
}

// session is that of a hotel's administrator, who logs in every few hours.
func (d *desk) session(h *inn) session {
	now := d.w.clock.Now()
	d.mu.Lock()
	s := d.keys[h.slug]
	d.mu.Unlock()
	if s != nil && now.Sub(s.at) < 4*time.Hour {
		return *s
	}
	status, answer := d.w.insist(context.Background(), "/auth/login", http.Header{}, map[string]string{
		"email": "gerencia@" + h.slug + ".example", "password": innPassword,
	})
	var made struct {
		AccessToken string
		User        struct{ ID string }
	}
	if status != http.StatusOK || json.Unmarshal(answer, &made) != nil {
		d.complain(fmt.Sprintf("log-in answered %d", status))
	}
	s = &session{made.AccessToken, made.User.ID, now}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.keys[h.slug] = s
	return *s
}
