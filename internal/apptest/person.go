package apptest

import "net/http"

// Person is somebody who is logged in.
type Person struct {
	w     *World
	ID    string
	Email string
	Token string
	// Hotel is the slug that a super admin chose; empty for everybody else.
	Hotel string
}

// LogIn logs somebody in.
func (w *World) LogIn(email string) *Person {
	w.t.Helper()
	a := w.call(http.MethodPost, "/auth/login", nil, map[string]string{"email": email, "password": Password})
	if a.Status != http.StatusOK {
		w.t.Fatalf("log in %s: %d %s", email, a.Status, a.Raw)
	}
	return &Person{w: w, ID: a.Text("user.id"), Email: email, Token: a.Text("accessToken")}
}

func (p *Person) headers() headers {
	h := headers{"Authorization": "Bearer " + p.Token}
	if p.Hotel != "" {
		h["X-Tenant-Slug"] = p.Hotel
	}
	return h
}

// Get asks.
func (p *Person) Get(path string) Answer {
	p.w.t.Helper()
	return p.w.call(http.MethodGet, path, p.headers(), nil)
}

// Post does something.
func (p *Person) Post(path string, body any) Answer {
	p.w.t.Helper()
	return p.w.call(http.MethodPost, path, p.headers(), body)
}

// Patch changes something.
func (p *Person) Patch(path string, body any) Answer {
	p.w.t.Helper()
	return p.w.call(http.MethodPatch, path, p.headers(), body)
}

// Put sets something.
func (p *Person) Put(path string, body any) Answer {
	p.w.t.Helper()
	return p.w.call(http.MethodPut, path, p.headers(), body)
}

// Answers writes to a guest. An empty clientID leaves it out.
func (p *Person) Answers(conversationID, text, clientID string) Answer {
	p.w.t.Helper()
	body := map[string]string{"content": text}
	if clientID != "" {
		body["clientId"] = clientID
	}
	return p.Post("/api/conversations/"+conversationID+"/messages", body)
}

// Messages lists what was said in a conversation, oldest first, at most a hundred.
func (p *Person) Messages(conversationID string) []map[string]any {
	p.w.t.Helper()
	a := p.Get("/api/conversations/" + conversationID + "/messages?limit=100")
	if a.Status != http.StatusOK {
		p.w.t.Fatalf("list messages: %d %s", a.Status, a.Raw)
	}
	return a.List("data")
}

// Conversations lists the conversations that the person sees, at most a hundred.
func (p *Person) Conversations() []map[string]any {
	p.w.t.Helper()
	a := p.Get("/api/conversations?limit=100")
	if a.Status != http.StatusOK {
		p.w.t.Fatalf("list conversations: %d %s", a.Status, a.Raw)
	}
	return a.List("data")
}

// AwaitStatus waits until a message has one of some statuses, and returns it.
func (p *Person) AwaitStatus(conversationID, messageID string, wanted ...string) map[string]any {
	p.w.t.Helper()
	var found map[string]any
	Eventually(p.w.t, "message gets a status", func() bool {
		for _, m := range p.Messages(conversationID) {
			for _, status := range wanted {
				if m["id"] == messageID && m["status"] == status {
					found = m
					return true
				}
			}
		}
		return false
	})
	return found
}
